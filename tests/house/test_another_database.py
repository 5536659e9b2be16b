"""What the half of the suite on another database leaves out."""

from pathlib import Path

from another_database import LIKE_OTHERS, without_statements_of_their_own

ROOT = Path(__file__).resolve().parents[2]


def test_files_that_are_left_out_are_there():
    assert [name for name in LIKE_OTHERS if not (ROOT / name).exists()] == []
    assert [name for name in LIKE_OTHERS if (ROOT / name).is_dir() != name.endswith("/")] == []


def test_a_file_leaves_only_while_others_that_stay_put_its_statements():
    statements = {"dear": {1, 2}, "cheap": {1, 2}, "alone": {2, 3}, "silent": set()}
    costs = {"dear": 9.0, "cheap": 1.0, "alone": 20.0}
    assert without_statements_of_their_own(statements, costs) == ["dear", "silent"]
    assert without_statements_of_their_own(statements, {"cheap": 9.0}) == ["cheap", "silent"]
