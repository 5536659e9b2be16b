"""From a value of a chart to its rows: the filters of the table that mean the same as the question."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from parvis.core.charts.formats import number_text
from parvis.core.charts.reading import Point
from parvis.core.charts.territories import coded
from parvis.core.columns import Column, ColumnType
from parvis.hub.catalogue.provenance import provenance, ways_back
from parvis.hub.charts.answering import Answered, Asked
from parvis.hub.charts.places import reference_of
from parvis.hub.ui.trail import Trail

type Filter = tuple[str, str, str]
"""Column, operator, value, as in the address of a table."""

_FIRST_CODES = 12
"""Codes that a card lists."""
MOST = 120
"""Cells of a table beyond which only the whole table has its trail, so that pages stay light."""

_COMPARED = re.compile(
    r"`(\w+)` (=|!=|>=|<=) "
    r"(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|\"(?:[^\"\\]|\\.)*\"|date'[\d-]+')"
)
_EMPTY = re.compile(r"`(\w+)` is (not )?null")
_LIKE = re.compile(r"`(\w+)` like \"((?:\*[^\"\\*]+\* ?)+)\"")
_OPERATORS = {"=": "egal", "!=": "different", ">=": "min", "<=": "max"}
_WORDS = {"true": "oui", "false": "non"}


def filters_of(where: tuple[str, ...]) -> list[Filter] | None:
    """The filters of a form that gave these conditions (``hub.ui.filters``); None when one was written otherwise."""
    found = []
    for condition in where:
        compared, empty, like = (shape.fullmatch(condition) for shape in (_COMPARED, _EMPTY, _LIKE))
        if compared:
            found.append((compared[1], _OPERATORS[compared[2]], _value(compared[3])))
        elif empty:
            found.append((empty[1], "rempli" if empty[2] else "vide", ""))
        elif like:
            found.append((like[1], "contient", " ".join(word.strip("*") for word in like[2].split())))
        else:
            return None
    return found


def _value(literal: str) -> str:
    if literal.startswith('"'):
        return re.sub(r"\\(.)", r"\1", literal[1:-1])
    return literal[5:-1] if literal.startswith("date'") else _WORDS.get(literal, literal)


def rows_address(asked: Asked, group: object = None, series: object = None, *, of_group: bool = False) -> str | None:
    """The table of the rows behind a value, in the version that was asked; None when its filters cannot say it."""
    source_filters = filters_of(asked.question.where)
    if source_filters is None or asked.dataset.status != "published":
        return None
    filters = list(source_filters)
    if of_group:
        more = list(_group_filters(asked, group, series))
        if any(one is None for one in more):
            return None
        filters += [one for one in more if one is not None]
    pairs = [pair for f in filters for pair in (("colonne", f[0]), ("op", f[1]), ("valeur", f[2]))]
    query = urlencode([*pairs, ("version", asked.version.name)])
    return f"{asked.dataset.get_absolute_url()}table/?{query}#lignes"


def _group_filters(asked: Asked, group: object, series: object) -> Iterator[Filter | None]:
    for role, value in (("c_group", group), ("c_series", series)):
        written = next((part for part in _groups(asked.question.group_by) if part.endswith(f" as {role}")), "")
        if not written:
            continue
        dated = re.fullmatch(r'date_format\(`(\w+)`, "([\w-]+)"\) as \w+', written)
        plain = re.fullmatch(r"`(\w+)` as \w+", written)
        if plain and (column := asked.source.shape.get(plain[1])):
            yield _plain(column, value)
        elif dated:
            yield from _dates(dated[1], dated[2], str(value))
        else:
            yield None


def _groups(group_by: str) -> list[str]:
    return re.findall(r"(?:date_format\([^)]*\)|range\([^)]*\)|`\w+`) as \w+", group_by)


def _plain(column: Column, value: object) -> Filter | None:
    if value is None or value == "":
        return column.name, "vide", ""
    if isinstance(value, bool):
        return column.name, "egal", "oui" if value else "non"
    if column.annotations.get("multivalued") or column.type.is_geographic:
        return None
    return column.name, "egal", str(value)


def _dates(column: str, pattern: str, key: str) -> Iterator[Filter | None]:
    """The first and the last day of a year, a month, a day."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", key)
    if not found or not pattern.startswith("yyyy"):
        yield None
        return
    year, month, one_day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    last = one_day or (calendar.monthrange(year, month)[1] if month else 31)
    yield column, "min", f"{one_day or 1:02}/{month or 1:02}/{year:04}"
    yield column, "max", f"{last:02}/{month or 12:02}/{year:04}"


