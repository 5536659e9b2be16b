"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.atlas.selectors import maps_of_readable_data
from parvis.hub.carried import Carried

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(pk__in=[row.pk for row in maps_of_readable_data(ANONYMOUS)])


CARRIED = (
    Carried(
        model="atlas.Map",
        name="cartes/cartes",
        public=_shown,
        public_columns=("slug", "title", "organisation", "territory", "description", "datasets", "created", "modified"),
    ),
)
