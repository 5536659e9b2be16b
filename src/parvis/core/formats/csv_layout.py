"""How a delimited text is laid out: delimiter, header, what is above it, where data begin."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TextIO

from parvis.core.formats.encodings import PreparedText
from parvis.core.formats.header_rows import headers_of
from parvis.core.formats.headers import SEARCHED, HeaderChoice, HeaderGroups, choose_header
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.records import QUOTE, Bounds, Record, Unspacing, split_records
from parvis.core.formats.refusals import BadOption, NoTable
from parvis.core.formats.sink import Tally
from parvis.core.translation import Sentence

DELIMITERS = (";", "\t", ",", "|")
SAMPLE_RECORDS = 1000
SAMPLE_CHARACTERS = 1024 * 1024
BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Layout:
    """``headers`` as written; ``preamble`` and ``second`` are the records set aside; data begin on line ``data_line``.

    Lines go through ``unspaced``, if there is one, before they are cut.
    """

    delimiter: str
    headers: tuple[str, ...]
    header_line: int
    data_line: int
    preamble: tuple[Record, ...] = ()
    second: Record | None = None
    empty_above: Tally = field(default_factory=Tally)
    unspaced: Unspacing | None = None
    groups: HeaderGroups | None = None

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.headers)


def open_text(text: PreparedText) -> TextIO:
    """The prepared text, line ends as they are, without its mark."""
    raw = text.path.open("rb")
    raw.seek(text.skip)
    return io.TextIOWrapper(raw, encoding="utf-8", newline="")


def find_layout(text: PreparedText, options: ReadOptions, bounds: Bounds, name: str, *, tabs: bool) -> Layout:
    """The layout of ``text``, as far as ``options`` leave it open; ``tabs`` prefers tabulations between equals."""
    lines = _sample(text)
    if not any(line.strip(BOM + ' \t\r\n;,|"') for line in lines):
        raise NoTable(file=name)

    def cut(delimiter: str) -> list[Record]:
        unspaced = _unspacing(text, lines, delimiter)
        source = map(unspaced, lines) if unspaced else iter(lines)
        records = split_records(source, delimiter, bounds, multiline=options.multiline is not False)
        return list(islice(records, SAMPLE_RECORDS))

    delimiter = options.delimiter if options.delimiter is not None else _delimiter(cut, tabs=tabs)
    if len(delimiter) > 1:
        raise BadOption(option="delimiter", value=delimiter, reason=Sentence("un seul caractère"))
    records = cut(delimiter)
    width = _usual_width([record.cells for record in records])
    choice = _header(records, width, options)
    layout = _layout(delimiter, records, choice, options)
    return replace(layout, unspaced=_unspacing(text, lines, delimiter))


def _unspacing(text: PreparedText, lines: Sequence[str], delimiter: str) -> Unspacing | None:
    """What takes out the blanks between separators and quotes, where that is how the text is written."""
    if not text.quotes or not delimiter:
        return None
    unspacing = Unspacing(delimiter)
    return unspacing if unspacing.suits(lines) else None


def _sample(text: PreparedText) -> list[str]:
    with open_text(text) as stream:
        lines, size = [], 0
        for line in stream:
            lines.append(line)
            size += len(line)
            if size > SAMPLE_CHARACTERS:
                break
        return lines


def _is_blank(cells: Sequence[str]) -> bool:
    return not any(cell.strip(BOM + " ") for cell in cells)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(row) for row in rows if not _is_blank(row))
    if not widths:
        return max((len(row) for row in rows), default=1) or 1
    best = max(widths.values())
    return max(width for width, count in widths.items() if count == best)


def _delimiter(cut: Callable[[str], list[Record]], *, tabs: bool) -> str:
    """The delimiter under which most records have the same number of cells; empty when there is only one column."""
    order = ("\t", *(d for d in DELIMITERS if d != "\t")) if tabs else DELIMITERS
    best, best_score = "", (0.0, 0)
    for delimiter in order:
        rows = [record.cells for record in cut(delimiter) if not _is_blank(record.cells)]
        width = _usual_width(rows)
        if width < 2 or not rows:
            continue
        share = sum(1 for row in rows if len(row) == width) / len(rows)
        leading = next(rank for rank, row in enumerate(rows) if len(row) == width)
        score = (round(share - 0.05 * min(leading, 5), 2), width)
        close = abs(score[0] - best_score[0]) <= 0.03
        if (close and score[1] > best_score[1]) or (not close and score[0] > best_score[0]):
            best, best_score = delimiter, score
    return best


def _header(records: list[Record], width: int, options: ReadOptions) -> HeaderChoice:
    rows = [record.cells for record in records]
    if options.header_line is None:
        return choose_header(rows, width)
    if options.header_line == 0:
        return HeaderChoice(None)
    for rank, record in enumerate(records):
        if record.line >= options.header_line:
            return HeaderChoice(rank, tuple(range(rank)))
    raise BadOption(option="header_line", value=options.header_line, reason=Sentence("au-delà du fichier"))


def _layout(delimiter: str, records: list[Record], choice: HeaderChoice, options: ReadOptions) -> Layout:
    names: list[str] = []
    if choice.header is not None:
        names, choice = _names(records, choice, options)
    above = [records[rank] for rank in choice.preamble]
    start = choice.first_data if choice.header is not None else len(above)
    data = records[start:]
    width = _usual_width([record.cells for record in data]) if data else 0
    if choice.header is None:
        headers = tuple("" for _ in range(width))
        header_line = 0
    else:
        cells = [_clean(cell) for cell in names]
        while len(cells) > width > 0 and not cells[-1]:
            cells.pop()
        headers = tuple(cells + [""] * (width - len(cells)))
        header_line = records[choice.header].line
    last = records[start - 1] if start else None
    data_line = data[0].line if data else (last.line + _lines_in(last.text) if last else 1)
    return Layout(
        delimiter,
        headers,
        header_line,
        data_line,
        tuple(record for record in above if not _is_blank(record.cells)),
        records[choice.second] if choice.second is not None else None,
        Tally(record.line for record in above if _is_blank(record.cells)),
        groups=choice.groups,
    )


def _names(records: list[Record], choice: HeaderChoice, options: ReadOptions) -> tuple[list[str], HeaderChoice]:
    """The header of each column, on one row or two; the choice follows."""
    if options.header_line is not None or choice.header is None:
        return records[choice.header or 0].cells, choice
    rows = [record.cells for record in records[: SEARCHED + 2]]
    width = max(len(row) for row in rows[choice.header :][:3])
    return headers_of(
        [[*row[:width], *[""] * (width - len(row))] for row in rows], choice, groups=options.header_groups
    )


def _clean(header: str) -> str:
    """A header without its mark, nor the lone quote of one that was never closed."""
    bare = header.removeprefix(BOM).strip(BOM)
    return bare.strip(f"{QUOTE} ") if bare.count(QUOTE) == 1 and bare.strip().strip(QUOTE) != bare.strip() else bare


def _lines_in(text: str) -> int:
    return max(len(_LINE_END.findall(text)), 1)


def generated_headers(width: int) -> tuple[str, ...]:
    """Headers for a table that has none."""
    return tuple(f"Colonne {rank}" for rank in range(1, width + 1))
