"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.carried import Carried

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _about_nobody(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.exclude(target_kind="person").exclude(target__contains="@")


CARRIED = (
    Carried(model="audit.Entry", name="journal/journal", persons=("actor", "details"), unless_people=_about_nobody),
)
