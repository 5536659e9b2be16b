"""The index of the catalogue, in memory, one a process, rebuilt when the catalogue has changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from threading import Lock

import tantivy
from django.db.models import Prefetch
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.selectors import catalogue_revision
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.search.analysis import ANALYSER, french_analyser, prepared, stems
from parvis.hub.search.rules import Card
from parvis.hub.territories.models import Territory
from parvis.hub.ui.formatting import plain_text

WEIGHTS = {"title": 6.0, "territories": 4.0, "keywords": 3.0, "organisation": 2.0, "fields": 1.5, "description": 1.0}
"""Searched texts and what a word found there is worth."""


RESERVED_SCORE = 3.0
"""What a word is worth in a reserved dataset, times the weight of the text it is in: about what a usual word scores."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The words of some datasets. ``is_open``: everybody may read them all."""

    index: tantivy.Index
    is_open: bool

    def holds(self, word: str, visible: Set[int]) -> bool:
        """Whether a visible dataset has that very word."""
        exact = [tantivy.Query.term_query(self.index.schema, name, word) for name in WEIGHTS]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in exact])
        return any(key in visible for _score, key in self._hits(query, visible))

    def find(
        self, words: list[str], held_words: Set[str], occurrence: tantivy.Occur, visible: Set[int]
    ) -> list[tuple[float, int]]:
        """Score and key of the visible datasets that have the words, best first; ``held_words``: those some visible dataset has."""
        parts = [self._word(word, is_held=word in held_words, is_last=word is words[-1]) for word in words]
        query = tantivy.Query.boolean_query([(occurrence, part) for part in parts])
        return [(score, key) for score, key in self._hits(query, visible) if key in visible]

    def _hits(self, query: tantivy.Query, visible: Set[int]) -> Iterator[tuple[float, int]]:
        searcher = self.index.searcher()
        if not self.is_open:
            # Among reserved datasets not even the time taken may tell of those that this reader may not see.
            keys = tantivy.Query.term_set_query(self.index.schema, "key", sorted(visible))
            seen = tantivy.Query.boost_query(tantivy.Query.const_score_query(keys, 1.0), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, seen)])
        for score, address in searcher.search(query, limit=max(searcher.num_docs, 1)).hits:
            yield score, searcher.doc(address)["key"][0]

    def _word(self, word: str, *, is_held: bool, is_last: bool) -> tantivy.Query:
        """The word in any text; its beginnings when it is the last one typed; its neighbours when nothing visible has it."""
        schema = self.index.schema
        queries = []
        for name, weight in WEIGHTS.items():
            exact = tantivy.Query.term_query(schema, name, word)
            if not self.is_open:
                # How rare a word is would tell whether hidden datasets have it.
                exact = tantivy.Query.const_score_query(exact, RESERVED_SCORE)
            queries.append(tantivy.Query.boost_query(exact, weight))
            if is_last and len(word) >= 3:
                begun = tantivy.Query.fuzzy_term_query(schema, name, word, distance=0, prefix=True)
                queries.append(tantivy.Query.boost_query(tantivy.Query.const_score_query(begun, 0.3), weight))
            if not is_held and len(word) >= 4:
                near = tantivy.Query.fuzzy_term_query(schema, name, word, distance=1 if len(word) < 8 else 2)
                queries.append(tantivy.Query.boost_query(tantivy.Query.const_score_query(near, 0.5), weight))
        return tantivy.Query.disjunction_max_query(queries, tie_breaker=0.3)


