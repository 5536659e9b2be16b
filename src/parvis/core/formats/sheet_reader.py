"""Spreadsheets (XLSX, XLS, ODS): one sheet, its header wherever it stands, every cell as canonical text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING, Any

from parvis.core.columns import ColumnType
from parvis.core.formats.calamine import calamine_failures, open_workbook
from parvis.core.formats.header_rows import Block, headers_of
from parvis.core.formats.headers import COMPARED, SEARCHED, HeaderChoice, choose_header, is_number
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.options import is_pattern
from parvis.core.formats.record_kinds import Placer, set_aside
from parvis.core.formats.records import Record
from parvis.core.formats.refusals import BadOption, NoSuchPart, NoTable, TooManyCells
from parvis.core.formats.sheet_errors import error_cells
from parvis.core.formats.sink import Sink, Tally, check_width, drop_empty_columns
from parvis.core.formats.total_line import set_total_aside
from parvis.core.formats.workbooks import check_workbook
from parvis.core.staging import Note, StagedTable
from parvis.core.text import fold
from parvis.core.translation import Sentence

TELLING = 1_000
MOST_SHEETS = 100
"""Read as one table: the workbook is opened anew for each."""
_ABOUT = re.compile(
    r"notice|lisez|read ?me|sommaire|legende|documentation|metadonnees|dictionnaire|a propos|mode d.emploi|^about$|^variables$"
    r"|^a (savoir|lire)|avertissement|glossaire|definitions?$|liste des variables|page de garde|resume de l.exportation"
)
"""Names of sheets that speak of the data and do not hold them."""
_TEMPLATE_WIDTH = 3
EXACT = 1e15
"""Whole numbers beyond this are not exact in a spreadsheet; they keep all the digits it has."""

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

type Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


def read_sheet(job: Job) -> Outcome:
    """Stage one sheet; titles above its header go to the rejects, other sheets are named in a note."""
    check_workbook(job.path, job.format, job.name, job.limits)
    with open_workbook(job.suffixed(f".{job.format}"), job.format, job.name) as workbook:
        with calamine_failures(job.format, job.name):
            title, others, sheet = _choose_sheet(job, workbook)
        staged, choice = _stage(job, sheet)
        names = list(workbook.sheet_names)
    notes = list(staged.notes)
    if others:
        notes.insert(0, Note("other-sheets", {"read": title, "others": others}))
    notes += error_cells(job, title)
    header_line = choice.header + 1 if choice.header is not None else 0
    reading = {"sheet": title, "sheets": names, "header_line": header_line}
    if choice.groups:
        reading["header_groups"] = choice.groups.to_dict()
    return StagedTable(staged.columns, staged.rows, staged.rejects, tuple(notes)), reading


def matching_sheets(job: Job) -> list[str]:
    """The sheets of a workbook that a pattern meets and that hold something; none when no pattern is given, or for another file."""
    pattern = job.options.sheet
    if pattern is None or not is_pattern(pattern) or job.format not in ("xlsx", "xls", "ods"):
        return []
    check_workbook(job.path, job.format, job.name, job.limits)
    with (
        open_workbook(job.suffixed(f".{job.format}"), job.format, job.name) as workbook,
        calamine_failures(job.format, job.name),
    ):
        names = list(workbook.sheet_names)
        if pattern in names:
            return []
        sheets = [about.name for about in workbook.sheets_metadata if about.typ == type(about.typ).WorkSheet and about.visible == type(about.visible).Visible]  # fmt: skip
        matching = [name for name in sheets if fnmatchcase(name, pattern)]
        if len(matching) <= MOST_SHEETS:
            matching = [name for name in matching if workbook.get_sheet_by_name(name).height > 1]
    if not matching or len(matching) > MOST_SHEETS:
        raise NoSuchPart(file=job.name, part=pattern, listing=", ".join(names))
    return matching


def _choose_sheet(job: Job, workbook: CalamineWorkbook) -> tuple[str, list[str], CalamineSheet]:
    """The sheet asked for, else the first visible one that holds a table and is no notice; and the other sheets that are not empty."""
    names = list(workbook.sheet_names)
    if job.options.sheet is not None:
        if job.options.sheet not in names:
            raise NoSuchPart(file=job.name, part=job.options.sheet, listing=", ".join(names))
        return job.options.sheet, [], workbook.get_sheet_by_name(job.options.sheet)
    sizes: dict[str, tuple[bool, bool, bool]] = {}
    sheet, cells = None, 0
    for about in workbook.sheets_metadata:
        if about.typ == type(about.typ).WorkSheet:
            sheet = workbook.get_sheet_by_name(about.name)
            cells += sheet.total_height * sheet.width
            if cells > job.limits.max_cells:  # several sheets may be one and the same part of the file
                raise TooManyCells(file=job.name, limit=job.limits.max_cells // 1_000_000)
            visible = about.visible == type(about.visible).Visible
            template = not any(shown and some for shown, _, some in sizes.values()) and _is_template(sheet)
            sizes[about.name] = (visible, template or (sheet.height > 1 and sheet.width > 1), sheet.height > 0)
    filled = [name for name, (_, _, some) in sizes.items() if some]
    if not filled:
        raise NoTable(file=job.name)
    tables = [name for name in filled if sizes[name][1]]
    shown = [name for name in tables if sizes[name][0]]
    data = [name for name in shown if not _ABOUT.search(fold(name))]
    chosen = (data or shown or tables or filled)[0]
    others = [name for name in filled if name != chosen]
    if sheet is None or sheet.name != chosen:  # loading a sheet is what costs: the last one measured is often the one
        sheet = workbook.get_sheet_by_name(chosen)
    return chosen, others, sheet


def _is_template(sheet: CalamineSheet) -> bool:
    """True for a line of headers alone, three words or more: a table nobody has filled yet, whatever lists of choices come after it."""
    if sheet.height != 1 or sheet.width < _TEMPLATE_WIDTH:
        return False
    cells = [cell for row in sheet.iter_rows() for cell in row if cell not in ("", None)]
    return len(cells) >= _TEMPLATE_WIDTH and all(isinstance(cell, str) and not is_number(cell) for cell in cells)


def cell_text(cell: Cell) -> str:
    """A cell as canonical text; empty for nothing."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return _number_text(cell)
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    if isinstance(cell, dt.datetime):
        moment = cell + dt.timedelta(microseconds=500) if cell.microsecond % 1000 else cell
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000).isoformat()
    return cell.isoformat()


