"""From a value of a chart to its rows: the filters of the table that leave them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from parvis.core.charts.formats import number_text
from parvis.core.charts.points import Point
from parvis.core.charts.territories import coded
from parvis.hub.catalogue.provenance import provenance, ways_back
from parvis.hub.charts.answers import Answered
from parvis.hub.drawings.places import reference_of
from parvis.hub.drawings.questions import Asked
from parvis.hub.drawings.trails import (
    SEVERAL,
    Filter,
    all_or_none,
    csv_address,
    equal_to,
    group_filters,
    origin_of,
    question_text,
    rows_address,
)
from parvis.hub.ui.trail import Trail

_FIRST_CODES = 12
"""Codes that a card lists."""
MOST = 120
"""Cells of a table beyond which only the whole table has its trail, so that pages stay light."""


def _point_filters(answered: Answered, query: Asked, point: Point) -> list[Filter] | None:
    """The filters that leave the rows of one point; None when none say it."""
    if answered.reading.is_rest(point.group) if point.group else False:
        return None
    return all_or_none(
        group_filters(query, *_keys(answered, query, point), point.bounds)
        if query.question.group_by
        else _row_filters(answered, query, point)
    )


def _keys(answered: Answered, query: Asked, point: Point) -> tuple[object, object]:
    """The group and the series as rows write them: of a territory, its code."""
    behind = point.behind
    place = coded(answered.description.sources[point.source], query.source.shape) if behind else None
    if behind is None or place is None:
        return point.key, point.series_key
    code = SEVERAL if len(behind.codes) > 1 else next(iter(behind.codes), None)
    return (code, point.series_key) if place.role == "grouping" else (point.key, code)


def _row_filters(answered: Answered, query: Asked, point: Point) -> Iterator[Filter | None]:
    """The values of a point that is a row, or nothing for what is computed over all rows."""
    if answered.description.mark != "points":
        return
    source = answered.description.sources[point.source]
    for name, value in (
        (source.measure, point.value),
        (source.against, point.against),
        (source.series, point.series_key),
    ):
        if name and (column := query.source.shape.get(name)):
            yield equal_to(column, value)


def trails_of(answered: Answered) -> dict[tuple[str, str], Trail]:
    """The trail of each value by its group and its series; none for tables that are too long (``origins_of`` tells them)."""
    points = answered.reading.points
    if len(points) > MOST:
        return {}
    trails = {(point.group, point.series): trail_of(answered, point) for point in points}
    return {names: trail for names, trail in trails.items() if trail is not None}


def trail_of(answered: Answered, point: Point) -> Trail | None:
    """Where a value comes from: its rows when filters of the table say them, else all the rows that were asked, else the answer;
    None for a dataset that is not published."""
    query = answered.asked[point.source]
    address = _address(answered, query, point)
    return None if address is None else _trail(answered, query, point, address)


def _address(answered: Answered, query: Asked, point: Point) -> str | None:
    if query.dataset.status != "published":
        return None
    filters = _point_filters(answered, query, point)
    return rows_address(query, filters or ()) or csv_address(query.dataset.dataset_id, query.question)


def of_part(trail: Trail, label: str, text: str) -> Trail:
    """The trail of another value of the same rows: a quartile beside a median."""
    return replace(trail, text=text, facts=((label, text), *trail.facts[1:]))


def origins_of(answered: Answered) -> list[Origin]:
    """Where all the values of a chart come from, one trail a dataset asked."""
    origins = []
    for rank, query in enumerate(answered.asked):
        trail = origin_of(query)
        if trail is not None:
            series = dict.fromkeys(point.series for point in answered.reading.points if point.source == rank)
            origins.append(Origin(trail, query.dataset.title, tuple(series)))
    return origins


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


def _trail(answered: Answered, query: Asked, point: Point, address: str) -> Trail:
    reading = answered.reading
    text = reading.text(point.value)
    names = " · ".join(name for name in (point.group, point.series) if name)
    question = query.question
    facts = (
        (_("Valeur"), text),
        *(((reading.labels.get("grouping", _("Groupe")), names),) if names else ()),
        *_related(answered, point),
        *provenance(query.dataset, query.version, question_text(question.select, question.where, question.group_by)),
    )
    return Trail(text, address, facts, ways_back(query.dataset, address))


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
        yield _("Référence"), reference_of(one.per for one in answered.description.sources)
