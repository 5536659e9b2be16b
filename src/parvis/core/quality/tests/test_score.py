"""The score is what its formula says, whatever was measured."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.quality.criteria import CRITERIA, LOST_TOLERATED
from parvis.core.quality.facts import Around, Checked, Drift, Measures, RowPlaces, Verdict
from parvis.core.quality.score import score

SHARE = st.floats(0, 1)
COUNT = st.integers(0, 1000)


@st.composite
def measures(draw) -> Measures:
    rows = draw(COUNT)
    names = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6))
    before = draw(st.integers(1, 8))
    gone = draw(st.integers(0, before))
    drift = Drift(
        "v0", draw(COUNT), rows, before,
        removed=tuple(f"g{n}" for n in range(gone)),
        retyped=tuple((f"r{n}", "int", "text") for n in range(draw(st.integers(0, before - gone)))),
    )  # fmt: skip
    return Measures(
        rows=rows,
        filled={name: draw(SHARE) for name in names},
        duplicates=draw(st.integers(0, rows)),
        repeated={name: draw(st.integers(0, rows)) for name in names[:2]},
        checked={name: Checked("siret", 10, draw(st.integers(0, 10))) for name in names[2:4]},
        rejects=draw(COUNT),
        nulled=draw(st.integers(0, rows * max(len(names), 1))),
        places=draw(st.none() | st.integers(0, 50).map(lambda n: RowPlaces(50, n))),
        drift=draw(st.none() | st.just(drift)),
    )


@st.composite
def arounds(draw) -> Around:
    verdict = draw(st.none() | st.integers(0, 20).map(lambda n: Verdict("s", "1", 20, n, n * 2)))
    return Around(
        age_days=draw(st.none() | st.integers(0, 5000)),
        allowed_days=draw(st.none() | st.integers(1, 400)),
        source=draw(st.none() | st.booleans()),
        card={name: draw(st.booleans()) for name in draw(st.lists(st.sampled_from("xyz"), unique=True))},
        verdict=verdict,
    )


@given(measures(), arounds())
def test_a_score_lies_between_nought_and_a_hundred_and_adds_up(measured, around):
    result = score(measured, around)
    assert 0 <= result.value <= 100
    applying = [mark for mark in result.marks if mark.share is not None]
    assert all(0 <= mark.share <= 1 for mark in applying)
    assert sum(mark.most for mark in applying) == pytest.approx(100 if applying else 0)
    weights = sum(mark.criterion.weight for mark in applying)
    by_hand = sum(mark.criterion.weight * mark.share for mark in applying) / weights * 100 if weights else 0
    assert result.value == pytest.approx(by_hand, abs=0.051)
    for mark in applying:
        assert mark.points + sum(points for _loss, points in mark.losses) == pytest.approx(mark.most, abs=1e-6)


@given(measures(), arounds())
def test_what_is_kept_as_json_gives_the_same_score(measured, around):
    back = Measures.from_dict(json.loads(json.dumps(measured.to_dict())))
    again = Around.from_dict(json.loads(json.dumps(around.to_dict())))
    assert score(back, again) == score(measured, around)


@given(measures(), arounds(), st.integers(1, 5000))
def test_time_alone_never_brings_points_back(measured, around, days):
    if around.age_days is None:
        return
    older = Around.from_dict({**around.to_dict(), "age_days": around.age_days + days})
    assert score(measured, older).value <= score(measured, around).value


def test_the_weights_add_up_to_a_hundred():
    assert sum(criterion.weight for criterion in CRITERIA) == 100
    assert len({criterion.name for criterion in CRITERIA}) == len(CRITERIA)


def test_a_version_without_a_fault_has_a_hundred_points():
    perfect = Measures(rows=10, filled={"a": 1.0, "b": 1.0}, places=RowPlaces(10, 0), repeated={"a": 0})
    around = Around(age_days=1, allowed_days=40, source=True, card={"title": True})
    assert score(perfect, around).value == 100
    assert score(perfect, around).to_do == []


def test_the_formula_by_hand():
    """Completeness 20 x 0.75, validity 25 x mean(1, 0.9), uniqueness 10, freshness 15 x 0.5: over 70."""
    measured = Measures(rows=10, filled={"a": 1.0, "b": 0.5}, checked={"a": Checked("siren", 10, 2)})
    around = Around(age_days=60, allowed_days=40)
    expected = (20 * 0.75 + 25 * (0.8 + 1) / 2 + 10 + 15 * 0.5) / 70 * 100
    assert score(measured, around).value == round(expected, 1)
    assert [(loss.code, loss.subject) for _criterion, loss, _points in score(measured, around).to_do] == [
        ("late", ""), ("empty-cells", "b"), ("wrong-values", "a"),
    ]  # fmt: skip


def test_a_delay_of_the_promised_period_loses_everything():
    def fresh(days: int) -> float:
        marks = {mark.criterion.name: mark for mark in score(Measures(0), Around(days, 40)).marks}
        return marks["freshness"].share

    assert [fresh(40), fresh(50), fresh(80), fresh(900)] == [1, 0.75, 0, 0]


def test_few_rows_gone_ask_no_question():
    def stable(after: int) -> float:
        scored = score(Measures(after, drift=Drift("v0", 100, after, 4)), Around())
        return next(mark.share for mark in scored.marks if mark.criterion.name == "stability")

    assert stable(round(100 * (1 - LOST_TOLERATED))) == 1
    assert stable(80) == pytest.approx(0.8)


def test_a_criterion_that_does_not_apply_weighs_nothing():
    marks = {mark.criterion.name: mark for mark in score(Measures(5, filled={"a": 0.5}), Around()).marks}
    assert marks["freshness"].share is None
    assert marks["places"].most == 0
    assert marks["completeness"].most > 20
