"""A description is a value: kept as JSON, read back the same, refused with its place when it makes no sense."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.errors import BadDescription
from parvis.core.charts.marks import CALCULATIONS, MARKS, STEPS
from parvis.core.descriptions import FORMAT

_names = st.from_regex(r"[a-z0-9_]{0,12}", fullmatch=True)
_sources = st.builds(
    SeriesSource,
    dataset=st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}", fullmatch=True),
    calculation=st.sampled_from(sorted(CALCULATIONS)),
    measure=_names,
    grouping=_names,
    series=_names,
    where=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    label=st.text(max_size=20),
    limit=st.integers(0, 2000),
)
_descriptions = st.builds(
    ChartDescription,
    mark=st.sampled_from(sorted(MARKS)),
    sources=st.tuples(_sources),
    title=st.text(max_size=40),
    unit=st.text(max_size=8),
    decimals=st.none() | st.integers(0, 6),
    stacked=st.booleans(),
    labels=st.dictionaries(st.sampled_from(["grouping", "measure"]), st.text(max_size=8)),
)


@given(_descriptions)
def test_a_description_is_read_back_as_it_was_written(description):
    assert ChartDescription.from_json(description.to_json()) == description
    assert ChartDescription.from_json(json.dumps(json.loads(description.to_json()))).to_json() == description.to_json()


def test_only_what_was_chosen_is_written_and_the_format_is_told():
    description = ChartDescription("bars", (SeriesSource("arceaux", grouping="commune"),))
    assert description.to_dict() == {
        "format": FORMAT,
        "mark": "bars",
        "sources": [{"dataset": "arceaux", "grouping": "commune"}],
    }


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["format", "mark", "sources", "title", "labels", "stacked", "decimals", "order", "autre"]),
        _json,
    )
    | _json
)
def test_whatever_a_stranger_sends_is_read_or_refused_with_its_place(body):
    try:
        description = ChartDescription.from_dict(body)
    except BadDescription as error:
        assert error.details["name"]
    else:
        assert ChartDescription.from_dict(description.to_dict()) == description


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"mark": "gauge"}, "mark"),
        ({"order": "random"}, "order"),
        ({"decimals": 12}, "decimals"),
        ({"title": "a" * 301}, "title"),
        ({"sources": []}, "sources"),
        ({"sources": [{"dataset": "arceaux", "measure": "a`; drop"}]}, "sources[0].measure"),
        ({"sources": [{"dataset": "../secret"}]}, "sources[0].dataset"),
        ({"sources": [{"dataset": "a", "step": "century"}]}, "sources[0].step"),
        ({"sources": [{"grouping": "commune"}]}, "sources[0].dataset"),
        ({"sources": [{"dataset": "a", "url": "https://example.org"}]}, "sources[0].url"),
        ({"mark": "pie", "sources": [{"dataset": "a"}, {"dataset": "b"}]}, "mark"),
        ({"format": 2}, "format"),
    ],
)
def test_what_is_not_right_is_told_with_its_place(change, place):
    body = {"mark": "bars", "sources": [{"dataset": "arceaux", "grouping": "commune"}], **change}
    with pytest.raises(BadDescription) as refused:
        ChartDescription.from_dict(body)
    assert refused.value.details["name"] == place
    assert refused.value.hint("fr").startswith("Valeurs possibles")


def test_steps_that_follow_a_calendar_are_told_from_those_that_come_back():
    assert [name for name, step in STEPS.items() if step.is_time] == ["year", "month", "day"]


@pytest.mark.parametrize("text", ["", "[1", "{" * 100_000, "null", "3", '{"mark": 1e999}'])
def test_a_text_that_is_no_description_is_refused(text):
    with pytest.raises(BadDescription):
        ChartDescription.from_json(text)
