"""The letters of a text whatever its accents, capitals, blanks and hyphens, and where words are in them.

Extractors of PDF disagree on blanks, ligatures and ends of lines; none disagrees on letters. A word is looked for among letters
alone, then must begin and end where words do.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

FEW = 5
"""Letters under which those of a word must stand together: « l’ami » is not « Lami »."""
_JOINED = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
_CIVIL = re.compile(
    r"^(?:M\.|MM\.|Mr\.?|M|Mmes?\.?|MME|MLLE|Mlle|Monsieur|Madame|Mademoiselle|MONSIEUR|MADAME|Me|Maître|Dr)[\s\u00a0]+(?=\S)"
)
_TITLES = frozenset({"monsieur", "messieurs", "madame", "mesdames", "mademoiselle", "maître", "mmes", "mlle"})
"""Words of names that lead to nobody."""
_WORD = re.compile(r"[\w'’.-]+")
LONG = 4
"""Letters from which a word of a hidden name that stands alone is told."""
MOST_WORDS = 4
"""Words of a text of which the other orders are looked for too."""


@lru_cache(maxsize=65_536)
def folded(character: str) -> str:
    """The bare letters and digits of one character: « É » → « e », « ﬁ » → « fi », « - » → nothing."""
    if "\uf020" < character < "\uf07f":  # letters of a font that says it has none
        character = chr(ord(character) - 0xF000)
    plain = unicodedata.normalize("NFKD", _JOINED.get(character, character)).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Letters:
    """``text``: the bare letters of some characters; ``origins``: from which character each of them comes."""

    characters: Sequence[str]
    text: str
    origins: Sequence[int]

    @classmethod
    def of(cls, characters: Sequence[str]) -> Letters:
        """Those of a text, or of a list of characters."""
        pieces: list[str] = []
        origins: list[int] = []
        for rank, character in enumerate(characters):
            bare = folded(character)
            pieces.append(bare)
            origins.extend([rank] * len(bare))
        return cls(characters, "".join(pieces), origins)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """First letter and the one after the last of the characters from ``start`` to ``end``."""
        return bisect_left(self.origins, start), bisect_left(self.origins, end)

    def words(self, word: str) -> Iterator[tuple[int, int]]:
        """Where ``word`` is: characters, the last excluded."""
        bare = Letters.of(word).text
        for first in everywhere(bare, self.text):
            start, end = self.origins[first], self.origins[first + len(bare) - 1] + 1
            if len(bare) < FEW and _gaps(self.characters[start:end]) > _gaps(word):
                continue
            if is_edge(self.characters, start) and is_edge(self.characters, end):
                yield start, end


def everywhere(sought: str, text: str) -> Iterator[int]:
    """Each place of ``text`` where ``sought`` begins; nothing for nothing."""
    place = text.find(sought) if sought else -1
    while place >= 0:
        yield place
        place = text.find(sought, place + 1)


def is_edge(characters: Sequence[str], place: int) -> bool:
    """Whether a word may begin or end before the character at ``place``: at blanks, signs, and changes of case or to digits."""
    if place <= 0 or place >= len(characters):
        return True
    before, after = characters[place - 1], characters[place]
    if unicodedata.combining(after[:1] or " "):
        return False
    if not folded(before) or not folded(after):
        return True
    is_after_capitals = (
        place >= 2 and characters[place - 2].isupper()
    )  # « Du » of « Dupont » is no word, « DU » of « DUpont » is
    is_change = before.isupper() != after.isupper() and (after.isupper() or is_after_capitals)
    return before.isdigit() != after.isdigit() or is_change


def _gaps(characters: Sequence[str]) -> int:
    """How many characters are neither letters nor accents."""
    return sum(not folded(character) and not unicodedata.combining(character[:1] or " ") for character in characters)


def forms(text: str) -> tuple[str, ...]:
    """``text`` without civility, and its words in the other order when they are few: « M. Jean Dupont », « DUPONT Jean »."""
    bare = _CIVIL.sub("", text.strip()).strip() or text.strip()
    words = _WORD.findall(bare)
    others = (
        [" ".join((*words[1:], words[0])), " ".join((words[-1], *words[:-1]))] if 1 < len(words) <= MOST_WORDS else []
    )
    named = [form for form in others if not any(letter.isdigit() for letter in form)]
    return tuple(dict.fromkeys(form for form in (bare, *named) if Letters.of(form).text))


def parts_of_name(text: str) -> list[str]:
    """The words of a name of several that may lead to it alone: « Zoé Martineau » → « Martineau »; none of a single word."""
    named = [part for part in text.replace("-", " ").split() if part[:1].isupper() and part.isalpha()]
    if len(named) < 2:
        return []
    return [part for part in named if len(part) >= LONG and part.lower() not in _TITLES]


def masked(text: str) -> str:
    """``text`` as messages and logs may have it: the first letter of each of its words, whatever their length.

    >>> masked("M. Jean Dupont, 06 12")
    'M• J••• D••• ••• •••'
    """
    words = _WORD.findall(text)[:12]
    return " ".join(
        f"{word[0]}•••" if word[0].isalpha() and len(word) > 2 else f"{word[0]}•" if word[0].isalpha() else "•••"
        for word in words
    )
