"""From a value of a chart to its rows: the filters of the table that mean the same as the question."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from parvis.core.charts.formats import number_text
from parvis.core.charts.reading import Point
from parvis.core.charts.territories import coded
from parvis.core.columns import Column, ColumnType
from parvis.core.explore import ExploreRequest
from parvis.hub.addresses import here
from parvis.hub.catalogue.provenance import provenance, ways_back
from parvis.hub.charts.answering import Answered, Asked
from parvis.hub.charts.places import reference_of
from parvis.hub.ui.trail import Trail

_FIELDS = ("colonne", "op", "valeur")
_SEVERAL = object()
"""In the place of a code: several were brought together."""

type Filter = tuple[str, str, str]
"""Column, operator, value, as in the address of a table."""

_FIRST_CODES = 12
"""Codes that a card lists."""
MOST = 120
"""Cells of a table beyond which only the whole table has its trail, so that pages stay light."""

_COMPARED = re.compile(
    r"`(\w+)` (=|!=|>=|<=|<) "
    r"(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|\"(?:[^\"\\]|\\.)*\"|date'[\d-]+')"
)
_EMPTY = re.compile(r"`(\w+)` is (not )?null")
_LIKE = re.compile(r"`(\w+)` like \"((?:\*[^\"\\*]+\* ?)+)\"")
_OPERATORS = {"=": "egal", "!=": "different", ">=": "min", "<=": "max", "<": "moins"}
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


def rows_address(asked: Asked, filters: Iterable[Filter] = ()) -> str | None:
    """The table of the rows behind an answer, fewer with more ``filters``, in the version that was asked; None when the question's
    own conditions are not filters of the table."""
    source_filters = filters_of(asked.question.where)
    if source_filters is None or asked.dataset.status != "published":
        return None
    pairs = [pair for f in (*source_filters, *filters) for pair in zip(_FIELDS, f, strict=True)]
    query = urlencode([*pairs, ("version", asked.version.name)])
    return f"{asked.dataset.get_absolute_url()}table/?{query}#lignes"


def group_address(asked: Asked, group: object, series: object = None) -> str | None:
    """The table of the rows of a group and a series, as rows write them; None when no filters say them."""
    filters = _all(_group_filters(asked, group, series))
    return None if filters is None else rows_address(asked, filters)


def csv_address(dataset_id: str, question: ExploreRequest) -> str:
    """The answer as CSV, by the Explore API: the same question, for whoever wants to compute it again."""
    pairs = [("select", question.select), *(("where", condition) for condition in question.where)]
    pairs += [("group_by", question.group_by)] if question.group_by else []
    pairs += [("order_by", question.order_by)] if question.order_by else []
    pairs += [("limit", str(question.limit)), ("timezone", question.timezone)]
    return here(f"/api/explore/v2.1/catalog/datasets/{dataset_id}/exports/csv?{urlencode(pairs)}")


def _point_filters(answered: Answered, asked: Asked, point: Point) -> list[Filter] | None:
    """The filters that leave the rows of one point; None when none say it."""
    if answered.reading.is_rest(point.group) if point.group else False:
        return None
    return _all(
        _group_filters(asked, *_keys(answered, asked, point), point.bounds)
        if asked.question.group_by
        else _row_filters(answered, asked, point)
    )


def _all(filters: Iterable[Filter | None]) -> list[Filter] | None:
    found = list(filters)
    return None if None in found else [one for one in found if one is not None]


def _keys(answered: Answered, asked: Asked, point: Point) -> tuple[object, object]:
    """The group and the series as rows write them: of a territory, its code."""
    behind = point.behind
    place = coded(answered.description.sources[point.source], asked.source.shape) if behind else None
    if behind is None or place is None:
        return point.key, point.series_key
    code = _SEVERAL if len(behind.codes) > 1 else next(iter(behind.codes), None)
    return (code, point.series_key) if place.role == "grouping" else (point.key, code)


def _row_filters(answered: Answered, asked: Asked, point: Point) -> Iterator[Filter | None]:
    """The values of a point that is a row, or nothing for what is computed over all rows."""
    if answered.description.mark != "points":
        return
    source = answered.description.sources[point.source]
    for name, value in (
        (source.measure, point.value),
        (source.against, point.against),
        (source.series, point.series_key),
    ):
        if name and (column := asked.source.shape.get(name)):
            yield _plain(column, value)


def _group_filters(
    asked: Asked, group: object, series: object, bounds: tuple[float, float] | None = None
) -> Iterator[Filter | None]:
    for role, value in (("c_group", group), ("c_series", series)):
        written = next((part for part in _groups(asked.question.group_by) if part.endswith(f" as {role}")), "")
        if not written:
            continue
        dated = re.fullmatch(r'date_format\(`(\w+)`, "([\w-]+)"\) as \w+', written)
        ranged = re.fullmatch(r"range\(`(\w+)`, [^)]*\) as \w+", written)
        plain = re.fullmatch(r"`(\w+)` as \w+", written)
        if plain and value is not _SEVERAL and (column := asked.source.shape.get(plain[1])):
            yield _plain(column, value)
        elif ranged and bounds and (column := asked.source.shape.get(ranged[1])):
            yield from _bounds(column, *bounds)
        elif dated and (column := asked.source.shape.get(dated[1])) and column.type is ColumnType.DATE:
            yield from _dates(dated[1], dated[2], str(value))
        else:
            # Among others, moments: whole days of the table are days of UTC, groups are days of here.
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


def _bounds(column: Column, low: float, high: float) -> Iterator[Filter | None]:
    """The rows of a bar of a histogram, whose upper bound is not in it."""
    if column.type is ColumnType.INT:
        yield column.name, "min", str(ceil(low))
        yield column.name, "max", str(ceil(high) - 1)
    else:
        yield column.name, "min", repr(low)
        yield column.name, "moins", repr(high)


def trails_of(answered: Answered) -> dict[tuple[str, str], Trail]:
    """The trail of each value by its group and its series; none for tables that are too long (``origins_of`` tells them)."""
    points = answered.reading.points
    if len(points) > MOST:
        return {}
    found = {(point.group, point.series): trail_of(answered, point) for point in points}
    return {names: trail for names, trail in found.items() if trail is not None}


def trail_of(answered: Answered, point: Point) -> Trail | None:
    """Where a value comes from: its rows when filters of the table say them, else all the rows that were asked, else the answer;
    None for a dataset that is not published."""
    asked = answered.asked[point.source]
    address = _address(answered, asked, point)
    return None if address is None else _trail(answered, asked, point, address)


def _address(answered: Answered, asked: Asked, point: Point) -> str | None:
    if asked.dataset.status != "published":
        return None
    filters = _point_filters(answered, asked, point)
    return rows_address(asked, filters or ()) or csv_address(asked.dataset.dataset_id, asked.question)


def of_part(trail: Trail, label: str, text: str) -> Trail:
    """The trail of another value of the same rows: a quartile beside a median."""
    return replace(trail, text=text, facts=((label, text), *trail.facts[1:]))


def origins_of(answered: Answered) -> list[Origin]:
    """Where all the values of a chart come from, one trail a dataset asked."""
    found = []
    for rank, asked in enumerate(answered.asked):
        trail = origin_of(asked)
        if trail is not None:
            series = dict.fromkeys(point.series for point in answered.reading.points if point.source == rank)
            found.append(Origin(trail, asked.dataset.title, tuple(series)))
    return found


def origin_of(asked: Asked) -> Trail | None:
    """Where all the values of an answer come from; None for a dataset that is not published."""
    if asked.dataset.status != "published":
        return None
    question = asked.question
    address = rows_address(asked) or csv_address(asked.dataset.dataset_id, question)
    told = question_text(question.select, question.where, question.group_by)
    facts = provenance(asked.dataset, asked.version, told)
    return Trail(_("D’où viennent ces valeurs"), address, facts, ways_back(asked.dataset, address))


@dataclass(frozen=True, slots=True)
class Origin:
    """The trail of the values that a dataset gave, and the series they make."""

    trail: Trail
    title: str
    series: tuple[str, ...]

    @property
    def series_json(self) -> str:
        """The series, for the ``data-series`` attribute."""
        return json.dumps(self.series, ensure_ascii=False)


def _trail(answered: Answered, asked: Asked, point: Point, address: str) -> Trail:
    reading = answered.reading
    text = reading.text(point.value)
    names = " · ".join(name for name in (point.group, point.series) if name)
    question = asked.question
    facts = (
        (_("Valeur"), text),
        *(((reading.labels.get("grouping", _("Groupe")), names),) if names else ()),
        *_related(answered, point),
        *provenance(asked.dataset, asked.version, question_text(question.select, question.where, question.group_by)),
    )
    return Trail(text, address, facts, ways_back(asked.dataset, address))


def _related(answered: Answered, point: Point) -> Iterator[tuple[str, str]]:
    """What the value was before it was related, and what it was divided by; the codes that were brought together."""
    behind, source, reading = point.behind, answered.description.sources[point.source], answered.reading
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
