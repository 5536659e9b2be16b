"""The words of long documents: where each is, as it is written and as its other forms are.

The index, the questions and what is highlighted all read words here: what is shown as found is what was found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import tantivy

from parvis.core.text import fold
from parvis.hub.search.analysis import stems

SPLIT: Final = "fulltext-split"
"""The analyser of the index by the name that it knows it by: texts come as words between spaces."""
LONGEST_WORD: Final = 60
_KNOWN: Final = 50_000
"""Words whose forms are kept: more than the usual ones of a language."""

_WORD: Final = re.compile(
    # A number written by thousands is one word: « 12 000 », « 12.000 », « 12000 »
    r"[0-9]{1,3}(?:[ .\u00a0\u202f\u2009][0-9]{3})+(?![^\W_])"
    # a word, which may be cut at the end of a line by signs that readers do not see
    r"|[^\W_]+(?:[\u00ad\ufffe\x02]\r?\n?[^\W_]+)*"
)
_NOT_OF_A_WORD: Final = re.compile(r"[\W_]+")


class Token(NamedTuple):
    """A word of a text."""

    start: int
    end: int
    form: str
    """Folded: no capitals, no accents, ligatures opened."""
    stem: str
    """What its forms have in common; empty for little words, which are only looked for in phrases."""


def normal(text: str) -> str:
    """The text with letters and accents in one sign, in which ``tokens`` tells places."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=_KNOWN)
def form_of(word: str) -> str:
    """A word as phrases know it; empty when nothing of it can be typed."""
    return _NOT_OF_A_WORD.sub("", fold(word))[:LONGEST_WORD]


@lru_cache(maxsize=_KNOWN)
def stem_of(word: str) -> str:
    """What the forms of a word have in common; empty for little words."""
    return next(iter(stems(form_of(word))), "")


def split(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of a normal text as they are written, and where each is."""
    words, spans = _WORD.findall(text), [match.span() for match in _WORD.finditer(text)]
    if all(map(form_of, words)):
        return words, spans
    pairs = [pair for pair in zip(words, spans, strict=True) if form_of(pair[0])]
    return [word for word, _span in pairs], [span for _word, span in pairs]


def tokens(text: str) -> Iterator[Token]:
    """The words of a normal text, in order."""
    for word, (start, end) in zip(*split(text), strict=True):
        yield Token(start, end, form_of(word), stem_of(word))


def forms_and_stems(text: str) -> tuple[str, str]:
    """The forms of the words of a text between spaces, little words among them, and their stems without these."""
    words = _WORD.findall(normal(text))
    return " ".join(filter(None, map(form_of, words))), " ".join(filter(None, map(stem_of, words)))


def register(index: tantivy.Index) -> tantivy.Index:
    """The same index, which knows its analyser."""
    index.register_tokenizer(SPLIT, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def code_of(text: str) -> str:
    """A number of an act as it is compared: « 2024/045 » and « 2024-045 » are one."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))
