"""Numbers of acts as sequences: what is missing in them, what is there twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LARGEST_GAP: Final = 50
"""A hole of more numbers than that is told as a jump (a stray number, a change of numbering) and not filled."""
MOST_MISSING: Final = 500

_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_SEPARATOR: Final = re.compile(r"[\s\-_/.:°]+")
_PIECES: Final = re.compile(r"\d+|[A-Za-zÀ-ÿ]+")


@dataclass(frozen=True, slots=True)
class Series:
    """A sequence of numbers: its name (« DEL 2024 », « 2024-03-12 » for one by sitting), what is missing, what is there twice.

    ``missing`` are numbers between the first and the last, as the others are written; ``jumps`` pairs of numbers between which
    too many are missing to be told one by one.
    """

    name: str
    count: int
    first: int
    last: int
    missing: tuple[str, ...]
    duplicates: tuple[str, ...]
    jumps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Numbering:
    """All series of some numbers, and the numbers that are of none."""

    series: tuple[Series, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Number:
    key: str
    rank: int
    template: tuple[str, str]
    width: int

    def written(self, rank: int) -> str:
        return f"{self.template[0]}{rank:0{self.width}d}{self.template[1]}"


def _is_year(piece: str) -> bool:
    return len(piece) == 4 and _FIRST_YEAR <= int(piece) <= _LAST_YEAR  # digits of a year


def _rank_place(digits: list[re.Match[str]]) -> re.Match[str] | None:
    """Which figures are the rank: the last that are no year; the first when a year follows alone (« 12/2024 »)."""
    others = [hit for hit in digits if not _is_year(hit[0])]
    return others[-1] if others else (digits[-1] if len(digits) > 1 else None)


def _read(text: str) -> _Number | None:
    """« 2024-001 », « D2024_003 », « DEL-01-2024 », « 2024.03.12-05 »: the rank, and the series that the rest is.

    Years without a separator are read too (« DEL2024048 », « 20240012 »: four figures of a year, then three or four).
    """
    text = text.strip()
    joined = re.fullmatch(r"(\D*(?:19|20)\d\d)(\d{2,4})", text, re.ASCII)
    if joined and len(text) <= 60:
        return _Number(_key(joined[1] + "-\0"), int(joined[2]), (joined[1], ""), len(joined[2]))
    digits = [hit for hit in _PIECES.finditer(text) if hit[0].isdecimal() and hit[0].isascii()]
    place = _rank_place(digits) if 0 < len(digits) <= 6 and len(text) <= 60 else None  # more is no number
    if place is None or len(place[0]) > 6:  # no register is so long
        return None
    key = _key(text[: place.start()] + "\0" + text[place.end() :])
    after = text[place.end() : place.end() + 1]
    if after.isalpha():  # « 2024-12bis » is of the series, beside 12
        return None
    return _Number(key, int(place[0]), (text[: place.start()], text[place.end() :]), len(place[0]))


def _key(around: str) -> str:
    """What the numbers of a series have in common: all but the rank, whatever separates it."""
    pieces = [piece.upper().lstrip("0") or "0" for piece in _SEPARATOR.split(around) if piece]
    return " ".join(piece.replace("\0", "#") for piece in _apart(pieces))


def _apart(pieces: list[str]) -> list[str]:
    """Letters and figures of each piece apart, so that « D2024 » and « D 2024 » are one series."""
    return [bit for piece in pieces for bit in re.findall(r"\d+|[^\d\0]+|\0", piece)]


def _series(key: str, numbers: list[_Number]) -> Series:
    counts = Counter(number.rank for number in numbers)
    ranks = sorted(counts)
    model = numbers[0]
    start = ranks[0]
    missing: list[str] = []
    jumps: list[tuple[int, int]] = []
    before = 0 if 1 < start <= LARGEST_GAP // 5 and len(ranks) > 2 else start - 1  # a series begins at 1
    for rank in ranks:
        gap = rank - before - 1
        if gap > LARGEST_GAP or len(missing) + gap > MOST_MISSING:
            jumps.append((before, rank))
        else:
            missing += [model.written(number) for number in range(before + 1, rank)]
        before = rank
    duplicates = tuple(model.written(rank) for rank in ranks if counts[rank] > 1)
    name = key.replace("#", "").strip() or "#"
    return Series(" ".join(name.split()), len(numbers), ranks[0], ranks[-1], tuple(missing), duplicates, tuple(jumps))


def missing_numbers(numbers: Iterable[str]) -> Numbering:
    """The series that ``numbers`` make, by year or by sitting, with what each lacks; a stray number makes no thousand of gaps.

    >>> missing_numbers(["2024-001", "2024-003"]).series[0].missing
    ('2024-002',)
    """
    series: dict[str, list[_Number]] = defaultdict(list)
    unread: list[str] = []
    for text in numbers:
        number = _read(text)
        if number is None:
            unread.append(text)
        else:
            series[number.key].append(number)
    return Numbering(tuple(_series(key, members) for key, members in sorted(series.items())), tuple(unread))
