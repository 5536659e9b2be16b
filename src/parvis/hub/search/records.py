"""Searching the records of every subject: what modules declare, looked for where each keeps its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import QueryDict

from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import datasets_visible_to, renamed
from parvis.hub.collections.declaration import Collection
from parvis.hub.collections.query import Query
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.selectors import matching, published
from parvis.hub.registry import Link, collections, modules, way_of
from parvis.hub.search.rules import RecordSource, SearchDocument, SearchGroup

MOST = 5
"""Documents of each subject."""
MOST_LOOKED_AT = 200
"""Records whose datasets are looked at: beyond, the words are too usual to tell anything."""
LONGEST_TEXT = 300


def search_records(actor: Actor, words: str, most: int = MOST) -> list[SearchGroup]:
    """The published records that hold every word, by subject; a subject that has none is left out."""
    if not words.strip():
        return []
    groups = [_of_collection(actor, collection, words, most) for collection in collections()]
    groups += [_of_source(actor, source, words, most) for module in modules() for source in module.search]
    return [group for group in groups if group.documents]


def _of_collection(actor: Actor, collection: Collection, words: str, most: int) -> SearchGroup:
    fields = QueryDict(mutable=True)
    fields["q"] = words
    query = Query.read(collection, fields)
    rows = collection.prepared(query.matches()[:most], actor)
    way = way_of(Link(collection.title, collection.name, "q"), query.text)
    return SearchGroup(collection.place, way, _documents((row, collection.lines(row)) for row in rows))


def _of_source(actor: Actor, source: RecordSource, words: str, most: int) -> SearchGroup:
    rows: Sequence[Any] = matching(published(source.kind), words).order_by("-last_published_at", "-id")[:MOST_LOOKED_AT]
    if source.rests_on_datasets:
        rows = list(_readable(actor, rows))
    way = way_of(source.page, words)
    return SearchGroup(source.kind.place, way, _documents((row, source.lines(row)) for row in rows[:most]))


def _readable(actor: Actor, rows: Iterable[Any]) -> Iterator[Any]:
    readable = set(datasets_visible_to(actor).prefetch_related(None).values_list("dataset_id", flat=True))
    for row in rows:
        if all(name in readable or renamed(actor, name) in readable for name in row.datasets):
            yield row


def _documents(rows: Iterable[tuple[CivicRecord, Iterable[str]]]) -> tuple[SearchDocument, ...]:
    return tuple(
        SearchDocument(
            row.slug,
            row.title,
            " — ".join(line for line in lines if line)[:LONGEST_TEXT],
            row.organisation.name,
            row.get_absolute_url(),
        )
        for row, lines in rows
    )
