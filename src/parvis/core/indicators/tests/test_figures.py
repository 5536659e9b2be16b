"""Figures follow from what each part answers: counts without rows are zero, what is missing stays so, one cause has one mark."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parvis.core.explore import RecordsPage
from parvis.core.indicators.assessment import PERIOD, TERRITORY, VALUE
from parvis.core.indicators.definition import Definition
from parvis.core.indicators.errors import TooManyValues
from parvis.core.indicators.figures import MOST_VALUES, Cause, figures_of

BODY = {"slug": "arceaux", "title": "Arceaux", "question": "Combien ?", "method": "On compte.", "level": "commune"}
BY_YEAR = {"territory": "code", "period": "annee"}


def definition(formula="", **parts):
    return Definition.from_dict(
        {**BODY, "formula": formula, "parts": {n: {"dataset": n, **p} for n, p in parts.items()}}
    )


def told(definition, answers, population=None, present=None):
    """Figures by place and period, of datasets that answer by territory and period, the whole under the empty code."""

    def ask(part, request):
        rows = [row for row in answers[part.dataset] if bool(row[0]) == (TERRITORY in request.group_by)]
        page = [{TERRITORY: place, PERIOD: period, VALUE: value} for place, period, value in rows]
        return RecordsPage(len(page), page, ())

    figures = figures_of(definition, ask, population or {}, present or {}, "Europe/Paris")
    return {figure.key: figure.value for figure in figures}


def test_a_count_without_rows_is_zero_and_a_sum_without_rows_is_missing():
    counted, summed = {"select": "count(*)", **BY_YEAR}, {"select": "sum(n)", **BY_YEAR}
    answers = {
        "born": [("", "2020", 3), ("A", "2020", 3)],
        "gone": [("", "2020", 1), ("A", "2020", 1), ("B", "2020", 1)],
    }
    assert told(definition("born - gone", born=counted, gone=summed), answers) == {
        ("", "2020"): 2,
        ("A", "2020"): 2,
        ("B", "2020"): -1,
    }
    assert told(definition("born - gone", born=summed, gone=counted), answers)["B", "2020"] is None


def test_a_part_without_period_goes_with_each_period_of_the_others():
    parts = {"places": {"select": "sum(n)", "period": "annee"}, "homes": {"select": "sum(n)"}}
    answers = {"places": [("", "2020", 10), ("", "2021", 30)], "homes": [("", None, 5)]}
    assert told(definition("places / homes", **parts), answers) == {("", "2020"): 2, ("", "2021"): 6}


def test_inhabitants_are_those_of_the_place():
    part = {"select": "sum(n)", "territory": "code"}
    figures = told(definition("n / population", n=part), {"n": [("", None, 10), ("A", None, 8)]}, {"": 5, "A": 2})
    assert figures == {("", ""): 2, ("A", ""): 4}


@pytest.mark.parametrize(("select", "joined"), [("sum(n)", {"A": 3}), ("avg(n)", {"A": 1, "former": 2})])
def test_sums_of_former_codes_are_added_and_means_stay_apart(select, joined):
    part = {"select": select, "territory": "code"}
    figures = told(
        definition(n=part), {"n": [("", None, 3), ("A", None, 1), ("former", None, 2)]}, present={"former": "A"}
    )
    assert {place: value for (place, _period), value in figures.items() if place} == joined


def test_very_many_values_are_refused():
    rows = [("", str(rank), 1) for rank in range(MOST_VALUES + 1)]
    with pytest.raises(TooManyValues):
        told(definition(n={"select": "sum(n)", "period": "jour"}), {"n": rows})


def test_a_cause_has_another_mark_once_figures_may_be_others_and_not_before():
    counted = definition(n={"select": "count(*)"})
    cause = Cause(counted, {"n": "v1"}, {"": 5})
    same = [replace(cause, definition=replace(counted, title="Autre titre", target=3.0)), replace(cause)]
    others = [
        replace(cause, versions={"n": "v2"}),
        replace(cause, population={"": 6}),
        replace(cause, definition=replace(counted, unit="milliers")),
    ]
    assert {one.mark for one in same} == {cause.mark}
    assert len({one.mark for one in (cause, *others)}) == 4
