"""Of the values of the whole and of a place, one series is told: its last value, how it moved, whether that is for the better."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parvis.core.indicators.assessment import State
from parvis.core.indicators.definition import Definition
from parvis.core.indicators.series import Series, of_one_place

DEFINITION = Definition.from_dict(
    {
        "slug": "places",
        "title": "Places",
        "question": "Combien ?",
        "method": "On compte.",
        "direction": "higher",
        "on_track": 20,
        "watch": 10,
        "parts": {"n": {"dataset": "n", "select": "count(*)"}},
    }
)


@dataclass
class Value:
    """A figure."""

    territory: str
    period: str
    value: float | None


WHOLE = [Value("", "2019", 9.0), Value("", "2020", 15.0), Value("", "2021", None)]
PLACE = [Value("A", "2019", 8.0), Value("A", "2020", 4.0)]


def test_the_place_is_told_where_it_has_a_value_else_the_whole():
    assert of_one_place([*WHOLE, *PLACE]) == tuple(PLACE)
    assert of_one_place([*WHOLE, Value("A", "2020", None)]) == tuple(WHOLE[:2])
    assert of_one_place([]) == ()


def test_the_last_value_is_judged_and_compared_with_the_one_before():
    series = Series(definition=DEFINITION, values=of_one_place(WHOLE))
    assert (series.value, series.before, series.history) == (WHOLE[1], WHOLE[0], tuple(WHOLE[:2]))
    assert (series.state, series.change, series.is_better) == (State.WATCH, 6, True)
    lower = replace(series, definition=replace(DEFINITION, direction="lower", on_track=None, watch=None))
    assert (lower.state, lower.is_better) == (State.NONE, False)


def test_a_single_value_has_not_moved_and_nothing_has_no_state():
    single = Series(definition=DEFINITION, values=(Value("", "", 25.0),))
    assert (single.before, single.change, single.is_better, single.history) == (None, None, None, ())
    assert single.state is State.ON_TRACK
    assert Series[Value](definition=DEFINITION).state is State.NONE
