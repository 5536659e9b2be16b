"""The frame of a chart on a page: finding, picture, sentence, table, source, and what can be taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.charts import NARROW, THEMES, WIDE, ChartDescription, ChartTable
from parvis.core.charts.errors import DrawingFailed
from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import here
from parvis.hub.catalogue.provenance import data_date
from parvis.hub.charts.answering import Answered, answer
from parvis.hub.charts.models import Chart
from parvis.hub.charts.pictures import picture, size_of
from parvis.hub.charts.trails import MOST, Origin, of_part, origins_of, trail_of, trails_of
from parvis.hub.drawings.places import reference_of
from parvis.hub.drawings.questions import Asked
from parvis.hub.drawings.trails import csv_address
from parvis.hub.ui.formatting import day
from parvis.hub.ui.templatetags.parvis_ui import canonical
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
class Picture:
    """One picture of the ``<picture>`` element; ``media`` is empty for the last one."""

    address: str
    width: int
    height: int
    media: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Where the values come from."""

    title: str
    address: str
    publisher: str
    publisher_address: str
    day: str
    licence: str
    licence_address: str
    csv: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the template of a chart shows; ``error`` instead of a chart when it cannot be."""

    id: str
    title: str = ""
    subtitle: str = ""
    sentence: str = ""
    table: ChartTable | None = None
    cells: list[list[Cell]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    reference: str = ""
    """What of the reference of territories it rests on: the year of a population."""
    drawing: str = ""
    """Address of the specification that the browser draws."""
    svg: str = ""
    png: str = ""
    page: str = ""
    """Its permanent page, when it has one."""
    embed: str = ""
    citation: str = ""
    error: str = ""
    remedy: str = ""
    code: str = ""
    mark_instead: str = ""
    """The type to draw instead, when the error proposes one."""
    level: int = 2
    """Of the title among the headings of the page."""
    is_hidden: bool = False
    """Whether the chart shows nothing at all to this reader."""

    @property
    def embed_code(self) -> str:
        """What to copy into another page."""
        title = self.title.replace('"', "&quot;").replace("<", "&lt;")
        return f'<iframe src="{self.embed}" title="{title}" width="100%" height="640" loading="lazy"></iframe>'


def frame_of(
    actor: Actor,
    description: ChartDescription,
    *,
    request: HttpRequest | None = None,
    chart: Chart | None = None,
    embed: str = "",
    level: int = 2,
    name: str = "graphique",
) -> Frame:
    """The frame of a description for a reader; never raises an error of the house: the frame says it.

    ``chart`` gives the permanent addresses of a saved one. A dataset the reader may not read gives an empty frame, that
    tells nothing of it. ``request`` tells the chosen colours and whose budget is used.
    """
    language = get_language() or "fr"
    try:
        answered = answer(actor, description, language)
    except ParvisError as error:
        details = error.details
        return Frame(
            name,
            title=description.title if error.code.startswith("chart") else "",
            error=error.message(language),
            remedy=error.hint(language),
            code=error.code,
            mark_instead=str(details.get("mark_instead") or ""),
            level=level,
            is_hidden=error.code in ("not-found", "data-on-request", "forbidden"),
        )
    return framed(answered, request=request, chart=chart, embed=embed, level=level, name=name)


def framed(
    answered: Answered,
    *,
    request: HttpRequest | None = None,
    chart: Chart | None = None,
    embed: str = "",
    level: int = 2,
    name: str = "graphique",
) -> Frame:
    """The frame of a chart that was answered."""
    addresses = _Addresses(answered, chart)
    credits = [credit_of(one) for one in answered.asked]
    page = canonical(chart.get_absolute_url()) if chart else ""
    return Frame(
        name,
        title=answered.title,
        subtitle=answered.description.subtitle,
        sentence=answered.sentence,
        table=answered.table,
        cells=_cells(answered),
        pictures=_drawn(answered, addresses, request),
        credits=list({credit.address: credit for credit in credits}.values()),
        origins=origins_of(answered),
        reference=reference_of(source.per for source in answered.description.sources),
        drawing=addresses.of("dessin.json"),
        svg=addresses.of("image.svg", titre="1"),
        png=addresses.of("image.png", titre="1"),
        page=page,
        embed=embed or (f"{page}cadre/" if chart else canonical(addresses.of("cadre/"))),
        citation=_citation(answered, page),
        level=level,
    )


@dataclass(frozen=True, slots=True)
class _Addresses:
    answered: Answered
    chart: Chart | None

    def of(self, file: str, **more: str) -> str:
        """The address of a form of this chart."""
        if self.chart is not None:
            query = urlencode({"v": self.answered.key[:8], **more})
            return f"{self.chart.get_absolute_url()}{file}?{query}"
        return f"{here(DOOR)}{file}?{urlencode({'c': self.answered.description.to_json(), **more})}"


def _drawn(answered: Answered, addresses: _Addresses, request: HttpRequest | None) -> list[Picture]:
    """The pictures of a chart, as high as they were drawn; none when it could not be."""
    try:
        sizes = {size.name: size_of(picture(answered, "svg", size=size)) for size in (WIDE, NARROW)}
    except DrawingFailed:
        return []
    return pictures_of(addresses.of, sizes, request)


def pictures_of(
    address: Callable[..., str], sizes: Mapping[str, tuple[int, int]], request: HttpRequest | None
) -> list[Picture]:
    """The pictures of a drawing in its two sizes, ``narrow`` and ``wide`` (pixels), in the reader's colours or in both.

    The last one is for wide light screens and paper; those before it say when they are better.
    """
    chosen = request.COOKIES.get("apparence", "") if request is not None else ""
    found = []
    for theme in [chosen] if chosen in THEMES else ["dark", "light"]:
        for size in ("narrow", "wide"):
            media = ["screen"]
            if chosen not in THEMES and theme == "dark":
                media.append("(prefers-color-scheme: dark)")
            if size == "narrow":
                media.append("(max-width: 40rem)")
            found.append(Picture(address("image.svg", theme=theme, taille=size), *sizes[size], " and ".join(media)))
    return [*found, Picture(address("image.svg", theme="light", taille="wide"), *sizes["wide"])]


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


def credit_of(asked: Asked) -> Credit:
    """Where an answer comes from, to be cited beside it."""
    dataset = asked.dataset
    licence = dataset.licence_shown
    return Credit(
        dataset.title,
        dataset.get_absolute_url(),
        dataset.organisation.name,
        dataset.organisation.get_absolute_url(),
        day(data_date(dataset) or asked.version.created),
        licence.name if licence else dataset.licence,
        licence.url if licence else "",
        csv_address(dataset.dataset_id, asked.question),
    )


def _citation(answered: Answered, page: str) -> str:
    asked = answered.asked[0]
    dataset = asked.dataset
    address = page or canonical(dataset.get_absolute_url())
    return _("%(publisher)s, « %(title)s », d’après « %(dataset)s », version du %(day)s, %(address)s") % {
        "publisher": dataset.organisation.name,
        "title": re.sub(r"\s+", " ", answered.title),
        "dataset": dataset.title,
        "day": day(asked.version.created),
        "address": address,
    }
