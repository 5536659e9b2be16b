"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from parvis.hub.carried import OF_THE_MACHINE, Carried


def _nobody(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.exclude(kind__in=("users", "groups", "reuses"))


CARRIED = (
    Carried(
        model="parvis_moving.Part",
        name="sources/reste-des-portails",
        without=("digest", "made"),
        unless_people=_nobody,
    ),
)

LEFT = {"parvis_moving.Move": OF_THE_MACHINE}
