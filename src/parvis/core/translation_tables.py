"""A card to translate as a table for a translator outside: written as CSV, and read again as it comes back. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from parvis.core.card_translations import LONGEST_DESCRIPTION, Part
from parvis.core.errors import DataError
from parvis.core.spreadsheets import spreadsheet_text
from parvis.core.translation import Sentence, Value, gettext_noop

PATH: Final = "path"
HEADERS: Final = (PATH, "about", "source", "translation", "state")
MOST_BYTES: Final = 5_000_000
MOST_LINES: Final = 20_000
MOST_FAULTS: Final = 200
"""Lines that cannot be read that are told one by one."""


class UnreadableTable(DataError):
    """A file that is no table of translations."""

    code: ClassVar[str] = "translation-table"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’est pas un tableau de traductions : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Partez du fichier que le portail donne : les colonnes « path » et « translation » doivent y rester."
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what it translates, from which text, into which."""

    number: int
    path: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """What could be read of a table, and the lines that could not, with why."""

    lines: tuple[Line, ...] = ()
    faults: tuple[tuple[int, Sentence], ...] = ()


def table_of(parts: Iterable[Part], about: Callable[[Part], str], shown: Callable[[Part, str], str]) -> str:
    """The table: CSV with semicolons; ``about`` tells what a part is, ``shown`` how its text is written."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADERS)
    for part in parts:
        writer.writerow((part.path, about(part), shown(part, part.source), shown(part, part.target), part.state))
    return "\ufeff" + out.getvalue()  # spreadsheets take it for UTF-8


def read_table(path: Path, name: str) -> Table:
    """The lines of a table that came back; UnreadableTable for anything else. Run in a confined child: strangers wrote it."""
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableTable(file=name, reason=Sentence("il dépasse {most} Mo", {"most": MOST_BYTES // 1_000_000}))
    text = spreadsheet_text(path.read_bytes())
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    csv.field_size_limit(4 * LONGEST_DESCRIPTION)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        headers = [cell.strip().lower() for cell in next(reader, [])]
        missing = [header for header in (PATH, "translation") if header not in headers]
        if missing:
            reason = Sentence("la colonne « {name} » manque", {"name": missing[0]})
            raise UnreadableTable(file=name, reason=reason)
        return _read(reader, headers, name)
    except csv.Error as error:
        reason = Sentence("ligne {line}, {fault}", {"line": reader.line_num, "fault": str(error)})
        raise UnreadableTable(file=name, reason=reason) from error


def _read(reader: Iterable[list[str]], headers: list[str], name: str) -> Table:
    place = {header: rank for rank, header in reversed(list(enumerate(headers)))}
    lines: dict[str, Line] = {}
    faults: list[tuple[int, Sentence]] = []
    for number, row in enumerate(reader, 2):
        if number > MOST_LINES:
            raise UnreadableTable(file=name, reason=Sentence("il dépasse {most} lignes", {"most": MOST_LINES}))
        if not any(cell.strip() for cell in row):
            continue
        cells = {header: row[rank] if rank < len(row) else "" for header, rank in place.items()}
        path = cells[PATH].strip()
        if not path:
            faults.append((number, Sentence("rien ne dit ce qu’elle traduit")))
        elif len(row) <= place["translation"]:
            faults.append((number, Sentence("elle n’a pas toutes ses cases")))
        elif path in lines:
            again: dict[str, Value] = {"path": path[:80], "line": lines[path].number}
            faults.append((number, Sentence("« {path} » est déjà à la ligne {line}", again)))
        else:
            lines[path] = Line(number, path, cells.get("source", ""), cells["translation"].strip())
    return Table(tuple(lines.values()), tuple(faults[:MOST_FAULTS]))
