"""Rows of datasets as the core compares them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from parvis.core.columns import TableShape
from parvis.core.engine.plans import Rows
from parvis.core.explore.identity import fact_of_row, id_column
from parvis.core.geo.crs import CRS84, geometry_in
from parvis.core.odsql.bound import AsText, Cell, Output, Query, RowFact
from parvis.core.odsql.valuetypes import type_of
from parvis.core.osm.entries import Row
from parvis.core.osm.features import Feature, box_of
from parvis.core.osm.model import key_of
from parvis.core.translation import Sentence
from parvis.domains.osm.rules import MOST_ROWS, NotComparable
from parvis.hub.datastore.selectors import engine, whole_source_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

LONGEST_CELL, LONGEST_TAGS, LONGEST_KEY = 500, 200_000, 380
_BATCH = 2_000


def rows_of(dataset: Dataset, version: Version, keys: Sequence[str] = (), longest: int = LONGEST_CELL) -> Iterator[Row]:
    """The rows that have a place, each with its cells as text; NotComparable without places or beyond ``MOST_ROWS``.

    A row is known by its key columns (a JSON list of their texts), else by its identifier or the fingerprint of its values.
    """
    source = whole_source_of(dataset, version)
    shape = source.shape
    if shape.geometry is None:
        raise NotComparable(title=dataset.title, reason=Sentence("il n’a pas de colonne de position"))
    if source.rows > MOST_ROWS:
        raise NotComparable(title=dataset.title, reason=Sentence("il a plus de 200 000 lignes"))
    columns = [column for column in shape if column is not shape.geometry]
    names = [column.name for column in columns]
    outputs = [
        Output("id", fact_of_row(shape, RowFact.ID), None),
        Output("geometry", geometry_in(Cell(shape.geometry, type_of(shape.geometry)), CRS84), None),
        *(Output(column.name, AsText(Cell(column, type_of(column))), None) for column in columns),
    ]
    with closing(engine().stream(source, Rows(Query(tuple(outputs))), rows_per_batch=_BATCH)) as batches:
        for batch in batches:
            # The engine names what it gives by its place.
            for identifier, geometry, *values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                point = _place_of(geometry)
                if point is not None:
                    cells = {
                        name: str(value)[:longest]
                        for name, value in zip(names, values, strict=True)
                        if value is not None
                    }
                    yield Row(_key(identifier, cells, keys), *point, cells)


def _place_of(geometry: str | None) -> tuple[float, float] | None:
    """Longitude and latitude of a point on a GeoJSON geometry."""
    if not geometry:
        return None
    import shapely  # noqa: PLC0415 forty modules, for rows that are no points

    point = shapely.point_on_surface(shapely.from_geojson(geometry))
    return None if point.is_empty else (point.x, point.y)


def _key(identifier: Any, cells: dict[str, str], keys: Sequence[str]) -> str:
    text = json.dumps([cells.get(name, "") for name in keys], ensure_ascii=False) if keys else str(identifier)
    # A key too long to be told is no key: the fingerprint of the row is.
    return text if len(text) <= LONGEST_KEY else str(identifier)


def key_columns_of(shape: TableShape, wished: Sequence[str]) -> tuple[str, ...]:
    """Those wished that the dataset has, else the column that holds identifiers, else none."""
    present = tuple(name for name in wished if shape.get(name) is not None)
    named = id_column(shape)
    return present or ((named.name,) if named is not None else ())


def objects_of(dataset: Dataset, version: Version) -> Iterator[Feature]:
    """The objects of a dataset made of an extract; rows that are none are passed over."""
    for row in rows_of(dataset, version, longest=LONGEST_TAGS):
        key = key_of(row.cells.get("osm_id", ""))
        tags = _tags(row.cells.get("etiquettes", ""))
        if key and tags is not None:
            number, cells = row.cells.get("version", ""), row.cells
            edition = int(number) if number.isdecimal() and len(number) < 18 else 0
            box = box_of(cells.get("emprise", ""))
            yield Feature(key, row.longitude, row.latitude, tags, edition, cells.get("modifie_le", ""), box)


def _tags(text: str) -> dict[str, str] | None:
    try:
        tags = json.loads(text)
    except ValueError:
        return None
    return {str(key): str(value) for key, value in tags.items()} if isinstance(tags, dict) else None
