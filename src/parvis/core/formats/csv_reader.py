"""CSV and its cousins: find out encoding and layout, then read by the quick route or by the careful one."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from parvis.core.formats.csv_careful import careful_route
from parvis.core.formats.csv_layout import Layout, find_layout, generated_headers
from parvis.core.formats.csv_quick import quick_route
from parvis.core.formats.encodings import prepare_text
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.lost_lines import refuse_lost_lines
from parvis.core.formats.records import Bounds
from parvis.core.formats.sink import check_width, drop_empty_columns, too_large
from parvis.core.formats.total_line import set_total_aside
from parvis.core.staging import Note, StagedColumn, StagedTable


def read_csv(job: Job) -> Outcome:
    """Stage a delimited text; both routes give the same table."""
    size = job.path.stat().st_size
    text = prepare_text(
        job.path,
        job.workspace.folder,
        job.options.encoding,
        job.name,
        job.limits,
        lambda _: job.progress("read", 0, size),
    )
    bounds = Bounds(
        job.limits.max_record_lines, job.limits.max_cell_bytes, lambda line: too_large(job.name, line, job.limits)
    )
    tabs = PurePath(job.name).suffix.lower() in {".tsv", ".tab"}
    layout = find_layout(text, job.options, bounds, job.name, tabs=tabs)
    check_width(layout.width, job.name, job.limits)
    staged = quick_route(job, text, layout) or careful_route(job, text, layout, bounds)
    refuse_lost_lines(job, staged, layout, text)
    staged = set_total_aside(job.workspace, staged, job.options, layout.delimiter)
    staged = drop_empty_columns(job.workspace, _with_notes(staged, layout, text.notes), trailing_only=True)
    reading: dict[str, Any] = {
        "encoding": text.encoding,
        "delimiter": layout.delimiter,
        "header_line": layout.header_line,
    }
    if layout.groups:
        reading["header_groups"] = layout.groups.to_dict()
    return _named(staged, layout), reading


def _with_notes(staged: StagedTable, layout: Layout, notes: tuple[Note, ...]) -> StagedTable:
    all_notes = list(notes)
    if layout.preamble:
        all_notes.append(Note("preamble", {"lines": [r.line for r in layout.preamble], "content": _texts(layout)}))
    if layout.second is not None:
        names = layout.second.cells
        all_notes.append(Note("second-header", {"line": layout.second.line, "names": names}))
    if not layout.header_line:
        all_notes.append(Note("no-header", {"columns": layout.width}))
    return StagedTable(staged.columns, staged.rows, staged.rejects, (*all_notes, *staged.notes))


def _texts(layout: Layout) -> list[str]:
    return [" ".join(cell.strip() for cell in record.cells if cell.strip())[:500] for record in layout.preamble]


def _named(staged: StagedTable, layout: Layout) -> StagedTable:
    if layout.header_line:
        return staged
    headers = generated_headers(len(staged.columns))
    columns = tuple(StagedColumn(column.name, header) for column, header in zip(staged.columns, headers, strict=True))
    return StagedTable(columns, staged.rows, staged.rejects, staged.notes)