def _number_text(number: float) -> str:
    if isinstance(number, int) or (number == number // 1 and abs(number) < EXACT):
        return str(int(number))
    return f"{number:.0f}" if number == number // 1 and abs(number) < 1e21 else repr(number)


_HINTS: dict[type, ColumnType] = {
    bool: ColumnType.BOOLEAN,
    int: ColumnType.INT,
    str: ColumnType.TEXT,
    dt.datetime: ColumnType.DATETIME,
    dt.date: ColumnType.DATE,
}


class _Kinds:
    """The kinds of native values met in each column."""

    def __init__(self, width: int) -> None:
        self._seen: list[set[ColumnType | None]] = [set() for _ in range(width)]

    def add(self, cells: Sequence[Cell]) -> None:
        for seen, cell in zip(self._seen, cells, strict=False):
            if cell != "" and cell is not None:
                seen.add(_kind(cell))

    @property
    def hints(self) -> list[ColumnType | None]:
        """The type all values of a column share, a mixture of whole and decimal numbers being decimal."""
        return [
            next(iter(seen)) if len(seen) == 1 else ColumnType.DOUBLE if seen == _NUMBERS else None
            for seen in self._seen
        ]


_NUMBERS = {ColumnType.INT, ColumnType.DOUBLE}


def _kind(cell: Cell) -> ColumnType | None:
    if type(cell) is float:
        return ColumnType.INT if cell == cell // 1 else ColumnType.DOUBLE
    return _HINTS.get(type(cell))


def _stage(job: Job, sheet: CalamineSheet) -> tuple[StagedTable, HeaderChoice]:
    width, height = sheet.width, sheet.total_height
    if not width:
        raise NoTable(file=job.name)
    check_width(width, job.name, job.limits)
    first = [[cell_text(cell) for cell in row] for row in islice(sheet.iter_rows(), SEARCHED + COMPARED)]
    choice = _header(job, first)
    start = choice.first_data if choice.header is not None else len(choice.preamble)
    imposed, groups = job.options.header_line is not None, job.options.header_groups
    headers, choice = headers_of(first, choice, _merged_blocks(sheet), imposed=imposed, groups=groups)
    start = max(start, choice.first_data)
    above = [_record(rank, first[rank]) for rank in choice.preamble]
    second = _record(choice.second, first[choice.second]) if choice.second is not None else None
    sink = Sink(job.workspace, job.name, job.limits, width)
    set_aside(sink, [record for record in above if any(record.cells)], second)
    placer = Placer(sink, width, Tally(record.line for record in above if not any(record.cells)), headers)
    kinds = _Kinds(width)
    for rank, row in enumerate(_rows(sheet, start), start=start):
        if not rank % TELLING:
            job.progress("read", rank, height)
        kinds.add(row)
        placer.place(_record(rank, [cell_text(cell) for cell in row]))
    placer.end()
    notes = [*_above_notes(above, second, choice, width), *placer.notes(), *_merged(sheet, start)]
    staged = sink.finish(headers, notes, kinds.hints)
    staged = set_total_aside(job.workspace, staged, job.options)
    return drop_empty_columns(job.workspace, staged, trailing_only=False), choice


def _rows(sheet: CalamineSheet, start: int) -> Iterator[list[Any]]:
    return islice(iter(sheet.iter_rows()), start, None)


def _record(rank: int, cells: list[str]) -> Record:
    return Record(rank + 1, cells, ";".join(cells))


def _header(job: Job, rows: list[list[str]]) -> HeaderChoice:
    header_line = job.options.header_line
    if header_line == 0:
        return HeaderChoice(None)
    if header_line is not None:
        if header_line > len(rows):
            raise BadOption(option="header_line", value=header_line, reason=Sentence("au-delà du tableau"))
        return HeaderChoice(header_line - 1, tuple(range(header_line - 1)))
    if not any(any(row) for row in rows):
        raise NoTable(file=job.name)
    counts = [sum(1 for cell in row if cell.strip()) for row in rows]
    filled = sorted(count for count in counts if count)
    usual = filled[len(filled) * 3 // 4]
    return choose_header(rows, max(usual, 1))


def _above_notes(above: list[Record], second: Record | None, choice: HeaderChoice, width: int) -> list[Note]:
    notes = []
    titles = [record for record in above if any(record.cells)]
    if titles:
        texts = [" ".join(cell.strip() for cell in record.cells if cell.strip())[:500] for record in titles]
        notes.append(Note("preamble", {"lines": [record.line for record in titles], "content": texts}))
    if second is not None:
        notes.append(Note("second-header", {"line": second.line, "names": second.cells}))
    if choice.header is None:
        notes.append(Note("no-header", {"columns": width}))
    return notes


def _merged_blocks(sheet: CalamineSheet) -> list[Block]:
    """Merged ranges, their columns counted from the first column that is filled."""
    left = sheet.start[1] if sheet.start else 0
    return [((a, b - left), (c, d - left)) for (a, b), (c, d) in sheet.merged_cell_ranges or []]


def _merged(sheet: CalamineSheet, start: int) -> list[Note]:
    """Cells merged inside the data: only the first of them has the value, which a person should know."""
    ranges = [block for block in _merged_blocks(sheet) if block[0][0] >= start]
    return (
        [Note("merged-cells", {"count": len(ranges), "lines": [block[0][0] + 1 for block in ranges[:20]]})]
        if ranges
        else []
    )
