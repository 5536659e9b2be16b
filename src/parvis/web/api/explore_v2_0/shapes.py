"""Answers of version 2.1 in the shapes of version 2.0."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parvis.core.odsql import nodes

type Body = dict[str, Any]

_OF_RECORD = {"_id": "id", "_timestamp": "timestamp", "_size": "size"}
_DATE_PARTS = frozenset({"year", "month", "day", "hour", "minute", "second"})


def date_parts(items: tuple[nodes.SelectItem, ...]) -> frozenset[str]:
    """The keys of what is selected as a part of a date."""
    calls = ((item.key, item.expression) for item in items)
    return frozenset(key for key, call in calls if isinstance(call, nodes.Call) and call.name in _DATE_PARTS)


def record_page(body: Body, parts: frozenset[str] = frozenset()) -> Body:
    """A page of records; the values of ``parts`` as text."""
    records = [one_record(row, parts) for row in body["results"]]
    return {"total_count": body["total_count"], "links": body.get("_links", []), "records": records}


def one_record(row: Body, parts: frozenset[str] = frozenset()) -> Body:
    """A record: its links, its technical fields, and the others under ``fields``; the values of ``parts`` as text."""
    row = {key: str(value) if key in parts and value is not None else value for key, value in row.items()}
    technical = {new: row[old] for old, new in _OF_RECORD.items() if old in row}
    fields = {name: value for name, value in row.items() if name not in _OF_RECORD and name != "_links"}
    return {"links": row.get("_links", []), "record": {**technical, "fields": fields}}


def dataset_page(body: Body) -> Body:
    """A page of datasets."""
    datasets = [one_dataset(row) for row in body["results"]]
    return {"total_count": body["total_count"], "links": body.get("_links", []), "datasets": datasets}


def one_dataset(row: Body) -> Body:
    """A dataset: its links, and its object."""
    return {"links": row.get("_links", []), "dataset": {name: value for name, value in row.items() if name != "_links"}}


def aggregations(results: list[Body], groups: tuple[nodes.GroupItem, ...]) -> Body:
    """Groups as this version gave them: none for nulls, dates in milliseconds, parts of dates as text."""
    complete = []
    for row in results:
        # A group that ``select`` names otherwise is there under that other name alone.
        present = [group for group in groups if group.key in row]
        if all(row[group.key] is not None for group in present):
            complete.append({**row, **{group.key: _key(group, row[group.key]) for group in present}})
    return {"aggregations": complete}


def _key(group: nodes.GroupItem, value: Any) -> Any:
    expression = group.expression
    if isinstance(expression, nodes.Call) and expression.name in _DATE_PARTS:
        return str(value)
    if (
        isinstance(expression, nodes.Field)
        and isinstance(value, str)
        and len(value) >= len("2018-01-01T00:00:00+00:00")
    ):
        return _milliseconds(value)
    return value


def _milliseconds(text: str) -> Any:
    """An instant as milliseconds since 1970; any other text as it is."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if instant.tzinfo is None else round(instant.timestamp() * 1000)


def nothing(items: tuple[nodes.SelectItem, ...]) -> Body:
    """The one row of aggregations over no record: nought for counts, null for the others."""
    counted = {item.key: isinstance(item.expression, nodes.Call) and item.expression.name == "count" for item in items}
    return {key: 0 if is_count else None for key, is_count in counted.items()}
