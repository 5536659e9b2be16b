"""Words that were searched for in vain: kept only when several people typed them on a day and nothing personal is in them.

What one person types may be a name, an illness, a telephone number. So words are first counted apart, in the memory of one
process, with a mark for each address that typed them: a keyed hash whose key is drawn anew each day and never written. Once
``SEVERAL`` different addresses have typed the same words that day, the words may be written, and the marks are thrown away.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import date
from functools import cache

from parvis.core.privacy.names import family_names, first_names
from parvis.core.privacy.texts import mentions
from parvis.core.privacy.values import is_phone, is_plate, is_postal_address
from parvis.core.text import fold
from parvis.hub.usage.rules import LONGEST_SEARCH

SEVERAL = 3
"""Different addresses from which the same words must come in a day."""
MOST_WORDS = 6
SHORTEST = 3
MOST_DIGITS = 5
"""A year or a postcode; more is a number of somebody."""
MOST_WAITING = 5_000
"""Words that wait in one process; beyond that, new ones are not looked at until the next day."""
MARK_BYTES = 8


def keepable(text: str) -> str:
    """The words as they may be kept, without accents and capitals; empty when they must not be.

    Refused: what the privacy rules find a person in, and any word that is a first name or a family name of the lists, even where
    it also means something else (« rose », « moulin »): better to lose a word than to keep a person.
    """
    words = fold(text).replace("’", "'").split()
    plain = " ".join(words)
    digits = sum(character.isdigit() for character in plain)
    if not (SHORTEST <= len(plain) <= LONGEST_SEARCH and 0 < len(words) <= MOST_WORDS and digits <= MOST_DIGITS):
        return ""
    if not all(character.isalnum() or character in " '-" for character in plain):
        return ""
    if (
        is_phone(plain)
        or is_plate(plain.upper())
        or is_postal_address(plain)
        or mentions(text)
        or mentions(text.title())
    ):
        return ""
    pieces = [piece for word in words for piece in word.replace("'", " ").replace("-", " ").split()]
    return "" if any(_is_a_name(piece) for piece in pieces) else plain


@cache
def _families() -> frozenset[str]:
    """Family names that are not also everyday words of one or two letters."""
    return frozenset(name for name in family_names() if len(name) > 2)


def _is_a_name(word: str) -> bool:
    return len(word) > 2 and (word in first_names() or word in _families())


class Waiting:
    """Words typed today in this process, until several addresses have typed them; safe with any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day: date | None = None
        self._key = b""
        self._typed: dict[tuple[int, str], set[bytes] | None] = {}

    def typed(self, day: date, site: int, words: str, address: str) -> int:
        """Note that this address typed them; how many times they are now to be counted: none yet, ``SEVERAL`` the first time, then one."""
        with self._lock:
            if day != self._day:
                self._day, self._key, self._typed = day, secrets.token_bytes(32), {}
            key = (site, words)
            if key not in self._typed and len(self._typed) >= MOST_WAITING:
                return 0
            marks = self._typed.setdefault(key, set())
            if marks is None:
                return 1
            marks.add(hashlib.blake2b(address.encode(), key=self._key, digest_size=MARK_BYTES).digest())
            if len(marks) < SEVERAL:
                return 0
            self._typed[key] = None
            return SEVERAL
