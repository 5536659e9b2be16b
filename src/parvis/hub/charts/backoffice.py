"""« Graphiques »: those the person may change, and the maker: the form of the « Analyser » tab, several datasets, a title."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from parvis.core.charts.description import MOST_SOURCES, ChartDescription, SeriesSource
from parvis.core.charts.errors import ChartError
from parvis.core.charts.questions import Table, completed
from parvis.core.columns import TableShape
from parvis.hub.backoffice.viewsets import CivicViewSet
from parvis.hub.catalogue.models import Dataset
from parvis.hub.charts.frames import ChartFrame, frame_of
from parvis.hub.charts.maker import fields_of, read_several, types_of
from parvis.hub.charts.models import Chart
from parvis.hub.datastore.selectors import described_source
from parvis.hub.drawings.backoffice import DrawingMaker
from parvis.hub.drawings.drawn_conditions import drawn_condition, shown_condition
from parvis.hub.drawings.forms import Select
from parvis.hub.drawings.menu_sources import MenuSource
from parvis.hub.drawings.questions import readable_dataset, table_of
from parvis.hub.drawings.selectors import offered_datasets

OFFERED = 500
"""Datasets in the list of the maker."""


@dataclass(frozen=True, slots=True)
class SourceFields:
    """The fields of one source of the chart."""

    rank: int
    prefix: str
    dataset: str
    fields: list[Select]
    label: str
    condition: SafeString
    """The menus of its conditions."""


class MakerScreen(DrawingMaker):
    """Compose a new chart or change one."""

    template_name = "charts/backoffice/maker.html"
    header_icon = "doc-full"
    kind = Chart
    new_title = gettext_lazy("Nouveau graphique")
    waiting = gettext_lazy("Choisissez un jeu de données : le graphique paraît ici.")
    frame_template = "parvis/charts/frame.html"
    done = {
        "enregistrer": gettext_lazy("Le graphique est enregistré."),
        "publier": gettext_lazy("Le graphique est publié."),
        "retirer": gettext_lazy("Le graphique est retiré : c’est un brouillon."),
    }

    def fields(self, query: QueryDict) -> dict[str, Any]:
        """The form as it is filled, and the chart it makes."""
        chosen = self.described(query)
        tables = self._tables(chosen.datasets) if chosen else {}
        return self._filled(chosen, tables, query) if chosen is not None and tables else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What every maker shows, and the datasets to choose from."""
        facts = super().get_context_data(**kwargs)
        chosen = facts.get("description")
        return {**facts, "datasets": offered_datasets(self.actor, chosen.datasets if chosen else (), OFFERED)}

    def described(self, query: QueryDict) -> ChartDescription | None:
        """The chart that the form asks for."""
        dataset_ids = [
            name for rank in range(MOST_SOURCES) if (name := query.get(f"s{rank + 1}-jeu" if rank else "jeu"))
        ]
        if dataset_ids:
            return read_several(query, self._tables(dataset_ids))
        return self.record.described if self.record else None

    def _tables(self, names: list[str]) -> Mapping[str, Table]:
        tables: dict[str, Table] = {}
        for name in names:
            dataset: Dataset = readable_dataset(self.actor, name)
            source = described_source(dataset, dataset.current) if dataset.current else None
            if source is not None:
                tables[name] = table_of(source)
        return tables

    def _filled(self, chosen: ChartDescription, tables: Mapping[str, Table], query: QueryDict) -> dict[str, Any]:
        shown = chosen
        with contextlib.suppress(ChartError):
            shown = completed(chosen, tables)
        typed = query if query.get("jeu") else QueryDict()
        sources = [
            SourceFields(
                rank,
                f"s{rank + 1}-" if rank else "",
                source.dataset,
                fields_of(shown, tables[source.dataset], rank),
                source.label,
                self._condition(source, tables[source.dataset].shape, typed, f"s{rank + 1}-" if rank else ""),
            )
            for rank, source in enumerate(shown.sources)
        ]  # fmt: skip
        frame: ChartFrame = frame_of(self.actor, chosen, request=self.request, level=3)
        return {
            "description": chosen,
            "types": types_of(chosen),
            "sources": sources,
            "shape": tables[shown.sources[0].dataset].shape,
            "frame": frame,
            "may_add": shown.type.several_sources and len(sources) < MOST_SOURCES,
            "next": f"s{len(sources) + 1}-",
        }

    def _condition(self, source: SeriesSource, shape: TableShape, typed: QueryDict, prefix: str) -> SafeString:
        text = shown_condition(source.where, shape, typed, prefix)
        return drawn_condition(text, shape, MenuSource(self.actor), source.dataset, prefix, f"{prefix}condition")


class ChartViewSet(CivicViewSet):
    """« Graphiques »: those that the person may change."""

    model = Chart
    maker = MakerScreen
    base_url_path = "graphiques"
    icon = "doc-full"
    menu_order = 220
