"""Addresses of Opendatasoft portals that pages, mails and frames on other sites still lead to (specification, section 11.3)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect, QueryDict
from django.urls import reverse

from parvis.core.columns import ColumnType, TableShape
from parvis.core.errors import NotFound
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.selectors import renamed
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.ui.embedding import embeddable
from parvis.hub.ui.filters import MOST_FILTERS, Filter, as_parameters
from parvis.web.portal.dataset import of_dataset
from parvis.web.portal.dataset_map import map_page
from parvis.web.portal.dataset_table import table

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

FORMER_TABS = ("calendar", "images", "custom", "dataviz")
"""Tabs of former portals that have no page of their own here: the table answers best."""

_PERIOD = re.compile(r"(\d{4})(?:/(\d{1,2}))?(?:/(\d{1,2}))?")


def former_name(request: HttpRequest, former: str, rest: str = "") -> HttpResponse:
    """A dataset under a name that no dataset has here (a dot, « @ »): its present address, for who may know of it."""
    present = renamed(actor_of(request.user), former)
    if present is None:
        raise NotFound(name=former)
    query = request.META.get("QUERY_STRING", "")
    address = reverse("dataset", args=[present]) + quote(rest)
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


@of_dataset
def former_tab(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The table, with the filters that the former address carried."""
    query = table_query(request, shape_of(dataset)).urlencode()
    return HttpResponseRedirect(f"{dataset.get_absolute_url()}table/" + (f"?{query}" if query else ""))


@of_dataset
def filtered_table(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The table; filters written the former way are read as its own."""
    if any(name.startswith("refine.") or name == "sort" for name in request.GET):
        request.GET = table_query(request, shape_of(dataset))  # type: ignore[misc]
    return table(request, dataset.dataset_id)


@embeddable
@of_dataset
def embedded(request: HttpRequest, dataset: Dataset, view: str = "table") -> HttpResponse:
    """The table or the map without the site's frame, to be shown inside pages of other sites; links open outside it."""
    request.embedded = True  # type: ignore[attr-defined]
    if view == "map" and dataset.current.has_geometry:
        return map_page(request, dataset.dataset_id)
    request.GET = table_query(request, shape_of(dataset))  # type: ignore[misc]
    return table(request, dataset.dataset_id)


def table_query(request: HttpRequest, shape: TableShape) -> QueryDict:
    """The parameters of our table that mean what ``refine.<field>=``, ``q`` and ``sort`` meant."""
    query = QueryDict(mutable=True)
    filters = [
        table_filter
        for name, values in request.GET.lists()
        if name.startswith("refine.")
        for value in values
        for table_filter in _filters(shape, name.removeprefix("refine."), value)
    ]
    for name, value in as_parameters(filters[:MOST_FILTERS], request.GET.get("q", "")):
        query.appendlist(name, value)
    sort = request.GET.get("sort", "")
    if shape.get(sort.removeprefix("-")) is not None:
        # A bare name used to mean falling, one after a minus sign rising.
        query["tri"] = sort[1:] if sort.startswith("-") else f"-{sort}"
    for name, values in request.GET.lists():
        if name not in ("q", "sort") and not name.startswith(("refine.", "exclude.", "disjunctive.")):
            for value in values:
                query.appendlist(name, value)
    return query


def _filters(shape: TableShape, name: str, value: str) -> Iterator[Filter]:
    column = shape.get(name)
    if column is None:
        return
    period = _PERIOD.fullmatch(value)
    if column.type in (ColumnType.DATE, ColumnType.DATETIME) and period:
        year, month, day = period[1], period[2], period[3]
        first = f"{int(day or 1):02}/{int(month or 1):02}/{year}"
        last = f"{int(day or (31 if not month else _last(year, month))):02}/{int(month or 12):02}/{year}"
        yield Filter(name, "min", first)
        yield Filter(name, "max", last)
    elif column.annotations.get("multivalued"):
        yield Filter(name, "contient", value)
    else:
        yield Filter(name, "egal", value)


def _last(year: str, month: str) -> int:
    return calendar.monthrange(int(year) or 1, min(max(int(month), 1), 12))[1]
