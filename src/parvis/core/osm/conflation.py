"""A town's rows and the objects of OpenStreetMap put face to face, and what is found: Osmose's five verdicts.

1. By reference, whatever the distance. One row and one object alone with a reference are the same thing. A reference that several
   have settles nothing: the nearest are paired, and told as possible.
2. The rest by place and name: pairs within ``distance`` whose names are not plainly others, the closest first, each thing once. A
   name written otherwise counts as so many metres more. A pair is only possible when another is nearly as close (less than twice
   as far, two metres apart), when its names are little alike, or when its two references are not the same.

No row and no object is in two findings. The order of what is given changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from rapidfuzz import fuzz

from parvis.core.osm.distances import Grid, distance
from parvis.core.osm.mappings import Theme
from parvis.core.osm.model import Difference, Doubt, Entry, Finding, Verdict
from parvis.core.osm.values import says_same, words_of
from parvis.core.progress import Progress, no_progress

ALIKE, OTHER = 0.8, 0.5
"""Likeness of names from which they are the same, and below which they are plainly others."""
MOST_SHARING = 50
"""A reference that more have on one side is no reference: « commune », a year."""
SLACK = 2.0
"""Metres that positions are off by anyway."""
MOST_CANDIDATES, FEWEST_CANDIDATES, MOST_PAIRS = 40, 12, 1_500_000
"""Objects that may be a row, the nearest first: fewer when rows are many, since a distance too long makes millions of pairs."""
LOOKED = 10
"""Times as many objects are looked at, since plainly other names may be nearer."""
MOST_NEARBY = 3
_EVERY = 500


@dataclass(frozen=True, slots=True)
class Conflation:
    """Findings in the order of the rows, then of the objects; metres between the two of each sure pair, sorted."""

    findings: tuple[Finding, ...]
    distances: tuple[float, ...]

    @property
    def counts(self) -> Counter[Verdict]:
        """How many findings of each verdict."""
        return Counter(finding.verdict for finding in self.findings)


@dataclass(slots=True)
class _Pair:
    """A row and an object that may be the same thing; ``effort`` is its distance, made longer by what is unlike."""

    ours: int
    theirs: int
    metres: float
    effort: float
    by_reference: bool = False
    doubts: tuple[Doubt, ...] = ()


def conflate(town: Sequence[Entry], osm: Sequence[Entry], theme: Theme, progress: Progress = no_progress) -> Conflation:
    """What is found of rows and objects; keys are different on each side. Time grows as their number, whatever is at one place."""
    town, osm = sorted(town, key=lambda entry: entry.key), sorted(osm, key=lambda entry: entry.key)
    pairs = _by_reference(town, osm)
    used_ours, used_theirs = {pair.ours for pair in pairs}, {pair.theirs for pair in pairs}
    candidates = _candidates(town, osm, used_ours, used_theirs, theme.distance, progress)
    placed = _closest_first(candidates)
    _tell_rivals(placed, candidates)
    pairs += placed
    findings = [_finding_of(pair, town, osm, theme) for pair in pairs]
    findings += _missing(town, osm, pairs, candidates)
    rank = {entry.key: number for number, entry in enumerate((*town, *osm))}
    findings.sort(key=lambda finding: rank[finding.ours or finding.theirs])
    return Conflation(tuple(findings), tuple(sorted(pair.metres for pair in pairs if not pair.doubts)))


def likeness(first: str, second: str) -> float:
    """How alike two names are, from 0 to 1, whatever the order of their words."""
    words = _words(first), _words(second)
    return (fuzz.token_set_ratio(*words) + fuzz.token_sort_ratio(*words)) / 200


@lru_cache(maxsize=65_536)
def _words(name: str) -> str:
    """Each name is compared with many others."""
    return words_of(name)


def _by_reference(town: Sequence[Entry], osm: Sequence[Entry]) -> list[_Pair]:
    by_text = _ranks_by_reference(town), _ranks_by_reference(osm)
    links: dict[tuple[int, int], None] = {}
    for text in sorted(by_text[0].keys() & by_text[1].keys()):
        if max(len(ranks[text]) for ranks in by_text) <= MOST_SHARING:
            links.update(dict.fromkeys(product(by_text[0][text], by_text[1][text])))
    pairs = [_Pair(a, b, metres := distance(town[a], osm[b]), metres, by_reference=True) for a, b in links]
    of_ours, of_theirs = Counter(pair.ours for pair in pairs), Counter(pair.theirs for pair in pairs)
    for pair in pairs:
        if of_ours[pair.ours] > 1 or of_theirs[pair.theirs] > 1:
            pair.doubts += (Doubt.SHARED_REFERENCE,)
    return _closest_first(pairs)


def _ranks_by_reference(entries: Sequence[Entry]) -> dict[str, list[int]]:
    ranks: dict[str, list[int]] = defaultdict(list)
    for rank, entry in enumerate(entries):
        for text in dict.fromkeys(entry.references):
            ranks[text].append(rank)
    return ranks


def _candidates(
    town: Sequence[Entry],
    osm: Sequence[Entry],
    used_ours: set[int],
    used_theirs: set[int],
    reach: float,
    progress: Progress,
) -> list[_Pair]:
    left = [rank for rank in range(len(osm)) if rank not in used_theirs]
    grid = Grid([osm[rank] for rank in left], reach)
    most = max(FEWEST_CANDIDATES, min(MOST_CANDIDATES, MOST_PAIRS // max(len(town), 1)))
    pairs: list[_Pair] = []
    for number, entry in enumerate(town):
        if number % _EVERY == 0:
            progress("conflate", number, len(town))
        if number in used_ours:
            continue
        near = grid.near(entry, LOOKED * most)
        some = (_candidate(number, left[place], metres, town, osm, reach) for metres, place in near)
        pairs += islice((pair for pair in some if pair is not None), most)
    return pairs


def _candidate(
    a: int, b: int, metres: float, town: Sequence[Entry], osm: Sequence[Entry], reach: float
) -> _Pair | None:
    first, second = town[a], osm[b]
    pair = _Pair(a, b, metres, metres)
    if first.name and second.name:
        alike = likeness(first.name, second.name)
        if alike < OTHER:
            return None
        pair.effort += reach * (1 - alike)
        if alike < ALIKE:
            pair.doubts += (Doubt.OTHER_NAME,)
    if first.references and second.references:  # not the same ones, which would have paired them
        pair.effort += reach
        pair.doubts += (Doubt.OTHER_REFERENCE,)
    return pair


def _closest_first(pairs: Iterable[_Pair]) -> list[_Pair]:
    """Pairs from the closest on, each row and each object once."""
    town: set[int] = set()
    osm: set[int] = set()
    chosen = []
    for pair in sorted(pairs, key=lambda pair: (pair.effort, pair.ours, pair.theirs)):
        if pair.ours not in town and pair.theirs not in osm:
            town.add(pair.ours)
            osm.add(pair.theirs)
            chosen.append(pair)
    return chosen


def _tell_rivals(chosen: Sequence[_Pair], candidates: Iterable[_Pair]) -> None:
    """Say of each chosen pair whether another would do nearly as well for its row or its object."""
    by_ours: dict[int, list[float]] = defaultdict(list)
    by_theirs: dict[int, list[float]] = defaultdict(list)
    for pair in candidates:
        by_ours[pair.ours].append(pair.effort)
        by_theirs[pair.theirs].append(pair.effort)
    for pair in chosen:
        bound = 2 * pair.effort + SLACK
        rivals = sum(effort <= bound for effort in (*by_ours[pair.ours], *by_theirs[pair.theirs]))
        if rivals > 2:  # itself is in both lists
            pair.doubts += (Doubt.RIVAL,)


def _finding_of(pair: _Pair, town: Sequence[Entry], osm: Sequence[Entry], theme: Theme) -> Finding:
    first, second = town[pair.ours], osm[pair.theirs]
    differences = differences_of(first, second, theme)
    if pair.doubts:
        verdict = Verdict.POSSIBLE
    elif pair.metres > theme.moved:
        verdict = Verdict.MOVED
    else:
        verdict = Verdict.DIFFERENT if differences else Verdict.SAME
    metres = round(pair.metres, 1)
    return Finding(verdict, first.key, second.key, metres, pair.by_reference, differences, pair.doubts)


def differences_of(town: Entry, osm: Entry, theme: Theme) -> tuple[Difference, ...]:
    """The compared tags that the row says and the object does not, or otherwise; what the row does not say is never one."""
    rows = []
    for tag, kind in theme.kinds.items():
        expected, present = town.tags.get(tag, ""), osm.tags.get(tag, "")
        if expected and not says_same(expected, present, kind):
            rows.append(Difference(tag, expected, present))
    return tuple(rows)


def _missing(
    town: Sequence[Entry], osm: Sequence[Entry], pairs: Iterable[_Pair], candidates: Iterable[_Pair]
) -> list[Finding]:
    used_ours, used_theirs = set(), set()
    for pair in pairs:
        used_ours.add(pair.ours)
        used_theirs.add(pair.theirs)
    near_ours: dict[int, list[_Pair]] = defaultdict(list)
    near_theirs: dict[int, list[_Pair]] = defaultdict(list)
    for pair in sorted(candidates, key=lambda pair: (pair.metres, pair.ours, pair.theirs)):
        near_ours[pair.ours].append(pair)
        near_theirs[pair.theirs].append(pair)
    there = [
        Finding(
            Verdict.MISSING_THERE,
            ours=entry.key,
            nearby=tuple(osm[p.theirs].key for p in near_ours[rank][:MOST_NEARBY]),
        )
        for rank, entry in enumerate(town)
        if rank not in used_ours
    ]
    here = [
        Finding(
            Verdict.MISSING_HERE,
            theirs=entry.key,
            nearby=tuple(town[p.ours].key for p in near_theirs[rank][:MOST_NEARBY]),
        )
        for rank, entry in enumerate(osm)
        if rank not in used_theirs
    ]
    return there + here
