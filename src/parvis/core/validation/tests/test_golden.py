"""Verdicts are those of Validata 0.12.5, fault by fault and in its order, on everything recorded from running it."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from parvis.core.schemas import TableSchema, read_schema
from parvis.core.schemas.retrieval import load_schema
from parvis.core.validation.model import Report
from parvis.core.validation.validator import VALIDATA_CAP, validate

DATA = Path(__file__).parent / "data"
BUNDLED = Path(__file__).parents[3] / "packs" / "schemas"

MICRO = json.loads((DATA / "micro-cases.json").read_text())["cases"]
EXAMPLES = [
    case
    for name in ("published-examples.json", "synthetic-examples.json")
    for case in json.loads((DATA / name).read_text())["cases"]
]
ENCODED = json.loads((DATA / "encodings.json").read_text())["cases"]
SANE = {"empty-file": ["source-error"], "arrayitem-field-required-2": ["constraint-error"]}
"""What we say where Validata stops with an exception."""


def _schema(reference: str) -> TableSchema:
    """The bundled schema that a recording names, in the version it was made with."""
    folder, file = reference.split("/")
    versions = sorted(
        (BUNDLED / folder).iterdir(), key=lambda path: [int(part) for part in path.name.lstrip("v").split(".")]
    )
    chosen = next((path for path in versions if path.name in file), versions[-1])
    return load_schema(next(chosen.glob("*.json")))


def _faults(report: Report) -> list[tuple[Any, ...]]:
    faults = []
    for fault in islice(report.faults, VALIDATA_CAP):
        constraint = fault.rule.partition(":")[2] if fault.kind == "constraint-error" else None
        faults.append((fault.kind, fault.row, fault.column, constraint))
    return faults


@pytest.mark.parametrize("case", MICRO, ids=[case["id"] for case in MICRO])
def test_each_behaviour_is_the_same(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(case["csv"].encode(case["encoding"]))
    any_case = case.get("ignore_header_case", False)
    report = validate(path, read_schema(case["schema"]), tmp_path / "work", strict=True, any_case=any_case)
    expected = case["expected"]
    if "exception" in expected:
        assert [fault.kind for fault in report.faults] == SANE[case["id"]]
        return
    positions = [[fault.column, fault.position] for fault in report.faults if fault.column is not None]
    assert _faults(report) == [
        (row["type"], row.get("row"), row["fields"][0][0] if "fields" in row else None, row.get("constraint"))
        for row in expected["errors"]
    ]
    assert positions == [row["fields"][0] for row in expected["errors"] if "fields" in row]
    assert report.valid is expected["valid"]
    assert report.total == len(expected["errors"])


@pytest.mark.parametrize("path", sorted((DATA / "fuzz").glob("*.csv")), ids=lambda path: path.stem)
def test_all_faults_of_mutated_rows_are_found_in_order(path: Path, tmp_path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    report = validate(path, _schema(expected["schema"]), tmp_path, strict=True)
    assert _faults(report) == [tuple(row) for row in expected["errors"]]
    assert report.total >= len(expected["errors"]) and sum(count.count for count in report.counts) == len(report.faults)


@pytest.mark.parametrize("case", EXAMPLES, ids=[f"{case['schema']}-{case['example']}" for case in EXAMPLES])
def test_published_examples_have_the_same_verdict(case: dict[str, Any], tmp_path: Path) -> None:
    path = DATA / "examples" / case["schema"].split("/")[0] / case["example"]
    report = validate(path, _schema(case["schema"]), tmp_path, strict=True)
    assert _faults(report) == [tuple(row) for row in case["expected"]["errors"]]
    assert report.valid is case["expected"]["valid"]


@pytest.mark.parametrize("case", ENCODED, ids=[case["id"] for case in ENCODED])
def test_encodings_and_separators_are_guessed_alike(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(case["csv"].encode(case["encoding"]))
    report = validate(path, read_schema(case["schema"]), tmp_path / "work", strict=True)
    actual = [[fault.kind, fault.row, fault.column, fault.position] for fault in report.faults]
    assert actual == case["expected"]["errors"]
    assert report.valid is case["expected"]["valid"]
