"""The fields of the index of a library, made from what it declares, and a document as they hold it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import tantivy

from parvis.hub.fulltext.analysis import SPLIT, code_of, forms_and_stems
from parvis.hub.fulltext.rules import CODE, PERSON, PLACE, TITLE, LongDocument, TextLibrary
from parvis.hub.search.folder import IndexFolder

FORMAT: Final = 1
"""Goes up with each change of the fields or of the words: an index of another format is made again."""

KEY: Final = "key"
EXACT: Final = "codes"
"""Numbers of acts, as they are compared."""
SEEN_BY, SHOWN_ON = "seen_by", "shown_on"
ANY: Final = ""
"""All the texts of a document, one after the other: the title, numbers, other texts, pages."""


def stems_field(name: str = ANY) -> str:
    """The field of the stems of a text."""
    return f"stems_{name}"


def words_field(name: str = ANY) -> str:
    """The field of the words of a text as they are written, little ones among them."""
    return f"words_{name}"


def facet_field(name: str) -> str:
    """The field of a facet."""
    return f"facet_{name}"


def number_field(name: str) -> str:
    """The field of a number."""
    return f"number_{name}"


def make_schema(library: TextLibrary) -> tantivy.Schema:
    """The fields."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(KEY, indexed=True, fast=True)
    for name in (EXACT, SEEN_BY, SHOWN_ON):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (ANY, *(field.name for field in library.searched_fields)):
        builder.add_text_field(stems_field(name), tokenizer_name=SPLIT)
        builder.add_text_field(words_field(name), tokenizer_name=SPLIT)
    for facet in library.counted_facets:
        builder.add_text_field(facet_field(facet.name), tokenizer_name="raw", index_option="basic", fast=True)
    for number in library.numbers:
        builder.add_integer_field(number_field(number.name), indexed=True, fast=True)
    return builder.build()


def folder_of(library: TextLibrary) -> IndexFolder:
    """Where its index lies; one made for other fields is not read."""
    names = [
        [field.name for field in library.searched_fields],
        [facet.name for facet in library.counted_facets],
        [number.name for number in library.numbers],
    ]
    form = hashlib.blake2s(repr(names).encode(), digest_size=4).hexdigest()
    return IndexFolder(f"library-{library.name}", f"f{FORMAT}x{form}")


def as_fields(library: TextLibrary, document: LongDocument) -> tantivy.Document:
    """The document as the index holds it."""
    fields = tantivy.Document()
    fields.add_unsigned(KEY, document.key)
    texts = {TITLE: (document.title,), CODE: document.codes, **document.texts}
    for field in library.searched_fields:
        _add_texts(fields, texts.get(field.name, ()), field.name, ANY)
    _add_texts(fields, ("\n".join(document.pages),), ANY)
    facets = {**document.facets, PERSON: document.people, PLACE: document.places}
    terms = {facet_field(facet.name): facets.get(facet.name, ()) for facet in library.counted_facets}
    terms |= {EXACT: tuple(map(code_of, document.codes)), SEEN_BY: document.seen_by, SHOWN_ON: document.shown_on}
    for name, values in terms.items():
        for value in dict.fromkeys(filter(None, values)):
            fields.add_text(name, value)
    for number in library.numbers:
        if (value := document.numbers.get(number.name)) is not None:
            fields.add_integer(number_field(number.name), value)
    return fields


def _add_texts(fields: tantivy.Document, texts: Iterable[str], *names: str) -> None:
    for text in texts:
        words, stems = forms_and_stems(text)
        for name in names:
            fields.add_text(words_field(name), words)
            fields.add_text(stems_field(name), stems)
