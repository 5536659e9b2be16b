"""The records of every subject, as a search finds them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Q

from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import dataset_called, datasets_visible_to
from parvis.hub.collections.declaration import Collection as RecordCollection
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.selectors import published
from parvis.hub.registry import Link
from parvis.hub.search.datasets import seen_by
from parvis.hub.search.rules import ANYBODY, Hit, SearchDocument, SearchKind, in_order
from parvis.hub.sites.lens import current_lens

LONGEST_TEXT = 300
"""Letters of what a result says."""


def kind_of_records(
    records: type[CivicRecord],
    label: Any,
    page: Link,
    *,
    lines: Callable[[Any], Iterable[str]] = lambda record: (),
    rests_on_datasets: bool = False,
) -> SearchKind:
    """Records that are found by their words: their kind, the page that lists them, the lines that say one.

    ``rests_on_datasets``: a record is told of to those alone who may read every dataset that it asks.
    """

    def documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
        return _documents(records, keys, rests_on_datasets=rests_on_datasets)

    def hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
        rows: Iterable[Any] = in_order(published(records).filter(pk__in=keys), keys)
        readable = _readable(actor, rows) if rests_on_datasets else rows
        return [_hit(row, lines(row)) for row in islice(readable, most)]

    return SearchKind(
        name=records.noun, label=label, model=records, documents=documents, hits=hits, page=page, place=records.place
    )


def kind_of_collection(collection: RecordCollection) -> SearchKind:
    """The records of a collection, as its list shows them on the site that answers."""

    def documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
        return _documents(collection.kind, keys, rests_on_datasets=False)

    def hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
        query, lens = collection.records(published(collection.kind)).filter(pk__in=keys), current_lens()
        rows = in_order(query if lens is None else collection.through(lens, query), keys)[:most]
        return [_hit(row, collection.lines(row)) for row in collection.prepared(rows, actor)]

    return SearchKind(
        name=collection.kind.noun,
        label=collection.title,
        model=collection.kind,
        documents=documents,
        hits=hits,
        page=Link(collection.title, collection.search_name, "q"),
        place=collection.place,
        rank=20,
    )


def _documents(
    records: type[CivicRecord], keys: Collection[int] | None, *, rests_on_datasets: bool
) -> Iterator[SearchDocument]:
    rows = published(records) if keys is None else published(records).filter(pk__in=keys)
    marks = _Marks() if rests_on_datasets else None
    for row in rows.select_related("territory").iterator(chunk_size=500):
        names: Sequence[str] = row.datasets if marks else ()  # type: ignore[attr-defined]
        yield SearchDocument(
            kind=records.noun,
            key=row.pk,
            title=row.title,
            text=" ".join(text for text in row.texts()[1:] if text),
            organisation=row.organisation.name,
            territories=(row.territory.name,) if row.territory else (),
            modified=row.last_published_at or row.modified,
            seen_by=marks.of(names) if marks else (ANYBODY,),
            rests_on=tuple(names),
        )


class _Marks:
    """Who may find what is drawn from datasets: those who may find each of them."""

    def __init__(self) -> None:
        self._marks: dict[str, frozenset[str]] = {}

    def of(self, names: Iterable[str]) -> tuple[str, ...]:
        """What the datasets of these identifiers have in common."""
        marks = [self._marks.setdefault(name, self._of(name)) for name in dict.fromkeys(names)]
        closed = [some for some in marks if ANYBODY not in some]
        # Who holds another mark of each of them is not found out here: the right is asked again when answering.
        return tuple(sorted(frozenset.intersection(*closed))) if closed else (ANYBODY,)

    def _of(self, name: str) -> frozenset[str]:
        dataset = dataset_called(name)
        return frozenset(seen_by(dataset)) if dataset is not None and dataset.current_id else frozenset()


def _readable(actor: Actor, rows: Iterable[Any]) -> Iterator[Any]:
    rows = list(rows)
    names = {name for row in rows for name in row.datasets}
    called_so = Q(dataset_id__in=names) | Q(aliases__former_id__in=names)
    visible = datasets_visible_to(actor).prefetch_related(None).filter(called_so)
    readable = {name for pair in visible.values_list("dataset_id", "aliases__former_id") for name in pair}
    yield from (row for row in rows if readable.issuperset(row.datasets))


def _hit(row: CivicRecord, lines: Iterable[str]) -> Hit:
    text = " — ".join(line for line in lines if line)[:LONGEST_TEXT]
    return Hit(row.slug, row.title, text, row.organisation.name, row.get_absolute_url(), key=row.pk)
