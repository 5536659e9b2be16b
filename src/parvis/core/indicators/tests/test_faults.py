"""What is wrong with a definition is told beside the field that it is about."""

from __future__ import annotations

import pytest

from parvis.core.errors import NotFound
from parvis.core.indicators.definition import Definition
from parvis.core.indicators.errors import BadFormula, BadIndicator
from parvis.core.indicators.faults import fault_of, faults_of
from parvis.core.odsql.errors import UnknownField

PART = {"dataset": "n", "select": "sum(n)", "territory": "code", "period": "annee"}
BODY = {"slug": "n", "title": "N", "question": "Combien ?", "method": "On compte.", "parts": {"n": PART}}
MORE = {"n": PART, "m": {**PART, "dataset": "m"}}


def refusing(is_wrong, error):
    """Computes anything but the parts that are wrong."""

    def compute(definition):
        if any(is_wrong(part) for part in definition.parts.values()):
            raise error

    return compute


def places(compute, parts):
    definition = Definition.from_dict({**BODY, "parts": parts, "formula": "n" if len(parts) == 1 else "n + m"})
    return [(fault.part, fault.field) for fault in faults_of(definition, compute)]


@pytest.mark.parametrize(
    ("is_wrong", "clause", "field"),
    [
        (lambda part: part.dataset == "m", "select", "select"),
        (lambda part: part.dataset == "m", "where", "where"),
        (lambda part: part.dataset == "m" and part.period, "group_by", "period"),
        (lambda part: part.dataset == "m" and part.territory, "group_by", "territory"),
    ],
)
def test_the_fault_of_a_part_is_in_the_clause_that_is_wrong(is_wrong, clause, field):
    error = UnknownField(name="x", clause=clause, near="", known="")
    assert places(refusing(is_wrong, error), MORE) == [("m", field)]


def test_a_dataset_that_is_not_there_is_the_fault():
    assert places(refusing(lambda part: part.dataset == "n", NotFound(name="n")), MORE) == [("n", "dataset")]


def test_parts_that_are_right_alone_have_no_fault():
    assert places(lambda definition: None, MORE) == []


@pytest.mark.parametrize(
    ("changes", "part", "field"),
    [
        ({"target": "beaucoup"}, "", "target"),
        ({"on_track": 3}, "", "on_track"),
        ({"parts": {"n": {**PART, "select": ""}}}, "n", "select"),
        ({"parts": {"n": {**PART, "select": 3}}}, "n", "select"),
        ({"formula": "n / m"}, "", "formula"),
    ],
)
def test_what_the_check_refuses_is_said_of_its_field(changes, part, field):
    with pytest.raises((BadIndicator, BadFormula)) as caught:
        Definition.from_dict({**BODY, **changes})
    assert (fault_of(caught.value).part, fault_of(caught.value).field) == (part, field)
