"""The « Analyser » tab of a dataset: a plain form whose address says the whole chart."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.charts.description import ChartDescription
from parvis.core.charts.errors import ChartError
from parvis.core.charts.questions import Table, completed
from parvis.core.charts.suggestions import suggest
from parvis.core.charts.titles import title_of
from parvis.core.errors import NotFound, ParvisError, RequestError
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_path
from parvis.hub.atlas.maker import is_mappable
from parvis.hub.charts.frames import DOOR, ChartFrame, frame_of
from parvis.hub.charts.maker import Suggestion, as_fields, fields_of, read_description, types_of
from parvis.hub.datastore.selectors import described_source, shape_of
from parvis.hub.drawings.questions import table_of
from parvis.hub.thumbnails.rules import key_of_chart
from parvis.hub.thumbnails.selectors import suggested_of
from parvis.hub.ui.filters import OPERATORS, Filter, begun_filter, read_filters
from parvis.hub.ui.templatetags.parvis_ui import canonical
from parvis.web.portal.dataset import of_dataset_here, shared_facts
from parvis.web.portal.former_addresses import table_query

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


@of_dataset_here
def analyze(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The form, what it proposes first, and the chart it asks for; what makes no sense is explained in the chart's place."""
    if any(name.startswith("refine.") for name in request.GET):
        request.GET = table_query(request, shape_of(dataset))  # type: ignore[misc]
    table = _table(dataset)
    facts: dict[str, Any] = {
        **shared_facts(dataset, "analyze"),
        "filters": read_filters(request),
        "blank": begun_filter(request.GET),
        "operators": OPERATORS,
        "shape": table.shape,
        "suggestions": _suggestions(dataset, table),
        "address": f"{dataset.get_absolute_url()}analyze/",
        "map_address": f"{dataset.get_absolute_url()}map/composer/" if is_mappable(table.shape) else "",
    }
    status = 200
    try:
        description = read_description(request.GET, dataset.dataset_id, table)
    except RequestError as error:
        description, status = None, 400
        facts["frame"] = _refusal(error)
        description = read_description(_without_filters(request), dataset.dataset_id, table)
    else:
        if description is not None:
            frame = _frame(request, dataset, description, facts["filters"])
            status = 400 if frame.error and frame.code != "chart-empty" else 200
            facts |= {"frame": frame, "instead_address": _instead(request, frame)}
            facts["social"] = f"{absolute_path(DOOR)}image.png?{urlencode({'c': description.to_json(), 'titre': '1'})}"
    if description is not None:
        with contextlib.suppress(ChartError):  # the form shows what was guessed; what is missing is told beside it
            description = completed(description, {dataset.dataset_id: table})
        facts |= {"types": types_of(description), "fields": fields_of(description, table), "description": description}
    return render(request, "portal/dataset_analyze.html", facts, status=status)


@of_dataset_here
def embedded_chart(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The chart alone, to be shown inside pages of other sites."""
    table = _table(dataset)
    description = read_description(request.GET, dataset.dataset_id, table)
    if description is None:
        raise NotFound(name=f"{dataset.dataset_id}/analyze")
    frame = _frame(request, dataset, description, read_filters(request))
    facts = {"frame": frame, "back": f"{dataset.get_absolute_url()}analyze/?{request.GET.urlencode()}"}
    return render(request, "portal/chart_embed.html", facts, status=400 if frame.error else 200)


def _table(dataset: Dataset) -> Table:
    source = described_source(dataset, dataset.current)
    if source is None:
        raise NotFound(name=dataset.dataset_id)
    return table_of(source)


def _frame(request: HttpRequest, dataset: Dataset, description: ChartDescription, filters: list[Filter]) -> ChartFrame:
    query = urlencode(as_fields(description, filters))
    embed = canonical(absolute_path(f"/explore/embed/dataset/{dataset.dataset_id}/analyze/?{query}"))
    return frame_of(actor_of(request.user), description, request=request, embed=embed)


def _suggestions(dataset: Dataset, table: Table) -> list[Suggestion]:
    language = get_language() or "fr"
    pictures = suggested_of(dataset)
    return [
        Suggestion(
            title_of(chart, table, language),
            chart.type.label(language),
            f"{dataset.get_absolute_url()}analyze/?{urlencode(as_fields(chart))}#graphique",
            pictures.get(key_of_chart(chart.to_json()), ""),
        )
        for chart in suggest(dataset.dataset_id, table)
    ]


def _instead(request: HttpRequest, frame: ChartFrame) -> str:
    """The same question drawn as the error advises."""
    if not frame.mark_instead:
        return ""
    query = request.GET.copy()
    query["type"] = frame.mark_instead
    return f"?{query.urlencode()}#graphique"


def _without_filters(request: HttpRequest) -> QueryDict:
    query = request.GET.copy()
    for name in ("colonne", "op", "valeur", "q"):
        query.pop(name, None)
    return query


def _refusal(error: ParvisError) -> ChartFrame:
    return ChartFrame.refused("graphique", error, title=_("Graphique"))
