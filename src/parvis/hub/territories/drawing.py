"""The territory as paving stones: its parts drawn from their contours, shaded by a quiet figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from parvis.core.geo.svg import Box, Drawn, Frame, draw, frame, outline
from parvis.hub.territories.models import Contour, Territory
from parvis.hub.territories.selectors import Kind, contours_of, parts_of, touching
from parvis.hub.ui.formatting import number

WIDTH, TALLEST = 1000, 1000
LETTER, LINE = 10.6, 25
"""Mean width of a letter of a label and height of a line, in units of the drawing."""
SHADES = 5
BLUR = 1.2
"""Units of the smallest detail that is drawn."""
INSET = 170
"""Width of what is beside mainland France for territories overseas."""
CITIES = 8
"""The most populous communes, whose names are written even where their stones are too small to hold them."""
MANY = 60
"""Communes beyond which a name says something for being a town's, not for having a large stone: the others go without."""


@dataclass(frozen=True, slots=True)
class Stone:
    """One part of the drawing: a link, a shade from 1 to 5 (``own`` for the one whose page it is), its label's lines."""

    name: str
    address: str
    path: str
    shade: str
    figure: str
    x: int
    y: int
    lines: tuple[tuple[str, int], ...]
    is_over: bool = False
    """Whether its label is written over its neighbours too."""


@dataclass(frozen=True, slots=True)
class Step:
    """One shade of the legend and the figures it stands for."""

    shade: int
    label: str


@dataclass(frozen=True, slots=True)
class Paving:
    """The whole drawing, by parts of one ``kind``; ``pale`` is one path for the neighbours."""

    width: int
    height: int
    stones: tuple[Stone, ...]
    pale: str
    legend: tuple[Step, ...]
    kind: str


