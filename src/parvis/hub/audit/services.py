"""Writing in the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parvis.hub.audit.models import Entry


def record(actor_name: str, person_id: int | None, action: str, target_kind: str, target: str, **details: Any) -> Entry:
    """Add one row; ``action`` is a stable word such as ``dataset.publish``, ``details`` must be JSON-able."""
    return Entry.objects.create(
        actor=actor_name,
        person_id=person_id,
        action=action,
        target_kind=target_kind,
        target=target,
        details=details,
    )


def forget(prefix: str, person_id: int, before: datetime) -> int:
    """Drop the rows of a person whose action begins with ``prefix`` and that are older; how many.

    Only for events that hold personal data beyond who acted, such as the address somebody came from.
    """
    rows = Entry.objects.filter(person_id=person_id, action__startswith=prefix, at__lt=before)
    return rows.delete()[0]
