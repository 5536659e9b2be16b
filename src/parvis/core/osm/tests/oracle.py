"""A second conflation, by the rules that are declared and nothing of the first: every pair measured by the haversine formula.

Slow on purpose (a matrix of all pairs), and without any of ``core.osm``: what a data officer would find with a ruler and a list.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

EARTH = 6_371_008.8
SAME_NAME, OTHER_NAME, NO_REFERENCE, SLACK = 0.8, 0.5, 50, 2.0


@dataclass(frozen=True)
class Thing:
    """A row or an object: what it is called, its references, the values that are compared; half the side of a square, in degrees."""

    key: str
    longitude: float
    latitude: float
    name: str = ""
    references: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    half: float = 0.0


def matrix(town: Sequence[Thing], osm: Sequence[Thing]) -> np.ndarray:
    """Metres between each and each."""
    rows = [(a.longitude, a.latitude, *_within(a, b)) for a in town for b in osm]
    here_east, here_north, there_east, there_north = np.radians(rows).reshape(len(town), len(osm), 4).transpose(2, 0, 1)
    east, north = here_east - there_east, here_north - there_north
    across = np.cos(here_north) * np.cos(there_north)
    half = np.sin(north / 2) ** 2 + across * np.sin(east / 2) ** 2
    return 2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1)))


def _within(row: Thing, thing: Thing) -> tuple[float, float]:
    """The place of an object that is nearest to a row: of a square, where the row is or the nearest of its sides."""
    if not thing.half:
        return thing.longitude, thing.latitude
    return (
        max(thing.longitude - thing.half, min(row.longitude, thing.longitude + thing.half)),
        max(thing.latitude - thing.half, min(row.latitude, thing.latitude + thing.half)),
    )


def verdicts(town: Sequence[Thing], osm: Sequence[Thing], reach: float, moved: float) -> dict[tuple[str, str], str]:
    """The verdict of each pair of keys; one of the two is empty for what is missing."""
    town, osm = sorted(town, key=lambda x: x.key), sorted(osm, key=lambda x: x.key)
    metres, paired = matrix(town, osm), {}
    free_ours, free_theirs = set(range(len(town))), set(range(len(osm)))
    linked = _linked(town, osm)
    rows, columns = Counter(a for a, _b in linked), Counter(b for _a, b in linked)
    for a, b in sorted(linked, key=lambda pair: (metres[pair], pair)):
        if a in free_ours and b in free_theirs:
            paired[a, b] = rows[a] > 1 or columns[b] > 1
            free_ours.remove(a)
            free_theirs.remove(b)
    effort, unsure = {}, {}
    for a, b in zip(*np.nonzero(metres <= reach), strict=True):
        if a in free_ours and b in free_theirs:
            alike = likeness(town[a].name, osm[b].name)
            if alike >= OTHER_NAME:
                contradicts = bool(town[a].references and osm[b].references)
                effort[a, b] = metres[a, b] + reach * (1 - alike) + reach * contradicts
                unsure[a, b] = contradicts or alike < SAME_NAME
    near = defaultdict(list)
    for (a, b), value in effort.items():
        near["ours", a].append(value)
        near["theirs", b].append(value)
    for a, b in sorted(effort, key=lambda pair: (effort[pair], pair)):
        if a in free_ours and b in free_theirs:
            bound = 2 * effort[a, b] + SLACK
            rivals = sum(value <= bound for value in (*near["ours", a], *near["theirs", b])) - 2
            paired[a, b] = unsure[a, b] or rivals > 0
            free_ours.remove(a)
            free_theirs.remove(b)
    item = {}
    for (a, b), doubtful in paired.items():
        differs = any(value != dict(osm[b].values).get(tag) for tag, value in town[a].values)
        sure = "moved" if metres[a, b] > moved else "different" if differs else "same"
        item[town[a].key, osm[b].key] = "possible" if doubtful else sure
    item |= {(town[a].key, ""): "missing-there" for a in free_ours}
    return item | {("", osm[b].key): "missing-here" for b in free_theirs}


def _linked(town: Sequence[Thing], osm: Sequence[Thing]) -> set[tuple[int, int]]:
    holders: tuple[dict[str, set[int]], ...] = (defaultdict(set), defaultdict(set))
    for side, things in zip(holders, (town, osm), strict=True):
        for rank, thing in enumerate(things):
            for text in thing.references:
                side[text].add(rank)
    return {
        (a, b)
        for text in holders[0].keys() & holders[1].keys()
        if max(len(side[text]) for side in holders) <= NO_REFERENCE
        for a in holders[0][text]
        for b in holders[1][text]
    }


@cache
def likeness(first: str, second: str) -> float:
    """The mean of two: words in order compared letter by letter, and what two sets of words share; 1 when one has no name."""
    if not first or not second:
        return 1.0
    words = [sorted(re.findall(r"\w+", _plain(text))) for text in (first, second)]
    return (_indel(" ".join(words[0]), " ".join(words[1])) + _set_ratio(set(words[0]), set(words[1]))) / 2


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _set_ratio(first: set[str], second: set[str]) -> float:
    if not first or not second:
        return 0.0
    shared = " ".join(sorted(first & second))
    whole = [f"{shared} {' '.join(sorted(side - (first & second)))}".strip() for side in (first, second)]
    if shared and shared in whole:
        return 1.0
    pairs = [(whole[0], whole[1])] + ([(shared, whole[0]), (shared, whole[1])] if shared else [])
    return max(_indel(*pair) for pair in pairs)


def _indel(first: str, second: str) -> float:
    if not first and not second:
        return 1.0
    line = [0] * (len(second) + 1)
    for letter in first:
        before = 0
        for place, other in enumerate(second, 1):
            before, line[place] = line[place], before + 1 if letter == other else max(line[place], line[place - 1])
    return 2 * line[-1] / (len(first) + len(second))
