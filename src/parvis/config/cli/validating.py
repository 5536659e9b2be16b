"""``parvis validate``: a file against a schema; works without an instance."""

from __future__ import annotations

import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from parvis.config.cli.main import COULD_NOT, DONE, WRONG
from parvis.config.cli.main import report as tell
from parvis.config.cli.progress import Bar
from parvis.config.cli.schema_listing import own_folder
from parvis.core.errors import NotFound, ParvisError
from parvis.core.schemas import TableSchema
from parvis.core.validation.messages import advice_sentence, sentence, title
from parvis.core.validation.model import Fault, Report
from parvis.core.validation.reports.as_csv import csv_report
from parvis.core.validation.reports.as_json import json_report
from parvis.core.validation.validating import validate
from parvis.packs.schemas import find_or_load

SHOWN = 50
"""Faults told one by one on a terminal; the other formats give all of them."""


def run(args: Namespace) -> int:
    """Check the file; 0 when it respects the schema, 1 when it does not, 2 when that cannot be known."""
    try:
        return _checked(args)
    except ParvisError as error:
        tell(error, as_json=args.format == "json")
        return COULD_NOT


def _checked(args: Namespace) -> int:
    path = Path(args.file)
    if not path.is_file():
        raise NotFound(name=args.file)
    schema = find_or_load(args.schema, args.version, own_folder())
    with tempfile.TemporaryDirectory(prefix="parvis-validate-") as folder:
        bar = Bar(path.name)
        try:
            report = validate(path, schema, Path(folder), strict=args.strict, progress=bar)
        finally:
            bar.close()
        _write(report, schema, args.format, path.name)
    return DONE if report.valid else WRONG


def _write(report: Report, schema: TableSchema, form: str, name: str) -> None:
    if form == "text":
        for line in _lines(report, schema, name):
            print(line)
        return
    pieces = json_report(report, schema) if form == "json" else csv_report(report, schema)
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def _lines(report: Report, schema: TableSchema, name: str) -> Iterable[str]:
    """What a person reads: the verdict, the counts, the first faults, what else to know."""
    called = f"{schema.name} {schema.version}".strip()
    verdict = "respecte" if report.valid else "ne respecte pas"
    yield f"{name} {verdict} le schéma {called} ({report.rows} lignes)."
    if not report.valid:
        yield ""
        yield f"{report.total} anomalies :"
        for count in report.counts:
            where = f" — {count.column}" if count.column else ""
            yield f"  {count.count:>8}  {title(count.rule)}{where}"
        yield ""
        for fault in islice(report.faults, SHOWN):
            yield f"{_place(fault)}{sentence(fault, schema, columns=report.columns)}"
        if report.total > SHOWN:
            yield f"… et {report.total - SHOWN} autres : --format csv ou --format json les donnent toutes."
    if report.advice:
        yield ""
        yield "À savoir :"
        for advice in report.advice:
            yield f"  {advice_sentence(advice)}"


def _place(fault: Fault) -> str:
    parts = [f"ligne {fault.row}"] if fault.row is not None else []
    if fault.column:
        parts.append(fault.column)
    return f"{', '.join(parts)} : " if parts else ""
