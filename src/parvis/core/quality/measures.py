"""Measures of the rows of one version: what the manifest already tells is taken from it, the rest is asked of DuckDB."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from parvis.core.columns import Column, ColumnType
from parvis.core.connections import opened
from parvis.core.profiling.territory import in_france
from parvis.core.progress import Progress, no_progress
from parvis.core.quality.drift import drift_between
from parvis.core.quality.facts import Checked, Measures, RowPlaces
from parvis.core.quality.value_rules import RULE_BY_KIND, ValueRule
from parvis.core.staging import quote_identifier
from parvis.core.versions.manifest import Manifest, read_manifest
from parvis.core.versions.relations import relation_of

PLACES_LOOKED = 200_000
"""Places compared with a contour: beyond, one row in so many, always the same ones."""

MARGIN = 0.004
"""Degrees (some 400 m) around a contour, which is drawn more simply than the ground."""

EXAMPLES = 5
_IDENTIFIER = re.compile(r"(?:id|identifiant|uid|uuid|gid|fid|ogc_fid|objectid|numero_unique)(?:_local|_unique)?")
_NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Area:
    """Where the rows should lie: a name and a GeoJSON geometry in degrees; without one, France with its overseas lands."""

    name: str = ""
    contour: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known outside the version: where it should lie, and the official codes by kind (``insee_commune``, ``epci``…)."""

    area: Area = field(default_factory=Area)
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)


NOTHING_KNOWN = Reference()


def measure(
    folder: Path,
    *,
    reference: Reference = NOTHING_KNOWN,
    previous: Path | None = None,
    work: Path | None = None,
    memory: str = "384MB",
    progress: Progress = no_progress,
) -> Measures:
    """The measures of the version in ``folder``; ``previous`` is the folder of the one before it.

    NotFound when ``folder`` is no version.
    """
    manifest = read_manifest(folder)
    shapes = manifest.shape.geometry is not None
    with opened(memory, work, spatial=shapes, preserve_insertion_order="false") as connection:
        rows = _Rows(connection, relation_of(folder, manifest), manifest)
        progress("quality", 0, 4)
        checked = rows.checked(reference.codes)
        progress("quality", 1, 4)
        repeated = rows.repeated()
        duplicates = 0 if rows.told_apart(repeated) else rows.duplicates()
        progress("quality", 2, 4)
        places = rows.places(reference.area)
        progress("quality", 3, 4)
        drift = drift_between(connection, previous, folder) if previous is not None else None
    return Measures(
        rows=manifest.rows,
        filled={name: _share(manifest, profile.nulls) for name, profile in manifest.profile.items()},
        duplicates=duplicates,
        repeated=repeated,
        checked=checked,
        rejects=manifest.rejects - manifest.aside,
        nulled=manifest.nulled - manifest.missing,
        places=places,
        drift=drift,
    )


def _share(manifest: Manifest, nulls: int) -> float:
    return round(1 - nulls / manifest.rows, 6) if manifest.rows else 1.0


