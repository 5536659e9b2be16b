"""Records of a collection in a list: the next events, the latest acts; one block for every subject."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from parvis.core.errors import NotFound
from parvis.hub.collections.declaration import Collection
from parvis.hub.collections.query import Query
from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks import choices
from parvis.hub.pages.blocks.data import DATA_GROUP, DataBlock
from parvis.hub.registry import collections

MOST = 24
USUAL = 6


def offered() -> choices.Choices:
    """The collections that modules have."""
    return [(collection.place, collection.title) for collection in collections()]


class RecordsBlock(DataBlock):
    """Records of a collection, as its list shows them, with the filters of an address of that list."""

    kind = "records"

    title = blocks.CharBlock(label=gettext_lazy("Titre"), required=False, max_length=160)
    collection = choices.OfferedBlock(label=gettext_lazy("Liste"), choices=offered)
    filters = blocks.CharBlock(
        label=gettext_lazy("Filtres"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Ce qui suit « ? » dans l’adresse de la liste filtrée : quand=semaine&commune=Évry"),
    )
    limit = blocks.IntegerBlock(
        label=gettext_lazy("Nombre au plus"), required=False, min_value=1, max_value=MOST, default=USUAL
    )

    class Meta:
        label = gettext_lazy("Liste d’un sujet")
        icon = "list-ul"
        group = DATA_GROUP
        template = "parvis/pages/blocks/records.html"
        description = gettext_lazy("Les premiers d’une liste du portail : événements, actes…")

    def plan(self, value: Any, reader: Reader) -> Plan:
        """The records; NotFound when the subject was taken away."""
        collection = self._collection(value)
        parameters = QueryDict((value.get("filters") or "").lstrip("?"))
        records = Query.read(collection, parameters).records()[: value.get("limit") or USUAL]
        return Plan(state=(collection, list(collection.prepared(list(records), reader.actor)), parameters))

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """Their cards, and the way to the whole list."""
        collection, records, parameters = plan.state
        cells = Cells(
            (_("titre"), _("organisation"), _("adresse")),
            [(record.title, record.organisation.name, record.get_absolute_url()) for record in records],
        )
        facts = {"collection": collection, "records": records, "asked": parameters.urlencode()}
        sentence = " ; ".join(record.title for record in records)
        return Shown(value.get("title") or str(collection.title), facts, cells, sentence=sentence)

    def stamp(self, value: Any, reader: Reader) -> str | None:
        """Records change by themselves, and what is next changes with the hour."""
        try:
            stamp = self._collection(value).stamp()
        except NotFound:
            return ""
        return None if stamp is None else str(stamp)

    def _collection(self, value: Any) -> Collection:
        place = value.get("collection") or ""
        for collection in collections():
            if collection.place == place:
                return collection
        raise NotFound(name=place)
