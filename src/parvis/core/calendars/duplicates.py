"""Which events are likely to be the same one, announced twice: same place, same hours, close titles.

Events are compared only when they share a day, a place and a word of their title, and then with their neighbours alone: ten
thousand events are some hundred thousand comparisons, no matter who wrote them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import islice
from math import cos, floor, hypot, radians
from typing import Final

from parvis.core.calendars.events import Event, State
from parvis.core.calendars.recurrence import Occurrence, planned
from parvis.core.errors import ParvisError
from parvis.core.text import slugify

LEAST: Final = 0.8
NEAR: Final = 220.0
"""Metres between two points of one place: addresses are geocoded at the door, the street or the parcel."""
MOST_DAYS: Final = 20
MOST_WORDS: Final = 3
NEIGHBOURS: Final = 12
"""Events of one day, place and word with which each is compared, the closest titles in the order of the alphabet."""
_REACH: Final = NEAR / 2 / 111_320
"""Half of NEAR, in degrees of latitude."""
_TITLE: Final = 120
_PLAIN: Final = frozenset({"avec", "dans", "pour", "sans", "sous", "chez", "entre", "vers", "cette", "leur", "votre"})


class Reason(StrEnum):
    """Why two events look the same."""

    SAME_PLACE = "same-place"
    NEAR_PLACE = "near-place"
    SAME_TITLE = "same-title"
    CLOSE_TITLE = "close-title"
    SAME_TIME = "same-time"
    OVERLAP = "overlap"
    SAME_DAY = "same-day"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two events that may be one, by their identifiers; ``score`` from LEAST to 1; what they share."""

    first: str
    second: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What is compared of an event."""

    uid: str
    title: str
    place: str
    point: tuple[float, float] | None
    dates: tuple[Occurrence, ...]


def duplicate_pairs(events: Iterable[Event], now: datetime, least: float = LEAST) -> list[Pair]:
    """The pairs that score ``least`` or more, the surest first; cancelled events are left out."""
    blocks: dict[tuple[date, str, str], list[_Sketch]] = defaultdict(list)
    for event in events:
        if event.state is not State.CANCELLED:
            sketch = _sketch(event, now)
            for key in _keys(sketch):
                blocks[key].append(sketch)
    pairs: dict[tuple[str, str], Pair | None] = {}
    for block in blocks.values():
        block.sort(key=lambda sketch: (sketch.title, sketch.uid))
        for rank, sketch in enumerate(block):
            for other in block[rank + 1 : rank + 1 + NEIGHBOURS]:
                names = (min(sketch.uid, other.uid), max(sketch.uid, other.uid))
                if names not in pairs and sketch.uid != other.uid:
                    pairs[names] = _compared(sketch, other, names, least)
    return sorted(filter(None, pairs.values()), key=lambda pair: (-pair.score, pair.first, pair.second))


def _sketch(event: Event, now: datetime) -> _Sketch:
    try:
        dates = tuple(planned(event, now))
    except ParvisError:
        dates = ()
    place = event.place
    point = None
    if place and place.latitude is not None and place.longitude is not None:
        point = (place.latitude, place.longitude)
    title = " ".join(slugify(event.title, " ").split())[:_TITLE]
    return _Sketch(event.uid, title, slugify(place.name, " ")[:_TITLE] if place else "", point, dates)


def _keys(sketch: _Sketch) -> Iterator[tuple[date, str, str]]:
    long_words = {word for word in sketch.title.split() if len(word) > 3 and word not in _PLAIN}
    words = sorted(long_words, key=lambda word: (-len(word), word))[:MOST_WORDS] or [sketch.title[:4]]
    places = {sketch.place} if sketch.place else set()
    if sketch.point is not None:
        latitude, longitude = sketch.point
        # A square of this side holds two points that are near, from wherever the squares of their corners begin.
        wide = _REACH / max(0.1, cos(radians(latitude)))
        for north in (latitude - _REACH, latitude + _REACH):
            for east in (longitude - wide, longitude + wide):
                places.add(f"{floor(north / (2 * _REACH))}/{floor(east / 0.004)}")
    days = dict.fromkeys(occurrence.day for occurrence in sketch.dates)
    for day in islice(days, MOST_DAYS):
        yield from ((day, place, word) for place in places for word in words)


def _compared(sketch: _Sketch, other: _Sketch, names: tuple[str, str], least: float) -> Pair | None:
    title = _title_score(sketch.title, other.title)
    place, where = _place_score(sketch, other)
    time, when = _time_score(sketch.dates, other.dates)
    score = round(0.5 * title + 0.3 * place + 0.2 * time, 3)
    if when is None or score < least:
        return None
    return Pair(*names, score, (where, Reason.SAME_TITLE if title == 1 else Reason.CLOSE_TITLE, when))


def _title_score(title: str, other: str) -> float:
    """From 0 to 1: as texts, or as sets of words, since sources add the place or the series to the title."""
    if title == other:
        return 1.0
    words, others = set(title.split()), set(other.split())
    inside = (words <= others or others <= words) and len(words & others) > 1
    matcher = SequenceMatcher(None, title, other, autojunk=False)
    ratio = matcher.ratio() if matcher.real_quick_ratio() > 0.5 and matcher.quick_ratio() > 0.5 else 0.0
    return max(ratio, 0.9 if inside else 0.0)


def _place_score(sketch: _Sketch, other: _Sketch) -> tuple[float, Reason]:
    same = bool(sketch.place) and sketch.place == other.place
    if sketch.point and other.point:
        metres = _metres(sketch.point, other.point)
        if metres > NEAR * 5:
            return 0.0, Reason.SAME_PLACE
        if metres <= NEAR:
            return (1.0, Reason.SAME_PLACE) if same else (0.85, Reason.NEAR_PLACE)
    return (0.9 if same else 0.0), Reason.SAME_PLACE


def _metres(point: tuple[float, float], other: tuple[float, float]) -> float:
    """Flat-earth distance: exact enough for neighbours."""
    east = (point[1] - other[1]) * cos(radians(point[0]))
    return hypot(point[0] - other[0], east) * 111_320


def _time_score(dates: tuple[Occurrence, ...], others: tuple[Occurrence, ...]) -> tuple[float, Reason | None]:
    by_day = {date.day: date for date in reversed(others)}
    best: tuple[float, Reason | None] = (0.0, None)
    for occurrence in islice(dates, MOST_DAYS):
        other = by_day.get(occurrence.day)
        if other is None:
            continue
        if occurrence.start == other.start:
            return 1.0, Reason.SAME_TIME
        overlap = occurrence.start < other.end and other.start < occurrence.end
        best = max(best, (0.7, Reason.OVERLAP) if overlap else (0.3, Reason.SAME_DAY), key=lambda pair: pair[0])
    return best
