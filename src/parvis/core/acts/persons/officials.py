"""Whether a name is one of those who sit or sign, however it is written: capitals, accents, order, initials, civility."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from parvis.core.privacy.names import is_first_name
from parvis.core.text import fold

_WORD: Final = re.compile(r"[^\W\d_]+")
_CIVIL: Final = frozenset(
    ["m", "mm", "ms", "mr", "mrs", "mme", "mmes", "mlle", "melle", "monsieur", "messieurs", "madame", "mesdames", "mademoiselle", "me", "maitre", "dr"]
)  # fmt: skip
PARTICLES: Final = frozenset(["de", "du", "des", "d", "le", "la", "les", "l", "et", "el", "ben", "von", "van"])
ATTENDANCE: Final = re.compile(
    r"(?i)\b(?:[ée]taient\s+)?(?:pr[ée]sents?(?:\s+et\s+repr[ée]sent[ée]s?)?|absents?(?:\s+(?:et\s+)?excus[ée]s?)?|excus[ée]e?s?|repr[ée]sent[ée]e?s?"
    r"|procurations?|pouvoirs?|membres\s+pr[ée]sents|secr[ée]taire(?:\s+de\s+s[ée]ance)?|pr[ée]sident(?:e)?\s+de\s+s[ée]ance)\s*(?:\([^)\n]{0,20}\)\s*)?:"
)
"""What begins the list of those who sit."""
_ENDS: Final = re.compile(
    r"(?i)ordre\s+du\s+jour|\bobjet\b|\bvu\b|\bconsid[ée]rant|compte[- ]rendu\s+de|proc[èe]s[- ]verbal|d[ée]lib[ée]ration|\bquorum\b|\n\s*\n\s*\n|\n\s*\d{1,2}\s*[-–.)°]"
)
_LONGEST: Final = 1_500


def words_of(name: str) -> list[str]:
    """The folded words of a name, without civility nor particle: « M. Jean-Pierre LE GALL » → jean, pierre, gall."""
    return [word for word in _WORD.findall(fold(name)) if word not in _CIVIL and word not in PARTICLES]


@dataclass(frozen=True, slots=True)
class _Official:
    words: frozenset[str]
    family: frozenset[str]
    initials: frozenset[str]

    @classmethod
    def of(cls, name: str) -> _Official | None:
        spelt = [word for word in _WORD.findall(name) if fold(word) not in _CIVIL and fold(word) not in PARTICLES]
        if not any(len(word) > 1 for word in spelt):
            return None
        capitals = [word for word in spelt if len(word) > 1 and word.isupper()]
        others = [word for word in spelt if len(word) > 1 and not is_first_name(word)]
        family = capitals if capitals and len(capitals) < len(spelt) else others
        words = frozenset(fold(word) for word in spelt)
        return cls(
            words,
            frozenset(fold(word) for word in family) or words,
            frozenset(fold(word)[0] for word in spelt),
        )

    def is_named(self, words: Sequence[str]) -> bool:
        """Whether each word is one of theirs or its initial, and one of them is their family name."""
        if not any(word in self.family for word in words):
            return False
        return all(
            word in self.words or (len(word) == 1 and word in self.initials) or self._abbreviates(word)
            for word in words
        )

    def _abbreviates(self, word: str) -> bool:
        """« Ch. » for Charles, « Jpierre » no; and a name of which the initial alone is known."""
        if len(word) == 2 and any(own.startswith(word) for own in self.words):
            return True
        return word[0] in self.words and is_first_name(word)


class Officials:
    """Names of those who are set aside; asked of one name in a time that does not depend on how many they are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_word: dict[str, list[_Official]] = {}
        for name in names:
            official = _Official.of(name)
            for word in official.family if official else ():
                assert official is not None
                self._by_word.setdefault(word, []).append(official)

    def names(self, name: str) -> bool:
        """Whether ``name`` is one of theirs."""
        words = words_of(name)
        if not words:
            return False
        return any(official.is_named(words) for word in words for official in self._by_word.get(word, ())[:50])

    def has_family_name(self, word: str) -> bool:
        """Whether a folded word is the family name of one of them."""
        return word in self._by_word


_LISTED: Final = re.compile(
    r"[^\W\d_][\w'’.-]*(?:[ \u00a0]+(?:de|du|des|le|la|d['’])?[ \u00a0]?[^\W\d_][\w'’.-]*){0,4}"
)
_BETWEEN: Final = re.compile(
    r"[,;:/()\n–—•]|\s-\s|\s+(?:et|à|a)\s+|\b(?:MM?|Mmes?|Ms|Mr|Messieurs|Mesdames|Monsieur|Madame|Mlle)\b\.?|procurations?|pouvoirs?|donn[ée]"
)


def attendance_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where a page lists who sits: from « Présents : » to what an act goes on with."""
    for match in ATTENDANCE.finditer(text):
        end = _ENDS.search(text, match.end(), match.end() + _LONGEST)
        yield match.start(), end.start() if end else min(len(text), match.end() + _LONGEST)


def attending(text: str) -> Iterator[str]:
    """Names in the lists of a page of who sits."""
    for start, end in attendance_spans(text):
        for piece in _BETWEEN.split(text[start:end]):
            name = piece.strip(" .\u00a0-")
            if _LISTED.fullmatch(name) and name[:1].isupper() and len(words_of(name)) <= 4 and _is_a_name(name):
                yield name


def _is_a_name(name: str) -> bool:
    words = [word for word in _WORD.findall(name) if fold(word) not in PARTICLES]
    return bool(words) and all(word[0].isupper() for word in words) and not ATTENDANCE.match(f"{name} :")
