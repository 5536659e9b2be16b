"""What a map must know of a dataset's layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import get_language

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import Source
from parvis.core.engine.contract import DEFAULT_SECONDS
from parvis.core.engine.plans import Quantiles
from parvis.core.explore import ExploreRequest, records
from parvis.core.geo.tiles import has_only_points
from parvis.core.mercator import MAX_ZOOM
from parvis.core.odsql.bound import ALWAYS, Cell, Test
from parvis.core.odsql.valuetypes import type_of
from parvis.core.units import unit_word
from parvis.core.years import holds_years
from parvis.hub.addresses import absolute_path
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.selectors import engine, shape_of, source_of
from parvis.hub.maps import rules
from parvis.hub.maps.naming import Names, Naming, label_of, names_territories, naming_of, place_names
from parvis.hub.maps.opening import extent, opening_box
from parvis.hub.registry import row_links

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

_MOST_CODES = 2_000
"""Codes of a column that a browser is told the names of; of more, it is told those of the most frequent ones, and asks for those of
what is in view."""


def layer_of(
    dataset: Dataset,
    version: Version | None = None,
    *,
    where: Test = ALWAYS,
    conditions: str = "",
    territory: Territory | None = None,
    seconds: float = DEFAULT_SECONDS,
) -> dict[str, Any] | None:
    """The layer as JSON-able values; None when the version has no geometry. The caller has checked the right to see it.

    ``bbox`` is west, south, east, north in degrees, ``start`` what is shown first on a site of ``territory``; ``tiles`` is a template of addresses that change with the version
    and the values carried. With a condition ``where``, ``rows`` and ``bbox`` are those of the rows it keeps; ``conditions`` is the same
    as parameters of an address. Legends are always those of all rows, so that colours stay.
    """
    source = source_of(dataset, version)
    shape = shape_of(dataset, version)
    geometry = shape.geometry
    if geometry is None:
        return None
    chosen = version or dataset.current
    columns = [column for column in shape if not column.type.is_geographic]
    naming = naming_of(columns, source.manifest.profile, source.rows)
    names = names_of_places(source, columns)
    legends = _legends(source, columns, names)
    links = row_links(dataset) if chosen.pk == dataset.current_id else []
    of_links = [name for link in links for name in link.columns]
    carried = _carried([*(column.name for column in naming.columns), *of_links], legends, columns)
    only_points = has_only_points(source, geometry)
    # Rows that lie over a version change within the second: their tiles are asked anew by the stamp, and kept for no longer.
    state = {"v": chosen.name} if source.base is None else {"s": str(dataset.stamp)}
    query = urlencode({**state, "f": ",".join(column.name for column in carried)}, safe=",")
    rows, bbox = (source.rows, source.manifest.bbox) if where == ALWAYS else extent(source, geometry, where, seconds)
    return {
        "id": dataset.dataset_id,
        "title": dataset.title,
        "version": chosen.name,
        "rows": rows,
        "allRows": source.rows,
        "kind": rules.geometry_kind(source.manifest.geometry_types, only_points),
        "bbox": bbox,
        "start": opening_box(source, geometry, where, (rows, bbox), territory, seconds=seconds),
        "tiles": f"{absolute_path('/tiles/')}{dataset.dataset_id}/{{z}}/{{x}}/{{y}}.mvt?{query}{'&' if conditions else ''}{conditions}",
        "maxzoom": MAX_ZOOM,
        **naming_facts(naming),
        "fields": [field_facts(column, names, source) for column in carried],
        "legends": legends,
        "links": [{"label": str(link.label), "columns": list(link.columns), "address": link.address} for link in links],
    }


def _carried(leading: Sequence[str], legends: Sequence[dict[str, Any]], columns: Sequence[Column]) -> list[Column]:
    """What names a row, what links and legends need, then the first columns, up to the number a tile may carry."""
    needed = [*leading, *(legend["field"] for legend in legends)]
    carried = set(list(dict.fromkeys([*needed, *(column.name for column in columns)]))[: rules.MOST_FIELDS])
    return [column for column in columns if column.name in carried]


def field_facts(column: Column, names: Names, source: Source | None = None) -> dict[str, Any]:
    """What a browser must know of a column to say its values: with ``source``, where to ask for the names of its other codes."""
    facts = {
        "name": column.name,
        "label": label_of(column, names),
        "type": str(column.type),
        "unit": unit_word(column.annotations.get("unit") or "", get_language() or "fr"),
        "years": holds_years(column),
    }
    if called := {**names.get(column.name, {}), **column.labels}:
        facts["names"] = called
    if source is not None and _has_many_codes(source, column):
        facts["namesAt"] = absolute_path(f"/carte/noms/{column.kind}.json")
    return facts


def naming_facts(naming: Naming) -> dict[str, Any]:
    """What a browser must know to call rows by their names."""
    return {
        "titleFields": [column.name for column in naming.title],
        "describedBy": [column.name for column in naming.described],
    }


def names_of_places(
    source: Source, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]] = ()
) -> dict[str, dict[str, str]]:
    """The names of the territories whose codes these columns hold, by column: those of few enough codes to be told to a browser.

    Of a column of more codes: the most frequent ones, and those of ``rows`` that are about to be shown.
    """
    pairs = [(column, _codes_of(source, column, rows)) for column in columns if names_territories(column)]
    return place_names(pair for pair in pairs if pair[1])


def _codes_of(source: Source, column: Column, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    codes = _codes_held(source, column)
    if not rows or not _has_many_codes(source, column):
        return codes
    shown = (str(row[column.name]) for row in rows if row.get(column.name) not in (None, ""))
    return list(islice(dict.fromkeys([*codes, *shown]), _MOST_CODES))


def _has_many_codes(source: Source, column: Column) -> bool:
    profile = source.manifest.profile.get(column.name)
    return names_territories(column) and profile is not None and profile.distinct > _MOST_CODES


def _codes_held(source: Source, column: Column) -> list[str]:
    """The codes in a column, all of them when they are few; the most frequent ones otherwise."""
    profile = source.manifest.profile.get(column.name)
    if profile is None:
        return []
    top = [value for value, _count in profile.top]
    if profile.values or len(top) >= profile.distinct or profile.distinct > _MOST_CODES:
        return profile.values or top
    key = ("codes", source.key, column.name)
    codes: list[str] | None = byte_cache("territory-rows").get(key)
    if codes is None:
        question = ExploreRequest(select=f"`{column.name}`", group_by=f"`{column.name}`", limit=_MOST_CODES)
        seconds = settings.PARVIS["PARVIS_ENGINE_SECONDS"]
        page = records(engine(), source, question, seconds=seconds, most=_MOST_CODES)
        codes = [str(row[column.name]) for row in page.results if row.get(column.name) not in (None, "")]
        byte_cache("territory-rows").put(key, codes, 60 * len(codes))
    return codes


def _legends(source: Source, columns: Sequence[Column], names: Names) -> list[dict[str, Any]]:
    legends = [
        _measure(source, column, names) if column.type.is_number else _category(source, column, names)
        for column in telling_columns(source, columns)
    ]
    return [legend for legend in legends if legend][: rules.MOST_LEGENDS]


def telling_columns(source: Source, columns: Sequence[Column]) -> list[Column]:
    """Those that colours can show, the most telling first: what rows are, what they can do, where they are, then numbers, then
    categories that hardly vary. Codes come last, and never beside the names that they stand for."""
    profile = source.manifest.profile
    categories = [column for column in columns if rules.is_category(column, profile)]
    categories = [column for column in categories if not rules.is_named_beside(column, columns, profile)]
    categories.sort(key=lambda column: (rules.is_code(column), rules.is_place(column), profile[column.name].nulls * 10 > source.rows, column.type is ColumnType.BOOLEAN, not column.annotations.get("facet")))  # fmt: skip
    telling = [column for column in categories if not rules.is_dominated(profile[column.name], source.rows)]
    flat = [column for column in categories if column not in telling]
    measures = [column for column in columns if rules.is_measure(column, profile)]
    spare = max(rules.MOST_LEGENDS // 2 - len(measures), 0)
    return [*telling[: rules.MOST_LEGENDS // 2 + spare], *measures, *flat]


def _category(source: Source, column: Column, names: Names) -> dict[str, Any]:
    profile = source.manifest.profile[column.name]
    return {
        **field_facts(column, names),
        "field": column.name,
        "kind": "category",
        "values": rules.category_values(profile),
        "others": profile.distinct > rules.CATEGORIES,
        "missing": profile.nulls,
    }


def _measure(source: Source, column: Column, names: Names) -> dict[str, Any] | None:
    shares = tuple(rank / rules.CLASSES for rank in range(1, rules.CLASSES))
    edges = rules.class_edges(engine().value(source, Quantiles(Cell(column, type_of(column)), shares)) or [])
    if not edges:
        return None
    column_profile = source.manifest.profile[column.name]
    return {
        **field_facts(column, names),
        "field": column.name,
        "kind": "number",
        "edges": edges,
        "missing": column_profile.nulls,
        "minimum": column_profile.minimum,
        "maximum": column_profile.maximum,
    }
