"""The fields of the index, and a document as they hold it."""

from __future__ import annotations

from typing import Final

import tantivy

from parvis.core.text import fold
from parvis.hub.search.analysis import STEMMED, WHOLE, prepared, stemmed_analyser, whole_analyser
from parvis.hub.search.rules import FACETS, SearchDocument

FORMAT: Final = 2
"""Goes up with each change of the fields: an index of another format is made again."""

WEIGHTS: Final = {
    "title": 6.0,
    "territories": 4.0,
    "keywords": 3.0,
    "organisation": 2.0,
    "columns": 1.5,
    "values": 1.5,
    "text": 1.0,
}
"""Searched texts and what a word found there is worth."""

TYPED: Final = "typed"
"""The words of titles, keywords and territories, whole: what is being typed is looked for there."""
EXACT: Final = "exact"
"""Codes, and whole names of what a document is or concerns, folded."""
NOBODY: Final = "-"
"""Stands for an empty value, which the index could not be asked for."""

_TERMS: Final = ("kind", EXACT, "seen_by", "published_by", "absent_from", "about", "rests_on")
LONGEST_TEXT: Final = 20_000
"""Letters of a text that are searched."""


def uid(kind: str, key: int) -> str:
    """What names a document in the index."""
    return f"{kind}:{key}"


def facet_field(name: str) -> str:
    """The field of a facet."""
    return f"facet_{name.replace('-', '_')}"


def make_schema() -> tantivy.Schema:
    """The fields."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_text_field("uid", tokenizer_name="raw", index_option="basic", stored=True)
    for name in _TERMS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in WEIGHTS:
        builder.add_text_field(name, tokenizer_name=STEMMED)
    builder.add_text_field(TYPED, tokenizer_name=WHOLE)
    for facet in FACETS:
        builder.add_text_field(facet_field(facet.name), tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("title_order", tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("rows", "modified"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    return builder.build()


def register_analysers(index: tantivy.Index) -> tantivy.Index:
    """The same index, which knows its analysers: they are not written with it."""
    index.register_tokenizer(STEMMED, stemmed_analyser())
    index.register_tokenizer(WHOLE, whole_analyser())
    return index


def as_fields(document: SearchDocument) -> tantivy.Document:
    """The document as the index holds it."""
    fields = tantivy.Document()
    fields.add_unsigned("key", document.key)
    texts = {
        "title": _joined((document.title, *document.titles)),
        "territories": _joined(document.territories),
        "keywords": _joined(document.keywords),
        "organisation": document.organisation,
        "columns": _joined(document.columns),
        "values": _joined(document.values),
        "text": document.text[:LONGEST_TEXT],
    }
    for name, text in texts.items():
        fields.add_text(name, prepared(text))
    fields.add_text(TYPED, fold(_joined((document.title, *document.titles, *document.keywords, *document.territories))))
    for name, terms in _terms(document).items():
        for term in terms:
            fields.add_text(name, term)
    fields.add_text("title_order", fold(document.title)[:200])
    fields.add_unsigned("rows", max(document.rows, 0))
    fields.add_unsigned("modified", max(int(document.modified.timestamp() * 1e6), 0) if document.modified else 0)
    return fields


def _terms(document: SearchDocument) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys(fold(name.strip()) for name in (document.title, *document.titles, *document.territories))
    return {
        "uid": (uid(document.kind, document.key),),
        "kind": (document.kind,),
        EXACT: tuple(dict.fromkeys((*names, *map(fold, document.codes)))),
        "seen_by": document.seen_by,
        "published_by": (document.published_by or NOBODY,),
        "absent_from": document.absent_from,
        "about": document.about or (NOBODY,),
        "rests_on": document.rests_on,
        **{facet_field(name): tuple(dict.fromkeys(slugs)) for name, slugs in document.facets.items()},
    }


def _joined(words: tuple[str, ...]) -> str:
    return " ; ".join(words)
