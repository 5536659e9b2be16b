"""The index of the catalogue, in memory, one a process, rebuilt when the catalogue has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

import tantivy
from django.db.models import Prefetch
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import catalogue_revision
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.search.analysis import ANALYSER, french_analyser, prepared, stems
from parvis.hub.search.rules import Card
from parvis.hub.territories.models import Territory
from parvis.hub.ui.formatting import plain_text

WEIGHTS = {"title": 6.0, "territories": 4.0, "keywords": 3.0, "organisation": 2.0, "fields": 1.5, "description": 1.0}
"""Searched texts and what a word found there is worth."""


@dataclass(frozen=True)
class CatalogueIndex:
    """The cards of every published dataset and the index of their words, at one revision of the catalogue."""

    revision: int
    cards: dict[int, Card]
    index: tantivy.Index

    def find(self, text: str) -> tuple[list[int], bool]:
        """Keys of the cards that hold every word of ``text``, best first; (keys, False) when only some words were found."""
        words = stems(text)
        if not words:
            return [], True
        searcher = self.index.searcher()
        parts = [self._word(word, last=word is words[-1]) for word in words]
        for occurrence in (tantivy.Occur.Must, tantivy.Occur.Should):
            query = tantivy.Query.boolean_query([(occurrence, part) for part in parts])
            hits = searcher.search(query, limit=max(len(self.cards), 1)).hits
            if hits:
                keys = [searcher.doc(address)["key"][0] for _score, address in hits]
                return keys, occurrence == tantivy.Occur.Must
        return [], True

    def _word(self, word: str, *, last: bool) -> tantivy.Query:
        """The word in any text; its beginnings when it is the last one typed; its neighbours when nothing has it."""
        schema, known = self.index.schema, self._is_known(word)
        queries = []
        for name, weight in WEIGHTS.items():
            exact = tantivy.Query.term_query(schema, name, word)
            queries.append(tantivy.Query.boost_query(exact, weight))
            if last and len(word) >= 3:
                begun = tantivy.Query.fuzzy_term_query(schema, name, word, distance=0, prefix=True)
                queries.append(tantivy.Query.boost_query(tantivy.Query.const_score_query(begun, 0.3), weight))
            if not known and len(word) >= 4:
                near = tantivy.Query.fuzzy_term_query(schema, name, word, distance=1 if len(word) < 8 else 2)
                queries.append(tantivy.Query.boost_query(tantivy.Query.const_score_query(near, 0.5), weight))
        return tantivy.Query.disjunction_max_query(queries, tie_breaker=0.3)

    def _is_known(self, word: str) -> bool:
        searcher = self.index.searcher()
        return any(searcher.doc_freq(name, word) for name in WEIGHTS)


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
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", stored=True, indexed=True, fast=True)
    for name in WEIGHTS:
        builder.add_text_field(name, tokenizer_name=ANALYSER)
    index = tantivy.Index(builder.build())
    index.register_tokenizer(ANALYSER, french_analyser())
    known = {card.key: card for card in cards}
    writer = index.writer(heap_size=15_000_000, num_threads=1)
    for card in known.values():
        writer.add_document(_document(card))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return CatalogueIndex(revision, known, index)


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
    """Every published dataset, whoever may see it: rights are asked at each search."""
    found = Dataset.objects.filter(status=Status.PUBLISHED, current__isnull=False)
    return (
        found.select_related("organisation", "current")
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
    )


def _field_words(dataset: Dataset) -> tuple[str, ...]:
    try:
        shape = shape_of(dataset)
    except NotFound:  # the folder of a version may be away while a backup is restored: its card stays searchable
        return ()
    words = [word for column in shape for word in (column.name.replace("_", " "), column.label)]
    return tuple(dict.fromkeys(words))
