"""What each column of a version holds: empty cells, distinct values, bounds, the most frequent; read from its Parquet."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from parvis.core.columns import Column, ColumnType
from parvis.core.staging import quote_identifier
from parvis.core.versions.manifest import ColumnProfile

EXACT = 10_000
"""Up to this many distinct values, counts are exact."""

LISTED, LISTED_LENGTH = 100, 60
"""A text column of at most so many values, none longer than so many letters, has them all listed in its profile."""

_TOP = 20
_FACET_MOST = 100
_TOP_LENGTH = 200
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the shapes of a version lie (west, south, east, north in degrees) and of which kinds they are."""

    bbox: tuple[float, float, float, float] | None = None
    geometry_types: tuple[str, ...] = ()


def profile_columns(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Column]
) -> dict[str, ColumnProfile]:
    """The profile of each column of ``relation`` (SQL for a table); shapes have only their empty cells counted."""
    profiles: dict[str, ColumnProfile] = {}
    for start in range(0, len(columns), _BATCH):
        batch = columns[start : start + _BATCH]
        row = connection.execute(f"SELECT {', '.join(_aggregates(c) for c in batch)} FROM {relation}").fetchone()
        assert row is not None
        for column, facts in zip(batch, row, strict=True):
            profiles[column.name] = _finished(connection, relation, column, facts)
    return profiles


def _aggregates(column: Column) -> str:
    name = quote_identifier(column.name)
    parts = [f"nulls := count(*) - count({name})", "rows := count(*)"]
    if not column.type.is_geographic:
        parts.append(f"estimate := approx_count_distinct({name})")
    if column.type.is_number or column.type in (ColumnType.DATE, ColumnType.DATETIME):
        parts += [f"minimum := min({name})", f"maximum := max({name})"]
    if column.type.is_number:
        parts.append(f"mean := avg({name})")
    return f"struct_pack({', '.join(parts)})"


def _finished(
    connection: duckdb.DuckDBPyConnection, relation: str, column: Column, facts: dict[str, Any]
) -> ColumnProfile:
    distinct, frequent = _frequencies(connection, relation, column, facts)
    is_listed = column.type is ColumnType.TEXT and "multivalued" not in column.annotations
    mean = facts.get("mean")
    return ColumnProfile(
        nulls=facts["nulls"],
        distinct=distinct,
        minimum=_plain(facts.get("minimum")),
        maximum=_plain(facts.get("maximum")),
        mean=mean if mean is None or math.isfinite(mean) else None,
        top=frequent[:_TOP],
        values=_listed(distinct, frequent) if is_listed else [],
    )


def _listed(distinct: int, frequent: list[tuple[str, int]]) -> list[str]:
    values = [value for value, _count in frequent]
    whole = len(values) == distinct <= LISTED and all(len(value) <= LISTED_LENGTH for value in values)
    return values if whole else []


def _frequencies(
    connection: duckdb.DuckDBPyConnection, relation: str, column: Column, facts: dict[str, Any]
) -> tuple[int, list[tuple[str, int]]]:
    """Distinct values and the most frequent ones, all of them where they may be listed; exact where they are few, a fair estimate
    where they are not."""
    estimate, filled = facts.get("estimate") or 0, facts["rows"] - facts["nulls"]
    if not estimate or not filled:
        return 0, []
    name = quote_identifier(column.name)
    shown = f"left({name}::VARCHAR, {_TOP_LENGTH})"
    if estimate <= EXACT * 1.1:
        rows = connection.execute(
            f"SELECT {shown}, __n, __total FROM (SELECT {name}, count(*) AS __n, count(*) OVER () AS __total FROM {relation} "
            f"WHERE {name} IS NOT NULL GROUP BY {name}) ORDER BY __n DESC, {name} LIMIT {LISTED}"
        ).fetchall()
        return int(rows[0][2]), [(str(value), int(n)) for value, n, _ in rows]
    if estimate > filled / 2 or column.type.is_number:
        return min(int(estimate), filled), []  # nearly all different, or measures: no value is worth showing
    rows = connection.execute(
        f"SELECT {shown}, count(*) AS __n FROM {relation} SEMI JOIN "
        f"(SELECT unnest(approx_top_k({name}, {_TOP})) AS __often FROM {relation}) ON {name} = __often "
        f"GROUP BY {name} ORDER BY __n DESC, {name}"
    ).fetchall()
    return int(estimate), [(str(value), int(n)) for value, n in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def worth_a_facet(column: Column, profile: ColumnProfile, rows: int) -> bool:
    """True for a column whose few values make good filters: text of 2 to 100 values repeated often, booleans, years."""
    if "multivalued" in column.annotations and column.type is ColumnType.TEXT:
        return 2 <= profile.distinct <= _FACET_MOST
    if column.kind in ("email", "phone", "url", "nir"):
        return False
    repeated = 2 <= profile.distinct <= _FACET_MOST and profile.distinct * 2 < rows
    if column.type is ColumnType.TEXT:
        longest = max((len(value) for value, _ in profile.top), default=0)
        return repeated and longest <= 120
    return repeated and (column.type is ColumnType.BOOLEAN or column.kind == "year")


def read_extent(part: Path, column: Column | None) -> Extent:
    """The extent of the column of shapes or points, as the writer of the GeoParquet file noted it; empty without one."""
    metadata = pq.read_metadata(part).metadata or {}
    if column is None or b"geo" not in metadata:
        return Extent()
    noted = json.loads(metadata[b"geo"])["columns"].get(column.name, {})
    box, kinds = noted.get("bbox"), noted.get("geometry_types", [])
    if not box or not all(map(math.isfinite, box)):
        return Extent()
    half = len(box) // 2  # shapes with a height have six numbers
    return Extent(
        (box[0], box[1], box[half], box[half + 1]), tuple(sorted({kind.split()[0].upper() for kind in kinds}))
    )
