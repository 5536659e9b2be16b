"""Reading the journal."""

from __future__ import annotations

from django.db.models import QuerySet

from parvis.hub.audit.models import Entry


def entries() -> QuerySet[Entry]:
    """Everything that was done, latest first."""
    return Entry.objects.select_related("person")


def entries_about(target_kind: str, target: str) -> QuerySet[Entry]:
    """What was done to this thing, latest first."""
    return entries().filter(target_kind=target_kind, target=target)