def paving(
    territory: Territory | None,
    figures: Mapping[str, int],
    say: Callable[[int], str],
    *,
    own: str = "",
    width: int = WIDTH,
) -> Paving | None:
    """The parts of ``territory`` (None: of France) shaded by ``figures`` (by code), its neighbours in pale; None without contours.

    ``say`` writes a figure in words; ``own`` is the code of a part to single out.
    """
    members = list(contours_of(parts_of(territory)))
    if not members:
        return None
    limits = class_limits(list(figures.values()))
    kind = members[0].territory.kind
    stones: list[Stone] = []
    insets = [member for member in members if territory is None and not _is_in_europe(member)]
    main = [member for member in members if member not in insets]
    room = INSET if insets and main else 0
    box = _padded(around(main or members), 0.03 if len(members) > 1 else 0.35)
    window = replace(frame(box, width - room, tallest=TALLEST), left=room)
    for member, geometry in zip(main, _simpler(main, window), strict=True):
        stones += _stone(member, geometry, window, figures, limits, say, own)
    if kind == Kind.COMMUNE:
        stones = _with_cities(stones, main, window)
    for rank, member in enumerate(insets):
        stones += _inset(member, window.height // len(insets), rank, figures, limits, say)
    pale = _pale(window, kind, {member.territory_id for member in members})
    return Paving(window.width + room, window.height, tuple(stones), pale, legend(limits, figures), kind)


def commune_paving(commune: Territory, width: int = WIDTH) -> Paving | None:
    """A commune amid its neighbours, each a link to its page; None when its contour is not known."""
    contour = Contour.objects.filter(territory=commune.pk).select_related("territory").first()
    if contour is None:
        return None
    window = frame(_padded(around([contour]), 0.3), width, tallest=700)
    near = touching(Kind.COMMUNE, window.box).exclude(territory=commune.pk).order_by("territory__folded")
    shown = [*near, contour]
    stones = [
        stone
        for other, geometry in zip(shown, _simpler(shown, window), strict=True)
        for stone in _stone(other, geometry, window, {}, (), str, commune.code)
    ]
    return Paving(window.width, window.height, tuple(stones), "", (), Kind.COMMUNE)


def _is_in_europe(contour: Contour) -> bool:
    return contour.west > -10 and contour.south > 40


def _inset(
    contour: Contour,
    height: int,
    rank: int,
    figures: Mapping[str, int],
    limits: tuple[int, ...],
    say: Callable[[int], str],
) -> Iterator[Stone]:
    """A territory overseas in its own window, at its own scale, with its name below, on the left of the others."""
    own = frame(
        (contour.west, contour.south, contour.east, contour.north), INSET - 30, tallest=max(height - LINE - 20, 20)
    )
    window = replace(own, left=(INSET - own.width) // 2, top=rank * height + 6)
    (geometry,) = _simpler([contour], window)
    for stone in _stone(contour, geometry, window, figures, limits, say, ""):
        yield replace(stone, x=INSET // 2, y=window.top + window.height + LINE, lines=((stone.name, 0),))


def _simpler(contours: Sequence[Contour], window: Frame) -> list[Mapping[str, Any]]:
    """Their geometries without what the window cannot show: those that touched still do."""
    shapes = shapely.coverage_simplify([shape(contour.geometry) for contour in contours], BLUR / window.y_scale)
    return [mapping(simple) for simple in shapes]


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


def around(contours: Sequence[Contour]) -> Box:
    """The box around contours, of which there is at least one."""
    return (
        min(contour.west for contour in contours),
        min(contour.south for contour in contours),
        max(contour.east for contour in contours),
        max(contour.north for contour in contours),
    )


def _stone(
    contour: Contour,
    geometry: Mapping[str, Any],
    window: Frame,
    figures: Mapping[str, int],
    limits: tuple[int, ...],
    say: Callable[[int], str],
    own: str,
) -> Iterator[Stone]:
    drawn, part = draw(geometry, window), contour.territory
    if drawn is None:
        return
    value = figures.get(part.code)
    shade = "own" if part.code == own else str(shade_of(value, limits) if value is not None else 1)
    x, y, lines = _label(part.name, drawn, window)
    figure = say(value) if value is not None else ""
    yield Stone(part.name, part.get_absolute_url(), drawn.path, shade, figure, x, y, lines)


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


def _with_cities(stones: list[Stone], members: Sequence[Contour], window: Frame) -> list[Stone]:
    """The stones with the names of the most populous, over the neighbours of those that are too small; smaller names make room."""
    people = {member.territory.get_absolute_url(): member.territory.population or 0 for member in members}
    cities = sorted((stone for stone in stones if people[stone.address]), key=lambda stone: -people[stone.address])
    named: dict[str, Stone] = {}
    for stone in cities[:CITIES]:
        city = stone if stone.lines else _over(stone, window)
        if not any(_overlap(city, other) for other in named.values()):
            named[stone.address] = city
    towns = {stone.address for stone in (stones if len(stones) <= MANY else cities[: 2 * CITIES])}
    over = [city for city in named.values() if city.is_over]

    def is_readable(stone: Stone) -> bool:
        return stone.address in towns and not any(_overlap(stone, city) for city in over)

    return [named.get(stone.address) or (stone if is_readable(stone) else replace(stone, lines=())) for stone in stones]


def _over(stone: Stone, window: Frame) -> Stone:
    """The stone with its whole name in one line, within the window."""
    half = round(len(stone.name) * LETTER / 2) + 8
    x = min(max(stone.x, half), max(window.width - half, half))
    y = min(max(stone.y, LINE), window.height - LINE // 2)
    return replace(stone, x=x, y=y, lines=((stone.name, 0),), is_over=True)


def _overlap(stone: Stone, other: Stone) -> bool:
    """Whether the labels of two stones touch."""
    if not stone.lines or not other.lines:
        return False
    width = sum(max(len(line) for line, _step in lines) for lines in (stone.lines, other.lines)) * LETTER / 2
    height = (len(stone.lines) + len(other.lines)) * LINE / 2
    return abs(stone.x - other.x) < width and abs(stone.y - other.y) < height


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


def _pale(window: Frame, kind: str, members: set[int]) -> str:
    """What is beside the parts of the drawing, as one path."""
    others = list(touching(kind, window.box).exclude(territory__in=members).order_by("territory"))
    return "".join(outline(geometry, window) for geometry in _simpler(others, window))


def _padded(box: Box, share: float) -> Box:
    west, south, east, north = box
    x, y = (east - west) * share, (north - south) * share
    return west - x, south - y, east + x, north + y
