"""Reading the journal."""

from __future__ import annotations

from django.db.models import QuerySet

from parvis.hub.audit.models import Entry


def entries_about(target_kind: str, target: str) -> QuerySet[Entry]:
    """What was done to this thing, latest first."""
    return Entry.objects.filter(target_kind=target_kind, target=target).select_related("person")
