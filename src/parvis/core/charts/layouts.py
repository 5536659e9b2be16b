"""Where the tiles of a treemap and the flows of a Sankey diagram stand: plain numbers, computed once for browser and server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; ``rank`` is the place of its value in the list that was laid out."""

    rank: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From side to side."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


def treemap(values: Sequence[float], width: float, height: float) -> list[Box]:
    """Rectangles of areas in proportion to values, as square as may be, filling the frame; none for a value of nothing.

    The method is that of Bruls, Huizing and van Wijk, « Squarified Treemaps » (2000).
    """
    total = sum(values)
    if total <= 0:
        return []
    areas = sorted(
        ((value * width * height / total, rank) for rank, value in enumerate(values) if value > 0), reverse=True
    )
    boxes: list[Box] = []
    left = top = 0.0
    while areas:
        across, down = width - left, height - top
        row = _row([area for area, _rank in areas], min(across, down))
        taken, areas = areas[:row], areas[row:]
        thickness = sum(area for area, _rank in taken) / max(min(across, down), 1e-9)
        at = top if across >= down else left
        for area, rank in taken:
            length = area / max(thickness, 1e-9)
            if across >= down:
                boxes.append(Box(rank, left, at, left + thickness, at + length))
            else:
                boxes.append(Box(rank, at, top, at + length, top + thickness))
            at += length
        left, top = (left + thickness, top) if across >= down else (left, top + thickness)
    return boxes


def _row(areas: Sequence[float], side: float) -> int:
    """How many of the first areas make a row of the least elongated rectangles along that side."""
    worst = float("inf")
    total = 0.0
    for count, area in enumerate(areas, start=1):
        total += area
        largest, least = areas[0], area
        elongation = max(side * side * largest / (total * total), total * total / (side * side * least))
        if elongation > worst:
            return count - 1
        worst = elongation
    return len(areas)


@dataclass(frozen=True, slots=True)
class Flow:
    """A band from a source to a target: the tops of its ends, and its thickness."""

    source: str
    target: str
    value: float
    start: float
    end: float
    thickness: float


@dataclass(frozen=True, slots=True)
class Node:
    """An end of flows, on the left (sources) or on the right (targets)."""

    name: str
    is_source: bool
    value: float
    top: float
    bottom: float


def sankey(
    links: Sequence[tuple[str, str, float]], sources: Sequence[str], targets: Sequence[str], height: float, gap: float
) -> tuple[list[Node], list[Flow]]:
    """Nodes and flows of two columns, in the orders given, filling a height; ``gap`` is what parts nodes at most."""
    totals: dict[tuple[bool, str], float] = defaultdict(float)
    for source, target, value in links:
        totals[True, source] += value
        totals[False, target] += value
    whole = sum(value for _source, _target, value in links)
    if whole <= 0:
        return [], []
    columns = {True: [name for name in sources if totals[True, name]], False: [n for n in targets if totals[False, n]]}
    most = max(map(len, columns.values()))
    parting = min(gap, height * 0.4 / max(most - 1, 1))
    scale = (height - parting * (most - 1)) / whole
    nodes, tops = [], {}
    for side, names in columns.items():
        at = (height - whole * scale - parting * (len(names) - 1)) / 2
        for name in names:
            size = totals[side, name] * scale
            nodes.append(Node(name, side, totals[side, name], at, at + size))
            tops[side, name] = at
            at += size + parting
    return nodes, _flows(links, columns, tops, scale)


def _flows(
    links: Sequence[tuple[str, str, float]],
    columns: dict[bool, list[str]],
    tops: dict[tuple[bool, str], float],
    scale: float,
) -> list[Flow]:
    place = {side: {name: rank for rank, name in enumerate(names)} for side, names in columns.items()}
    positive = [link for link in links if link[2] > 0]
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for side, offsets in ((True, starts), (False, ends)):
        at = {name: tops[side, name] for name in columns[side]}
        order = sorted(
            range(len(positive)), key=lambda rank: (place[True][positive[rank][0]], place[False][positive[rank][1]])
        )
        for rank in order:
            name = positive[rank][0] if side else positive[rank][1]
            offsets[rank] = at[name]
            at[name] += positive[rank][2] * scale
    return [
        Flow(source, target, value, starts[rank], ends[rank], value * scale)
        for rank, (source, target, value) in enumerate(positive)
    ]


def curve(flow: Flow, left: float, right: float, steps: int = 16) -> list[tuple[float, float, float]]:
    """Points along a flow: across, upper edge, lower edge; an S that leaves and arrives level."""
    points = []
    for step in range(steps + 1):
        share = step / steps
        eased = share * share * (3 - 2 * share)
        top = flow.start + (flow.end - flow.start) * eased
        points.append((left + (right - left) * share, top, top + flow.thickness))
    return points
