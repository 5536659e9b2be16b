"""Small counts of a table: masked with what would give them away, or added up."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.sink import clear_rows
from parvis.core.privacy import search_table
from parvis.core.profiling.type_inference import guess
from parvis.core.staging import Workspace
from parvis.core.transforms import BadStep, Step, apply_steps, hides_persons
from parvis.core.transforms.small_cells import MOST_CELLS, TOTAL
from parvis.core.transforms.tests.test_treatments import Row, treated

CROSSED = ["iris", "sexe", "effectif"]
BY = {"columns": ["effectif"], "by": ["iris", "sexe"], "under": 5}
ROWS_WITH_TOTALS: list[Row] = [
    ["912280101", "H", "3"], ["912280101", "F", "40"], ["912280101", "Ensemble", "43"],
    ["912280102", "H", "30"], ["912280102", "F", "20"], ["912280102", "Ensemble", "50"],
    ["912280103", "H", "17"], ["912280103", "F", "28"], ["912280103", "Ensemble", "45"],
    ["Total", "H", "50"], ["Total", "F", "88"], ["Total", "Ensemble", "138"],
]  # fmt: skip


def counts(rows: list[Row], rank: int = 2) -> list[str | None]:
    return [row[rank] for row in rows]


def test_a_small_cell_is_masked_with_what_its_totals_would_give_it_away_with(workspace: Workspace) -> None:
    _table, rows, outcomes = treated(workspace, CROSSED, ROWS_WITH_TOTALS, Step("privacy.cells", BY))
    assert counts(rows) == [None, None, "43", "30", "20", "50", None, None, "45", "50", "88", "138"]
    assert (outcomes[0].cells, outcomes[0].details) == (4, {"under": 5, "small": 1, "more": 3})


def test_without_totals_only_the_small_cells_are_masked(workspace: Workspace) -> None:
    rows_without = [row for row in ROWS_WITH_TOTALS if "Ensemble" not in row and "Total" not in row]
    _table, rows, _outcomes = treated(workspace, CROSSED, rows_without, Step("privacy.cells", BY))
    assert counts(rows) == [None, "40", "30", "20", "17", "28"]


def test_a_column_that_is_the_sum_of_others_is_a_total(workspace: Workspace) -> None:
    headers = ["commune", "hommes", "femmes", "total", "taux"]
    given_rows: list[Row] = [["A", "2", "40", "42", "5"], ["B", "20", "25", "45", "44"], ["C", "9", "1", "10", "90"]]
    step = Step("privacy.cells", {"columns": ["hommes", "femmes"], "by": ["commune"], "beside": ["taux"], "under": 5})
    _table, rows, _outcomes = treated(workspace, headers, given_rows, step)
    assert rows == [("A", None, None, "42", None), ("B", "20", "25", "45", "44"), ("C", None, None, "10", None)]


def test_a_code_and_its_label_cross_a_table_once(workspace: Workspace) -> None:
    labels = {"H": "Hommes", "F": "Femmes", "Ensemble": "Ensemble"}
    rows_with_labels: list[Row] = [[iris, sex, labels[str(sex)], count] for iris, sex, count in ROWS_WITH_TOTALS]
    step = Step("privacy.cells", {**BY, "by": ["iris", "sexe", "libellé"]})
    _table, rows, _outcomes = treated(workspace, ["iris", "sexe", "libellé", "effectif"], rows_with_labels, step)
    assert counts(rows, 3) == [None, None, "43", "30", "20", "50", None, None, "45", "50", "88", "138"]


def test_a_table_without_small_cells_stays_as_it_is(workspace: Workspace) -> None:
    _table, rows, outcomes = treated(workspace, CROSSED, ROWS_WITH_TOTALS, Step("privacy.cells", {**BY, "under": 2}))
    assert rows == [tuple(row) for row in ROWS_WITH_TOTALS]
    assert (outcomes[0].rows, outcomes[0].cells) == (0, 0)


def test_too_large_a_table_is_refused_before_anything_is_read(workspace: Workspace, monkeypatch) -> None:
    monkeypatch.setattr("parvis.core.transforms.small_cells.MOST_CELLS", 11)
    with pytest.raises(BadStep):
        treated(workspace, CROSSED, ROWS_WITH_TOTALS, Step("privacy.cells", BY))
    assert MOST_CELLS > 100_000


@pytest.mark.parametrize("parameters", [{"columns": "effectif"}, {"columns": ["effectif"], "under": 1}])
def test_a_step_of_another_form_is_refused(workspace: Workspace, parameters: dict[str, object]) -> None:
    with pytest.raises(BadStep):
        treated(workspace, CROSSED, ROWS_WITH_TOTALS, Step("privacy.cells", parameters))


def test_counts_are_added_up_over_what_is_no_longer_told_apart(workspace: Workspace) -> None:
    rows_without = [row for row in ROWS_WITH_TOTALS if "Ensemble" not in row and "Total" not in row]
    step = Step("privacy.gather", {"column": "sexe", **BY})
    table, rows, outcomes = treated(workspace, CROSSED, rows_without, step)
    assert [column.header for column in table.columns] == ["iris", "effectif"]
    assert rows == [("912280101", "43"), ("912280102", "50"), ("912280103", "45")]
    assert (table.rows, outcomes[0].rows) == (3, 3)


def test_rows_of_totals_are_used_as_they_are_and_what_was_masked_adds_to_nothing(workspace: Workspace) -> None:
    given_rows: list[Row] = [
        ["A", "H", "s"], ["A", "F", "7"], ["A", "Ensemble", "9"], ["B", "H", "s"], ["B", "F", "7"], ["C", "H", "100"], ["C", "F", "20"],
    ]  # fmt: skip
    _table, rows, _outcomes = treated(workspace, CROSSED, given_rows, Step("privacy.gather", {"column": "sexe", **BY}))
    assert rows == [("A", "9"), ("B", None), ("C", "120")]


@pytest.mark.parametrize("text", ["Total", "ENSEMBLE", "Tous", "Toutes", "_T", "Sous-total", "Total général"])
def test_words_of_totals_are_known(text: str) -> None:
    assert TOTAL.fullmatch(text)


@pytest.mark.parametrize("text", ["Toussieux", "H", "Hommes", "0-14", "Toulouse", "912280101"])
def test_other_words_are_no_totals(text: str) -> None:
    assert not TOTAL.fullmatch(text)


def test_both_keep_the_original_for_those_who_may_edit() -> None:
    assert hides_persons(["privacy.cells"])
    assert hides_persons(["privacy.gather"])


def test_after_the_step_nothing_holds_the_publication_back(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "effectifs.csv"
    cells = "".join(
        f"91228{n // 4:04};{'HF'[n % 2]};{('oui', 'non')[n // 2 % 2]};{3 + 7 * n % 60}\n" for n in range(80)
    )
    path.write_text("IRIS;Sexe;Handicap;Effectif\n" + cells, encoding="utf-8")
    clear_rows(workspace.connection)
    table, _detected = read(path, workspace, ReadOptions())
    before = search_table(workspace, table, guess(workspace, table, thorough=False))
    step = Step("privacy.cells", {"columns": ["Effectif"], "by": ["IRIS", "Sexe", "Handicap"], "under": 5})
    table, outcomes = apply_steps(workspace, table, [step])
    after = search_table(workspace, table, guess(workspace, table, thorough=False))
    assert [finding.kind for finding in before.blocking] == ["small"]
    assert outcomes[0].cells > 0
    assert after.blocking == ()
