"""Conditions of menus: to ODSQL and back, whatever they hold; what menus cannot say stays as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.odsql.criteria import (
    OPERATORS,
    Criteria,
    Criterion,
    fault_in,
    joined,
    operators_for,
    read_criteria,
    separate,
    write_criteria,
)

SHAPE = TableShape(tuple(Column(f"c_{kind.value}", f"Une colonne {kind.value}", kind) for kind in ColumnType))
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z"), exclude_characters=";*%"), min_size=1, max_size=12)
TYPED = {
    ColumnType.TEXT: st.lists(WORDS, min_size=1, max_size=3).map(" ".join),
    ColumnType.INT: st.integers(-(10**9), 10**9).map(str),
    ColumnType.DOUBLE: st.decimals(-1000, 1000, places=2).map(lambda number: repr(float(number))),
    ColumnType.DATE: st.dates().map(str),
    ColumnType.DATETIME: st.dates().map(str),
    ColumnType.BOOLEAN: st.sampled_from(["oui", "non"]),
}


@st.composite
def criterion(draw):
    column = draw(st.sampled_from(SHAPE.columns))
    operator = draw(st.sampled_from(operators_for(column)))
    if operator.takes_year:
        typed = st.integers(1000, 2999).map(str)
    else:
        typed = TYPED.get(column.type, st.nothing())
        typed = st.lists(typed, min_size=1, max_size=3).map(" ; ".join) if operator.takes_several else typed
    values = tuple(draw(st.one_of(typed, st.just(""))) for _rank in range(operator.values))
    return Criterion(column.name, operator.name, values)


@given(st.lists(st.lists(criterion(), min_size=1, max_size=3).map(tuple), max_size=4).map(tuple))
def test_what_menus_say_comes_back_as_it_was_chosen(groups):
    criteria = Criteria(groups)
    conditions = write_criteria(criteria, SHAPE)
    assert read_criteria(conditions, SHAPE) == criteria
    assert read_criteria([joined(conditions, SHAPE)], SHAPE) == criteria
    assert read_criteria(separate(joined(conditions, SHAPE), SHAPE), SHAPE) == criteria


@pytest.mark.parametrize(
    "where",
    [
        "search('mairie')",
        "c_int + 1 > 3",
        "c_text = c_json_blob",
        "(c_text = 'a' and c_int = 1) or c_int < 3",
        "not c_int = 2",
        "within_distance(c_geo_point_2d, geom'POINT(2 48)', 1km)",
        "c_date > now(days=-1)",
        'c_text = ""',
        'c_text in ("a ; b")',
        'c_text like "mot"',
        "c_int > ",
        "c_date = date'2020-01-01T10:00:00'",
    ],
)
def test_what_menus_cannot_say_is_left_as_it_is_written(where):
    assert read_criteria([where], SHAPE) is None


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (Criterion("c_int", "min", ("beaucoup",)), "number"),
        (Criterion("c_int", "min", ("1 500",)), None),
        (Criterion("c_int", "parmi", ("1 ; deux",)), "number"),
        (Criterion("c_double", "entre", ("1", "")), "missing"),
        (Criterion("c_date", "min", ("hier",)), "date"),
        (Criterion("c_date", "min", ("02/03/2026",)), None),
        (Criterion("c_datetime", "annee", ("20",)), "year"),
        (Criterion("c_boolean", "egal", ("peut-être",)), "boolean"),
        (Criterion("townhall", "egal", ("mairie",)), "column"),
        (Criterion("c_text", "vide"), None),
    ],
)
def test_a_row_that_is_not_right_says_why_and_comes_back_as_it_was_typed(typed, fault):
    assert fault_in(typed, SHAPE) == fault
    if fault and OPERATORS[typed.operator].values:
        assert read_criteria(write_criteria(Criteria(((typed,),)), SHAPE), SHAPE) == Criteria(((typed,),))
