"""What the drawings of all types share: the rows of data, the axes, the legend, the configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parvis.core.charts.description import ChartDescription
from parvis.core.charts.formats import locale_of, moment_of
from parvis.core.charts.reading import Point, Reading
from parvis.core.charts.themes import Theme
from parvis.core.translation import gettext_noop, translate

FONT = "Atkinson Hyperlegible Next Variable, Atkinson Hyperlegible Next, system-ui, Liberation Sans, Arial, sans-serif"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "stroke", "triangle-right")
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (1, 3), (10, 4), (4, 2, 1, 2), (3, 6))
"""One a series, so that lines differ by more than their colour."""

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawing is, in pixels; ``height`` is that of the plot where its type does not decide."""

    name: str
    width: int
    height: int

    @property
    def is_narrow(self) -> bool:
        """Whether it is for a phone."""
        return self.width < 500


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a drawing is made from."""

    description: ChartDescription
    reading: Reading
    theme: Theme
    size: Size

    @property
    def first(self) -> str:
        """The colour of a chart without series."""
        return self.theme.categorical[0]

    def palette(self, count: int) -> list[str]:
        """Colours of that many series."""
        kinds = {"sequential": self.theme.sequential, "diverging": self.theme.diverging}
        chosen = kinds.get(self.description.palette)
        if chosen is None or count < 1:
            return [self.theme.categorical[rank % 8] for rank in range(max(count, 1))]
        spread = max(count - 1, 1)
        return [chosen[round(rank * (len(chosen) - 1) / spread)] for rank in range(count)]

    def label(self, role: str) -> str:
        """The words of an axis, with the unit for the measure."""
        return self.reading.with_unit(role) if role == "measure" else self.reading.labels.get(role, "")

    def rows(self) -> list[Json]:
        """One row a point: ``g`` group, ``k`` its place, ``s`` series, ``v`` value, ``d`` what is told of it."""
        return [self.row(point) for point in self.reading.points]

    def row(self, point: Point) -> Json:
        """A point as a row of the drawing."""
        return {
            "g": point.group,
            "k": self.place(point),
            "s": point.series,
            "v": point.value,
            "d": self.told(point),
        }

    def place(self, point: Point) -> Any:
        """Where a group stands: milliseconds for a moment, the number of a numeric group, else its name."""
        if self.reading.is_time:
            return moment_of(str(point.key))
        return point.key if self.reading.is_numeric else point.group

    def told(self, point: Point) -> str:
        """« Grigny · Femmes : 412 »."""
        names = " · ".join(name for name in (point.group, point.series) if name)
        value = self.reading.text(point.value)
        label_template = gettext_noop("{names}\u00a0: {value}")
        return translate(label_template, self.reading.language, names=names, value=value) if names else value


def across(canvas: Canvas, *, is_band: bool) -> Json:
    """The encoding of ordered groups along the horizontal axis."""
    reading = canvas.reading
    title = canvas.label("grouping")
    most = (3 if canvas.size.is_narrow else 7) if reading.step != "year" else (5 if canvas.size.is_narrow else 10)
    if is_band or not (reading.is_time or reading.is_numeric):
        shown = spread(reading.groups, 4 if canvas.size.is_narrow else 9)
        short = sum(map(len, reading.groups)) * 8 < canvas.size.width
        axis: Json = {"labelAngle": 0, "labelLimit": 90 if canvas.size.is_narrow else 130, "title": title}
        if not short:
            axis["values"] = shown
        return {"field": "g", "type": "ordinal", "sort": list(reading.groups), "axis": axis}
    places = sorted({place for point in reading.points if (place := canvas.place(point)) is not None})
    if reading.is_time:
        axis = {"format": _TIME_FORMATS[reading.step], "values": spaced(places, most), "title": title, "labelAngle": 0}
        axis["labelOverlap"] = False
        return {"field": "k", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}
    plain = all(point.group.isdecimal() for point in reading.points)
    axis = {"format": "d" if plain else ",f", "tickCount": most, "title": title}
    if len(places) <= most:
        axis["values"] = places
    return {"field": "k", "type": "quantitative", "scale": {"zero": False, "nice": False}, "axis": axis}


_TIME_FORMATS = {"year": "%Y", "month": "%b %Y", "day": "%e %b %Y"}


def spread[T](values: Sequence[T], most: int) -> list[T]:
    """At most that many of the values, evenly spread, the first among them."""
    step = max(-(-len(values) // most), 1)
    return list(values[::step])


def spaced(places: Sequence[float], most: int) -> list[float]:
    """The first place, then each that is far enough from the one before for its label to be read."""
    if not places:
        return []
    gap = (places[-1] - places[0]) / most
    labelled = [places[0]]
    for place in places[1:]:
        if place - labelled[-1] >= gap * 0.999:
            labelled.append(place)
    return labelled


def up(canvas: Canvas, **more: Any) -> Json:
    """The encoding of the value along the vertical axis, its title level above it."""
    axis = {
        "title": canvas.label("measure"),
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleY": -14,
        "titleX": -36,
        "titleBaseline": "bottom",
        "titleLimit": canvas.size.width - 20,
        "tickCount": 5,
        "format": ",f",
        "grid": True,
    }
    return {"field": "v", "type": "quantitative", "axis": axis, **more}


def along(canvas: Canvas, **more: Any) -> Json:
    """The encoding of the value along the horizontal axis."""
    axis = {
        "title": canvas.label("measure"),
        "titleLimit": canvas.size.width - 20,
        "tickCount": 4 if canvas.size.is_narrow else 6,
        "format": ",f",
        "grid": True,
        "labelOverlap": "greedy",  # long numbers would touch in a narrow picture
        "labelSeparation": 10,
    }
    if canvas.size.is_narrow:
        axis["titleAnchor"] = "end"  # a long title goes on under the names rather than out of the picture
    return {"field": "v", "type": "quantitative", "axis": axis, **more}


def down(canvas: Canvas, names: Sequence[str], *, field: str = "g") -> Json:
    """The encoding of named groups from top to bottom."""
    axis = {
        "title": None,
        "labelLimit": NAMES_NARROW if canvas.size.is_narrow else NAMES_WIDE,
        "domain": False,
        "ticks": False,
    }
    return {"field": field, "type": "ordinal", "sort": list(names), "axis": axis}


def colours(canvas: Canvas, *, field: str = "s", names: Sequence[str] | None = None, offset: int = 18) -> Json:
    """The encoding of series by colour, with its legend above the plot, that many pixels away."""
    domain = list(canvas.reading.series if names is None else names)
    return {
        "field": field,
        "type": "nominal",
        "sort": domain,
        "scale": {"domain": domain, "range": canvas.palette(len(domain))},
        "legend": legend_of(canvas, domain, offset),
    }


NAMES_NARROW, NAMES_WIDE = 110, 230
"""Most pixels that the names of groups take beside lying bars."""

UNDER_TITLE = 36
"""Distance of a legend from a plot whose axis has its title above it."""


def legend_of(canvas: Canvas, names: Sequence[str], offset: int = 18) -> Json:
    """A legend in as many columns as the width holds."""
    longest = min(max((len(name) for name in names), default=1), 28)
    columns = max(min(canvas.size.width // (longest * 7 + 34), len(names)), 1)
    return {
        "orient": "top",
        "title": None,
        "columns": columns,
        "labelLimit": 200,
        "symbolType": "square",
        "offset": offset,
    }


def configured(canvas: Canvas) -> Json:
    """The configuration: colours of the theme, font, how numbers and moments are written."""
    theme = canvas.theme
    return {
        "background": None,
        "font": FONT,
        "aria": False,
        "locale": locale_of(canvas.reading.language),
        "view": {"stroke": None},
        "axis": {
            "labelColor": theme.ink,
            "titleColor": theme.ink_soft,
            "titleFontWeight": "normal",
            "labelFontSize": 13,
            "titleFontSize": 13,
            "gridColor": theme.joint,
            "domainColor": theme.ink_soft,
            "tickColor": theme.joint,
            "grid": False,
            "labelPadding": 6,
            "titlePadding": 10,
        },
        "legend": {"labelColor": theme.ink, "labelFontSize": 13, "symbolSize": 110, "rowPadding": 4, "columnPadding": 14},
        "header": {"labelColor": theme.ink, "labelFontSize": 13, "labelFontWeight": "bold", "labelAnchor": "start"},
        "title": {
            "color": theme.ink,
            "subtitleColor": theme.ink_soft,
            "anchor": "start",
            "fontSize": 18,
            "subtitleFontSize": 13,
            "offset": 18,
        },
    }  # fmt: skip
