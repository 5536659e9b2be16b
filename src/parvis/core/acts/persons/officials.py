"""Whether a name is one of those who sit or sign, however it is written: capitals, accents, order, initials, civility."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from parvis.core.privacy.names import are_first_names, is_first_name
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
    r"(?i)ordre\s+du\s+jour|\bobjet\b|\bvu\b|\bconsid[ée]rant|compte[- ]rendu\s+de|proc[èe]s[- ]verbal|d[ée]lib[ée]ration|\bquorum\b|\bformant\b|\n\s*\n\s*\n|\n\s*\d{1,2}\s*[-–.)°]"
)
_LONGEST: Final = 1_500
_MOST_WORDS: Final = 4


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
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]*(?:[ \u00a0]+(?:(?:de|du|des|le|la)[ \u00a0]+|d['’])?[A-ZÀ-ÖØ-Þ][\w'’.-]*){0,4}"
)
_SIGNS: Final = re.compile(
    r"\b(?:Le|La|LE|LA)[ \u00a0](?:Maire|MAIRE|Pr[ée]sidente?|PR[ÉE]SIDENTE?|Secr[ée]taire(?: de s[ée]ance)?)[ \u00a0]{0,3}[,:]?\s{1,4}"
    rf"(?:(?:M\.|Mme|Monsieur|Madame)[ \u00a0])?(?P<who>{_LISTED.pattern})"
)
_BETWEEN: Final = re.compile(
    r"[,;:/()\n–—•]|\s-\s|\s+(?:et|à|a)\s+|\b(?:MM?|Mmes?|Ms|Mr|Messieurs|Mesdames|Monsieur|Madame|Mlle)\b\.?|procurations?|pouvoirs?|donn[ée]"
)


_VOTES: Final = re.compile(r"(?i)\b(?:abstentions?|contre|pour)\b[^()\n]{0,25}\(([^)]{3,600})\)")
"""Who voted how, between brackets."""


_REPORTS: Final = re.compile(r"\n[ \u00a0]*(?:Monsieur|Madame|Mme|M\.)[ \u00a0][^\n:]{2,60}?\brapporte\s*:")
_LIST_LINE: Final = re.compile(
    r"[^\n]*[:.,;][ \u00a0]*|[ \u00a0]*[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?[ \u00a0](?:(?:DE|DI|EL|LE|LA)[ \u00a0])?[A-ZÀ-Þ'’-]{2,30}[ \u00a0]*"
)
"""A line of a list of who sits: it ends by a sign, or is a name."""


def _before_object(text: str, start: int, end: int) -> int:
    """The end of a list of who sits, before the object that stands above « Madame … rapporte : »: it may name a person."""
    reports = _REPORTS.search(text, start, end)
    if reports is None:
        return end
    lines = text[start : reports.start()].rstrip().split("\n")
    while len(lines) > 1 and not _LIST_LINE.fullmatch(lines[-1]):
        lines.pop()
    return start + len("\n".join(lines))


def attendance_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where a page lists who sits: from « Présents : » to what an act goes on with; and who voted how."""
    for match in ATTENDANCE.finditer(text):
        end = _ENDS.search(text, match.end(), match.end() + _LONGEST)
        last = end.start() if end else min(len(text), match.end() + _LONGEST)
        yield match.start(), _before_object(text, match.start(), last)
    for match in _VOTES.finditer(text):
        yield match.span(1)


def attending(text: str) -> Iterator[str]:
    """Names in the lists of a page of who sits."""
    for start, end in attendance_spans(text):
        first = ""
        for piece in _BETWEEN.split(text[start:end]):
            match = _LISTED.match(piece.strip(" .\u00a0\n-"))
            if not match or ATTENDANCE.match(f"{match[0]} :"):
                continue
            name, first = f"{first} {match[0]}".strip(), ""
            if len(words_of(name)) <= _MOST_WORDS:
                yield name
            if are_first_names(match[0]):
                first = match[0]  # its family name may begin the next line


def signing(text: str) -> Iterator[str]:
    """Names that follow « Le Maire, » and the like."""
    for match in _SIGNS.finditer(text):
        yield match["who"]
