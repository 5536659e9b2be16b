"""Definitions go to JSON and back, and say what is wrong in them; values are judged by their bounds."""

import pytest

from parvis.core.indicators.assessment import State, is_better, question_of, state_of
from parvis.core.indicators.definition import Definition
from parvis.core.indicators.errors import BadFormula, BadIndicator

BODY = {
    "slug": "places-velo",
    "title": "Places de vélo",
    "question": "Y a-t-il de quoi attacher un vélo ?",
    "parts": {"places": {"dataset": "arceaux", "select": "sum(places)", "where": ["places > 0"], "territory": "code"}},
    "formula": "1000 * places / population",
    "direction": "higher",
    "on_track": 10,
    "watch": 5,
    "method": "Les places, pour mille habitants.",
}


def test_a_definition_goes_to_json_and_back():
    definition = Definition.from_dict(BODY)
    assert definition.to_dict() == BODY
    assert Definition.from_json(definition.to_json()) == definition
    assert (definition.datasets, definition.needs_population) == (("arceaux",), True)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"slug": "Places !"}, "slug"),
        ({"title": " "}, "title"),
        ({"direction": "up"}, "direction"),
        ({"on_track": 5, "watch": 10}, "on_track, watch"),
        ({"watch": None}, "on_track, watch"),
        ({"deadline": "demain"}, "deadline"),
        ({"target": float("nan")}, "target"),
        ({"parts": {}}, "parts"),
        ({"parts": {"population": BODY["parts"]["places"]}}, "parts"),
        ({"unknown": 1}, "unknown"),
        ({"decimals": "2"}, "decimals"),
    ],
)
def test_what_is_wrong_is_named(changes, name):
    with pytest.raises(BadIndicator) as raised:
        Definition.from_dict({**BODY, **changes})
    assert f"« {name} »" in raised.value.message("fr")


def test_a_formula_uses_the_parts_that_there_are():
    with pytest.raises(BadFormula):
        Definition.from_dict({**BODY, "formula": "places / arbres"})


@pytest.mark.parametrize(
    ("direction", "on_track", "watch", "states"),
    [("higher", 10, 5, "LWWTT"), ("lower", 5, 10, "TTWWL")],
)
def test_a_value_on_a_bound_is_on_its_good_side(direction, on_track, watch, states):
    definition = Definition.from_dict({**BODY, "direction": direction, "on_track": on_track, "watch": watch})
    letters = {State.ON_TRACK: "T", State.WATCH: "W", State.LATE: "L"}
    assert "".join(letters[state_of(definition, value)] for value in (4, 5, 7, 10, 11)) == states
    assert state_of(definition, None) is State.NONE


def test_better_depends_on_the_direction():
    lower = Definition.from_dict({**BODY, "direction": "lower", "on_track": 5, "watch": 10})
    assert (is_better(lower, 3, 2), is_better(lower, 2, 3), is_better(lower, 2, 2)) == (True, False, None)


def test_a_part_is_asked_for_the_whole_or_by_territory():
    part = Definition.from_dict(BODY).parts["places"]
    assert question_of(part, by_territory=False) == ("sum(places) as i_value", "")
    assert question_of(part, by_territory=True)[1] == "code as i_territory"
