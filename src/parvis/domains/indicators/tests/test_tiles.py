"""What a tile of an indicator shows."""

from __future__ import annotations

import pytest

from parvis.core.indicators.definition import Definition
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.tiles import SHORTEST_HISTORY, past_of

DEFINITION = Definition(slug="eau", title="Eau", question="Combien d’eau ?", parts={})
VALUES = [Value(period=str(2020 + rank), value=10.0 + rank) for rank in range(SHORTEST_HISTORY)]


def test_a_history_is_drawn_from_three_figures_on():
    assert past_of(DEFINITION, VALUES[:-1]) is None
    past = past_of(DEFINITION, VALUES)
    assert past is not None
    assert past.periods == ("2020", "2021", "2022")
    assert past.levels == ("12", "11", "10")


@pytest.mark.parametrize("values", [[], VALUES[:1]])
def test_nothing_is_drawn_of_less(values):
    assert past_of(DEFINITION, values) is None


def test_an_axis_counts_in_millions_rather_than_with_nine_figures():
    past = past_of(DEFINITION, [Value(period=str(2017 + rank), value=4e8 + 4e7 * rank) for rank in range(3)])
    assert past is not None
    assert past.levels[0] == "500\N{NO-BREAK SPACE}millions"
    assert past.levels[-1] == "400\N{NO-BREAK SPACE}millions"
