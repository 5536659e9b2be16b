"""Formulas compute four operations and refuse the rest of a language."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.indicators.errors import BadFormula
from parvis.core.indicators.formula import compute

NUMBERS = {"a": 6.0, "b": 4.0, "zero": 0.0, "none": None}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("a + b * 2", 14),
        ("(a + b) * 2", 20),
        ("a - -b", 10),
        ("1000 * a / b", 1500),
        ("a / zero", None),
        ("a + none", None),
    ],
)
def test_a_formula_is_computed_as_at_school(formula, value):
    assert compute(formula, NUMBERS) == value


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "a +",
        "c",
        "a ** b",
        "a // b",
        "f(a)",
        "a.real",
        "[a]",
        "a if b else a",
        "'a'",
        "True",
        "a < b",
        "1j",
        "(" * 300,
        "a+" * 200 + "a",
    ],
)
def test_anything_else_is_refused_with_the_names_that_may_be_used(formula):
    with pytest.raises(BadFormula) as raised:
        compute(formula, NUMBERS)
    assert "zero" in raised.value.hint("fr")


@given(st.text(max_size=60))
def test_no_text_does_anything_but_be_computed_or_refused(text):
    with contextlib.suppress(BadFormula):
        assert isinstance(compute(text, NUMBERS), float | None)
