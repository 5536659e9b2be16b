"""Columns: renamed, ordered, added, put together or apart, as a schema wants them.

The step ``map.columns`` has ``columns``, a list in the order wanted, and ``extras`` (``keep``, the default, or ``drop``) for the
columns of the file that none of them takes. Each column has ``to`` (its header) and one way to be made:

    {"to": "montant", "from": "SUB_MONTANT"}                              the column under another name
    {"to": "nomAttribuant", "value": "Ville de Poitiers"}                 the same value in every row
    {"to": "adresse", "join": ["numero", "voie"], "with": " "}            filled cells put together
    {"to": "ville", "part": {"of": "cp_ville", "by": " ", "rank": 2}}     one part of a cell, ranks from 1
    {"to": "coordonnees", "point": {"x": "lon", "y": "lat", "format": "array"}}     a point of Table Schema from two columns
    {"to": "lat", "axis": {"of": "geo_point", "axis": "y", "order": "lat-lon"}}     one number of a point
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from parvis.core.profiling.detectors.geography import number, pair
from parvis.core.staging import ROWS, StagedColumn, StagedTable, quote_identifier
from parvis.core.transforms.model import BadStep, Material, Outcome, Step, Transform
from parvis.core.transforms.rows import column_of, replace_rows
from parvis.core.translation import gettext_noop

POINTS = {
    "default": "{x} || ',' || {y}",
    "array": "'[' || {x} || ',' || {y} || ']'",
    "object": "'{{\"lon\": ' || {x} || ', \"lat\": ' || {y} || '}}'",
}
"""How Table Schema writes a point, as SQL over its two texts."""
_MOST = 2_000


class _Maker:
    """Makes the SQL of the wanted columns, and remembers what they take and the values they need."""

    def __init__(self, material: Material, step: Step) -> None:
        self.material, self.step = material, step
        self.taken: set[str] = set()
        self.parameters: list[object] = []

    def cell(self, header: object) -> str:
        """The quoted name of the column under that header."""
        column = self.column(header)
        return f"{quote_identifier(column.name)}::VARCHAR"

    def column(self, header: object) -> StagedColumn:
        """The column under that header, which is then taken."""
        if not isinstance(header, str):
            raise BadStep(step=self.step.name, reason="une colonne est désignée par son nom")
        column = column_of(self.material.staged, self.step, header)
        self.taken.add(column.name)
        return column

    def given(self, value: object) -> str:
        """A value of the step, as a parameter."""
        self.parameters.append(value)
        return "?::VARCHAR"


def _read(data: object, *names: str) -> list[Any]:
    if not isinstance(data, Mapping):
        raise TypeError
    return [data[name] for name in names]


def _from(maker: _Maker, spec: Mapping[str, Any]) -> str:
    return quote_identifier(maker.column(spec["from"]).name)


def _value(maker: _Maker, spec: Mapping[str, Any]) -> str:
    return maker.given(None if spec["value"] in (None, "") else str(spec["value"]))


def _join(maker: _Maker, spec: Mapping[str, Any]) -> str:
    between = maker.given(str(spec.get("with", " ")))
    cells = ", ".join(f"nullif(trim({maker.cell(header)}), '')" for header in spec["join"])
    return f"nullif(concat_ws({between}, {cells}), '')"


def _part(maker: _Maker, spec: Mapping[str, Any]) -> str:
    header, by, rank = _read(spec["part"], "of", "by", "rank")
    cell = maker.cell(header)
    return f"nullif(trim(split_part({cell}, {maker.given(str(by))}, {int(rank)})), '')"


def _point(maker: _Maker, spec: Mapping[str, Any]) -> str:
    x, y = (maker.cell(header) for header in _read(spec["point"], "x", "y"))
    form = POINTS[spec["point"].get("format", "default")]
    made = form.format(x=_plain(x), y=_plain(y))
    return f"CASE WHEN ({number(x)}) IS NOT NULL AND ({number(y)}) IS NOT NULL THEN {made} END"


def _plain(cell: str) -> str:
    """SQL: a coordinate as written, without blanks, with a dot."""
    return f"replace(regexp_replace({cell}, '[\\s\\pZ]', '', 'g'), ',', '.')"


def _axis(maker: _Maker, spec: Mapping[str, Any]) -> str:
    header, axis = _read(spec["axis"], "of", "axis")
    latitude_first = spec["axis"].get("order", "lon-lat") == "lat-lon"
    rank = {"x": 2 if latitude_first else 1, "y": 1 if latitude_first else 2}[axis]
    return f"({pair(maker.cell(header))}[{rank}])::VARCHAR"


_MAKERS: dict[str, Callable[[_Maker, Mapping[str, Any]], str]] = {
    "from": _from,
    "value": _value,
    "join": _join,
    "part": _part,
    "point": _point,
    "axis": _axis,
}
"""Ways to make a column, by the key that says so."""


def map_columns(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Put the columns as the step says; BadStep when it is not understood, StepColumnMissing when a column is not there."""
    specs, maker = step.parameters.get("columns"), _Maker(material, step)
    if not isinstance(specs, list) or not specs or len(specs) > _MOST:
        raise BadStep(step=step.name, reason="« columns » n’est pas une liste de colonnes")
    made = [_made(maker, spec) for spec in specs]
    extras = (
        []
        if step.parameters.get("extras") == "drop"
        else [c for c in material.staged.columns if c.name not in maker.taken]
    )
    headers = [header for header, _sql, _column in made]
    if double := next((header for header in headers if headers.count(header) > 1), None):
        raise BadStep(step=step.name, reason=f"deux colonnes s’appelleraient « {double} »")
    made += [(_free(c.header, headers), quote_identifier(c.name), c) for c in extras]
    chosen = ", ".join(f"{sql} AS {quote_identifier(f'c{rank}')}" for rank, (_header, sql, _column) in enumerate(made))
    rows = replace_rows(material.workspace, f"SELECT line, {chosen} FROM {ROWS}", maker.parameters)
    columns = tuple(
        StagedColumn(f"c{rank}", header, c.hint if c else None) for rank, (header, _sql, c) in enumerate(made)
    )
    dropped = len(material.staged.columns) - len(maker.taken) - len(extras)
    return replace(material.staged, columns=columns, rows=rows), Outcome(
        step, 0, 0, {"columns": len(specs), "kept": len(extras), "dropped": dropped}
    )


def _made(maker: _Maker, spec: object) -> tuple[str, str, StagedColumn | None]:
    """The header of a wanted column, its SQL, and the column it is when it is one as it stands."""
    ways = [way for way in _MAKERS if isinstance(spec, Mapping) and way in spec]
    if not isinstance(spec, Mapping) or not isinstance(spec.get("to"), str) or len(ways) != 1:
        raise BadStep(step=maker.step.name, reason=f"cette colonne n’est pas comprise : {str(spec)[:100]}")
    try:
        sql = _MAKERS[ways[0]](maker, spec)
    except (KeyError, TypeError, ValueError) as error:
        raise BadStep(step=maker.step.name, reason=f"« {spec['to']} » est mal décrite") from error
    return spec["to"], sql, maker.column(spec["from"]) if ways[0] == "from" else None


def _free(header: str, taken: list[str]) -> str:
    """A header for a column that stays, other than those of the wanted ones."""
    name = header
    while name in taken:
        name = f"{name} (fichier)"
    taken.append(name)
    return name


MAPPING: tuple[Transform, ...] = (
    Transform(
        "map.columns",
        gettext_noop("Mettre les colonnes comme le schéma les veut"),
        map_columns,
    ),
)
"""One row a transform."""
