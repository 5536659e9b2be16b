"""Two columns that make a point: found by their headers, their system by where their values lie."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parvis.core.profiling.detectors.geography import number
from parvis.core.profiling.parser_counts import spread
from parvis.core.profiling.territory import PROJECTIONS, WORLD, in_france
from parvis.core.staging import ROWS, Note, Workspace, quote_identifier

_ENOUGH = 0.95
_SAMPLE = 20_000

_AXES = (
    ("degrees", r"(?:^|_|coord|coor)(?P<x>longitude|long|lng|lon)(?:$|_|deg|wgs|[0-9])", r"(?:^|_|coord|coor)(?P<y>latitude|lat)(?:$|_|deg|wgs|[0-9])"),
    ("degrees", r"^(?P<x>x_?(?:longitude|long|lon))", r"^(?P<y>y_?(?:latitude|lat))(?!a)"),
    ("axes", r"(?:^|_|coord|coor|coordonnees?)(?P<x>x)(?:$|_|[0-9]|lamb|l93|wgs|rgf|cc[0-9])", r"(?:^|_|coord|coor|coordonnees?)(?P<y>y)(?:$|_|[0-9]|lamb|l93|wgs|rgf|cc[0-9])"),
    ("axes", r"^(?P<x>x)_?coord", r"^(?P<y>y)_?coord"),
    ("axes", r"(?P<x>abscisse|easting)", r"(?P<y>ordonnee|northing)"),
)  # fmt: skip
"""Family, then how a header of the first axis and of the second look, as slugs; what surrounds the axis must agree."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Staged names of two columns read together: ``x`` is the longitude or the easting; ``bare`` ones have no header."""

    x: str
    y: str
    family: str


@dataclass(frozen=True, slots=True)
class FoundPoint:
    """A pair whose system is known: parser name, how many rows are complete, how many of them make a point, notes."""

    pair: Pair
    parser: str
    filled: int
    made: int
    notes: tuple[Note, ...]


def find_pairs(slugs: Mapping[str, str]) -> list[Pair]:
    """The pairs that headers promise; ``slugs`` gives the slug of each staged name, in order."""
    pairs: list[Pair] = []
    for family, x_pattern, y_pattern in _AXES:
        eastings = _by_surroundings(slugs, x_pattern, "x")
        northings = _by_surroundings(slugs, y_pattern, "y")
        pairs += [Pair(x, northings[key], family) for key, x in eastings.items() if key in northings]
        if (
            family == "degrees" and not pairs and len(eastings) == len(northings) == 1
        ):  # « Latitude », « geo_Longitude »
            pairs.append(Pair(next(iter(eastings.values())), next(iter(northings.values())), family))
    return list(dict.fromkeys(pairs))


def neighbours(names: Sequence[str]) -> list[Pair]:
    """The pairs, in either order, of columns of decimals that are side by side without a header; ``names`` are staged."""
    return [Pair(x, y, "bare") for a, b in pairwise(names) for x, y in ((b, a), (a, b))]


def _by_surroundings(slugs: Mapping[str, str], pattern: str, axis: str) -> dict[str, str]:
    by_surroundings: dict[str, str] = {}
    for name, slug in slugs.items():
        if match := re.search(pattern, slug):
            by_surroundings.setdefault(slug[: match.start(axis)] + "*" + slug[match.end(axis) :], name)
    return by_surroundings


def locate(workspace: Workspace, rows: int, pair: Pair, slug: str) -> FoundPoint | None:
    """The system in which the pair is written, found on a sample and counted on the whole table; None when we know none."""
    systems = [p for p in PROJECTIONS if not p.headers or re.search(p.headers, slug)]
    counts = [WORLD.contains("x", "y"), in_france("x", "y"), in_france("y", "x")]
    counts += [projection.box.contains("x", "y") for projection in systems]
    filled, degrees, here, exchanged, *projected = _count(workspace, pair, rows, counts, sample=True)
    if not filled:
        return None
    for projection, inside in zip(systems, projected, strict=True):
        if inside / filled >= _ENOUGH:
            note = Note("projected-coordinates", {"system": projection.label, "epsg": projection.epsg})
            complete, made = _count(workspace, pair, rows, [projection.box.contains("x", "y")])
            return FoundPoint(pair, f"{projection.name}_columns", complete, made, (note,))
    if degrees / filled < _ENOUGH or (pair.family == "axes" and max(here, exchanged) / filled < 0.5):
        return None
    if pair.family == "bare" and here / filled < _ENOUGH:
        return None
    notes: tuple[Note, ...] = ()
    if exchanged / filled >= 0.9 and here / filled < 0.5:
        notes = (Note("swapped-coordinates", {"proposed": "swapped_columns"}),)
    complete, made = _count(workspace, pair, rows, [WORLD.contains("x", "y")])
    return FoundPoint(pair, "lon_lat_columns", complete, made, notes)


def _count(
    workspace: Workspace, pair: Pair, rows: int, conditions: Sequence[str], *, sample: bool = False
) -> tuple[int, ...]:
    """How many rows hold both numbers, then how many of these meet each condition on ``x`` and ``y``."""
    x, y = quote_identifier(pair.x), quote_identifier(pair.y)
    source = f"({spread(f'{x}, {y}', rows, _SAMPLE)})" if sample and rows > _SAMPLE else ROWS
    numbers = f"SELECT {number(x)} AS x, {number(y)} AS y FROM {source}"
    counts = ", ".join(["count(*)", *(f"count_if({condition})" for condition in conditions)])
    row = workspace.connection.execute(
        f"SELECT {counts} FROM ({numbers}) WHERE x IS NOT NULL AND y IS NOT NULL"
    ).fetchone()
    assert row is not None
    return tuple(int(number or 0) for number in row)  # counting nothing gives NULL
