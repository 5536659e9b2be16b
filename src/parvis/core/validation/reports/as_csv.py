"""Every fault as CSV, streamed: one line a fault, with its sentence and the value proposed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from parvis.core.schemas.model import TableSchema
from parvis.core.validation.model import Report
from parvis.core.validation.reports.fault_messages import FaultExplainer
from parvis.core.validation.reports.messages import word

COLUMNS = ("row", "column", "position", "value", "title", "message", "proposal", "rule")
_BATCH = 1_000
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9\s.,]*")


def csv_report(
    report: Report, schema: TableSchema, language: str = "fr", *, delimiter: str = ";", bom: bool = True
) -> Iterator[bytes]:
    """UTF-8 CSV, with the mark and the semicolons that French spreadsheets want unless told otherwise.

    A value that a spreadsheet would take for a formula is preceded by an apostrophe: it comes from a stranger's file.
    """
    buffer, teller = io.StringIO(newline=""), FaultExplainer(schema, language, report.columns)
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([word(name, language) for name in COLUMNS])
    if bom:
        yield b"\xef\xbb\xbf"
    for rank, fault in enumerate(report.faults, start=1):
        explanation = teller.tell(fault)
        proposed = next(
            (candidate.after for candidate in explanation.candidates if len(explanation.candidates) == 1), ""
        )
        cells = (
            fault.row or "",
            fault.column or "",
            fault.position or "",
            fault.value or "",
            explanation.title,
            f"{explanation.found} {explanation.mend}",
            proposed,
            fault.rule,
        )
        writer.writerow([_harmless(str(cell)) for cell in cells])
        if not rank % _BATCH:
            yield _taken(buffer)
    yield _taken(buffer)


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
