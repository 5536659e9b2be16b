"""The words of a portal beside ours, as a table that people correct in a spreadsheet: organisations, licences, themes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from parvis.core.errors import DataError
from parvis.core.spreadsheets import spreadsheet_cell, spreadsheet_text
from parvis.core.text import fold
from parvis.core.translation import Sentence, gettext_noop

NEW: Final = "créer : "
"""Before the name of an organisation that is to be made: a spreadsheet takes « + » for a formula."""
KINDS: Final = {"organisation": "organisations", "licence": "licences", "theme": "themes"}
"""What is translated, as the table calls it and as a source does."""
MOST_BYTES: Final = 5_000_000
_TO_MAKE = re.compile(r"cr[eé]er\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)


class BadMappingFile(DataError):
    """A table of words that cannot be read."""

    code: ClassVar[str] = "move-mapping"
    sentence: ClassVar[str] = gettext_noop("Le tableau des correspondances « {file} » ne se lit pas : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Ses colonnes : genre;mot du portail;ici;jeux. --dry-run --mapping en écrit un."
    )


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word of the portal and what it is here; ``kind`` as a source calls it (a value of ``KINDS``)."""

    kind: str
    word: str
    ours: str


@dataclass(frozen=True, slots=True)
class WordTable:
    """The rows of such a table, the last of each word; one without a word of ours says that it has none."""

    rows: tuple[WordRow, ...] = ()

    def mapping(self) -> dict[str, dict[str, str]]:
        """As a source holds it, organisations to be made included (``NEW``)."""
        mapping: dict[str, dict[str, str]] = {}
        for row in filter(lambda row: row.ours, self.rows):
            mapping.setdefault(row.kind, {})[row.word] = row.ours
        return mapping


def name_to_make(text: str) -> str | None:
    """The name of the organisation that « créer : Nom » asks for, however it was typed; None for anything else."""
    match = _TO_MAKE.fullmatch(text.strip())
    return match[1].strip() if match else None


def read_words(body: bytes, file: str) -> WordTable:
    """The table in a file that a spreadsheet wrote; BadMappingFile, in which the file is called ``file``."""
    if len(body) > MOST_BYTES:
        raise BadMappingFile(file=file, reason=Sentence("plus de {most} octets", {"most": MOST_BYTES}))
    return words_in(spreadsheet_text(body), file)


def words_in(text: str, file: str) -> WordTable:
    """The same of its text."""
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise BadMappingFile(file=file, reason=Sentence("ce n’est pas un tableau CSV")) from error
    words: dict[tuple[str, str], str] = {}
    for rank, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        kind = KINDS.get(fold(line[0]).removesuffix("s"))
        if kind is None or len(line) < 3:
            raise BadMappingFile(
                file=file, reason=Sentence("ligne {rank}, genre inconnu ou colonnes manquantes", {"rank": rank})
            )
        words[kind, line[1].removeprefix("'").strip()] = line[2].strip().removeprefix("'")
    return WordTable(tuple(WordRow(kind, word, ours) for (kind, word), ours in words.items()))


def words_csv(rows: Iterable[Sequence[object]]) -> str:
    """The table, for a spreadsheet."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(("genre", "mot du portail", "ici", "jeux"))
    writer.writerows([spreadsheet_cell(value) for value in row] for row in rows)
    return buffer.getvalue()
