"""A report in words, ready for pages: verdict, counts, examples with the rows around them, advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from parvis.core.schemas import TableSchema
from parvis.core.validation.messages import advice_sentence, explain, title
from parvis.core.validation.model import Count, Fault, Report

COLUMNS_AROUND = 2
"""Columns shown on each side of a faulty cell."""


_OF_SCHEMA = {"deprecated-check"}
"""What is to be known of the schema alone: whoever has a file to put right can do nothing about it."""


@dataclass(frozen=True, slots=True)
class CellShown:
    """One cell of an excerpt."""

    text: str
    faulty: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The rows around a fault: the labels of the columns shown, then each row with its number in the file."""

    heads: list[CellShown]
    rows: list[tuple[int, bool, list[CellShown]]]


@dataclass(frozen=True, slots=True)
class Example:
    """One fault in words, with the rows around it when it has a row."""

    fault: Fault
    found: str
    mend: str
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Group:
    """The faults of one rule on one column."""

    count: Count
    title: str
    anchor: str
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class ReportView:
    """A whole report."""

    report: Report
    groups: list[Group]
    advice: list[str]


def tell(findings: Mapping[str, Any], schema: TableSchema) -> ReportView:
    """The findings of the inspector in the language of the page."""
    language = get_language() or "fr"
    report = Report.from_dict(findings["report"])
    around = findings.get("around") or {}
    groups = [
        Group(
            count,
            title(count.rule, language),
            f"faute-{rank}",
            [
                _example(fault, schema, language, report.columns, around)
                for fault in report.examples
                if (fault.rule, fault.column) == (count.rule, count.column)
            ],
        )
        for rank, count in enumerate(report.counts, start=1)
    ]
    return ReportView(
        report, groups, [advice_sentence(advice, language) for advice in report.advice if advice.code not in _OF_SCHEMA]
    )


def _example(
    fault: Fault, schema: TableSchema, language: str, columns: Sequence[str], around: Mapping[str, Any]
) -> Example:
    explanation = explain(fault, schema, language, columns=columns)
    return Example(fault, explanation.found, explanation.mend, _excerpt(fault, columns, around))


def _excerpt(fault: Fault, columns: Sequence[str], around: Mapping[str, Any]) -> Excerpt | None:
    near = around.get(str(fault.row))
    if fault.row is None or not near:
        return None
    place = (fault.position or 1) - 1
    first = max(0, min(place - COLUMNS_AROUND, len(columns) - 2 * COLUMNS_AROUND - 1))
    shown = range(first, min(len(columns), first + 2 * COLUMNS_AROUND + 1))
    pointed = place if fault.position is not None else -1
    heads = [CellShown(columns[rank], rank == pointed) for rank in shown]
    rows = [
        (
            row["row"],
            row["row"] == fault.row,
            [_cell(row, rank, row["row"] == fault.row and rank == pointed) for rank in shown],
        )
        for row in near
    ]
    return Excerpt(heads, rows)


def _cell(row: Mapping[str, Any], rank: int, faulty: bool) -> CellShown:
    cells = row["cells"]
    return CellShown((cells[rank] if rank < len(cells) else None) or "", faulty)