def trails_of(answered: Answered) -> dict[tuple[str, str], Trail]:
    """The trail of each value by its group and its series; none for rows, boxes and tables that are too long."""
    points = answered.reading.points
    if len(points) > MOST or len(answered.asked) != 1 or answered.description.mark in ("points", "box", "histogram"):
        return {}
    asked = answered.asked[0]
    moments = [asked.source.shape.get(name) for name in re.findall(r"date_format\(`(\w+)`", asked.question.group_by)]
    if any(column and column.type is ColumnType.DATETIME for column in moments):
        return {}  # whole days of the table are days of UTC, groups are days of here
    series_keys = _series_keys(answered)
    found = {}
    for point in points:
        address = _address(answered, asked, point, series_keys.get(point.series, point.series))
        if address is not None and not point.group.startswith(("Autres (", "Others (")):
            found[point.group, point.series] = _trail(answered, asked, point, address)
    return found


def _address(answered: Answered, asked: Asked, point: Point, series: object) -> str | None:
    """The rows of a point; of a territory, those of its code, or all of them when it brings several codes together."""
    behind, place = point.behind, coded(answered.description.sources[0], asked.source.shape)
    if behind is None or place is None:
        return rows_address(asked, point.key, series, of_group=True)
    if len(behind.codes) > 1:
        return rows_address(asked)
    code = behind.codes[0] if behind.codes else None
    group, series = (code, series) if place.role == "grouping" else (point.key, code)
    return rows_address(asked, group, series, of_group=True)


def _series_keys(answered: Answered) -> dict[str, object]:
    from_text = {"Non renseigné": None, "Not given": None, "Oui": True, "Non": False, "Yes": True, "No": False}
    column = answered.asked[0].source.shape.get(answered.description.sources[0].series)
    if column is None:
        return {}
    kept: dict[str, object] = {"Non renseigné": None, "Not given": None}
    return dict(from_text) if column.type is ColumnType.BOOLEAN else kept


def _trail(answered: Answered, asked: Asked, point: Point, address: str) -> Trail:
    reading = answered.reading
    text = reading.text(point.value)
    names = " · ".join(name for name in (point.group, point.series) if name)
    question = asked.question
    facts = (
        (_("Valeur"), text),
        (reading.labels.get("grouping", _("Groupe")), names),
        *_related(answered, point),
        *provenance(asked.dataset, asked.version, question_text(question.select, question.where, question.group_by)),
    )
    return Trail(text, address, facts, ways_back(asked.dataset, address))


def _related(answered: Answered, point: Point) -> Iterator[tuple[str, str]]:
    """What the value was before it was related, and what it was divided by; the codes that were brought together."""
    behind, source, reading = point.behind, answered.description.sources[0], answered.reading
    if behind is None:
        return
    if len(behind.codes) > 1:
        shown = ", ".join(behind.codes[:_FIRST_CODES])
        yield _("Codes réunis"), f"{shown}…" if len(behind.codes) > _FIRST_CODES else shown
    if source.per and behind.base is not None and behind.value is not None:
        yield _("Valeur rapportée"), number_text(behind.value, 0 if behind.value == int(behind.value) else 2, reading.language)  # fmt: skip
        label = _("Habitants") if source.per == "inhabitants" else _("Surface en km²")
        yield label, number_text(behind.base, 0 if source.per == "inhabitants" else 1, reading.language)
        yield _("Référence"), reference_of(answered.description)


def question_text(select: str, where: tuple[str, ...], group_by: str) -> str:
    """A question in ODSQL, on one line."""
    parts = [f"select {select}", *(["where " + " and ".join(where)] if where else [])]
    return " ".join([*parts, *([f"group by {group_by}"] if group_by else [])])
