"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.core.translation import gettext_noop
from parvis.hub.carried import Carried

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _every(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


CARRIED = (
    Carried(
        model="territories.Territory",
        name="territoires/territoires",
        without=("folded",),
        public=_every,
        public_columns=(
            "kind",
            "code",
            "name",
            "population",
            "epci",
            "ept",
            "department",
            "region",
            "postcodes",
            "former_codes",
        ),
    ),
    Carried(model="territories.Reference", name="territoires/referentiel"),
)

LEFT = {
    "territories.Contour": gettext_noop("contours nationaux livrés avec Parvis, publiés par l’IGN"),
}
