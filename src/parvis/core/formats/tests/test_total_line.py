"""A line of totals is is_noted apart from the rows that it sums; what sums nothing stays."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Stage = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("nom;h;f\nA;1;2\nB;3;4\nTOTAL;4;6\n", "TOTAL;4;6"),
        ("nom;montant\nA;1 234,50 €\nB;2 000,50 €\nTotal général;3 235,00 €\n", "Total général;3 235,00 €"),
        ("code;nom;n\n1;A;1\n2;B;3\n;Ensemble;4\n", ";Ensemble;4"),
        ("nom;part;n\nA;20;1\nB;30;3\nTotal;100;4\n", "Total;100;4"),
        ("nom;n\nA;10,4\nB;10,4\nC;10,4\nTotal;31\n", "Total;31"),
        ("nom;n\nA;1\nB;3\n\nTotal;4\n", "Total;4"),
        ("nom;n;f\nA;1;1\nB;3;1\nC;5;2\n;9;4\n", ";9;4"),
        ("nom;n\nA;1\nB;3\nSous-total 1;4\nC;5\nD;1\nSous-total 2;6\nTotal;10\n", "Total;10"),
    ],
)
def test_a_last_row_that_is_the_sum_of_the_others_is_set_aside(stage: Stage, text: str, content: str) -> None:
    table = stage(text)
    line = len(text.splitlines())
    assert table.rejects == [(line, "total-line", content)]
    assert line not in table.lines
    assert table.notes["total-line"]["line"] == line
    whole = stage(text, keep_total=True)
    assert whole.lines == [*table.lines, line]
    assert whole.rejects == []


@pytest.mark.parametrize(
    ("text", "is_noted"),
    [
        ("nom;moyenne\nA;1\nB;3\nEnsemble;2\n", True),
        ("nom;n\nShell;3\nEsso;2\nTotal;9\n", True),
        ("nom;n\nShell;3\nEsso;2\nTotal Access;9\n", False),
        ("poste;n\nTotal énergie;10\nTotal eau;5\nPersonnel;3\n", False),
        ("nom;ville\nA;x\nB;y\nTotal;z\n", False),
        ("a;b\n1;2\n2;3\n3;5\n", False),
        ("a;b;c\nx;1;1\ny;2;1\nz;3;1\n;6;1\n", False),
        ("a;b\nx;1\n;2\ny;3\n;6\n;12\n", False),
    ],
)
def test_a_last_row_that_sums_nothing_stays(stage: Stage, text: str, is_noted: bool) -> None:
    table = stage(text)
    assert table.staged.rows == len(text.splitlines()) - 1
    assert table.rejects == []
    assert ("total-line-kept" in table.notes) is is_noted


def test_a_total_above_remarks_is_set_aside_with_them(stage: Stage) -> None:
    table = stage("nom;h;f\nA;1;2\nB;3;4\nTotal;4;6\nSource : mairie;;\n")
    assert [(line, reason) for line, reason, _ in table.rejects] == [(4, "total-line"), (5, "footer")]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=4, max_size=30))
def test_the_total_of_any_amounts_is_found(stage: Stage, amounts: list[Decimal]) -> None:
    total = sum(amounts)
    rows = [f"n{rank};{amount}".replace(".", ",") for rank, amount in enumerate(amounts)]
    table = stage("\n".join(["nom;montant", *rows, f"Total;{total}".replace(".", ",")]))
    assert table.staged.rows == len(amounts) + (not total)
