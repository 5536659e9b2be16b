"""The point that two columns of coordinates make, added beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from parvis.core.columns import Column, ColumnType
from parvis.core.profiling.coordinates import FoundPoint, Pair, find_pairs, locate, neighbours
from parvis.core.profiling.plans import ColumnGuess, ColumnPlan, Override
from parvis.core.profiling.table import parser_named
from parvis.core.staging import ROWS, Note, Workspace, quote_identifier
from parvis.core.text import slugify

POINT_NAME = "geo_point_2d"
POINT_LABEL = "Coordonnées"


def guess_points(
    workspace: Workspace, rows: int, guesses: Sequence[ColumnGuess], overrides: Mapping[str, Override]
) -> list[ColumnGuess]:
    """One guess for a column of points, or none: when the table is already on the map, or no pair of columns makes points."""
    override = overrides.get(POINT_NAME) or overrides.get(POINT_LABEL) or Override()
    if override.drop or any(g.plan.column.type.is_geographic for g in guesses):
        return []
    for pairs, slugs in _promising(guesses):
        places = [locate(workspace, rows, pair, slugs[pair.x] + "_" + slugs[pair.y]) for pair in pairs]
        if located := [place for place in places if place is not None]:
            return [_point_guess(workspace, rows, max(located, key=lambda point: point.filled), override)]
    return []


def _promising(guesses: Sequence[ColumnGuess]) -> Iterator[tuple[list[Pair], dict[str, str]]]:
    """Pairs with the slugs of their columns: promised by labels, else by names people gave, else side by side unnamed."""
    labels = {g.plan.sources[0]: slugify(g.plan.column.label, "_") for g in guesses}
    yield find_pairs(labels), labels
    names = {g.plan.sources[0]: g.plan.column.name for g in guesses}
    yield find_pairs(names), names
    unnamed = [g for g in guesses if re.fullmatch(r"colonne_\d+", slugify(g.plan.column.label, "_"))]
    yield neighbours([g.plan.sources[0] for g in unnamed if g.plan.column.type is ColumnType.DOUBLE]), labels


def _point_guess(workspace: Workspace, rows: int, point: FoundPoint, override: Override) -> ColumnGuess:
    parser = parser_named(override.parser or point.parser)
    column = Column(
        name=override.name or POINT_NAME,
        label=override.label or POINT_LABEL,
        type=ColumnType.GEO_POINT,
        description=override.description or "",
        annotations=dict(override.annotations),
    )
    plan = ColumnPlan(column, (point.pair.x, point.pair.y), parser.name, derived=True)
    notes = point.notes if parser.name == point.parser else ()
    if point.made < rows:
        notes = (*notes, Note("points-missing", {"count": rows - point.made}))
    confidence = point.made / point.filled
    return ColumnGuess(plan, confidence, _examples(workspace, point.pair), _others(point), notes, point.filled)


def _examples(workspace: Workspace, pair: Pair) -> tuple[str, ...]:
    x, y = quote_identifier(pair.x), quote_identifier(pair.y)
    rows = workspace.connection.execute(f"SELECT {x}, {y} FROM {ROWS} WHERE {x} <> '' AND {y} <> '' LIMIT 3").fetchall()
    return tuple(f"{a} ; {b}" for a, b in rows)


def _others(point: FoundPoint) -> tuple[str, ...]:
    return ("swapped_columns",) if point.parser == "lon_lat_columns" else ()
