"""Tools about subjects of public life: whatever has a public list can be searched and read by assistants, who may also ask what
modules declare."""

from __future__ import annotations

import functools
import inspect
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from parvis.core.errors import NotFound
from parvis.hub.collections.declaration import Collection
from parvis.hub.collections.query import Query
from parvis.hub.collections.views import seen_at
from parvis.hub.registry import Tool, collections, modules
from parvis.web.mcp.caller import CALLER
from parvis.web.mcp.trails import absolute

MOST = 50


def search_subject(
    subject: str, words: str = "", filters: dict[str, str] | None = None, limit: int = 10
) -> dict[str, Any]:
    """Records of a subject."""
    collection, parameters = _collection(subject), QueryDict(mutable=True)
    parameters.update({name[:40]: str(value)[:200] for name, value in (filters or {}).items()} | {"q": words[:200]})
    query = Query.read(collection, parameters)
    records = query.records()
    size = min(max(limit, 1), MOST)
    prepared = collection.prepared(list(records[:size]), CALLER.get().actor)
    return {
        "total": records.count(),
        "results": [_short(collection, record) for record in prepared],
        "filters": {row.facet.name: [choice.value for choice in row.choices][:MOST] for row in query.filters()},
        "when": [period.name for period in collection.periods],
    }


def read_record(subject: str, slug: str) -> dict[str, Any]:
    """One record."""
    collection = _collection(subject)
    record = seen_at(collection, CALLER.get().actor, slug)
    return {**_short(collection, record), "details": collection.json_ld(record) or collection.as_json(record)}


def _short(collection: Collection, record: Any) -> dict[str, Any]:
    return {
        "slug": record.slug,
        "title": record.title,
        "lines": collection.lines(record),
        "publisher": record.organisation.name,
        "page": absolute(record.get_absolute_url()),
    }


def _collection(subject: str) -> Collection:
    for collection in collections():
        if collection.place == subject:
            return collection
    raise NotFound(name=subject)


def tools() -> tuple[Tool, ...]:
    """Those of the subjects installed."""
    return (*_of_collections(), *(_as_caller(tool) for module in modules() for tool in module.tools))


def _as_caller(tool: Tool) -> Tool:
    """The tool of a module as the server asks tools: without who asks, who is that of the message."""

    @functools.wraps(tool.function)
    def asked(**arguments: Any) -> dict[str, Any]:
        return tool.function(CALLER.get().actor, **arguments)

    _actor, *parameters = inspect.signature(tool.function).parameters.values()
    asked.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return replace(tool, function=asked)


def _of_collections() -> tuple[Tool, ...]:
    """Those of every list; none when no subject has one."""
    places = ", ".join(f"{row.place} ({row.title})" for row in collections())
    if not places:
        return ()
    return (
        Tool(
            search_subject,
            "Chercher dans un sujet",
            f"What the portal publishes of a subject of public life, by words and filters. Subjects: {places}. "
            "The answer lists the filters and, where there are dates, the values of « quand ».",
        ),
        Tool(read_record, "Lire une fiche", f"One page of a subject, whole. Subjects: {places}."),
    )


PARAMETERS = {
    "subject": "One of the subjects that the description lists.",
    "filters": "Filters by name, as the answer's filters list them; « quand » chooses dates.",
    "slug": "The slug of a result of search_subject.",
}
"""What each parameter of these tools is, for assistants."""
