"""« Graphiques »: those the person may change, and the maker: the form of the « Analyser » tab, several datasets, a title."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from parvis.core.charts import ChartDescription, Table, completed
from parvis.core.charts.description import MOST_SOURCES
from parvis.core.charts.errors import ChartError
from parvis.core.errors import NotFound, RequestError
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to
from parvis.hub.charts.answering import readable_dataset, table_of
from parvis.hub.charts.frames import Frame, frame_of
from parvis.hub.charts.maker import Select, fields_of, read_several, types_of
from parvis.hub.charts.models import Chart
from parvis.hub.charts.trails import filters_of
from parvis.hub.datastore.selectors import described_source
from parvis.hub.saved import services
from parvis.hub.saved.rules import SavedStatus
from parvis.hub.saved.selectors import managed_at, managed_by
from parvis.hub.ui.filters import OPERATORS, Filter, read_filters_of
from parvis.web.backoffice.screens import ActorMixin, Screen, sentence

OFFERED = 500
"""Datasets in the list of the maker."""


class ChartList(ActorMixin, IndexView):
    """The saved charts the person may change."""

    model = Chart
    permission_policy = None
    any_permission_required = None
    page_title = gettext_lazy("Graphiques")
    header_icon = "doc-full"
    index_url_name = "backoffice:charts"
    default_ordering = "title"
    paginate_by = 50
    search_fields = ["title", "slug"]
    is_searchable = True

    @cached_property
    def columns(self) -> list[BaseColumn]:
        """Title, organisation, state, date."""
        return [
            TitleColumn(
                "title",
                label=_("Titre"),
                sort_key="title",
                get_url=lambda found: reverse("backoffice:chart", args=[found.slug]),
            ),
            Column("organisation", label=_("Organisation"), accessor="organisation.name"),
            StatusTagColumn(
                "status",
                label=_("État"),
                accessor="get_status_display",
                primary=lambda found: found.status == SavedStatus.PUBLISHED,
            ),
            DateColumn("modified", label=_("Modifié"), sort_key="modified"),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """A new one."""
        url = reverse("backoffice:chart_add")
        return [HeaderButton(_("Composer un graphique"), url=url, icon_name="plus")]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The home, then this list."""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Tableau de bord")},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_base_queryset(self) -> QuerySet[Chart]:
        """Through the person's eyes."""
        return managed_by(Chart, self.actor)


@dataclass(frozen=True, slots=True)
class SourceFields:
    """The fields of one source of the chart."""

    rank: int
    prefix: str
    dataset: str
    fields: list[Select]
    label: str
    condition: str


