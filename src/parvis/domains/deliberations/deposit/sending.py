"""A sending of several files: each becomes an act, or is told why not; a table among them describes the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from parvis.core.errors import ParvisError
from parvis.core.text import shown_name
from parvis.domains.deliberations.deposit.receiving import deposit_act
from parvis.domains.deliberations.deposit.table import Described, describe, read_table, row_for
from parvis.domains.deliberations.models import Act, Session
from parvis.hub.accounts.rules import Actor

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

TABLE_SUFFIXES: Final = ("csv", "xlsx", "ods")
"""Of a table of the SCDL that describes the files beside it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: the act that it is now, or why it is none; of a table, how many rows it has, and the acts (by number, else
    by object) of those that describe no file of the sending."""

    name: str
    act: Act | None = None
    error: ParvisError | None = None
    rows: int = 0
    is_described: bool = False
    without_file: tuple[str, ...] = ()


def deposit_files(
    actor: Actor, organisation: Organisation, files: Sequence[Any], session: Session | None = None
) -> list[Outcome]:
    """Deposit each file; one that is refused, or that was there already, does not stop the others."""
    tables = [file for file in files if _suffix(file.name) in TABLE_SUFFIXES]
    names = [file.name or "" for file in files if file not in tables]
    outcomes: list[Outcome] = []
    rows: list[Described] = []
    for table in tables:
        try:
            described = read_table(table.name or "", table)
            used = {id(row_for(name, described)) for name in names}
            alone = tuple(row.facts.number or row.facts.title for row in described if id(row) not in used)
            outcomes.append(Outcome(shown_name(table.name or ""), rows=len(described), without_file=alone))
            rows += described
        except ParvisError as error:
            outcomes.append(Outcome(shown_name(table.name or ""), error=error))
    for file in files:
        if file in tables:
            continue
        name = file.name or ""
        try:
            act = deposit_act(actor, organisation, name, file, session)
            row = row_for(name, rows)
            if row is not None:
                act = describe(actor, act, row)
            outcomes.append(Outcome(shown_name(name), act=act, is_described=row is not None))
        except ParvisError as error:
            outcomes.append(Outcome(shown_name(name), error=error))
    return outcomes


def _suffix(name: str | None) -> str:
    return PurePath(name or "").suffix.lower().lstrip(".")
