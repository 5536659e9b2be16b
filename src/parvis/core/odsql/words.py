"""Texts looked for, split in words; the engine folds accents and case on both sides."""

from __future__ import annotations

import re
import unicodedata

from parvis.core.odsql.bound import Part, Word

_WORD = re.compile(r"[^\W_]+")
_JOKERS = re.compile(r"[%*]")


def split_words(text: str) -> list[str]:
    """The words of a text: runs of letters and digits."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def whole_words(text: str) -> tuple[Word, ...]:
    """Every word, whole: full text."""
    return tuple(Word(word, Part.WHOLE) for word in split_words(text))


def search_words(text: str) -> tuple[Word, ...]:
    """Every word whole but the last, which may be a beginning: ``search`` and ``suggest``."""
    words = split_words(text)
    return tuple(Word(word, Part.START if word is words[-1] else Part.WHOLE) for word in words)


def like_words(pattern: str) -> tuple[Word, ...]:
    """Every word of a ``like``; one that carries ``%`` or ``*`` may stand anywhere inside a word."""
    words = []
    for chunk in pattern.split():
        part = Part.ANY if _JOKERS.search(chunk) else Part.WHOLE
        words += [Word(word, part) for word in split_words(chunk)]
    return tuple(words)
