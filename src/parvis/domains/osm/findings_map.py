"""Findings on a drawing that works without scripts: what is close together is one point, and links zoom and move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Avg, Max, Min, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from parvis.core.geo.svg import Frame, frame, outline
from parvis.domains.osm.models import Finding

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

WIDTH, TALLEST, MARGIN = 800, 600, 30
CELL = 26
"""Units of the drawing within which findings are one point."""
DEEPEST = 9
SMALLEST = 0.001
"""Degrees: the smallest window shows a street."""
MOST = 2_000
"""Findings of a window that are drawn."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One point: findings that are close together, and where the map goes to tell them apart."""

    x: int
    y: int
    findings: Sequence[Finding]
    closer: str = ""
    zoom: int = 0

    @property
    def first(self) -> Finding:
        """The one that the point leads to when it is alone."""
        return self.findings[0]


@dataclass(frozen=True, slots=True)
class Step:
    """A way to look elsewhere: its words, and the centre and zoom that it leads to."""

    label: object
    centre: str
    zoom: int


@dataclass(frozen=True, slots=True)
class FindingsMap:
    """The drawing in its own units; ``left_out`` findings of the window are not on it."""

    width: int
    height: int
    ground: str
    spots: Sequence[Spot]
    steps: Sequence[Step]
    zoom: int
    left_out: int


def findings_map(rows: QuerySet[Finding], parameters: QueryDict, territory: Territory | None) -> FindingsMap | None:
    """What the address asks of these findings: ``zoom`` (each step shows half as much) around ``centre`` (« longitude,latitude »).

    None without findings. Nonsense is the whole.
    """
    facts = rows.aggregate(*(kind(name) for name in ("longitude", "latitude") for kind in (Min, Max, Avg)))
    if facts["longitude__min"] is None:
        return None
    zoom = _zoom(parameters.get("zoom", ""))
    middle = _centre(parameters.get("centre", "")) or (facts["longitude__avg"], facts["latitude__avg"])
    size = tuple(max(facts[f"{name}__max"] - facts[f"{name}__min"], SMALLEST * 2) for name in ("longitude", "latitude"))
    if zoom == 0:
        middle = tuple((facts[f"{name}__min"] + facts[f"{name}__max"]) / 2 for name in ("longitude", "latitude"))
    half = tuple(max(length / 2**zoom / 2, SMALLEST / 2) for length in size)
    window = frame(
        (middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]),
        WIDTH,
        margin=MARGIN,
        tallest=TALLEST,
    )
    west, south, east, north = window.box
    shown = rows.filter(longitude__range=(west, east), latitude__range=(south, north))
    spots = _spots(list(shown[:MOST]), window, zoom)
    drawn = sum(len(spot.findings) for spot in spots)
    left_out = shown.count() - drawn if drawn == MOST else 0
    ground = outline(territory.contour, window) if territory is not None and territory.contour else ""
    return FindingsMap(window.width, window.height, ground, spots, _steps(middle, half, zoom), zoom, left_out)


def _spots(findings: Sequence[Finding], window: Frame, zoom: int) -> list[Spot]:
    cells: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        x, y = window.point(finding.longitude, finding.latitude)
        cells.setdefault((x // CELL, y // CELL), []).append(finding)
    spots = []
    for group in cells.values():
        longitude = sum(finding.longitude for finding in group) / len(group)
        latitude = sum(finding.latitude for finding in group) / len(group)
        closer = f"{longitude:.6f},{latitude:.6f}" if len(group) > 1 and zoom < DEEPEST else ""
        spots.append(Spot(*window.point(longitude, latitude), tuple(group), closer, min(zoom + 2, DEEPEST)))
    return spots


def _steps(middle: tuple[float, ...], half: tuple[float, ...], zoom: int) -> list[Step]:
    centre = f"{middle[0]:.6f},{middle[1]:.6f}"
    steps = [Step(_("Plus près"), centre, zoom + 1)] if zoom < DEEPEST else []
    if zoom == 0:
        return steps
    moves = (
        (_("Vers le nord"), 0, 1),
        (_("Vers le sud"), 0, -1),
        (_("Vers l’ouest"), -1, 0),
        (_("Vers l’est"), 1, 0),
    )
    steps.append(Step(_("Plus loin"), centre, zoom - 1))
    return steps + [
        Step(label, f"{middle[0] + east * half[0]:.6f},{middle[1] + north * half[1]:.6f}", zoom)
        for label, east, north in moves
    ]


def _zoom(text: str) -> int:
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def _centre(text: str) -> tuple[float, float] | None:
    try:
        longitude, latitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (longitude, latitude) if -180 <= longitude <= 180 and -85 <= latitude <= 85 else None
