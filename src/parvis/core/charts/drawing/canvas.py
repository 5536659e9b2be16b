"""What the drawings of all types share: the rows of data, the legend, the configuration, the colours of a subject."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from parvis.core import lettering
from parvis.core.charts.description import ChartDescription
from parvis.core.charts.formats import locale_of, moment_of, number_text, usual_decimals, with_unit
from parvis.core.charts.magnitudes import Magnitude, magnitude_of
from parvis.core.charts.points import Point, Reading
from parvis.core.charts.themes import Theme
from parvis.core.charts.vision import contrast
from parvis.core.text import fold
from parvis.core.translation import gettext_noop, translate
from parvis.core.typography import spaced

FONT = f"{lettering.FAMILY} Variable, {lettering.FAMILY}, system-ui, Liberation Sans, Arial, sans-serif"
LETTERS = 13
"""Size of the letters of axes, legends and values, in pixels."""
LINE = 16
"""Height of a line of them."""
BREAK = "\n"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "stroke", "triangle-right")
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (1, 3), (10, 4), (4, 2, 1, 2), (3, 6))
"""One a series, so that lines differ by more than their colour."""
LEAST_CONTRAST = 4.5
LONGEST_UNIT = 10
"""Letters of a unit beyond which values have numbers alone; the axis says the unit."""
_LEAST_SMALLER = 1e6
"""What values are counted in from which the small ones are told in something smaller."""
MOST_SUBJECTS = 2
"""Most groups or series that a title may be about; beyond, it lists them."""
_NARROW = 500

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawing is, in pixels; ``height`` is that of the plot where its type does not decide."""

    name: str
    width: int
    height: int
    is_dense: bool = False
    """Whether rows and small charts are close together: a sheet of paper is not scrolled."""

    @property
    def is_narrow(self) -> bool:
        """Whether it is for a phone."""
        return self.width < _NARROW


@dataclass(frozen=True)
class Canvas:
    """What a drawing is made from."""

    description: ChartDescription
    reading: Reading
    theme: Theme
    size: Size

    @property
    def first(self) -> str:
        """The colour of a chart without series."""
        return self.theme.first

    def palette(self, count: int) -> list[str]:
        """Colours of that many series."""
        kinds = {"sequential": self.theme.sequential, "diverging": self.theme.diverging}
        chosen = kinds.get(self.description.palette)
        if chosen is None or count < 1:
            return [self.theme.categorical[rank % 8] for rank in range(max(count, 1))]
        spread = max(count - 1, 1)
        return [chosen[round(rank * (len(chosen) - 1) / spread)] for rank in range(count)]

    def colours_of(self, names: Sequence[str]) -> list[str]:
        """Colours of series; grey for what has no value, which is no series among others."""
        missing = [self.reading.is_missing(name) for name in names]
        palette = iter(self.palette(len(names) - sum(missing)))
        return [self.theme.muted if is_missing else next(palette) for is_missing in missing]

    @cached_property
    def magnitude(self) -> Magnitude:
        """What values are counted in: units, thousands, millions."""
        values = [value for point in self.reading.points for value in (point.value, *(point.quartiles or ()))]
        return magnitude_of(values, self.reading.unit, self.reading.language)

    @cached_property
    def bounds(self) -> Magnitude:
        """What the bounds of a histogram are counted in."""
        ends = [bound for point in self.reading.points for bound in point.bounds or ()]
        return magnitude_of(ends, self.reading.group_unit, self.reading.language)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The groups, else the series, that the title names: what the chart is about."""
        title = f" {_words(self.description.title)} "
        for label in self.reading.labels.values():  # « Places par type de parking » is not about the type « Parking »
            title = title.replace(f" {_words(label)} ", " ") if label else title
        for names in (self.reading.series, () if self.reading.is_ordered else self.reading.groups):
            about = {name for name in names if len(name) > 2 and _is_named(name, names, title)}
            if about and len(about) <= min(MOST_SUBJECTS, len(names) - 2):
                return frozenset(about)
        return frozenset()

    def colour_of(self, name: str) -> str:
        """The colour of a group without series: grey beside the subject of the title, and for what is no group."""
        is_aside = self.reading.is_missing(name) or self.reading.is_rest(name)
        return self.theme.muted if is_aside or (self.subjects and name not in self.subjects) else self.first

    def spaced(self, text: str) -> str:
        """A text with the spaces of its language."""
        return spaced(text, self.reading.language)

    def label(self, role: str) -> str:
        """The words of an axis, with the unit for the measure."""
        return self.reading.with_unit(role, self.magnitude.unit) if role == "measure" else self.reading.labels.get(role, "")  # fmt: skip

    def scaled(self, value: float | None) -> float | None:
        """A value in what values are counted in."""
        return None if value is None else value / self.magnitude.size

    @cached_property
    def decimals(self) -> int:
        """Of the values written in the drawing."""
        if self.magnitude.size == 1:
            return self.reading.decimals
        values = [abs(value) for point in self.reading.points if (value := self.scaled(point.value))]
        return max(1 if values and max(values) < 100 else 0, min(usual_decimals(values), 1))

    def text(self, value: float | None) -> str:
        """A value as it is written in the drawing: short, its unit with it unless the axis must say it."""
        scaled = self.scaled(value)
        is_little = abs(scaled or 0) < (1 if len(self.magnitude.unit) <= LONGEST_UNIT else 0.5 * 10**-self.decimals)
        if scaled and is_little and self.magnitude.size >= _LEAST_SMALLER:
            return self.reading.spoken(value)  # « 248 millions » rather than « 0,2 milliard », or nothing
        number = number_text(scaled, self.decimals, self.reading.language)
        unit = self.magnitude.unit_for(scaled or 0)
        return number if len(unit) > LONGEST_UNIT else with_unit(number, unit, self.reading.language)

    def rows(self) -> list[Json]:
        """One row a point: ``g`` group, ``k`` its place, ``s`` series, ``v`` value, ``d`` what is told of it."""
        return [self.row(point) for point in self.reading.points]

    def row(self, point: Point) -> Json:
        """A point as a row of the drawing."""
        return {
            "g": point.group,
            "k": self.place(point),
            "s": point.series,
            "v": self.scaled(point.value),
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


def _is_named(name: str, names: Sequence[str], title: str) -> bool:
    """Whether a title names that group, rather than one whose name is longer: « Évry-Courcouronnes » is not « Évry »."""
    words = f" {_words(name)} "
    _before, *afters = title.split(words)
    if not afters:
        return False
    longer = [f" {_words(other)} " for other in names if other != name]
    nexts = {other.removeprefix(words).split()[0] for other in longer if other.startswith(words)}
    return any(after.split(" ", 1)[0] not in nexts for after in afters)


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text)).strip()


def width_of(text: str) -> float:
    """How wide a text of an axis is: its widest line."""
    return max(lettering.width(line, LETTERS) for line in text.split(BREAK))


def wrapped(text: str, room: float, most: int) -> str:
    """A text on at most that many lines, cut when it must be."""
    return BREAK.join(lettering.lines(text, room, LETTERS, most))


def without_twins(labels: dict[str, str], room: float) -> dict[str, str]:
    """The labels of names, where those that were cut alike are cut inside instead, else whole: each stands for one place."""
    for again in (lambda name: lettering.cut_inside(name, room, LETTERS), str):
        times = Counter(labels.values())
        labels = {name: label if times[label] == 1 else again(name) for name, label in labels.items()}
    return labels


def ink_on(theme: Theme, colour: str) -> str:
    """The ink that is read on a colour: the theme's own when one is read well, else black or white, which always is."""
    own = max((theme.ink, theme.paper), key=lambda ink: contrast(ink, colour))
    if contrast(own, colour) >= LEAST_CONTRAST:
        return own
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, colour))


