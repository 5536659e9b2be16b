"""The full report of a check, as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from parvis.core.schemas.model import TableSchema
from parvis.core.validation.model import Report
from parvis.core.validation.reports.as_csv import csv_report
from parvis.core.validation.reports.as_json import json_report
from parvis.core.validation.reports.as_xlsx import xlsx_report
from parvis.core.validation.reports.endings import ENDINGS
from parvis.core.validation.reports.rows import TableRows

MOST_ROWS_COLOURED = 100_000
"""Beyond, no spreadsheet is made: nobody would open it, and it takes longer than the check."""
AROUND = 2
"""Rows shown before and after a fault."""
MOST_EXCERPTS = 60
SHOWN_CELL = 60


def write_reports(
    report: Report,
    schema: TableSchema,
    folder: Path,
    rows: TableRows | None,
    language: str = "fr",
    endings: Sequence[str] = ENDINGS,
) -> None:
    """Write ``rapport.csv``, ``.json`` and ``.xlsx``, or those asked for; ``rows`` colour the spreadsheet."""
    folder.mkdir(parents=True, exist_ok=True)
    if "csv" in endings:
        _write(csv_report(report, schema, language), folder / "rapport.csv")
    if "json" in endings:
        _write(json_report(report, schema, language), folder / "rapport.json")
    if "xlsx" in endings and report.rows <= MOST_ROWS_COLOURED:
        xlsx_report(report, schema, rows, folder / "rapport.xlsx", language)


def _write(pieces: Iterable[bytes], path: Path) -> None:
    with path.open("wb") as stream:
        for piece in pieces:
            stream.write(piece)


def rows_around(report: Report, rows: TableRows | None) -> dict[str, list[dict[str, Any]]]:
    """For the row of each example: that row and those around it, each with its number and its cells, cut when long."""
    if rows is None:
        return {}
    numbers = dict.fromkeys(fault.row for fault in report.examples if fault.row is not None and fault.row > 1)
    rows_by_number = {}
    for number in list(numbers)[:MOST_EXCERPTS]:
        near = rows.between(max(2, number - AROUND), number + AROUND)
        rows_by_number[str(number)] = [
            {"row": row, "cells": [cell[:SHOWN_CELL] for cell in cells]} for row, cells in near
        ]
    return rows_by_number
