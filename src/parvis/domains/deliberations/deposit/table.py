"""A table of the SCDL dropped with files: each row describes the act whose file it names, and its facts fill that act."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings

from parvis.core.acts.facts import ActFacts
from parvis.core.acts.scdl import read_scdl_row
from parvis.core.children import call
from parvis.core.errors import DataError
from parvis.core.formats.options import ReadOptions
from parvis.core.ingest.cells import read_cells
from parvis.core.text import fold, shown_name
from parvis.core.translation import gettext_noop
from parvis.domains.deliberations.models import Act
from parvis.hub.accounts.rules import Actor
from parvis.hub.datastore.confined import confined
from parvis.hub.records.services import update

if TYPE_CHECKING:
    from django.core.files.base import File

MOST_ROWS: Final = 10_000
SECONDS: Final = 120.0
PIECE: Final = 1 << 20


class NotActs(DataError):
    """The table does not describe acts."""

    code: ClassVar[str] = "act-table"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne décrit pas d’actes : il lui manque {columns}.")
    advice: ClassVar[str] = gettext_noop(
        "Suivez le schéma SCDL « délibérations » : parvis schemas template scdl/deliberations."
    )


@dataclass(frozen=True, slots=True)
class Described:
    """A row: the facts of an act, and the name of its file as its address says it; empty when it says none."""

    facts: ActFacts
    file: str


def read_table(name: str, content: File[Any]) -> list[Described]:
    """The rows of a table that somebody dropped, read in a child; NotActs, and what refuses a file that is no table."""
    shown = shown_name(name)
    suffix = PurePath(name).suffix
    with confined(shown, seconds=SECONDS) as (folder, permits):
        path = folder / f"table{suffix}"
        content.seek(0)
        with path.open("wb") as copy:
            for piece in content.chunks(PIECE):
                copy.write(piece)
        table = call(
            read_cells,
            path,
            name=shown,
            work=folder,
            options=ReadOptions(),
            steps=[],
            secret=b"",
            memory=settings.PARVIS["PARVIS_IMPORT_MEMORY"],
            limit=MOST_ROWS,
            permits=permits,
        )
    missing = [
        name for name in ("DELIB_ID", "DELIB_OBJET") if name not in {_column(header) for header in table.headers}
    ]
    if missing:
        raise NotActs(file=shown, columns=", ".join(missing))
    return [_described(dict(zip(table.headers, row, strict=False))) for row in table.rows]


def _column(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(header)).strip("_").upper()


def _described(row: Mapping[str, str]) -> Described:
    facts = read_scdl_row(row)
    path = unquote(urlsplit(facts.url).path) if facts.url else ""
    return Described(facts, PurePath(path).name)


def row_for(name: str, rows: Sequence[Described]) -> Described | None:
    """The row that describes a file: the one that names it, else the only one whose number is in its name."""
    name_words = _words(name)
    by_file = [row for row in rows if row.file and _words(row.file) == name_words]
    if by_file:
        return by_file[0]
    by_number = [row for row in rows if row.facts.number and f"-{_words(row.facts.number)}-" in f"-{name_words}-"]
    return by_number[0] if len(by_number) == 1 else None


def _words(name: str) -> str:
    stem = PurePath(name).stem if PurePath(name).suffix.lower()[1:].isalpha() else name
    return re.sub(r"[^a-z0-9]+", "-", fold(stem)).strip("-")


COLUMN_OF_FACT: Final = {
    "title": "title",
    "number": "number",
    "day": "date",
    "matter_code": "matter",
    "budget_year": "budget_year",
    "budget_name": "budget_name",
    "received_on": "received_on",
    "members": "members",
    "votes_for": "votes_for",
    "votes_against": "votes_against",
    "abstentions": "abstentions",
}


def describe(actor: Actor, act: Act, row: Described) -> Act:
    """Fill an act with what a row says of it."""
    changes: dict[str, Any] = {}
    for fact, column in COLUMN_OF_FACT.items():
        value = getattr(row.facts, fact)
        if value not in (None, ""):
            most = getattr(act._meta.get_field(column), "max_length", None)
            changes[column] = value[:most] if isinstance(value, str) and most else value
    act.refresh_from_db()  # it may have been read meanwhile
    return update(actor, act, changes, revision=act.revision)
