"""Writing in the journal."""

from __future__ import annotations

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
