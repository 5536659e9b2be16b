"""From what a drawing shows to its rows: the filters of the table that mean the same as a question."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from math import ceil
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType
from parvis.core.explore import ExploreRequest
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.provenance import provenance, ways_back
from parvis.hub.drawings.questions import Asked
from parvis.hub.ui.trail import Trail

_FIELDS = ("colonne", "op", "valeur")
SEVERAL = object()
"""In the place of a code: several were brought together."""

type Filter = tuple[str, str, str]
"""Column, operator, value, as in the address of a table."""

_COMPARED = re.compile(
    r"`(\w+)` (=|!=|>=|<=|<) "
    r"(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|\"(?:[^\"\\]|\\.)*\"|date'[\d-]+')"
)
_EMPTY = re.compile(r"`(\w+)` is (not )?null")
_LIKE = re.compile(r"`(\w+)` like \"((?:\*[^\"\\*]+\* ?)+)\"")
_OPERATORS = {"=": "egal", "!=": "different", ">=": "min", "<=": "max", "<": "moins"}
_WORDS = {"true": "oui", "false": "non"}


def filters_of(where: Iterable[str]) -> list[Filter] | None:
    """The filters of a form that gave these conditions (``hub.ui.filters``); None when one was written otherwise."""
    filters = []
    for condition in where:
        compared, empty, like = (shape.fullmatch(condition) for shape in (_COMPARED, _EMPTY, _LIKE))
        if compared:
            filters.append((compared[1], _OPERATORS[compared[2]], _value(compared[3])))
        elif empty:
            filters.append((empty[1], "rempli" if empty[2] else "vide", ""))
        elif like:
            filters.append((like[1], "contient", " ".join(word.strip("*") for word in like[2].split())))
        else:
            return None
    return filters


def _value(literal: str) -> str:
    if literal.startswith('"'):
        return re.sub(r"\\(.)", r"\1", literal[1:-1])
    return literal[5:-1] if literal.startswith("date'") else _WORDS.get(literal, literal)


def rows_address(dataset_query: Asked, filters: Iterable[Filter] = ()) -> str | None:
    """The table of the rows behind an answer, fewer with more ``filters``, in the version that was asked; None when the question's
    own conditions are not filters of the table."""
    if dataset_query.dataset.status != "published":
        return None
    return table_address(dataset_query.dataset, dataset_query.version, dataset_query.question.where, filters)


def table_address(
    dataset: Dataset, version: Version, where: Iterable[str], filters: Iterable[Filter] = ()
) -> str | None:
    """The table of the rows of a version under some conditions; None when these are not filters of the table."""
    source_filters = filters_of(where)
    if source_filters is None:
        return None
    pairs = [pair for f in (*source_filters, *filters) for pair in zip(_FIELDS, f, strict=True)]
    return f"{dataset.get_absolute_url()}table/?{urlencode([*pairs, ('version', version.name)])}#lignes"


def group_address(query: Asked, group: object, series: object = None) -> str | None:
    """The table of the rows of a group and a series, as rows write them; None when no filters say them."""
    filters = all_or_none(group_filters(query, group, series))
    return None if filters is None else rows_address(query, filters)


def csv_address(dataset_id: str, question: ExploreRequest) -> str:
    """The answer as CSV, by the Explore API: the same question, for anyone who wants to compute it again."""
    pairs = [("select", question.select), *(("where", condition) for condition in question.where)]
    pairs += [("group_by", question.group_by)] if question.group_by else []
    pairs += [("order_by", question.order_by)] if question.order_by else []
    pairs += [("limit", str(question.limit)), ("timezone", question.timezone)]
    return absolute_path(f"/api/explore/v2.1/catalog/datasets/{dataset_id}/exports/csv?{urlencode(pairs)}")


def all_or_none(filters: Iterable[Filter | None]) -> list[Filter] | None:
    """The filters; None when one of them cannot be said."""
    all_filters = list(filters)
    return None if None in all_filters else [one for one in all_filters if one is not None]


def group_filters(
    query: Asked, group: object, series: object, bounds: tuple[float, float] | None = None
) -> Iterator[Filter | None]:
    """The filters that leave the rows of a group and a series, as rows write them; None for what no filter says."""
    for role, value in (("c_group", group), ("c_series", series)):
        written = next((part for part in _groups(query.question.group_by) if part.endswith(f" as {role}")), "")
        if not written:
            continue
        dated = re.fullmatch(r'date_format\(`(\w+)`, "([\w-]+)"\) as \w+', written)
        ranged = re.fullmatch(r"range\(`(\w+)`, [^)]*\) as \w+", written)
        plain = re.fullmatch(r"`(\w+)` as \w+", written)
        if plain and value is not SEVERAL and (column := query.source.shape.get(plain[1])):
            yield equal_to(column, value)
        elif ranged and bounds and (column := query.source.shape.get(ranged[1])):
            yield from _bounds(column, *bounds)
        elif dated and (column := query.source.shape.get(dated[1])) and column.type is ColumnType.DATE:
            yield from _dates(dated[1], dated[2], str(value))
        else:
            # Among others, moments: whole days of the table are days of UTC, groups are days of here.
            yield None


def _groups(group_by: str) -> list[str]:
    return re.findall(r"(?:date_format\([^)]*\)|range\([^)]*\)|`\w+`) as \w+", group_by)


def equal_to(column: Column, value: object) -> Filter | None:
    """The filter that leaves the rows of a value; None when none says it."""
    if value is None or value == "":
        return column.name, "vide", ""
    if isinstance(value, bool):
        return column.name, "egal", "oui" if value else "non"
    if column.annotations.get("multivalued") or column.type.is_geographic:
        return None
    return column.name, "egal", str(value)


def _dates(column: str, pattern: str, key: str) -> Iterator[Filter | None]:
    """The first and the last day of a year, a month, a day."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", key)
    if not match or not pattern.startswith("yyyy"):
        yield None
        return
    year, month, one_day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
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


def origin_of(query: Asked) -> Trail | None:
    """Where all the values of an answer come from; None for a dataset that is not published."""
    if query.dataset.status != "published":
        return None
    question = query.question
    address = rows_address(query) or csv_address(query.dataset.dataset_id, question)
    query_text = question_text(question.select, question.where, question.group_by)
    facts = provenance(query.dataset, query.version, query_text)
    return Trail(_("D’où viennent ces valeurs"), address, facts, ways_back(query.dataset, address))


def question_text(select: str, where: tuple[str, ...], group_by: str) -> str:
    """A question in ODSQL, on one line."""
    parts = [f"select {select}", *(["where " + " and ".join(where)] if where else [])]
    return " ".join([*parts, *([f"group by {group_by}"] if group_by else [])])
