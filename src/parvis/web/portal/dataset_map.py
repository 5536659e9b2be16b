"""The map of a dataset, and the same places as a list for who does not see the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.columns import Column
from parvis.core.errors import NotFound, RequestError
from parvis.core.explore import ExploreRequest, records
from parvis.core.odsql import Names
from parvis.hub.atlas.frames import DOOR
from parvis.hub.atlas.maker import kind_of_source
from parvis.hub.atlas.pictures import SIZES
from parvis.hub.datastore.selectors import engine, shape_of, source_of
from parvis.hub.drawings.frames import Addresses, Frame, Picture, pictures_of
from parvis.hub.drawings.questions import table_of
from parvis.hub.maps.naming import Names as PlaceNames
from parvis.hub.maps.naming import Naming, label_of, naming_of, row_name, value_text
from parvis.hub.maps.selectors import names_of_places, telling_columns
from parvis.hub.ui.filters import MOST_LETTERS, as_parameters, conditions, field, read_filters
from parvis.web.portal.dataset import of_dataset_here, shared_facts

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

_EXPLORE = ("where", "refine", "exclude")
"""Conditions of the Explore API that the map's address may have."""
MORE = 2
"""Other values told of each place of the list, beside its name."""
LISTED = 50
"""Places listed under the map; the table has them all."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row that is on the map: what it is called, what else tells of it, and its row in the table (empty when none tells it)."""

    name: str
    more: str
    address: str


@of_dataset_here
def map_page(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The rows on a map, with the first places as a list; NotFound for a dataset without geometry.

    The filters of the table hold here too, as do ``where``, ``refine`` and ``exclude`` of the Explore API.
    """
    if not dataset.current.has_geometry:
        raise NotFound(name=f"{dataset.dataset_id}/map")
    filters, text = read_filters(request), request.GET.get("q", "").strip()[:MOST_LETTERS]
    parameters = as_parameters(filters, text)
    own = [(name, value) for name in _EXPLORE for value in request.GET.getlist(name) if value.strip()]
    facts: dict[str, Any] = {
        **shared_facts(dataset, "map", [*parameters, *own]),
        "maker_address": f"{dataset.get_absolute_url()}map/composer/{'?' if parameters else ''}{urlencode(parameters)}",
        "table_address": f"{dataset.get_absolute_url()}table/{'?' if parameters else ''}{urlencode(parameters)}",
    }
    try:
        pairs = [*(("where", one) for one in conditions(shape_of(dataset), filters, text)), *own]
        places, total = first_places(dataset, pairs)
        pictures = _pictures(request, dataset, pairs) if total else []
    except RequestError as error:
        language = get_language() or "fr"
        facts |= {"error": error.message(language), "remedy": error.hint(language), "code": error.code}
        return render(request, "portal/dataset_map.html", facts, status=error.status)
    facts |= {
        "places": places,
        "are_more": len(places) == LISTED < total,
        "conditions": urlencode([*pairs, ("timezone", settings.TIME_ZONE)]) if pairs else "",
        "total": total,
        "frame": Frame("carte", pictures=pictures),
    }
    return render(request, "portal/dataset_map.html", facts)


def _pictures(request: HttpRequest, dataset: Dataset, pairs: list[tuple[str, str]]) -> list[Picture]:
    """The same map drawn by the server, as a map of one layer, for readers without scripts; none when its address has conditions
    that such a map does not take."""
    source = source_of(dataset)
    if any(name != "where" for name, _value in pairs):
        return []
    plain = [column for column in source.shape if not column.type.is_geographic]
    colour = next((column.name for column in telling_columns(source, plain)), "")
    layer = MapLayer(
        dataset.dataset_id,
        kind=kind_of_source(source, table_of(source)),
        where=tuple(condition for _name, condition in pairs),
        colour=colour,
    )
    addresses = Addresses(DOOR, MapDescription((layer,)).checked(), "", None)
    sizes = {size.name: (size.width, size.height) for size in SIZES.values()}
    return pictures_of(partial(addresses.of, titre="1"), sizes, request)


def first_places(dataset: Dataset, pairs: list[tuple[str, str]]) -> tuple[list[Place], int]:
    """The first rows that have a position and meet the conditions, by name; and how many there are."""
    source, shape = source_of(dataset), shape_of(dataset)
    plain = [column for column in shape if not column.type.is_geographic]
    if shape.geometry is None:
        return [], 0
    naming = naming_of(plain, source.manifest.profile, source.rows)
    named = {column.name for column in naming.columns}
    telling = [column for column in telling_columns(source, plain) if column.name not in named][:MORE]
    carried = {column.name: column for column in (*naming.columns, *telling)} or {shape.geometry.name: shape.geometry}
    question = ExploreRequest.from_query(
        [
            *pairs,
            ("select", ", ".join(map(field, carried))),
            ("where", f"{field(shape.geometry.name)} is not null"),
            ("limit", str(LISTED)),
            ("timezone", settings.TIME_ZONE),
        ]
    )
    seconds = settings.PARVIS["PARVIS_ENGINE_SECONDS"]
    page = records(engine(), source, question, names=Names(shape), seconds=seconds)
    names = names_of_places(source, list(carried.values()), page.results) if naming.columns or telling else {}
    return [_place(dataset, naming, telling, row, names) for row in page.results], page.total_count


def _place(
    dataset: Dataset, naming: Naming, telling: Sequence[Column], row: Mapping[str, Any], names: PlaceNames
) -> Place:
    name = row_name(naming, row, names)
    texts = [(label_of(column, names), value_text(column, row.get(column.name), names)) for column in telling]
    more = [f"{label}{_('\u00a0: ')}{text}" for label, text in texts if text and text not in name.split(" · ")]
    if not name:
        return Place(" · ".join(more), "", "")
    leading = naming.leading
    value = row.get(leading.name) if leading is not None else None
    address = ""
    if leading is not None and isinstance(value, str) and value == value.strip() != "" and len(value) <= MOST_LETTERS:
        query = urlencode({"colonne": leading.name, "op": "egal", "valeur": value})
        address = f"{dataset.get_absolute_url()}table/?{query}"
    return Place(name, " · ".join(more), address)
