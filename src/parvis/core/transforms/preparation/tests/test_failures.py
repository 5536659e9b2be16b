"""What a step cannot do is told row by row, and never a silently empty cell."""

from __future__ import annotations

import pytest

from parvis.core.staging import REJECTS
from parvis.core.transforms import BadStep, StepColumnMissing
from parvis.core.transforms.preparation.work import StepFailed

AMOUNTS = {"nom": ["a", "b", "c"], "montant": ["1 234,50", "néant", None]}
TYPE = {"do": "type", "columns": ["montant"], "type": "double"}


def test_a_failure_has_its_line_its_column_its_value_and_its_reason_and_an_empty_cell_is_none(prepare):
    prepared = prepare(AMOUNTS, TYPE)
    assert prepared.columns["montant"] == ["1234.5", None, None]
    assert prepared.failures == [(3, "montant", "néant", "not-double")]
    assert prepared.outcomes[0].details == {"failures": 1}


def test_a_step_may_keep_what_it_could_not_read(prepare):
    prepared = prepare(AMOUNTS, {**TYPE, "on_failure": "keep"})
    assert prepared.columns["montant"] == ["1234.5", "néant", None]
    assert len(prepared.failures) == 1


def test_a_step_may_put_the_row_with_the_rejected_ones(prepare, workspace):
    prepared = prepare(AMOUNTS, {**TYPE, "on_failure": "drop"})
    assert (prepared.columns["nom"], prepared.staged.rejects) == (["a", "c"], 1)
    rejected = workspace.connection.execute(f"SELECT line, reason, content FROM {REJECTS}").fetchall()
    assert rejected[-1] == (3, "step-failed", "néant")


def test_a_step_may_stop_the_import_and_names_the_first_row(prepare):
    with pytest.raises(StepFailed, match="ligne 3, « montant » : « néant »"):
        prepare(AMOUNTS, {**TYPE, "on_failure": "stop"})


def test_failures_tell_the_line_of_the_source_after_rows_were_split_and_sorted(prepare):
    prepared = prepare(
        {"v": ["3|x", "1"]},
        {"do": "split_rows", "column": "v", "by": "|"},
        {"do": "sort", "columns": ["v"]},
        {"do": "type", "columns": ["v"], "type": "int"},
    )
    assert (prepared.columns["v"], prepared.lines) == (["1", "3", None], [3, 2, 2])
    assert prepared.failures == [(2, "v", "x", "not-int")]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"do": "type", "columns": ["montant"], "type": "nombre"}, "text, int, double"),
        ({"do": "type", "colonnes": ["montant"], "type": "int"}, "« columns » ?"),
        ({"do": "rename", "names": {"nom": "montant"}}, "deux colonnes s’appelleraient « montant »"),
        ({"do": "drop", "columns": ["nom", "montant"]}, "aucune colonne"),
        ({"do": "regex_replace", "columns": ["nom"], "pattern": "(a"}, "mal écrite"),
        ({"do": "filter", "where": [{"column": "nom", "is": "ressemble", "value": "x"}]}, "« ressemble » n’existe pas"),
        ({"do": "date", "columns": ["nom"], "formats": ["%Q"]}, "mal écrit"),
        ({"do": "slice", "skip": -1}, "un nombre de 0"),
        ({"do": "json", "column": "nom", "paths": {"x": "a..b[[0]"}}, "mal écrit"),
    ],
)  # fmt: skip
def test_what_a_step_cannot_be_is_refused_in_words(prepare, step, reason):
    with pytest.raises(BadStep) as refused:
        prepare(AMOUNTS, step)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("sql", "value"),
    [("n::INT * n::INT", "9"), ("n::INT > 2 AND n::INT < 5", "true"), ("coalesce(j->>'a', j->>'b')", "1")],
)
def test_a_cell_that_cannot_be_computed_leaves_the_others_alone(prepare, sql, value):
    table = {"n": ["3", "x", "99999999999"], "j": ['{"a":1}', '{"a"', "[}"]}
    computed = prepare(table, {"do": "compute", "to": "z", "sql": sql})
    assert (computed.columns["z"], [failure[0] for failure in computed.failures]) == ([value, None, None], [3, 4])


@pytest.mark.parametrize(
    ("sql", "words"),
    [("random()", "change à chaque calcul"), ("(SELECT max(x) FROM unnest([n]) t(x))", "fonction de liste")],
)
def test_an_expression_that_cannot_be_tried_row_by_row_is_refused_in_words(prepare, sql, words):
    with pytest.raises(BadStep, match=words):
        prepare({"n": ["1"]}, {"do": "compute", "to": "z", "sql": sql})


def test_a_column_that_a_delivery_lost_stops_with_those_it_has(prepare):
    with pytest.raises(StepColumnMissing, match="« type » porte sur la colonne « total »"):
        prepare(AMOUNTS, {"do": "type", "columns": ["total"], "type": "int"})
