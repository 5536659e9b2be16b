"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from parvis.hub.carried import MADE_AGAIN, NEVER, OF_THE_MACHINE, Carried


def _every(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


CARRIED = (
    Carried(
        model="harvesting.Source",
        name="sources/sources",
        addresses=("url",),
        without=("secrets", "options", "validators"),
    ),
    Carried(
        model="harvesting.Run",
        name="sources/lectures",
        without=("pending", "validators", "job", "page", "deferrals", "barren"),
    ),
    Carried(model="harvesting.Item", name="sources/jeux-trouves", without=("digest", "written", "last_page")),
    Carried(model="harvesting.ItemKey", name="sources/identifiants-des-jeux-trouves"),
    Carried(
        model="harvesting.FormerAddress",
        name="sources/anciennes-adresses",
        dataset="dataset",
        public=_every,
        public_columns=("path", "dataset", "kind", "name"),
    ),
    Carried(model="harvesting.RunItem", name="sources/resultats-des-lectures", without=("page",)),
)

LEFT = {
    "harvesting.Host": OF_THE_MACHINE,
    "harvesting.Hook": NEVER,
    "harvesting.HookCall": OF_THE_MACHINE,
    "harvesting.MovePlan": MADE_AGAIN,
}
