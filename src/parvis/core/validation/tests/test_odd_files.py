"""Files in forms that exports take and no author of a schema thinks of are judged as frictionless judges them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frictionless
import pytest

from parvis.core.schemas.retrieval import load_schema
from parvis.core.validation.validator import validate

BUNDLED = Path(__file__).parents[3] / "packs" / "schemas"
EXAMPLES = Path(__file__).parent / "data" / "examples"
OURS_ALONE = ("custom-check-error", "-value")
"""Ends of the kinds of what the checks of French schemas find; frictionless alone knows none of them."""
THEIRS_ALONE = {"unmatched-header"}
"""Said by frictionless once more, of the whole header, when a row is of another length."""


def forms(text: str) -> dict[str, bytes]:
    """The same table as different tools write it, or as people break it."""
    head, first, *others = text.replace("\r\n", "\n").strip("\n").split("\n")
    sep = ";" if head.count(";") > head.count(",") else ","
    rest = first.split(sep)[1:]
    rows = [first, *others]
    text_by_form = {
        "a byte order mark": "\ufeff" + text,
        "ends of line of old Macs": "\r".join([head, *rows]) + "\r",
        "ends of line of Windows": "\r\n".join([head, *rows]) + "\r\n",
        "empty lines": "\n".join([head, "", first, "", "", *others]),
        "empty lines at the end": "\n".join([head, *rows, "", "", ""]),
        "a line of separators": "\n".join([head, sep * head.count(sep), *rows]),
        "a header alone": head + "\n",
        "a header without an end": head,
        "a very long cell": "\n".join([head, sep.join(["x" * 200_000, *rest])]),
        "a quote inside a cell": "\n".join([head, sep.join(['a"b', *rest])]),
        "a cell of two lines": "\n".join([head, sep.join(['"a\nb"', *rest]), first]),
        "a short row": "\n".join([head, sep.join(first.split(sep)[:2])]),
        "a long row": "\n".join([head, first + sep + "extra" + sep]),
        "spaces around headers": "\n".join([sep.join(f" {name} " for name in head.split(sep)), *rows]),
    }
    return {name: body.encode() for name, body in text_by_form.items()}


def of_frictionless(path: Path, schema: Path) -> set[tuple[Any, ...]]:
    """Kind, row and column of everything that frictionless finds."""
    resource = frictionless.Resource(
        path=path.name,
        basepath=str(path.parent),
        schema=frictionless.Schema.from_descriptor(str(schema)),
        detector=frictionless.Detector(schema_sync=True),
    )
    report = resource.validate(limit_errors=1000)
    return {
        (error.type, getattr(error, "row_number", None), _column(error))
        for task in report.tasks
        for error in task.errors
        if error.type not in THEIRS_ALONE
    }


def _column(error: Any) -> str | None:
    return None if error.type == "extra-cell" else getattr(error, "field_name", None)


@pytest.mark.filterwarnings("ignore:The --schema-sync option:DeprecationWarning")
@pytest.mark.parametrize("name", ["cnigfr__schema-friches", "scdl__catalogue", "etalab__schema-lieux-covoiturage"])
def test_a_table_in_an_odd_form_has_the_faults_that_frictionless_finds(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frictionless.system, "trusted", True)  # the schema stands elsewhere than the file
    example = sorted((EXAMPLES / name).glob("*.csv"))[0]
    schema = sorted((BUNDLED / name).glob("*/*.json"))[-1]
    for form, body in forms(example.read_text(encoding="utf-8-sig")).items():
        path = tmp_path / "table.csv"
        path.write_bytes(body)
        actual = {
            (fault.kind, fault.row, None if fault.kind == "extra-cell" else fault.column)
            for fault in validate(path, load_schema(schema), tmp_path / "work", strict=True).faults
            if not fault.kind.endswith(OURS_ALONE)
        }
        assert actual == of_frictionless(path, schema), form


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbf", b" \n\n"])
def test_a_file_that_holds_nothing_is_one_fault(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(body)
    schema = load_schema(sorted((BUNDLED / "scdl__catalogue").glob("*/*.json"))[-1])
    for strict in (True, False):
        report = validate(path, schema, tmp_path / "work", strict=strict)
        assert [fault.kind for fault in report.faults] == ["source-error"]
