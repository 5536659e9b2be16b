"""A map is a value: kept as JSON, read back the same, refused with its place when it makes no sense."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.atlas.errors import BadMap
from parvis.core.atlas.kinds import KINDS, METHODS
from parvis.core.descriptions import FORMAT

_names = st.from_regex(r"[a-z0-9_]{0,12}", fullmatch=True)
_layers = st.builds(
    MapLayer,
    dataset=st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}", fullmatch=True),
    kind=st.sampled_from(sorted(KINDS)),
    label=st.text(max_size=20),
    where=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    colour=_names,
    classes=st.sampled_from(sorted(set(METHODS) - {"chosen"})),
    steps=st.integers(2, 7),
    bounds=st.lists(st.floats(-1e9, 1e9), max_size=6, unique=True).map(lambda some: tuple(sorted(some))),
    popup=st.text(max_size=40),
    time=_names,
    hidden=st.booleans(),
)
_maps = st.builds(
    MapDescription,
    layers=st.lists(_layers, min_size=1, max_size=3).map(tuple),
    title=st.text(max_size=40),
    start=st.just(()) | st.tuples(st.floats(-180, 180), st.floats(-85, 85), st.floats(0, 20)),
)


@given(_maps)
def test_a_map_is_read_back_as_it_was_written(description):
    assert MapDescription.from_json(description.to_json()) == description
    assert description.to_dict()["format"] == FORMAT


LAYER = {"dataset": "arbres"}
WRONG = {
    "nothing": ({}, "layers"),
    "no layer": ({"layers": []}, "layers"),
    "nine layers": ({"layers": [LAYER] * 9}, "layers"),
    "a layer that is a text": ({"layers": ["arbres"]}, "layers[0]"),
    "a layer of nothing": ({"layers": [{}]}, "layers[0].dataset"),
    "a path for a dataset": ({"layers": [{"dataset": "../secret"}]}, "layers[0].dataset"),
    "an unknown kind": ({"layers": [{**LAYER, "kind": "globe"}]}, "layers[0].kind"),
    "an unknown word": ({"layers": [{**LAYER, "color": "x"}]}, "layers[0].color"),
    "a column in quotes": ({"layers": [{**LAYER, "colour": "`a`"}]}, "layers[0].colour"),
    "a number for a text": ({"layers": [{**LAYER, "label": 3}]}, "layers[0].label"),
    "too many classes": ({"layers": [{**LAYER, "steps": 8}]}, "layers[0].steps"),
    "classes that are true": ({"layers": [{**LAYER, "steps": True}]}, "layers[0].steps"),
    "bounds that fall": ({"layers": [{**LAYER, "bounds": [3, 2]}]}, "layers[0].bounds"),
    "no chosen bounds": ({"layers": [{**LAYER, "classes": "chosen"}]}, "layers[0].bounds"),
    "the second layer": ({"layers": [LAYER, {**LAYER, "tint": 9}]}, "layers[1].tint"),
    "a start nowhere": ({"layers": [LAYER], "start": [400, 2, 3]}, "start"),
    "a comparison with oneself only": ({"layers": [LAYER], "compare": [1]}, "compare"),
    "a comparison with nobody": ({"layers": [LAYER], "compare": [1, 2]}, "compare"),
    "a later format": ({"format": 2, "layers": [LAYER]}, "format"),
    "a popup without end": ({"layers": [{**LAYER, "popup": "x" * 1_001}]}, "layers[0].popup"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_makes_no_sense_is_refused_with_its_place(case):
    body, place = WRONG[case]
    with pytest.raises(BadMap) as raised:
        MapDescription.from_json(json.dumps(body))
    assert raised.value.details["name"] == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "carte",
        "[]",
        "null",
        "[" * 5_000,
        '{"layers": [{"dataset": "a", "bounds": [NaN]}]}',
        '{"layers": [{"dataset": "a", "bounds": [1e999]}]}',
        '{"layers": [{"dataset": "a", "steps": ' + "9" * 400 + "}]}",
        '{"layers": [{"dataset": "' + "a" * 70_000 + '"}]}',
    ],
)
def test_hostile_texts_are_refused_as_any_other(text):
    with pytest.raises(BadMap):
        MapDescription.from_json(text)


def test_each_error_tells_what_is_possible_in_both_languages():
    with pytest.raises(BadMap) as raised:
        MapDescription((MapLayer("arbres", kind="globe"),)).checked()
    for language in ("fr", "en"):
        assert "globe" in raised.value.message(language) and "choropleth" in raised.value.hint(language)
