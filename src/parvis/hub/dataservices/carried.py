"""What leaves of this room when the whole instance does."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from parvis.hub.carried import Carried
from parvis.hub.dataservices.models import DataService
from parvis.hub.records.selectors import published


def _published(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(pk__in=published(DataService).values("pk"))


CARRIED = (
    Carried(
        model="dataservices.DataService",
        name="services/services",
        addresses=("access_address",),
        persons=("contact_name", "contact_email"),
        without=("failures",),
        public=_published,
        public_columns=(
            "slug",
            "identifier",
            "title",
            "text",
            "organisation",
            "kind",
            "endpoints",
            "description_address",
            "documentation",
            "version",
            "licence",
            "access",
            "rate",
            "availability",
            "themes",
            "keywords",
            "operations",
        ),
    ),
    Carried(
        model="dataservices.HarvestedService",
        name="services/services-des-sources",
        without=("card", "written", "counted_run"),
    ),
)
