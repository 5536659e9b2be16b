"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.carried import Carried
from parvis.hub.charts.selectors import charts_of_readable_data

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(pk__in=[row.pk for row in charts_of_readable_data(ANONYMOUS)])


CARRIED = (
    Carried(
        model="charts.Chart",
        name="graphiques/graphiques",
        public=_shown,
        public_columns=("slug", "title", "organisation", "territory", "description", "datasets", "created", "modified"),
    ),
)