@dataclass(frozen=True)
class CatalogueIndex:
    """The cards of every published dataset and the index of their words, at one revision of the catalogue.

    Datasets open to all and reserved ones are on two shelves: what the first tells, order included, depends on nothing that
    is hidden from anybody.
    """

    revision: int
    cards: dict[int, Card]
    shelves: tuple[Shelf, ...]
    reserved: frozenset[int]

    def find(self, text: str, visible: Set[int]) -> tuple[list[int], bool]:
        """Keys of the visible cards that hold every word of ``text``, best first; (keys, False) when only some were found.

        ``visible`` are the keys of all datasets that the reader may see: what the others hold changes no answer.
        """
        words = stems(text)
        shelves = [(shelf, visible if shelf.is_open else visible & self.reserved) for shelf in self.shelves]
        shelves = [(shelf, keys) for shelf, keys in shelves if keys]
        held_words = {word for word in words if any(shelf.holds(word, keys) for shelf, keys in shelves)}
        for occurrence in (tantivy.Occur.Must, tantivy.Occur.Should) if words else ():
            hits = [hit for shelf, keys in shelves for hit in shelf.find(words, held_words, occurrence, keys)]
            if hits:
                ordered = sorted(hits, key=lambda hit: -hit[0])
                return [key for _score, key in ordered], occurrence == tantivy.Occur.Must
        return [], True


_lock = Lock()
_latest: CatalogueIndex | None = None


def current_index() -> CatalogueIndex:
    """The index of the catalogue as it is now; rebuilding it takes about a second for ten thousand datasets."""
    global _latest
    revision = catalogue_revision()
    if _latest is None or _latest.revision != revision:
        with _lock:
            if _latest is None or _latest.revision != revision:
                _latest = build(revision, map(card_of, published()))
    return _latest


def build(revision: int, cards: Iterable[Card]) -> CatalogueIndex:
    """An index of these cards."""
    by_key = {card.key: card for card in cards}
    reserved = frozenset(card.key for card in by_key.values() if not card.is_open)
    shelves = tuple(
        Shelf(_filled([card for card in by_key.values() if card.is_open == is_open]), is_open)
        for is_open in (True, False)
    )
    return CatalogueIndex(revision, by_key, shelves, reserved)


def _filled(cards: Iterable[Card]) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", stored=True, indexed=True, fast=True)
    for name in WEIGHTS:
        builder.add_text_field(name, tokenizer_name=ANALYSER)
    index = tantivy.Index(builder.build())
    index.register_tokenizer(ANALYSER, french_analyser())
    writer = index.writer(heap_size=15_000_000, num_threads=1)
    for card in cards:
        writer.add_document(_document(card))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _document(card: Card) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("key", card.key)
    texts = {
        "title": card.title,
        "description": card.description,
        "keywords": " ; ".join(card.keywords),
        "organisation": card.organisation[1],
        "territories": " ; ".join(name for _code, name in card.territories),
        "fields": " ; ".join(card.fields),
    }
    for name, text in texts.items():
        document.add_text(name, prepared(text))
    return document


def published() -> Iterable[Dataset]:
    """Every published dataset, no matter who may see it: rights are asked at each search."""
    datasets = Dataset.objects.filter(status=Status.PUBLISHED, current__isnull=False)
    return (
        datasets.select_related("organisation", "current")
        .prefetch_related(Prefetch("territories", Territory.objects.defer("contour")))
        .iterator(chunk_size=500)
    )


def card_of(dataset: Dataset) -> Card:
    """What the index keeps of a dataset."""
    return Card(
        key=dataset.pk,
        dataset_id=dataset.dataset_id,
        title=dataset.title,
        description=plain_text(dataset.description),
        keywords=tuple(map(str, dataset.keywords)),
        organisation=(dataset.organisation.slug, dataset.organisation.name),
        territories=tuple((f"{t.kind}:{t.code}", t.name) for t in dataset.territories.all()),
        themes=tuple(dataset.themes),
        licence=dataset.licence,
        format=dataset.current.format,
        has_map=dataset.current.has_geometry,
        rows=dataset.current.rows,
        modified=dataset.data_modified or dataset.modified or timezone.now(),
        fields=_field_words(dataset),
        rows_by_commune=dataset.current.rows_by_commune or {},
        is_open=dataset.access == Access.PUBLIC,
    )


def _field_words(dataset: Dataset) -> tuple[str, ...]:
    try:
        shape = shape_of(dataset)
    except NotFound:  # the folder of a version may be away while a backup is restored: its card stays searchable
        return ()
    words = [word for column in shape for word in (column.name.replace("_", " "), column.label)]
    return tuple(dict.fromkeys(words))