class MakerScreen(Screen):
    """Compose a new chart or change one: « Voir » shows it, « Enregistrer » keeps it."""

    template_name = "backoffice/charts/maker.html"
    header_icon = "doc-full"

    @cached_property
    def chart(self) -> Chart | None:
        """The chart of the address, None for a new one."""
        slug = self.kwargs.get("slug")
        return managed_at(Chart, self.actor, slug) if slug else None

    def get_page_title(self) -> str:
        """Its title."""
        return self.chart.title if self.chart else _("Nouveau graphique")

    def trail(self) -> list[tuple[str, str]]:
        """The list."""
        return [(reverse("backoffice:charts"), _("Graphiques"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form as it is filled, and the chart it makes."""
        query = self.request.POST or self.request.GET
        chosen, refused = None, kwargs.pop("refused", None)
        try:
            chosen = self._described(query)
        except RequestError as error:
            refused = error
        tables = self._tables([source.dataset for source in chosen.sources]) if chosen else {}
        facts: dict[str, Any] = {
            "chart": self.chart,
            "datasets": self._datasets(),
            "organisations": organisations_where(self.actor, "edit"),
            "refused": sentence(refused) if refused else "",
            "revision": query.get("revision") or (self.chart.revision if self.chart else 0),
            "operators": OPERATORS,
            "blank": Filter("", "contient", ""),
        }
        if chosen is not None and tables:
            facts |= self._filled(chosen, tables, query)
        return {**facts, **super().get_context_data(**kwargs), **kwargs}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what the form makes, or keep it."""
        act = _ACTS.get(request.POST.get("acte", ""))
        if act is None:
            return self.render_to_response(self.get_context_data())
        try:
            return act(self, request)
        except RequestError as error:
            return self.render_to_response(self.get_context_data(refused=error), status=422)

    def save(self, request: HttpRequest) -> HttpResponse:
        """Keep the chart as the form says it."""
        description = self._described(request.POST)
        if description is None:
            raise NotFound(name=_("jeu de données"))
        if self.chart is None:
            wished = request.POST.get("organisation", "")
            organisation = organisations_where(self.actor, "edit").filter(slug=wished).first()
            if organisation is None:
                raise NotFound(name=wished)
            saved = services.create(self.actor, Chart, organisation, description)
        else:
            revision = request.POST.get("revision", "")
            seen = int(revision) if revision.isdecimal() and len(revision) < 9 else 0
            saved = services.update(self.actor, self.chart, description, revision=seen)
        messages.success(request, _("Le graphique est enregistré."))
        return redirect("backoffice:chart", saved.slug)

    def change(self, request: HttpRequest, act: Callable[..., object], done: str) -> HttpResponse:
        """Publish, withdraw or delete the chart."""
        if self.chart is None:
            raise NotFound(name="")
        slug = self.chart.slug
        act(self.actor, self.chart)
        messages.success(request, str(done))
        return redirect("backoffice:charts") if self.chart.pk is None else redirect("backoffice:chart", slug)

    def _described(self, query: QueryDict) -> ChartDescription | None:
        asked = [name for rank in range(MOST_SOURCES) if (name := query.get(f"s{rank + 1}-jeu" if rank else "jeu"))]
        if asked:
            return read_several(query, self._tables(asked))
        return self.chart.described if self.chart else None

    def _tables(self, names: list[str]) -> Mapping[str, Table]:
        found: dict[str, Table] = {}
        for name in names:
            dataset: Dataset = readable_dataset(self.actor, name)
            source = described_source(dataset, dataset.current) if dataset.current else None
            if source is not None:
                found[name] = table_of(source)
        return found

    def _datasets(self) -> list[Dataset]:
        managed = datasets_managed_by(self.actor).exclude(status=Status.DELETED).filter(current__isnull=False)
        mine = list(managed.prefetch_related(None).order_by("title")[:OFFERED])
        known = {dataset.pk for dataset in mine}
        others = datasets_visible_to(self.actor).prefetch_related(None).order_by("title")[:OFFERED]
        return sorted([*mine, *(one for one in others if one.pk not in known)], key=lambda one: one.title.lower())

    def _filled(self, chosen: ChartDescription, tables: Mapping[str, Table], query: QueryDict) -> dict[str, Any]:
        shown = chosen
        with contextlib.suppress(ChartError):
            shown = completed(chosen, tables)
        asked = bool(query.get("jeu"))
        kept = filters_of(chosen.sources[0].where)
        filters = read_filters_of(query) if asked else [Filter(*one) for one in kept or ()]
        sources = [
            SourceFields(
                rank,
                f"s{rank + 1}-" if rank else "",
                source.dataset,
                fields_of(shown, tables[source.dataset], rank),
                source.label,
                "" if rank == 0 and (asked or kept is not None) and not query.get("condition") else " and ".join(source.where),
            )
            for rank, source in enumerate(shown.sources)
        ]  # fmt: skip
        frame: Frame = frame_of(self.actor, chosen, request=self.request, level=3)
        return {
            "description": chosen,
            "types": types_of(chosen),
            "sources": sources,
            "shape": tables[shown.sources[0].dataset].shape,
            "filters": filters,
            "frame": frame,
            "may_add": shown.type.several_sources and len(sources) < MOST_SOURCES,
            "next": f"s{len(sources) + 1}-",
        }


_ACTS: Mapping[str, Callable[[MakerScreen, HttpRequest], HttpResponse]] = {
    "enregistrer": MakerScreen.save,
    "publier": partial(
        MakerScreen.change, act=services.publish, done=gettext_lazy("Le graphique est publié.")
    ),
    "retirer": partial(
        MakerScreen.change, act=services.unpublish, done=gettext_lazy("Le graphique est retiré : c’est un brouillon.")
    ),
    "supprimer": partial(
        MakerScreen.change, act=services.delete, done=gettext_lazy("Le graphique est supprimé.")
    ),
}  # fmt: skip
"""What the buttons of the maker do; any other only shows."""
