"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.carried import OF_THE_MACHINE, TOLD_ELSEWHERE, Carried

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _every(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


CARRIED = (
    Carried(
        model="catalogue.Dataset",
        name="catalogue",
        dataset="pk",
        without=("stamp", "fields", "overrides", "reading", "steps", "as_told"),
        public=_every,
        public_columns=(
            "dataset_id",
            "title",
            "organisation",
            "description",
            "themes",
            "keywords",
            "hvd",
            "licence",
            "frequency",
            "temporal_start",
            "temporal_end",
            "language",
            "source",
            "source_url",
            "issued",
            "data_modified",
        ),
    ),
    Carried(
        model="catalogue.CardRevision", name="jeux-de-donnees/fiches-successives", dataset="dataset", persons=("actor",)
    ),
    Carried(
        model="catalogue.DatasetAlias",
        name="jeux-de-donnees/anciens-identifiants",
        dataset="dataset",
        public=_every,
        public_columns=("former_id", "dataset"),
    ),
    Carried(
        # The documents themselves are in the folder of their dataset.
        model="catalogue.Attachment",
        name="jeux-de-donnees/pieces-jointes",
        dataset="dataset",
        without=("file",),
    ),
    Carried(
        model="catalogue.Version",
        name="jeux-de-donnees/versions",
        dataset="dataset",
        without=("facts", "rows_by_commune", "thumbnail"),
        addresses=("source",),
    ),
)

LEFT = {
    "catalogue.Dataset_territories": TOLD_ELSEWHERE,
    "catalogue.Dataset_allowed_organisations": TOLD_ELSEWHERE,
    "catalogue.Dataset_allowed_groups": TOLD_ELSEWHERE,
    "catalogue.CatalogueState": OF_THE_MACHINE,
}
