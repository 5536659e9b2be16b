"""The table of a dataset: sorted, filtered, searched and paged by plain forms and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from parvis.core.columns import Column, TableShape
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, RecordsPage
from parvis.core.explore.elsewhere import UnreadableElsewhere
from parvis.core.explore.request import LAST_ROW
from parvis.core.odsql import Names
from parvis.hub.catalogue.selectors import version as version_of
from parvis.hub.datastore.elsewhere import records_of
from parvis.hub.datastore.selectors import engine, shape_of, source_of
from parvis.hub.harvesting.far_errors import FarFailure
from parvis.hub.maps.naming import with_name_first
from parvis.hub.registry import CellTrail, RowLink, cell_trails, row_links
from parvis.hub.ui.errors import with_headers
from parvis.hub.ui.filters import OPERATORS, Filter, as_parameters, begun_filter, conditions, field, read_filters
from parvis.hub.ui.formatting import number, raw_text, written
from parvis.hub.ui.pagination import pages_of, whole_number
from parvis.hub.ui.trail import Trail
from parvis.web.portal.dataset import of_dataset, shared_facts
from parvis.web.portal.trails import of_table

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

PAGE_SIZES = (20, 50, 100)
SHOWN_COLUMNS = 40
"""Columns of a very wide table shown when none was chosen."""
LONG = 160
PAPER_COLUMNS = 8
"""Beyond so many columns a sheet of paper holds each row as a list, of values after the names of their columns."""


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What the address of a table page asks for."""

    text: str
    filters: list[Filter]
    columns: tuple[str, ...]
    sort: str
    """A column's name, after a ``-`` when falling; empty for the order of the source."""
    page: int
    size: int
    dense: bool
    wide: bool
    version: str

    def parameters(self, **changes: Any) -> str:
        """The address of the same table with some things changed; back to the first page unless ``page`` is given."""
        pairs = as_parameters(self.filters, self.text)
        pairs += [("col", name) for name in self.columns]
        rest = {
            "tri": self.sort,
            "taille": "" if self.size == PAGE_SIZES[0] else self.size,
            "densite": "compacte" if self.dense else "",
            "largeur": "entiere" if self.wide else "",
            "version": self.version,
            **changes,
        }
        return "?" + urlencode(pairs + [(name, str(value)) for name, value in rest.items() if value not in ("", None)])


@dataclass(frozen=True, slots=True)
class Head:
    """A column's header: where a click on it sorts, and how it is sorted now."""

    column: Column
    address: str
    order: str
    """``ascending``, ``descending`` or empty."""
    is_number: bool
    is_sortable: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as text."""

    text: str
    is_number: bool
    is_long: bool
    label: str = ""
    """The name of its column."""
    address: str = ""
    raw: str = ""
    """The value, when the text is its label."""
    trail: Trail | None = None
    """Where it comes from, when that is not the source of the dataset."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its cells, and what can be done from it, in words and by an address."""

    cells: list[Cell]
    links: list[tuple[Any, str]]


