"""Conflation against a second one, written apart and slowly: every pair looked at, the best one chosen again and again."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.osm.conflation import conflate, likeness
from parvis.core.osm.distances import Grid
from parvis.core.osm.mappings import read_mapping
from parvis.core.osm.model import Doubt, Entry, Verdict

THEME = read_mapping(
    """
title = "Points d’eau"
distance = 50
moved = 20
[tags]
amenity = "drinking_water"
[reference]
tag = "ref"
columns = ["id"]
[[compare]]
tag = "capacity"
columns = ["capacite"]
kind = "number"
""",
    "essai",
)
PARIS = (2.35, 48.85)
NAMES = ("", "École Jules Ferry", "Ecole JULES-FERRY", "École maternelle Jules Ferry", "Lycée Rosa Parks", "Fontaine")


def at(key: str, east: float, north: float, **facts) -> Entry:
    """A thing so many metres from the middle of Paris."""
    latitude = PARIS[1] + north / 111_195
    longitude = PARIS[0] + east / (111_195 * math.cos(math.radians(PARIS[1])))
    references = tuple(filter(None, facts.pop("ref", "").split(";")))
    return Entry(key, longitude, latitude, facts.pop("tags", {}), references, facts.pop("name", ""))


def chord(first: Entry, second: Entry) -> float:
    """Metres on the sphere by the angle between two vectors: another formula than the one tested."""

    def vector(entry: Entry) -> tuple[float, float, float]:
        a, b = math.radians(entry.longitude), math.radians(entry.latitude)
        return math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b)

    return 2 * 6_371_008.8 * math.asin(min(1.0, math.dist(vector(first), vector(second)) / 2))


def brute(town: list[Entry], osm: list[Entry]) -> set[tuple]:
    """What the rules of the docstring give, by looking at every pair each time."""
    left, right = {e.key: e for e in town}, {e.key: e for e in osm}
    item = set()

    def settle(pairs: list[tuple[float, str, str, float, bool]]) -> None:
        remaining = list(pairs)
        while remaining:
            _effort, a, b, metres, doubtful = min(remaining)
            add_pair(a, b, metres, doubtful)
            left.pop(a)
            right.pop(b)
            remaining = [row for row in remaining if row[1] in left and row[2] in right]

    def add_pair(a: str, b: str, metres: float, doubtful: bool) -> None:
        wants, has = left[a].tags.get("capacity", ""), right[b].tags.get("capacity", "")
        differs = bool(wants) and not (has and float(wants) == float(has))
        if left[a].tags.get("ref") and left[a].tags["ref"] != right[b].tags.get("ref"):
            differs = True
        verdict = "possible" if doubtful else "moved" if metres > 20 else "different" if differs else "same"
        item.add((verdict, a, b))

    holders = (
        Counter(ref for e in town for ref in set(e.references)),
        Counter(ref for e in osm for ref in set(e.references)),
    )
    linked = [
        (a, b)
        for a, b in product(town, osm)
        if any(max(h[ref] for h in holders) <= 50 for ref in set(a.references) & set(b.references))
    ]
    settle(
        [
            (
                chord(a, b),
                a.key,
                b.key,
                chord(a, b),
                sum(x is a for x, _ in linked) > 1 or sum(y is b for _, y in linked) > 1,
            )
            for a, b in linked
        ]
    )
    pairs = []
    for a, b in product(list(left.values()), list(right.values())):
        metres = chord(a, b)
        alike = likeness(a.name, b.name) if a.name and b.name else None
        if metres > 50 or (alike is not None and alike < 0.5):
            continue
        effort = metres + (50 * (1 - alike) if alike is not None else 0) + (50 if a.references and b.references else 0)
        pairs.append(
            (effort, a.key, b.key, metres, alike is not None and alike < 0.8, bool(a.references and b.references))
        )
    settle(
        [
            (
                effort,
                a,
                b,
                metres,
                unlike
                or conflict
                or any((x == a) != (y == b) and other <= 2 * effort + 2 for other, x, y, *_ in pairs),
            )
            for effort, a, b, metres, unlike, conflict in pairs
        ]
    )
    item |= {("missing-there", key, "") for key in left} | {("missing-here", "", key) for key in right}
    return item


def verdicts_of(town: list[Entry], osm: list[Entry]) -> set[tuple]:
    return {(str(f.verdict), f.ours, f.theirs) for f in conflate(town, osm, THEME).findings}


def side(letter: str):
    thing = st.tuples(
        st.integers(-60, 60),
        st.integers(-60, 60),
        st.sampled_from(["", "", "", "a", "b", "c", "a;b"]),
        st.sampled_from(NAMES),
        st.sampled_from(["", "", "4", "6", "4.0"]),
    )

    def build(rows) -> list[Entry]:
        return [
            at(
                f"{letter}{number}",
                # A third of a metre apart: no two pairs are exactly as far as each other, which rounding would decide.
                east + number * 0.31 + (0.13 if letter == "n" else 0),
                north + number * 0.17,
                ref=ref,
                name=name,
                tags={**({"capacity": capacity} if capacity else {}), **({"ref": ref} if ref else {})},
            )
            for number, (east, north, ref, name, capacity) in enumerate(rows, 1)
        ]

    return st.lists(thing, max_size=9).map(build)


@settings(max_examples=300, deadline=None)
@given(side("r"), side("n"))
def test_it_finds_what_looking_at_every_pair_finds(town, osm):
    town = [replace(entry, tags={k: v for k, v in entry.tags.items() if k != "ref" or ";" not in v}) for entry in town]
    osm = [replace(entry, tags={k: v for k, v in entry.tags.items() if k != "ref"}) for entry in osm]
    assert verdicts_of(town, osm) == brute(town, osm)


@settings(max_examples=60, deadline=None)
@given(side("r"), side("n"), st.randoms(use_true_random=False))
def test_nothing_is_in_two_findings_and_the_order_changes_nothing(town, osm, chance):
    first = conflate(town, osm, THEME)
    keys = [key for f in first.findings for key in (f.ours, f.theirs) if key]
    assert sorted(keys) == sorted(e.key for e in (*town, *osm))
    chance.shuffle(town)
    chance.shuffle(osm)
    assert conflate(town, osm, THEME) == first


def test_a_crowded_town_is_found_as_by_looking_at_every_pair():
    chance = random.Random(14)
    truth = [(chance.uniform(-300, 300), chance.uniform(-300, 300)) for _ in range(300)]
    town, osm = [], []
    for number, (x, y) in enumerate(truth):
        ref = f"ref{number}" if chance.random() < 0.3 else ""
        if chance.random() < 0.9:
            town.append(at(f"r{number}", x, y, ref=ref, name=chance.choice(NAMES)))
        if chance.random() < 0.85:
            far = 400 if ref and chance.random() < 0.1 else 12
            moved = x + chance.gauss(0, far), y + chance.gauss(0, far)
            osm.append(at(f"n{number}", *moved, ref=ref if chance.random() < 0.8 else "", name=chance.choice(NAMES)))
    assert verdicts_of(town, osm) == brute(town, osm)


def test_a_reference_is_believed_whatever_the_distance():
    (finding,) = conflate([at("r1", 0, 0, ref="a")], [at("n1", 5_000, 0, ref="a")], THEME).findings
    assert (finding.verdict, finding.by_reference) == (Verdict.MOVED, True)
    assert finding.distance == 5_000.0 or abs(finding.distance - 5_000) < 5


def test_a_row_within_an_area_is_where_the_area_is():
    middle, gate = at("w1", 0, 0, ref="a"), at("r1", 190, 90, ref="a")
    south, north = at("", -200, -100), at("", 200, 100)
    area = replace(middle, box=(south.longitude, south.latitude, north.longitude, north.latitude))
    assert [f.verdict for f in conflate([gate], [middle], THEME).findings] == [Verdict.MOVED]
    (finding,) = conflate([gate], [area], THEME).findings
    assert (finding.verdict, finding.distance) == (Verdict.SAME, 0.0)
    outside = replace(at("r2", 240, 0), name="École")
    (finding,) = conflate([outside], [replace(area, references=(), name="Ecole")], THEME).findings
    assert (finding.verdict, round(finding.distance)) == (Verdict.MOVED, 40)


def test_a_reference_that_several_have_settles_nothing():
    town, osm = [at("r1", 0, 0, ref="a")], [at("n1", 1, 0, ref="a"), at("n2", 300, 0, ref="a")]
    pair, alone = conflate(town, osm, THEME).findings
    assert (pair.verdict, pair.theirs, pair.doubts) == (Verdict.POSSIBLE, "n1", (Doubt.SHARED_REFERENCE,))
    assert alone.verdict is Verdict.MISSING_HERE


def test_a_reference_that_everything_has_is_none():
    town = [at(f"r{n}", n * 100, 0, ref="commune") for n in range(60)]
    osm = [at(f"n{n}", n * 100 + 1, 0, ref="commune") for n in range(60)]
    findings = conflate(town, osm, THEME).findings
    assert all(f.ours[1:] == f.theirs[1:] and not f.by_reference for f in findings)


def test_what_is_missing_says_what_is_near():
    town = [at("r1", 0, 0), at("r2", 4, 0)]
    pair, alone = conflate(town, [at("n1", 1, 0)], THEME).findings
    assert (pair.verdict, alone.verdict, alone.nearby) == (Verdict.POSSIBLE, Verdict.MISSING_THERE, ("n1",))


def test_ten_thousand_things_at_one_place_are_read_in_bounded_memory():
    town = [at(f"r{n:05}", 0, 0) for n in range(4_000)]
    osm = [at(f"n{n:05}", 0, 0) for n in range(4_000)]
    result = conflate(town, osm, THEME)
    assert sum(result.counts.values()) == 8_000 - result.counts[Verdict.POSSIBLE]


def test_a_decision_holds_while_the_same_is_found():
    town, osm = [at("r1", 0, 0, tags={"capacity": "4"})], [at("n1", 1, 0, tags={"capacity": "6"})]
    (first,) = conflate(town, osm, THEME).findings
    (again,) = conflate(town, [replace(osm[0], longitude=osm[0].longitude + 1e-6)], THEME).findings
    (other,) = conflate(town, [replace(osm[0], tags={"capacity": "8"})], THEME).findings
    assert first.digest == again.digest != other.digest


@settings(max_examples=150, deadline=None)
@given(
    st.floats(-89, 89),
    st.one_of(st.floats(-180, 180), st.floats(179.99, 180), st.floats(-180, -179.99)),
    st.floats(1, 2_000),
    st.lists(st.tuples(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5)), min_size=2, max_size=30),
)
def test_the_grid_finds_what_is_within_reach_wherever_it_is(latitude, longitude, reach, steps):
    degree = reach / 111_195
    entries = [
        Entry(f"n{rank}", longitude + east * degree / math.cos(math.radians(latitude)), latitude + north * degree)
        for rank, (east, north) in enumerate(steps)
    ]
    for entry in entries:
        near = {rank for _metres, rank in Grid(entries, reach).near(entry, 40)}
        sure = {rank for rank, other in enumerate(entries) if chord(entry, other) < reach * 0.999999}
        possible = {rank for rank, other in enumerate(entries) if chord(entry, other) < reach * 1.000001}
        assert sure <= near <= possible
