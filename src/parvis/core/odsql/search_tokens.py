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


def full_words(text: str) -> tuple[Word, ...]:
    """Every word, whole: full text."""
    return tuple(Word(word, Part.WHOLE) for word in split_words(text))


def search_words(text: str) -> tuple[Word, ...]:
    """Every word whole but the last, which may be a beginning: ``suggest``."""
    words = split_words(text)
    last = len(words) - 1
    return tuple(Word(word, Part.START if rank == last else Part.WHOLE) for rank, word in enumerate(words))


def fuzzy_words(text: str) -> tuple[Word, ...]:
    """Every word at some letters near but the last, which may be a beginning: ``search``."""
    words = split_words(text)
    last = len(words) - 1
    return tuple(Word(word, Part.START if rank == last else Part.NEAR) for rank, word in enumerate(words))


LONGEST_WORD = 256
"""Letters beyond which a word is found nowhere: looking for long ones in texts of one repeated letter would take minutes."""

LONGEST_PATTERN = {1: 60, 2: 24}
"""Longest word, by number of edits, for which a regular expression stays small."""


def allowed_edits(word: str) -> int:
    """Letters that may differ: two beyond five characters, one beyond two, else none; fewer in words that are no words."""
    most = 2 if len(word) > 5 else 1 if len(word) > 2 else 0
    return next((edits for edits in range(most, 0, -1) if len(word) <= LONGEST_PATTERN[edits]), 0)


def near_pattern(word: str) -> str:
    """A regular expression of the words near a folded one, between two spaces.

    An edit adds, removes, changes a letter, or swaps two neighbours. RE2 reads it in one pass over the text, whatever stands
    there, where measuring the distance to each word of each row took ten times as long, and for ever between long words.
    """
    return f" {_near(word, allowed_edits(word))} "


def _near(word: str, edits: int) -> str:
    if not edits:
        return word
    if not word:
        return "[^ ]?" if edits == 1 else f"[^ ]{{0,{edits}}}"
    first, rest = word[0], word[1:]
    # As it is; without this letter or with another one; with one more before it.
    ways = [first + _near(rest, edits), "[^ ]?" + _near(rest, edits - 1), "[^ ]" + _near(word, edits - 1)]
    if len(word) > 1 and word[1] != first:
        ways.append(word[1] + first + _near(word[2:], edits - 1))
    return f"(?:{'|'.join(ways)})"


def like_words(pattern: str) -> tuple[Word, ...]:
    """Every word of a ``like``; one that carries ``%`` or ``*`` may stand anywhere inside a word."""
    words = []
    for chunk in pattern.split():
        part = Part.ANY if _JOKERS.search(chunk) else Part.WHOLE
        words += [Word(word, part) for word in split_words(chunk)]
    return tuple(words)