def identifies(column: Column, manifest: Manifest) -> bool:
    """True for a column meant to tell rows apart: annotated so, or called so and nearly without repetition."""
    if "id" in column.annotations:
        return True
    profile = manifest.profile.get(column.name)
    if profile is None or not _IDENTIFIER.fullmatch(column.name) or column.type.is_geographic:
        return False
    filled = manifest.rows - profile.nulls
    return filled > 0 and profile.distinct >= filled * _NEARLY_ALL


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one version; each method is one scan at most."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    manifest: Manifest

    def checked(self, codes: Mapping[str, Sequence[str]]) -> dict[str, Checked]:
        """The columns of codes, with their wrong values counted in one pass, whatever their number."""
        column_rules = [(c, RULE_BY_KIND[c.kind]) for c in self.manifest.shape if self._has_rule(c)]
        if not column_rules or not self.manifest.rows:
            return {}
        wrong = [self._wrong(column, rule, codes) for column, rule in column_rules]
        sums = ", ".join(
            f"count({quote_identifier(c.name)}), count_if({w})" for (c, _r), w in zip(column_rules, wrong, strict=True)
        )
        row = self._one(f"SELECT {sums} FROM {self.relation}")
        result = {}
        for rank, (column, rule) in enumerate(column_rules):
            filled, broken = int(row[2 * rank]), int(row[2 * rank + 1])
            shown = self._examples(column, wrong[rank]) if broken and not rule.personal else ()
            result[column.name] = Checked(rule.kind, filled, broken, shown)
        return result

    def _has_rule(self, column: Column) -> bool:
        return column.kind in RULE_BY_KIND and not column.type.is_geographic and "multivalued" not in column.annotations

    def _wrong(self, column: Column, rule: ValueRule, codes: Mapping[str, Sequence[str]]) -> str:
        """SQL: the rule, and the list of official codes where one is at hand."""
        name = quote_identifier(column.name)
        official_codes = codes.get(rule.kind) if rule.listed else None
        if not official_codes:
            return rule.sql(name)
        table = f"codes_{rule.kind}"
        self.connection.register(table, pa.table({"code": sorted(set(official_codes))}))
        return f"({name} IS NOT NULL AND {rule.text(name)} NOT IN (SELECT code FROM {table}))"

    def _examples(self, column: Column, wrong: str) -> tuple[str, ...]:
        name = quote_identifier(column.name)
        rows = self.connection.execute(
            f"SELECT v FROM (SELECT left({name}::VARCHAR, 60) AS v FROM {self.relation} WHERE {wrong}) GROUP BY v "
            f"ORDER BY count(*) DESC, v LIMIT {EXAMPLES}"
        ).fetchall()
        return tuple(str(value) for (value,) in rows)

    def repeated(self) -> dict[str, int]:
        """For each identifying column, the filled cells whose value an earlier row had."""
        names = [column.name for column in self.manifest.shape if identifies(column, self.manifest)]
        result = {}
        for name in names:
            quoted = quote_identifier(name)
            row = self._one(f"SELECT count({quoted}) - count(DISTINCT {quoted}::VARCHAR) FROM {self.relation}")
            result[name] = int(row[0])
        return result

    def told_apart(self, repeated: Mapping[str, int]) -> bool:
        """True when some identifier is filled everywhere and never repeated: no row can then equal another."""
        profile = self.manifest.profile
        return any(not count and name in profile and not profile[name].nulls for name, count in repeated.items())

    def duplicates(self) -> int:
        """Rows equal to an earlier one in every column, told by a 64-bit mark of their content."""
        if self.manifest.rows < 2 or not self.manifest.shape.names:
            return 0
        cells = ", ".join(self._cell(column) for column in self.manifest.shape)
        row = self._one(f"SELECT count(*) - count(DISTINCT hash({cells})) FROM {self.relation}")
        return int(row[0])

    def _cell(self, column: Column) -> str:
        name = quote_identifier(column.name)
        return f"ST_AsWKB({name})::BLOB" if column.type.is_geographic else name

    def places(self, area: Area) -> RowPlaces | None:
        """Rows whose place lies outside the area; the centre of a shape stands for it."""
        column = self.manifest.shape.geometry
        if column is None or not self.manifest.rows:
            return None
        name = quote_identifier(column.name)
        point = name if column.type is ColumnType.GEO_POINT else f"ST_Centroid({name})"
        every = max(1, -(-self.manifest.rows // PLACES_LOOKED)) if area.contour else 1
        rows = f"(SELECT {point} AS p FROM {self.relation} WHERE {name} IS NOT NULL AND __row % {every} = 0)"
        if area.contour is None:
            inside, parameters = in_france("ST_X(p)", "ST_Y(p)"), []
        else:
            inside, parameters = "ST_Contains(a, p)", [json.dumps(area.contour)]
            rows = f"{rows}, (SELECT ST_Buffer(ST_GeomFromGeoJSON(?), {MARGIN}) AS a)"
        row = self._one(f"SELECT count(*), count(*) - count_if({inside}) FROM {rows}", parameters)
        return RowPlaces(int(row[0]), int(row[1]), area.name, every > 1) if row[0] else None

    def _one(self, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self.connection.execute(sql, list(parameters)).fetchone()
        assert row is not None
        return row
