"""Checking a file from the command line, without an instance."""

import json
from pathlib import Path

import pytest

from parvis.config.cli.main import main

PEOPLE = {
    "fields": [
        {"name": "nom", "type": "string", "constraints": {"required": True}},
        {"name": "naissance", "type": "date"},
    ]
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARVIS_HOME", str(tmp_path / "nowhere"))
    (tmp_path / "schema.json").write_text(json.dumps(PEOPLE))
    (tmp_path / "bon.csv").write_text("nom,naissance\nAda,1815-12-10\n")
    (tmp_path / "faux.csv").write_text("NOM;naissance\n;1815-12-10\nAda;10/12/1815\n", encoding="cp1252")
    return tmp_path


def test_a_file_that_respects_its_schema_exits_with_zero(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "bon.csv", "--schema", "schema.json"]) == 0
    assert "bon.csv respecte le schéma" in capsys.readouterr().out
    assert not (place / "nowhere").exists()


def test_faults_are_told_with_row_and_column_and_exit_with_one(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "faux.csv", "--schema", "schema.json"]) == 1
    output = capsys.readouterr().out
    assert "ligne 2, nom" in output and "ligne 3, naissance" in output and "10/12/1815" in output


def test_json_holds_all_faults_and_what_is_only_advice(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "faux.csv", "--schema", "schema.json", "--format", "json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["total"] == len(facts["faults"]) == 2
    assert {row["code"] for row in facts["advice"]} == {"separator", "header-case"}


def test_strict_reading_takes_names_in_their_exact_case(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "faux.csv", "--schema", "schema.json", "--strict", "--format", "csv"]) == 1
    assert "header:missing-label" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [["absent.csv", "--schema", "schema.json"], ["bon.csv", "--schema", "inconnu"], ["bon.csv", "--schema", "bon.csv"]],
)
def test_what_cannot_be_checked_exits_with_two(
    place: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", *words]) == 2
    assert capsys.readouterr().err


def test_schemas_are_listed_and_shown(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schemas", "list"]) == 0
    assert "scdl/deliberations" in capsys.readouterr().out
    assert main(["schemas", "show", "scdl/prenoms"]) == 0
    assert "COLL_INSEE *" in capsys.readouterr().out
    assert main(["schemas", "show", "scdl/prenoms", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fields"]
