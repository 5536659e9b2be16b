"""The territory as paving stones: its communes drawn from their contours, shaded by a quiet figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from parvis.core.geo.svg import Box, Drawn, Frame, bounds, draw, frame
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import around, communes_of
from parvis.hub.ui.formatting import number

WIDTH, TALLEST, MARGIN = 1000, 1000, 36
LETTER, LINE = 10.6, 25
"""Mean width of a letter of a label and height of a line, in units of the drawing."""
SHADES = 5


@dataclass(frozen=True, slots=True)
class Stone:
    """One commune of the drawing: a link, a shade from 1 to 5 (``own`` for the one whose page it is), its label's lines."""

    name: str
    address: str
    path: str
    shade: str
    figure: str
    x: int
    y: int
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One shade of the legend and the figures it stands for."""

    shade: int
    label: str


@dataclass(frozen=True, slots=True)
class Paving:
    """The whole drawing; ``pale`` is one path for the neighbours."""

    width: int
    height: int
    stones: tuple[Stone, ...]
    pale: str
    legend: tuple[Step, ...]


def paving(
    territory: Territory, figures: Mapping[str, int], say: Callable[[int], str], *, own: str = "", width: int = WIDTH
) -> Paving | None:
    """The communes of ``territory`` shaded by ``figures`` (by code), with their neighbours in pale; None without contours.

    ``say`` writes a figure in words; ``own`` is the code of a commune to single out.
    """
    members = [commune for commune in communes_of(territory).order_by("folded") if commune.contour]
    box = bounds(commune.contour for commune in members)
    if box is None:
        return None
    window = frame(_padded(box, 0.03 if len(members) > 1 else 0.35), width, tallest=TALLEST)
    limits = class_limits(list(figures.values()))
    stones = tuple(filter(None, (_stone(commune, window, figures, limits, say, own) for commune in members)))
    codes = {commune.code for commune in members}
    return Paving(window.width, window.height, stones, _pale(territory, codes, window), legend(limits, figures))


def commune_paving(commune: Territory, width: int = WIDTH) -> Paving | None:
    """A commune amid its neighbours, each a link to its page; None when its contour is not known."""
    if not commune.contour or (own_box := bounds([commune.contour])) is None:
        return None
    window = frame(_padded(own_box, 0.3), width, tallest=700)
    near = [other for other in around(commune) if other.code != commune.code and _touches(other, window.box)]
    others = (_stone(other, window, {}, (), str, "") for other in near)
    own = _stone(commune, window, {}, (), str, commune.code)
    return Paving(window.width, window.height, tuple(s for s in (*others, own) if s), "", ())


def class_limits(values: Iterable[int]) -> tuple[int, ...]:
    """The upper limits of at most five classes of equal count, rising; fewer when values repeat."""
    ordered = sorted(values)
    if not ordered:
        return ()
    cuts = [ordered[max(0, round(len(ordered) * step / SHADES) - 1)] for step in range(1, SHADES + 1)]
    return tuple(sorted(set(cuts)))


def shade_of(value: int, limits: tuple[int, ...]) -> int:
    """The shade of a value, 1 (pale) to 5."""
    rank = next((rank for rank, limit in enumerate(limits) if value <= limit), len(limits) - 1)
    return 1 if len(limits) < 2 else 1 + round(rank * (SHADES - 1) / (len(limits) - 1))


def legend(limits: tuple[int, ...], figures: Mapping[str, int]) -> tuple[Step, ...]:
    """Each shade with the figures it stands for."""
    values = sorted(figures.values())
    steps = []
    for rank, limit in enumerate(limits):
        least = min(value for value in values if value <= limit and (rank == 0 or value > limits[rank - 1]))
        text = number(limit) if least == limit else f"{number(least)} – {number(limit)}"
        steps.append(Step(shade_of(limit, limits), text))
    return tuple(steps)


def _stone(
    commune: Territory,
    window: Frame,
    figures: Mapping[str, int],
    limits: tuple[int, ...],
    say: Callable[[int], str],
    own: str,
) -> Stone | None:
    drawn = draw(commune.contour, window)
    if drawn is None:
        return None
    value = figures.get(commune.code)
    shade = "own" if commune.code == own else str(shade_of(value, limits) if value is not None else 1)
    x, y, lines = _label(commune.name, drawn, window)
    figure = say(value) if value is not None else ""
    return Stone(commune.name, commune.get_absolute_url(), drawn.path, shade, figure, x, y, lines)


def _label(name: str, drawn: Drawn, window: Frame) -> tuple[int, int, tuple[tuple[str, int], ...]]:
    """Where the label stands, and its lines with the step down to each; none when the name does not fit, even shortened."""
    short = _SAINT.sub(lambda match: f"St{match[1]}-", name)
    for written in dict.fromkeys((name, short)):
        for lines in (*_cuts(written), *_cuts(_ON_WATER.sub("", written))):
            x, y, room = drawn.places[len(lines) - 1]
            if max(map(len, lines)) * LETTER <= room and _is_shown(x, y, window):
                first = -LINE * (len(lines) - 1) // 2
                return x, y, tuple((line, first if rank == 0 else LINE) for rank, line in enumerate(lines))
    return *drawn.places[0][:2], ()


_SAINT = re.compile(r"\bSaint(e?)-")
_ON_WATER = re.compile(r"-(?:sur|lès|les|en|sous|près)-[^-].*$")
"""What a map leaves out of a name that has no room: « Soisy » for « Soisy-sur-Seine »."""


def _cuts(name: str) -> list[list[str]]:
    """The name in one line, in two, in three, cut at hyphens or spaces."""
    pieces = _PIECES.findall(name)
    cuts = [[name]]
    for count in (2, 3):
        if len(pieces) >= count:
            places = combinations(range(1, len(pieces)), count - 1)
            ways = (["".join(pieces[a:b]).strip() for a, b in pairwise((0, *cut, len(pieces)))] for cut in places)
            cuts.append(min(ways, key=lambda lines: max(map(len, lines))))
    return cuts


_PIECES = re.compile(r"[^- ]+[- ]?")


def _is_shown(x: int, y: int, window: Frame) -> bool:
    return 60 < x < window.width - 60 and 20 < y < window.height - 20


def _pale(territory: Territory, members: set[str], window: Frame) -> str:
    paths = []
    for other in around(territory):
        if other.code not in members and _touches(other, window.box):
            drawn = draw(other.contour, window)
            paths.append(drawn.path if drawn else "")
    return "".join(paths)


def _touches(territory: Territory, box: Box) -> bool:
    own = bounds([territory.contour])
    return own is not None and own[0] < box[2] and own[2] > box[0] and own[1] < box[3] and own[3] > box[1]


def _padded(box: Box, share: float) -> Box:
    west, south, east, north = box
    x, y = (east - west) * share, (north - south) * share
    return west - x, south - y, east + x, north + y
