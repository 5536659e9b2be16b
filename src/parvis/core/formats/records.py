"""Cutting delimited text into records that know the physical line they start on, whatever the quotes do."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

QUOTE = '"'
NO_DELIMITER = "\x1f"
"""Stands for "one column": a character that text never holds (the csv module wants one)."""

csv.field_size_limit(256 * 1024 * 1024)
"""The module's own limit of 128 KiB is too small for contours; ours is on the whole record (``max_size``)."""


class Flaw(StrEnum):
    """What was wrong with the quotes of a record."""

    MENDED = "quotes-mended"
    BROKEN = "broken-quotes"


class Record(NamedTuple):
    """One record: the line it starts on (from 1), its cells, its text as written, and its flaw if any."""

    line: int
    cells: list[str]
    text: str
    flaw: Flaw | None = None


class Bounds(NamedTuple):
    """How far a quoted cell may run: lines, characters; ``on_oversize`` makes the error for the line when it runs further."""

    lines: int
    characters: int
    on_oversize: Callable[[int], Exception]


_BLANK_QUOTE = re.compile(r'[ \t]"')


class Unspacing:
    """Texts whose quotes stand apart from their separators, « 1970, 73, "Hi, Mom!" »: the blanks between are taken out."""

    def __init__(self, delimiter: str) -> None:
        edge, blank = re.escape(delimiter), " " if delimiter == "\t" else r"[ \t]"
        whole = rf'"(?:[^"\r\n]|"")*+"{blank}*+(?={edge}|[\r\n]|\Z)'
        self._opening = re.compile(rf'(?:^|{edge}){blank}+"')
        self._apart = re.compile(rf"(?:^|{edge}){blank}+{whole}")
        self._cell = re.compile(rf'(^|{edge}){blank}*("(?:[^"\r\n]|"")*+"){blank}*+(?={edge}|[\r\n]|\Z)')

    def suits(self, lines: Sequence[str]) -> bool:
        """True when nearly all quotes after blanks close before a separator: they are quotes, not signs of a text."""
        spaced = [line for line in lines if _BLANK_QUOTE.search(line)]
        opened = sum(len(self._opening.findall(line)) for line in spaced)
        return opened > 0 and 10 * sum(len(self._apart.findall(line)) for line in spaced) >= 9 * opened

    def __call__(self, line: str) -> str:
        """``line`` without these blanks."""
        return self._cell.sub(r"\1\2", line) if QUOTE in line else line


class _Lines:
    """Physical lines with their number, that can be returned."""

    def __init__(self, lines: Iterator[str], first: int) -> None:
        self._lines = lines
        self._back: deque[str] = deque()
        self.number = first - 1

    def next(self) -> str | None:
        line = self._back.popleft() if self._back else next(self._lines, None)
        if line is not None:
            self.number += 1
        return line

    def give_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


FAILURES_BEFORE_DOUBT = 20
SHORT_LOOK = 50
"""After so many quotes that never closed, look only so many lines ahead for the next ones: time stays bounded."""


def split_records(
    lines: Iterator[str],
    delimiter: str,
    bounds: Bounds,
    *,
    expected: int | None = None,
    first: int = 1,
    multiline: bool = True,
) -> Iterator[Record]:
    """Records of ``lines`` (with their line ends); ``expected`` cells help to tell a stray quote from a long cell.

    Unless ``multiline``, each line is a record: a quote that does not close on its line is a sign like others.

    A record whose quotes make no sense, or swallow others, is cut at its first line: mended when that line alone gives the
    expected number of cells, else BROKEN, cut at every delimiter. The following lines are read on their own.
    """
    source = _Lines(lines, first)
    separator = delimiter or NO_DELIMITER
    failures = 0
    while (line := source.next()) is not None:
        number = source.number
        if QUOTE not in line:
            yield Record(number, line.rstrip("\r\n").split(separator), line)
            continue
        if not multiline:
            yield _one_line(number, line, separator)
            continue
        patience = bounds.lines if failures < FAILURES_BEFORE_DOUBT else SHORT_LOOK
        cells, taken, oversize = _quoted(source, line, separator, patience, bounds.characters)
        swallowed = len(taken) > 1 and cells is not None and not _fits(cells, expected)
        if cells is not None and not swallowed:
            yield Record(number, cells, "".join(taken) if len(taken) > 1 else line)
            continue
        failures += cells is None
        alone = split_leniently(line.rstrip("\r\n"), separator)
        if alone is not None and len(alone) == (expected or len(alone)):
            source.give_back(taken[1:])
            yield Record(number, alone, line, Flaw.MENDED)
        elif (literal := _literal(line.rstrip("\r\n"), separator, expected)) is not None:
            source.give_back(taken[1:])
            yield Record(number, literal, line, Flaw.MENDED)
        elif cells is not None:
            yield Record(number, cells, "".join(taken))
        elif oversize:
            raise bounds.on_oversize(number)
        else:
            source.give_back(taken[1:])
            yield Record(number, line.rstrip("\r\n").split(separator), line, Flaw.BROKEN)


