"""A file on its way to be validated: as Validata reads it, or as it is with what to know of it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from parvis.core.connections import load_spatial
from parvis.core.formats.csv_layout import find_layout
from parvis.core.formats.detection import detect
from parvis.core.formats.encodings import PreparedText, prepare_text
from parvis.core.formats.file_reader import read
from parvis.core.formats.limits import Limits
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.records import Bounds
from parvis.core.formats.refusals import EmptyFile, NoRow, NoTable
from parvis.core.formats.sink import too_large
from parvis.core.progress import Progress
from parvis.core.schemas.model import TableSchema
from parvis.core.staging import ROWS, StagedTable, Workspace
from parvis.core.text import fold
from parvis.core.validation.model import Advice, Fault
from parvis.core.validation.runner import Rows
from parvis.core.validation.sheet_reader import read_typed
from parvis.core.validation.text_reader import Dialect, as_stream, read_header, read_text, sniff

STRICT_SUFFIXES = frozenset({".csv", ".tsv", ".ods", ".xls", ".xlsx"})
_SPREADSHEETS = frozenset({"xlsx", "ods", "xls"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A header and its rows, or the ``refusal`` that Validata reports."""

    header: tuple[str, ...] = ()
    rows: Rows | None = None
    advice: tuple[Advice, ...] = ()
    refusal: Fault | None = field(default=None)
    stream: Rows | None = None
    """The same rows read as they are asked for, when the file is regular: enough to find it right."""
    later: Callable[[], Rows] | None = None
    """What reads ``rows``, when they were not read yet."""

    def read_rows(self) -> Rows | None:
        """The rows in a table of the workspace; None when the file has none."""
        return self.later() if self.rows is None and self.later is not None else self.rows


def read_file(
    workspace: Workspace,
    path: Path,
    schema: TableSchema,
    *,
    name: str,
    strict: bool,
    progress: Progress,
    limits: Limits,
) -> Reading:
    """Read ``path``; raises the refusals of ``core.formats``."""
    if strict and PurePath(name).suffix.lower() not in STRICT_SUFFIXES:
        return Reading(refusal=_refusal("format-error", {"format": PurePath(name).suffix}))
    try:
        detected = detect(path, ReadOptions(), workspace.folder / "unpacked", name=name, limits=limits)
    except EmptyFile:
        return Reading(refusal=_refusal("source-error", {}))
    if strict and detected.format in _SPREADSHEETS:
        return _typed(workspace, detected.path, detected.format, schema, name, limits)
    if detected.format != "csv":
        return _staged(workspace, path, name, progress, limits)
    text = prepare_text(detected.path, workspace.folder, None, name, limits, lambda _: None)
    tabs = PurePath(name).suffix.lower() in {".tsv", ".tab"}
    if strict:
        text = _with_mark(text)
        return _text(workspace, text, sniff(text, tabs=tabs))
    return _as_it_is(workspace, text, schema, name, limits, tabs=tabs)


def _with_mark(text: PreparedText) -> PreparedText:
    """The same, its byte order mark before the first quote: Validata reads that label with its quotes, which no field has."""
    with text.path.open("rb") as stream:
        return replace(text, skip=0) if stream.read(4) == codecs.BOM_UTF8 + b'"' else text


def _text(workspace: Workspace, text: PreparedText, dialect: Dialect, advice: tuple[Advice, ...] = ()) -> Reading:
    header = read_header(text, dialect)
    stream = as_stream(text, dialect, header)
    return Reading(tuple(header), advice=advice, stream=stream, later=lambda: read_text(workspace, text, dialect).rows)


def _refusal(kind: str, details: dict[str, object]) -> Fault:
    return Fault(kind, None, None, None, None, f"source:{kind}", details)


def _as_it_is(
    workspace: Workspace, text: PreparedText, schema: TableSchema, name: str, limits: Limits, *, tabs: bool
) -> Reading:
    """Any encoding and separator; a header below titles is found when the first record is none."""
    bounds = Bounds(limits.max_record_lines, limits.max_cell_bytes, lambda line: too_large(name, line, limits))
    try:
        layout = find_layout(text, ReadOptions(), bounds, name, tabs=tabs)
    except NoTable:
        return Reading(refusal=_refusal("source-error", {}))
    dialect = Dialect(layout.delimiter or ",")
    advice = []
    if text.encoding not in {"utf-8", "ascii"}:
        advice.append(Advice("encoding", {"encoding": text.encoding}))
    if dialect.delimiter != ",":
        advice.append(Advice("separator", {"separator": dialect.delimiter}))
    skip = 0
    if layout.preamble and layout.header_line > 1 and _resembles(schema, layout.headers):
        skip = len(layout.preamble) + layout.empty_above.count
        details = {"code": "preamble", "lines": [record.line for record in layout.preamble]}
        advice.append(Advice("set-aside", details))
    if skip:
        table = read_text(workspace, text, dialect, skip=skip)
        return Reading(table.header, table.rows, tuple(advice))
    return _text(workspace, text, dialect, tuple(advice))


def _resembles(schema: TableSchema, labels: tuple[str, ...]) -> bool:
    """At least half of these labels are names of fields."""
    names = {fold(item) for item in schema.field_names}
    return sum(fold(label.strip()) in names for label in labels) * 2 >= len(labels)


def _typed(workspace: Workspace, path: Path, kind: str, schema: TableSchema, name: str, limits: Limits) -> Reading:
    """The first sheet, whose cells keep their type."""
    sheet = read_typed(workspace, path, kind, schema, name, limits)
    return Reading(refusal=_refusal("source-error", {})) if sheet is None else Reading(sheet[0], sheet[1])


def _staged(workspace: Workspace, path: Path, name: str, progress: Progress, limits: Limits) -> Reading:
    """A spreadsheet, or any other format Parvis reads: values as they show, rows told by their line."""
    load_spatial(workspace.connection)
    try:
        staged, detected = read(path, workspace, progress=progress, limits=limits, name=name)
    except (NoRow, NoTable):
        return Reading(refusal=_refusal("source-error", {}))
    advice = [Advice("format", {"format": detected.format})]
    if detected.format in _SPREADSHEETS:
        sheets = list(detected.reading.get("sheets", []))
        sheet = detected.reading.get("sheet")
        if len(sheets) > 1:
            advice.append(Advice("sheet", {"sheet": sheet, "others": [item for item in sheets if item != sheet]}))
    advice += [
        Advice("set-aside", {"code": note.code, **note.details})
        for note in staged.notes
        if note.code not in {"other-sheets", "archive-members"}
    ]
    return Reading(tuple(column.header for column in staged.columns), staged_rows(staged), tuple(advice))


def staged_rows(staged: StagedTable) -> Rows:
    """The staged table as rows to validate."""
    texts = tuple(f"coalesce(CAST({column.name} AS VARCHAR), '')" for column in staged.columns)
    return Rows(ROWS, texts, "line", staged.rows)
