"""How near a header is to a field, by their names alone: from 0 (nothing in common) to 1 (the same)."""

from __future__ import annotations

from parvis.core.mapping.model import Reason
from parvis.core.mapping.vocabulary import words_of
from parvis.core.readings.text_values import is_close, key
from parvis.core.schemas.model import Field

SAME, TITLE, CUT, CLOSE = 1.0, 0.95, 0.9, 0.85
"""Scores of the same name, of the title, of a name cut at ten characters (shapefiles), of a name nearly the same."""
_NEAR = 0.87
_WORDS = 0.8
CUT_AT = 10
"""Characters that a shapefile keeps of a name."""


def name_score(header: str, item: Field, *, thorough: bool = True) -> tuple[float, Reason | None]:
    """The score of a header for a field and why; ``thorough`` also compares letter by letter, which is slow."""
    text = key(header)
    if not text:
        return 0.0, None
    name, title = key(item.name), key(item.title)
    if text == name:
        return SAME, Reason("same-name" if header == item.name else "same-but-signs")
    if title and text == title:
        return TITLE, Reason("title", {"title": item.title})
    if _is_cut(header, item.name):
        return CUT, Reason("cut", {"field": item.name})
    if thorough and len(text) > 4 and is_close(text, name, _NEAR):
        return CLOSE, Reason("close-name", {"field": item.name})
    return _by_words(header, item)


def _is_cut(header: str, name: str) -> bool:
    """True for « date_der_m », what a shapefile keeps of « date_der_maj »."""
    return len(header) == CUT_AT and len(name) > CUT_AT and name.lower().startswith(header.lower())


def _by_words(header: str, item: Field) -> tuple[float, Reason | None]:
    header_words = words_of(header)
    rated, shared = 0.0, set[str]()
    for field_words, weight in ((words_of(item.name), 1.0), (words_of(item.title), 0.95)):
        if header_words.keys().isdisjoint(field_words):  # as nearly all are: fields of a hundred schemas are compared
            continue
        common = header_words.keys() & field_words.keys()
        score = weight * 2 * len(common) / (len(header_words) + len(field_words))
        if score > rated:
            rated, shared = score, common
    if not shared:
        return 0.0, None
    return _WORDS * rated, Reason("words", {"words": sorted(header_words[word] for word in shared)})
