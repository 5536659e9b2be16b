"""The frame of a chart on a page: finding, picture, sentence, table, source, and what can be taken away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from django.http import HttpRequest
from django.utils.translation import get_language

from parvis.core.charts.description import ChartDescription
from parvis.core.charts.drawing import NARROW, WIDE
from parvis.core.charts.errors import DrawingFailed
from parvis.core.charts.tables import ChartTable
from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import Actor
from parvis.hub.charts.answers import Answered, answer
from parvis.hub.charts.models import Chart
from parvis.hub.charts.pictures import picture, size_of
from parvis.hub.charts.trails import MOST, Origin, of_part, origins_of, trail_of, trails_of
from parvis.hub.drawings.frames import Addresses, Frame, Picture, citation_of, credit_of, pictures_of
from parvis.hub.drawings.places import reference_of
from parvis.hub.ui.trail import Trail

DOOR = "/graphiques/-/"
"""Where the pictures of a chart that was not saved are: its description is in the address."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of the table, with its trail when it has one, and what names its mark in the drawing."""

    text: str
    is_number: bool
    trail: Trail | None = None
    group: str = ""
    series: str = ""
    rank: int | None = None
    """Of its point, where values of one line share a group and a series."""


@dataclass(frozen=True, slots=True)
class ChartFrame(Frame):
    """What the template of a chart shows."""

    embed_height: ClassVar[int] = 640

    table: ChartTable | None = None
    cells: list[list[Cell]] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    drawing: str = ""
    """Address of the specification that the browser draws."""
    mark_instead: str = ""
    """The type to draw instead, when the error proposes one."""


def frame_of(
    actor: Actor,
    description: ChartDescription,
    *,
    request: HttpRequest | None = None,
    chart: Chart | None = None,
    embed: str = "",
    level: int = 2,
    name: str = "graphique",
) -> ChartFrame:
    """The frame of a description for a reader; never raises an error of the house: the frame says it.

    ``chart`` gives the permanent addresses of a saved one. A dataset the reader may not read gives an empty frame, that
    tells nothing of it. ``request`` tells the chosen colours and whose budget is used.
    """
    try:
        answered = answer(actor, description, get_language() or "fr")
    except ParvisError as error:
        title = description.title if error.code.startswith("chart") else ""
        instead = str(error.details.get("mark_instead") or "")
        return ChartFrame.refused(name, error, title=title, level=level, mark_instead=instead)
    return framed(answered, request=request, chart=chart, embed=embed, level=level, name=name)


def framed(
    answered: Answered,
    *,
    request: HttpRequest | None = None,
    chart: Chart | None = None,
    embed: str = "",
    level: int = 2,
    name: str = "graphique",
) -> ChartFrame:
    """The frame of a chart that was answered."""
    description = answered.description
    addresses = Addresses(DOOR, description, answered.key, chart)
    credits = [credit_of(one) for one in answered.asked]
    taken = addresses.taken(embed)
    return ChartFrame(
        name,
        title=answered.title,
        subtitle=description.subtitle,
        sentence=answered.sentence,
        table=answered.table,
        cells=_cells(answered),
        pictures=_drawn(answered, addresses, request),
        credits=list({credit.address: credit for credit in credits}.values()),
        origins=origins_of(answered),
        reference=reference_of(source.per for source in description.sources),
        drawing=addresses.of("dessin.json"),
        citation=citation_of(answered.title, answered.asked[:1], taken["page"]),
        level=level,
        **taken,
    )


def _drawn(answered: Answered, addresses: Addresses, request: HttpRequest | None) -> list[Picture]:
    """The pictures of a chart, as high as they were drawn; none when it could not be."""
    try:
        sizes = {size.name: size_of(picture(answered, "svg", size=size)) for size in (WIDE, NARROW)}
    except DrawingFailed:
        return []
    return pictures_of(addresses.of, sizes, request)


def _cells(answered: Answered) -> list[list[Cell]]:
    if answered.description.mark in ("box", "points"):
        return _cells_by_point(answered)
    table, trails = answered.table, trails_of(answered)
    rows = []
    for row in table.rows:
        cells = []
        for rank, (text, head) in enumerate(zip(row, table.heads, strict=True)):
            series = head.text if answered.reading.series else ""
            if answered.description.mark == "sankey" or (rank == 2 and not table.heads[1].is_number):
                series = row[1]
            trail = trails.get((row[0], series)) if head.is_number else None
            cells.append(Cell(text, head.is_number, trail, row[0], series))
        rows.append(cells)
    return rows


def _cells_by_point(answered: Answered) -> list[list[Cell]]:
    """A line a point, several values on each; the mark of a box leads to its median, that of a point to its measure."""
    points, table = answered.reading.points, answered.table
    led = 3 if answered.description.mark == "box" else len(table.heads) - 1
    rows = []
    for number, (point, row) in enumerate(zip(points, table.rows, strict=True)):
        trail = trail_of(answered, point) if len(points) <= MOST else None
        cells = []
        for rank, (text, head) in enumerate(zip(row, table.heads, strict=True)):
            own = of_part(trail, head.text, text) if trail and head.is_number else None
            cells.append(Cell(text, head.is_number, own, point.group, point.series, number if rank == led else None))
        rows.append(cells)
    return rows
