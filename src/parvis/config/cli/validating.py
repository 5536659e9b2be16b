"""``parvis validate``: a file against a schema; works without an instance."""

from __future__ import annotations

import shutil
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from parvis.config.cli.main import COULD_NOT, DONE, WRONG
from parvis.config.cli.main import report as tell
from parvis.config.cli.progress import Bar
from parvis.config.cli.schema_list import own_folder
from parvis.core.children import Permits, call
from parvis.core.errors import NotFound, ParvisError
from parvis.core.progress import Progress
from parvis.core.schemas import TableSchema
from parvis.core.validation.messages import advice_sentence, sentence, title
from parvis.core.validation.model import Fault, Report
from parvis.core.validation.reports.as_csv import csv_report
from parvis.core.validation.reports.as_json import json_report
from parvis.core.validation.validator import validate
from parvis.packs.schemas import find_or_load

TOLD = "told"
SECONDS, MEMORY, DISK = 24 * 3600.0, 8_000_000_000, 100_000_000_000
"""An operator's own file may be large: what cannot end is ended all the same."""
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
        bar, work = Bar(path.name), Path(folder)
        permits = Permits(path.name, (path.resolve(),), (work,), SECONDS, MEMORY, DISK)
        try:
            is_valid = call(
                check_to_file,
                path.resolve(),
                schema,
                work,
                name=path.name,
                strict=args.strict,
                form=args.format,
                permits=permits,
                progress=bar,
            )
        finally:
            bar.close()
        with (work / TOLD).open("rb") as output:
            shutil.copyfileobj(output, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    return DONE if is_valid else WRONG


def check_to_file(
    path: Path, schema: TableSchema, work: Path, *, name: str, strict: bool, form: str, progress: Progress
) -> bool:
    """Whether the file respects the schema; what is told of it is in ``work/TOLD``. Called in a confined child."""
    report = validate(path, schema, work / "faults", strict=strict, name=name, progress=progress)
    with (work / TOLD).open("wb") as target:
        target.writelines(_pieces(report, schema, form, name))
    return report.valid


def _pieces(report: Report, schema: TableSchema, form: str, name: str) -> Iterable[bytes]:
    if form == "text":
        return (f"{line}\n".encode() for line in _lines(report, schema, name))
    return json_report(report, schema) if form == "json" else csv_report(report, schema)


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