def named(field: str) -> Json:
    """A colour that each row names itself."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


def colours(canvas: Canvas, *, field: str = "s", names: Sequence[str] | None = None, **legend: Any) -> Json:
    """The encoding of series by colour, with its legend above the plot."""
    domain = list(canvas.reading.series if names is None else names)
    return {
        "field": field,
        "type": "nominal",
        "sort": domain,
        "scale": {"domain": domain, "range": canvas.colours_of(domain)},
        "legend": legend_of(canvas, domain, **legend),
    }


UNDER_TITLE = 36
"""Distance of a legend from a plot whose axis has its title above it."""
_SYMBOL = 24
"""What a symbol of a legend takes before its words."""
_BETWEEN = 18
"""Between the columns of a legend."""


def legend_of(canvas: Canvas, names: Sequence[str], offset: int = 18, *, left: float = 0) -> Json:
    """A legend in as many columns as the width holds; it begins where the plot does, ``left`` pixels from the edge."""
    across = canvas.size.width - left - 8
    room = across - _SYMBOL
    longest = min(max((lettering.width(name, LETTERS) for name in names), default=1), room)
    columns = max(min(int((across + _BETWEEN) // (longest + _SYMBOL + _BETWEEN)), len(names)), 1)
    return {
        "orient": "top",
        "title": None,
        "columns": columns,
        "labelLimit": room,
        "symbolType": "square",
        "offset": offset,
    }


def configured(canvas: Canvas) -> Json:
    """The configuration: colours of the theme, font, how numbers and moments are written."""
    theme = canvas.theme
    return {
        "background": None,
        "font": FONT,
        "lineBreak": BREAK,
        "aria": False,
        "locale": locale_of(canvas.reading.language),
        "view": {"stroke": None},
        "axis": {
            "labelColor": theme.ink,
            "titleColor": theme.ink_soft,
            "titleFontWeight": "normal",
            "labelFontSize": LETTERS,
            "titleFontSize": LETTERS,
            "labelLineHeight": LINE,
            "titleLineHeight": LINE,
            "gridColor": theme.joint,
            "domainColor": theme.ink_soft,
            "tickColor": theme.joint,
            "grid": False,
            "labelPadding": 6,
            "titlePadding": 10,
        },
        "legend": {"labelColor": theme.ink, "labelFontSize": LETTERS, "symbolSize": 110, "rowPadding": 4,
                   "columnPadding": _BETWEEN},
        "header": {"labelColor": theme.ink, "labelFontSize": LETTERS, "labelFontWeight": "bold", "labelAnchor": "start",
                   "labelLineHeight": LINE},
        "title": {
            "color": theme.ink,
            "subtitleColor": theme.ink_soft,
            "anchor": "start",
            "fontSize": TITLE,
            "subtitleFontSize": SUBTITLE,
            "offset": 18,
        },
    }  # fmt: skip


TITLE, SUBTITLE = 20, 14
"""Sizes of the letters of the title and of what is under it."""
