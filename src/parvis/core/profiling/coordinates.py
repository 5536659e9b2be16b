"""Two columns that make a point: found by their headers, their system by where their values lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from parvis.core.profiling.detectors.geography import number
from parvis.core.profiling.territory import PROJECTIONS, WORLD, in_france
from parvis.core.staging import ROWS, Note, Workspace, quote_identifier

_ENOUGH = 0.95

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
    """Staged names of two columns read together: ``x`` is the longitude or the easting."""

    x: str
    y: str
    family: str


@dataclass(frozen=True, slots=True)
class FoundPoint:
    """A pair whose system is known: parser name, share of complete rows that fit, how many are complete, notes."""

    pair: Pair
    parser: str
    confidence: float
    filled: int
    notes: tuple[Note, ...]


def find_pairs(slugs: Mapping[str, str]) -> list[Pair]:
    """The pairs that headers promise; ``slugs`` gives the slug of each staged name, in order."""
    pairs: list[Pair] = []
    for family, x_pattern, y_pattern in _AXES:
        eastings = _by_surroundings(slugs, x_pattern, "x")
        northings = _by_surroundings(slugs, y_pattern, "y")
        pairs += [Pair(x, northings[key], family) for key, x in eastings.items() if key in northings]
    return list(dict.fromkeys(pairs))


def _by_surroundings(slugs: Mapping[str, str], pattern: str, axis: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, slug in slugs.items():
        if match := re.search(pattern, slug):
            found.setdefault(slug[: match.start(axis)] + "*" + slug[match.end(axis) :], name)
    return found


def locate(workspace: Workspace, pair: Pair, slug: str) -> FoundPoint | None:
    """The system in which the pair is written, counted on the whole table; None when it is none that we know."""
    x, y = number(quote_identifier(pair.x)), number(quote_identifier(pair.y))
    systems = [p for p in PROJECTIONS if not p.headers or re.search(p.headers, slug)]
    counts = ["count(*)", f"count_if({WORLD.contains('x', 'y')})", f"count_if({in_france('x', 'y')})"]
    counts += [f"count_if({in_france('y', 'x')})"]
    counts += [f"count_if({projection.box.contains('x', 'y')})" for projection in systems]
    row = workspace.connection.execute(
        f"SELECT {', '.join(counts)} FROM (SELECT {x} AS x, {y} AS y FROM {ROWS}) WHERE x IS NOT NULL AND y IS NOT NULL"
    ).fetchone()
    assert row is not None
    filled, degrees, here, exchanged, *projected = row
    if not filled:
        return None
    for projection, inside in zip(systems, projected, strict=True):
        if inside / filled >= _ENOUGH:
            note = Note("projected-coordinates", {"system": projection.label, "epsg": projection.epsg})
            return FoundPoint(pair, f"{projection.name}_columns", inside / filled, filled, (note,))
    if degrees / filled < _ENOUGH or (pair.family == "axes" and max(here, exchanged) / filled < 0.5):
        return None
    notes: tuple[Note, ...] = ()
    if exchanged / filled >= 0.9 and here / filled < 0.5:
        notes = (Note("swapped-coordinates", {"proposed": "swapped_columns"}),)
    return FoundPoint(pair, "lon_lat_columns", degrees / filled, filled, notes)
