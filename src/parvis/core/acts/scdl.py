"""Rows of the SCDL schema of deliberations (``SCHEMA_VERSION``), written and read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from parvis.core.acts.dates import dates_in
from parvis.core.acts.facts import ActFacts
from parvis.core.acts.flat_text import flatten
from parvis.core.acts.nomenclature import at_level_2, matter_of_scdl, matters
from parvis.core.text import fold

SCHEMA_VERSION: Final = "2.1.5"
COLUMNS: Final = {
    "COLL_NOM": "organisation",
    "COLL_SIRET": "siret",
    "DELIB_ID": "number",
    "DELIB_DATE": "day",
    "DELIB_MATIERE_CODE": "matter_code",
    "DELIB_MATIERE_NOM": "matter_name",
    "DELIB_OBJET": "title",
    "BUDGET_ANNEE": "budget_year",
    "BUDGET_NOM": "budget_name",
    "PREF_ID": "prefecture",
    "PREF_DATE": "received_on",
    "VOTE_EFFECTIF": "members",
    "VOTE_REEL": "voters",
    "VOTE_POUR": "votes_for",
    "VOTE_CONTRE": "votes_against",
    "VOTE_ABSTENTION": "abstentions",
    "DELIB_URL": "url",
}
"""Columns of the schema in their order, and the fact that each holds."""

_VOTES: Final = ("members", "voters", "votes_for", "votes_against", "abstentions")
_REQUIRED: Final = ("organisation", "siret", "number", "day", "matter_code", "title")
_DATES: Final = ("day", "received_on")


def missing_for_scdl(facts: ActFacts) -> tuple[str, ...]:
    """The facts without which there is no valid row."""
    return tuple(name for name in _REQUIRED if not getattr(facts, name))


def _votes(facts: ActFacts) -> dict[str, int]:
    """The five numbers when they are all there and add up; none otherwise, as the schema wants."""
    numbers = {name: getattr(facts, name) for name in _VOTES}
    if any(number is None or number < 0 for number in numbers.values()):
        return {}
    adds_up = numbers["voters"] == sum(numbers[name] for name in _VOTES[2:]) and numbers["voters"] <= numbers["members"]
    return numbers if adds_up else {}


def scdl_row(facts: ActFacts) -> dict[str, str]:
    """The row of ``facts``: all columns, empty where the schema asks for nothing or for all or nothing.

    The matière is written at level 2 with the name that the schema takes; votes that do not add up and a receipt before the sitting
    are left out. What ``missing_for_scdl`` tells stays empty, and the row is then not valid.
    """
    code = at_level_2(facts.matter_code) or ""
    received = facts.received_on if facts.received_on and facts.day and facts.received_on >= facts.day else None
    budget = facts.budget_year and facts.budget_name
    values: dict[str, object] = {
        "organisation": facts.organisation,
        "siret": re.sub(r"\s", "", facts.siret),
        "number": facts.number,
        "day": facts.day,
        "matter_code": code,
        "matter_name": matters()[code].scdl if code else "",
        "title": facts.title,
        "budget_year": facts.budget_year if budget else "",
        "budget_name": facts.budget_name if budget else "",
        "prefecture": facts.prefecture,
        "received_on": received,
        "url": facts.url,
        **_votes(facts),
    }
    return {column: _written(values.get(name)) for column, name in COLUMNS.items()}


def _written(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else " ".join(str(value).split())


def _column(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_").upper()


def _whole(text: str) -> int | None:
    digits = re.fullmatch(r"(\d{1,9})(?:[.,]0+)?", text)
    return int(digits[1]) if digits else None


def _date(text: str) -> date | None:
    reads = dates_in(flatten(text.partition("T")[0]))
    return reads[0].day if len(reads) == 1 else None


def read_scdl_row(row: Mapping[str, str]) -> ActFacts:
    """The facts of a row, whatever the order and the case of its columns; what cannot be read is left out.

    Dates may be French, numbers may come from a spreadsheet (« 12.0 »), the matière may be told by its name alone.
    """
    cells = {_column(name): " ".join(str(value or "").split()) for name, value in row.items() if name}
    values: dict[str, object] = {}
    for column, name in COLUMNS.items():
        text = cells.get(column, "")
        if not text:
            continue
        value: object = _date(text) if name in _DATES else _whole(text) if name in _VOTES else text
        if value is not None:
            values[name] = value
    if "siret" in values:
        values["siret"] = re.sub(r"[\s.]", "", str(values["siret"]))
    if not values.get("matter_code") and values.get("matter_name"):
        values["matter_code"] = matter_of_scdl(str(values["matter_name"])) or ""
    return ActFacts(**values)  # type: ignore[arg-type]
