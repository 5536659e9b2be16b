"""Checking files and typed rows against schemas: in confined children, since files, schemas and patterns come from strangers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from parvis.core.children import ReadingTooLong, call
from parvis.core.errors import OperationError
from parvis.core.formats.options import ReadOptions
from parvis.core.ingest import schema_checks
from parvis.core.ingest.schema_checks import Candidate, RowFaults, SchemaInspector
from parvis.core.progress import Progress, no_progress
from parvis.core.schemas import TableSchema
from parvis.core.schemas.references import Origin, SchemaRef
from parvis.core.transforms import Step
from parvis.core.translation import gettext_noop
from parvis.hub.datastore.confined import confined
from parvis.hub.datastore.inspections import store_report
from parvis.hub.datastore.national import answered, unanswered
from parvis.hub.datastore.side_tables import NO_SIDE_TABLES, SideTables
from parvis.hub.validation.selectors import catalogue, schema_of, schema_title
from parvis.packs.schemas import load

_NO_OPTIONS = ReadOptions()
ROWS_SECONDS = 30.0


class CheckTooLong(OperationError):
    """The check was stopped: it took too long."""

    code: ClassVar[str] = "validation-too-long"
    sentence: ClassVar[str] = gettext_noop(
        "La vérification de « {name} » a été arrêtée : elle durait plus de {seconds} secondes."
    )
    advice: ClassVar[str] = gettext_noop("Vérifiez le fichier en plusieurs parties.")


def schema_inspector(
    ref: SchemaRef | None, *, folder: Path | None = None, assist: bool = False, raw: Mapping[str, Any] | None = None
) -> SchemaInspector:
    """What looks at a table through the schema ``ref``; without one, tells which schemas of the catalogue it may follow."""
    if ref is None:
        return SchemaInspector(None, folder, assist, raw, _candidates() if assist else ())
    return SchemaInspector((ref, schema_of(ref)), folder, assist, raw)


def _candidates() -> tuple[Candidate, ...]:
    schemas = (load(entry.name, entry.latest.version) for entry in catalogue())
    return tuple(
        Candidate(schema, schema_title(SchemaRef(Origin.BUNDLED, schema.name, schema.version))) for schema in schemas
    )


def check_file(
    path: Path,
    *,
    name: str,
    inspector: SchemaInspector,
    report: str = "",
    options: ReadOptions = _NO_OPTIONS,
    steps: Sequence[Step] = (),
    secret: bytes = b"",
    memory: str = "384MB",
    seconds: float | None = None,
    progress: Progress = no_progress,
    side: SideTables = NO_SIDE_TABLES,
) -> dict[str, Any]:
    """Read a file, apply the steps, and give what the inspector finds; raises the refusals of the readers and of the steps.

    The full report is stored under the name ``report``, if there is one. CheckTooLong once ``seconds`` are over.
    """

    def run(side: SideTables) -> dict[str, Any]:
        with confined(name, path, *side.files, seconds=seconds) as (work, permits), unanswered(work):
            folder = work / "report" if report else None
            findings = call(
                schema_checks.check_file,
                path,
                name=name,
                work=work,
                inspector=replace(inspector, folder=folder),
                options=options,
                steps=tuple(steps),
                secret=secret,
                memory=memory,
                tables=side.tables,
                permits=permits,
                progress=progress,
            )
            if folder is not None:
                store_report(folder, report)
        return findings

    try:
        findings = answered(side, run, progress=progress)
    except ReadingTooLong as error:
        raise CheckTooLong(name=name, seconds=error.details["seconds"]) from error
    return findings


def check_upload(
    path: Path,
    *,
    name: str,
    against: tuple[SchemaRef, TableSchema],
    strict: bool,
    report_folder: Path,
    endings: Sequence[str],
    language: str = "fr",
    seconds: float,
) -> dict[str, Any]:
    """Check a file as it is, the files of the full report in ``report_folder``; CheckTooLong once ``seconds`` are over."""
    try:
        with confined(name, path, write=(_made(report_folder),), seconds=seconds) as (work, permits):
            return call(
                schema_checks.check_upload,
                path,
                name=name,
                work=work,
                against=against,
                strict=strict,
                report_folder=report_folder,
                endings=tuple(endings),
                language=language,
                permits=permits,
            )
    except ReadingTooLong as error:
        raise CheckTooLong(name=name, seconds=int(seconds)) from error


def correct_upload(
    path: Path, *, name: str, against: tuple[SchemaRef, TableSchema], report_folder: Path, seconds: float
) -> Path:
    """The file with its sure corrections made, as CSV in ``report_folder``; CheckTooLong once ``seconds`` are over."""
    corrected = _made(report_folder) / schema_checks.CORRECTED
    try:
        with confined(name, path, write=(report_folder,), seconds=seconds) as (work, permits):
            call(
                schema_checks.correct_upload,
                path,
                name=name,
                work=work,
                schema=against[1],
                target=corrected,
                permits=permits,
            )
    except ReadingTooLong as error:
        raise CheckTooLong(name=name, seconds=int(seconds)) from error
    return corrected


def check_rows(
    columns: Sequence[str], rows: Sequence[Sequence[str]], schema: TableSchema | None, language: str = "fr"
) -> RowFaults:
    """Check rows that a person is typing; nothing is asked of them without a schema, nor of empty rows."""
    if schema is None or not any(cell.strip() for row in rows for cell in row):
        return RowFaults([], 0)
    with confined(schema.title or schema.name, seconds=ROWS_SECONDS) as (work, permits):
        return call(
            schema_checks.check_rows,
            list(columns),
            [list(row) for row in rows],
            replace(schema, raw={}),
            work,
            language,
            permits=permits,
        )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