def _one_line(number: int, line: str, separator: str) -> Record:
    """The record of one line, whose quotes are signs like others when they do not close on it."""
    text = line.rstrip("\r\n")
    cells = split_leniently(text, separator)
    return Record(
        number, text.split(separator) if cells is None else cells, line, Flaw.MENDED if cells is None else None
    )


def _fits(cells: list[str], expected: int | None) -> bool:
    """True when the record has the expected cells, or those and empty ones after them."""
    return expected is None or len(cells) == expected or (len(cells) > expected and not any(cells[expected:]))


def _quoted(
    source: _Lines, line: str, separator: str, patience: int, characters: int
) -> tuple[list[str] | None, list[str], bool]:
    """Cells of the record that starts with ``line`` (None when its quotes are wrong), lines taken, and "too large"."""
    taken = [line]
    size = len(line)
    oversize = False

    def feed() -> Iterator[str]:
        nonlocal size, oversize
        yield line
        while len(taken) < patience:
            following = source.next()
            if following is None:
                return
            taken.append(following)
            size += len(following)
            if size > characters:
                oversize = True
                return
            yield following

    try:
        cells = next(csv.reader(feed(), delimiter=separator, quotechar=QUOTE, strict=True))
    except csv.Error:
        return None, taken, oversize
    return cells, taken, oversize


def split_leniently(line: str, separator: str) -> list[str] | None:
    """Cells of one line where a quote only closes before a delimiter or the end, be there blanks between; None when one never closes."""
    cells, at = [], 0
    while True:
        if line.startswith(QUOTE, at):
            close = _closing(line, at + 1, separator)
            if close is None:
                return None
            cells.append(line[at + 1 : close].replace(QUOTE * 2, QUOTE))
            at = _blank_end(line, close + 1, separator)
        else:
            end = line.find(separator, at)
            end = len(line) if end < 0 else end
            cells.append(line[at:end])
            at = end
        if at >= len(line):
            return cells
        at += len(separator)


def _literal(line: str, separator: str, expected: int | None) -> list[str] | None:
    """Cells of a line whose quotes are signs like others, « "Les Lilas" de Mme X »; None when a cell has a lone quote."""
    cells = line.split(separator)
    if len(cells) != expected or expected < 2 or any(cell.count(QUOTE) % 2 for cell in cells):
        return None
    wrapped = re.compile(
        f"{QUOTE}{QUOTE}(?=[^{QUOTE}])([^{QUOTE}]*)|{QUOTE}([^{QUOTE}]*){QUOTE}"
    )  # « ""a » is an empty text, then « a »
    return [match[1] or match[2] or "" if (match := wrapped.fullmatch(cell)) else cell for cell in cells]


def _blank_end(line: str, at: int, separator: str) -> int:
    """Where the blanks that begin at ``at`` end, those that part cells aside."""
    while at < len(line) and line[at] in " \t" and line[at] != separator:
        at += 1
    return at


def _closing(line: str, at: int, separator: str) -> int | None:
    while (close := line.find(QUOTE, at)) >= 0:
        end = _blank_end(line, close + 1, separator)
        if end == len(line) or line.startswith(separator, end):
            return close
        at = close + 1
    return None