@of_dataset
def table(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """One page of rows; a filter that makes no sense is explained above the form."""
    table_request = read_request(request)
    version = version_of(dataset, table_request.version) if table_request.version else None
    shape = shape_of(dataset, version)
    manifest = source_of(dataset, version).manifest
    shown, is_named = with_name_first(chosen_columns(shape, table_request), manifest.profile, manifest.rows)
    parameters = as_parameters(table_request.filters, table_request.text)
    facts: dict[str, Any] = {
        **shared_facts(dataset, "table", parameters),
        "version": version,
        "asked": table_request,
        "shape": shape,
        "shown": {column.name for column in shown},
        "operators": OPERATORS,
        "sizes": PAGE_SIZES,
        "blank": begun_filter(request.GET),
        "export_address": f"{dataset.get_absolute_url()}export/?{urlencode(parameters)}",
        "dense_address": table_request.parameters(densite="" if table_request.dense else "compacte"),
        "wide_address": table_request.parameters(largeur="" if table_request.wide else "entiere"),
    }
    try:
        links = row_links(dataset) if version is None or version.pk == dataset.current_id else []
        page = rows(dataset, version, shape, shown, table_request, links)
    except (RequestError, FarFailure, UnreadableElsewhere) as error:
        language = get_language() or "fr"
        facts |= {"error": error.message(language), "remedy": error.hint(language), "code": error.code}
        facts |= {"is_far": not isinstance(error, RequestError), "wrong": isinstance(error, RequestError)}
        return with_headers(render(request, "portal/dataset_table.html", facts, status=error.status), error)
    is_current = version is None or version.pk == dataset.current_id
    trails = cell_trails(dataset, page.results) if is_current else {}
    facts |= {
        "total": page.total_count,
        **_amounts(dataset, version or dataset.current, shape, table_request, page.total_count, facts),
        "heads": heads(shown, table_request),
        "rows": [
            TableRow(
                [_cell(row.get(column.name), column, trails.get((rank, column.name))) for column in shown],
                [(link.label, link.of(row)) for link in links],
            )
            for rank, row in enumerate(page.results)
        ],
        "has_links": bool(links),
        "is_named": is_named,
        "is_wide": len(shown) > PAPER_COLUMNS,
        "pages": pages_of(min(page.total_count, LAST_ROW), table_request.size, table_request.page),
        "first": (table_request.page - 1) * table_request.size + 1,
        "last": (table_request.page - 1) * table_request.size + len(page.results),
        "beyond": page.total_count > LAST_ROW,
    }
    return render(request, "portal/dataset_table.html", facts)


def read_request(request: HttpRequest) -> TableRequest:
    """The table that an address asks for; nonsense takes its default."""
    size = whole_number(request, "taille", PAGE_SIZES[0])
    size = size if size in PAGE_SIZES else PAGE_SIZES[0]
    return TableRequest(
        text=request.GET.get("q", "").strip()[:300],
        filters=read_filters(request),
        columns=tuple(dict.fromkeys(request.GET.getlist("col")[:2000])),
        sort=request.GET.get("tri", "")[:64],
        page=whole_number(request, "page", 1, most=LAST_ROW // size),
        size=size,
        dense=request.GET.get("densite") == "compacte",
        wide=request.GET.get("largeur") == "entiere",
        version=request.GET.get("version", "")[:40],
    )


def chosen_columns(shape: TableShape, table_request: TableRequest) -> list[Column]:
    """The columns to show, in the order of the table: those chosen, else the first ones."""
    chosen = [column for column in shape if column.name in table_request.columns]
    return chosen or list(shape)[:SHOWN_COLUMNS]


def rows(
    dataset: Dataset,
    version: Version | None,
    shape: TableShape,
    shown: list[Column],
    table_request: TableRequest,
    links: Sequence[RowLink] = (),
) -> RecordsPage:
    """The page of rows, answered by the engine, with what the links of each row need."""
    names = dict.fromkeys([column.name for column in shown])
    names |= dict.fromkeys(name for link in links for name in link.columns if shape.get(name))
    sort = table_request.sort.removeprefix("-")
    order = f"{field(sort)} {'desc' if table_request.sort.startswith('-') else 'asc'}" if shape.get(sort) else ""
    question = ExploreRequest(
        select=", ".join(field(name) for name in names),
        where=conditions(shape, table_request.filters, table_request.text),
        order_by=order,
        limit=table_request.size,
        offset=(table_request.page - 1) * table_request.size,
        timezone=settings.TIME_ZONE,
    )
    return records_of(engine(), dataset, source_of(dataset, version), question, names=Names(shape))


def _amounts(
    dataset: Dataset,
    version: Version,
    shape: TableShape,
    table_request: TableRequest,
    total: int,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """How many rows there are, as figures that lead to where they come from; as they were given when that is another portal."""
    if version.is_federated:
        return {"amount": number(total), "whole_amount": number(facts["row_count"])}
    trail = _total_trail(dataset, version, shape, table_request, total)
    return {"amount": trail.link, "whole_amount": facts["rows_trail"].link}


def _total_trail(
    dataset: Dataset, version: Version, shape: TableShape, table_request: TableRequest, total: int
) -> Trail:
    query = " and ".join(["select count(*)", *conditions(shape, table_request.filters, table_request.text)]).replace(
        " and ", " where ", 1
    )
    return of_table(dataset, version, total, table_request.parameters(version=version.name), query)


def heads(shown: list[Column], table_request: TableRequest) -> list[Head]:
    """The headers; a click sorts rising, a second one falling, a third takes the sort away."""
    following = {"": "{}", "{}": "-{}", "-{}": ""}
    headers = []
    for column in shown:
        now = next((form for form in ("{}", "-{}") if table_request.sort == form.format(column.name)), "")
        address = table_request.parameters(tri=following[now].format(column.name))
        order = {"": "", "{}": "ascending", "-{}": "descending"}[now]
        headers.append(Head(column, address, order, column.type.is_number, not column.type.is_geographic))
    return headers


def _cell(value: Any, column: Column, origin: CellTrail | None = None) -> Cell:
    text = written(value, column)
    if origin is not None:
        trail = Trail(text or "–", origin.address, origin.facts)
        return Cell(text, column.type.is_number, is_long=False, label=column.label, trail=trail)
    address = text if column.type == "text" and text.startswith(("http://", "https://")) and " " not in text else ""
    raw = raw_text(value, column)
    return Cell(text, column.type.is_number, len(text) > LONG, column.label, address, raw if raw != text else "")
