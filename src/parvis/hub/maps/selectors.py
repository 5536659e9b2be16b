"""What a map must know of a dataset's layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from parvis.core.columns import Column
from parvis.core.engine import Source
from parvis.core.engine.contract import DEFAULT_SECONDS
from parvis.core.engine.plans import BoundingBox, Quantiles
from parvis.core.geo.tiles import has_only_points
from parvis.core.mercator import MAX_ZOOM
from parvis.core.odsql.bound import ALWAYS, Cell, Test
from parvis.core.odsql.valuetypes import type_of
from parvis.core.years import holds_years
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.selectors import engine, shape_of, source_of
from parvis.hub.maps import rules
from parvis.hub.registry import row_links


def layer_of(
    dataset: Dataset,
    version: Version | None = None,
    *,
    where: Test = ALWAYS,
    conditions: str = "",
    seconds: float = DEFAULT_SECONDS,
) -> dict[str, Any] | None:
    """The layer as JSON-able values; None when the version has no geometry. The caller has checked the right to see it.

    ``bbox`` is west, south, east, north in degrees; ``tiles`` is a template of addresses that change with the version
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
    title = rules.title_column(columns, source.manifest.profile)
    legends = _legends(source, columns)
    links = row_links(dataset) if chosen.pk == dataset.current_id else []
    carried = _carried(title, [name for link in links for name in link.columns], legends, columns)
    only_points = has_only_points(source, geometry)
    query = urlencode({"v": chosen.name, "f": ",".join(column.name for column in carried)}, safe=",")
    rows, bbox = (source.rows, source.manifest.bbox) if where == ALWAYS else extent(source, geometry, where, seconds)
    return {
        "id": dataset.dataset_id,
        "title": dataset.title,
        "version": chosen.name,
        "rows": rows,
        "allRows": source.rows,
        "kind": rules.geometry_kind(source.manifest.geometry_types, only_points),
        "bbox": bbox,
        "tiles": f"{absolute_path('/tiles/')}{dataset.dataset_id}/{{z}}/{{x}}/{{y}}.mvt?{query}{'&' if conditions else ''}{conditions}",
        "maxzoom": MAX_ZOOM,
        "titleField": title.name if title else None,
        "fields": [_field(column) for column in carried],
        "legends": legends,
        "links": [{"label": str(link.label), "columns": list(link.columns), "address": link.address} for link in links],
    }


def extent(
    source: Source, geometry: Column, where: Test, seconds: float
) -> tuple[int, tuple[float, float, float, float] | None]:
    """How many rows a condition keeps, and the box around them."""
    plan = BoundingBox(Cell(geometry, type_of(geometry)), where)
    count, west, *others = engine().value(source, plan, seconds=seconds)
    return int(count), None if west is None else (west, *others)


def _carried(
    title: Column | None, of_links: Sequence[str], legends: Sequence[dict[str, Any]], columns: Sequence[Column]
) -> list[Column]:
    """The title, what links and legends need, then the first columns, up to the number a tile may carry."""
    needed = [*of_links, *(legend["field"] for legend in legends)]
    names = dict.fromkeys([*([title.name] if title else []), *needed, *(column.name for column in columns)])
    carried = set(list(names)[: rules.MOST_FIELDS])
    return [column for column in columns if column.name in carried]


def _field(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.label,
        "type": str(column.type),
        "unit": column.annotations.get("unit") or "",
        "years": holds_years(column),
    }


def _legends(source: Source, columns: Sequence[Column]) -> list[dict[str, Any]]:
    legends = [
        _measure(source, column) if column.type.is_number else _category(source, column)
        for column in telling_columns(source, columns)
    ]
    return [legend for legend in legends if legend][: rules.MOST_LEGENDS]


def telling_columns(source: Source, columns: Sequence[Column]) -> list[Column]:
    """Those that colours can show, the most telling first: categories (facets before others), numbers, then categories that
    hardly vary."""
    profile = source.manifest.profile
    categories = [column for column in columns if rules.is_category(column, profile)]
    categories.sort(key=lambda column: not column.annotations.get("facet"))
    telling = [column for column in categories if not rules.is_dominated(profile[column.name], source.rows)]
    flat = [column for column in categories if column not in telling]
    measures = [column for column in columns if rules.is_measure(column, profile)]
    spare = max(rules.MOST_LEGENDS // 2 - len(measures), 0)
    return [*telling[: rules.MOST_LEGENDS // 2 + spare], *measures, *flat]


def _category(source: Source, column: Column) -> dict[str, Any]:
    profile = source.manifest.profile[column.name]
    return {
        **_field(column),
        "field": column.name,
        "kind": "category",
        "values": rules.category_values(profile),
        "others": profile.distinct > rules.CATEGORIES,
    }


def _measure(source: Source, column: Column) -> dict[str, Any] | None:
    shares = tuple(rank / rules.CLASSES for rank in range(1, rules.CLASSES))
    edges = rules.class_edges(engine().value(source, Quantiles(Cell(column, type_of(column)), shares)) or [])
    if not edges:
        return None
    column_profile = source.manifest.profile[column.name]
    return {
        **_field(column),
        "field": column.name,
        "kind": "number",
        "edges": edges,
        "minimum": column_profile.minimum,
        "maximum": column_profile.maximum,
    }
