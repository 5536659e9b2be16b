"""What a field of a schema wants, told as readings: which ones may put its cells right, and with what settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis.core.profiling.kinds import KIND_BY_NAME
from parvis.core.readings.model import Candidate, Certainty
from parvis.core.readings.patterns import matches
from parvis.core.readings.table import READINGS
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.text import slugify

_WIDTHS = {"siret": (14,), "siren": (9,), "insee_commune": (5,), "postcode": (5,), "department": (2, 3), "epci": (9,)}
"""Digits of the codes whose meaning a name tells."""
_CHECKS = {
    "siret": "siret",
    "siren": "siren",
    "code-commune-insee": "insee_commune",
    "code-postal": "postcode",
    "numero-departement": "department",
    "phone-number-value": "phone",
}
"""Meaning that a custom check of the schema gives to its column."""
_LUHN = ("siret", "siren", "epci")
_PROBES = ("11", "111", "11111", "111111111", "11111111111111")
_NO_CODE = ("", "abc", "Ville", "1", "1111", "111111", "1111111111")
_DATE, _PERIOD = "2021-12-31", "2021-12-31/2022-01-31"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reading by its name, and the settings that the field gives it (JSON-able)."""

    reading: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def read(self, text: str) -> tuple[Candidate, ...]:
        """How the reading would write the text."""
        return READINGS[self.reading].read(text, self.settings)


def accepts(item: Field, text: str) -> bool:
    """True when the pattern of the field takes the text; no pattern takes all."""
    pattern = item.constraints.get("pattern")
    return not isinstance(pattern, str) or matches(pattern, text)


def wanted(item: Field, schema: TableSchema) -> tuple[Wanted, ...]:
    """The readings that may put a cell of the field right, the most telling first."""
    return (*_BY_TYPE.get(item.type, _nothing)(item, schema), *_always(item))


def _nothing(item: Field, schema: TableSchema) -> Iterator[Wanted]:
    return iter(())


def _date(item: Field, schema: TableSchema) -> Iterator[Wanted]:
    layout = item.format if "%" in item.format else "%Y-%m-%d"
    yield Wanted("date", {"to": layout})
    if layout == "%Y":
        yield Wanted("year")


def _year(item: Field, schema: TableSchema) -> Iterator[Wanted]:
    yield Wanted("year")


def _number(item: Field, schema: TableSchema) -> Iterator[Wanted]:
    settings: dict[str, Any] = {"decimal": item.decimal_char} if item.decimal_char != "." else {}
    if _is_ratio(item):
        settings["ratio"] = True
    yield Wanted("number", settings)


def _is_ratio(item: Field) -> bool:
    try:
        return float(item.constraints["maximum"]) == 1 and float(item.constraints.get("minimum", 0)) >= 0
    except (KeyError, TypeError, ValueError):
        return False


def _integer(item: Field, schema: TableSchema) -> Iterator[Wanted]:
    yield Wanted("number", {"integer": True})


def _boolean(item: Field, schema: TableSchema) -> Iterator[Wanted]:
    yield Wanted("boolean", {"true": list(item.true_values), "false": list(item.false_values)})


def _point(item: Field, schema: TableSchema) -> Iterator[Wanted]:
    yield Wanted("point", {"format": item.format})


def _string(item: Field, schema: TableSchema) -> Iterator[Wanted]:
    if any(check.name == "nomenclature-acte" and check.params.get("column") == item.name for check in schema.checks):
        yield Wanted("slash")
    enum = item.constraints.get("enum")
    if isinstance(enum, list):
        yield Wanted("choice", {"values": [str(value) for value in enum if value != ""]})
        return
    if item.format == "email":
        yield Wanted("email")
    elif item.format == "uri":
        yield Wanted("web")
    meaning = meaning_of(item, schema)
    if meaning == "phone":
        yield Wanted("phone", {"international": True} if not accepts(item, "0102030405") else {})
    elif widths := _widths(item, meaning):
        settings: dict[str, Any] = {"widths": list(widths)}
        if meaning in _LUHN:
            settings["check"] = "siret" if meaning == "siret" else "siren"
        elif not meaning:
            settings["unsure"] = True
        yield Wanted("code", settings)
    elif "pattern" in item.constraints and not accepts(item, "texte") and accepts(item, _DATE):
        yield Wanted("period" if accepts(item, _PERIOD) else "date")
    elif "pattern" in item.constraints:
        if not accepts(item, "texte") and (accepts(item, "1.1") or accepts(item, "1.12")):
            yield Wanted("number")
        yield Wanted("case", {"pattern": item.constraints["pattern"]})


def meaning_of(item: Field, schema: TableSchema) -> str:
    """What a field of codes means: what a custom check says, else its name, else its title; empty when nothing tells."""
    for check in schema.checks:
        if check.params.get("column") == item.name and check.name in _CHECKS:
            return _CHECKS[check.name]
    names = (*_WIDTHS, "phone")
    for text in (item.name, item.title):
        slug = slugify(text, "_")
        if meaning := next((name for name in names if slug and re.search(KIND_BY_NAME[name].headers, slug)), ""):
            return meaning if all(accepts(item, probe) for probe in _probe(meaning)) else ""
    return ""


def _probe(meaning: str) -> tuple[str, ...]:
    """A text that the pattern of a field of that meaning must take for the meaning to be believed."""
    return ("1" * _WIDTHS[meaning][0],) if meaning in _WIDTHS else ()


def _widths(item: Field, meaning: str) -> tuple[int, ...]:
    if meaning:
        return _WIDTHS[meaning]
    if "pattern" not in item.constraints or any(accepts(item, text) for text in _NO_CODE):
        return ()
    return tuple(len(probe) for probe in _PROBES if accepts(item, probe))


def _always(item: Field) -> Iterator[Wanted]:
    yield Wanted("trim")
    if not item.required:
        yield Wanted("missing")


_BY_TYPE = {
    "date": _date,
    "year": _year,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "geopoint": _point,
    "string": _string,
}


def readings_of(text: str, item: Field, schema: TableSchema) -> tuple[tuple[Wanted, tuple[Candidate, ...]], ...]:
    """Every reading of the field that has something to say of the text, with its candidates."""
    readings = ((want, want.read(text)) for want in wanted(item, schema))
    return tuple((want, candidates) for want, candidates in readings if candidates)


def best_candidates(text: str, item: Field, schema: TableSchema, takes: Callable[[str], bool]) -> tuple[Candidate, ...]:
    """The candidates to show for a faulty cell: those of the first reading of which the field would take some, or that it is lost."""
    for _want, candidates in readings_of(text, item, schema):
        if candidates[0].certainty is Certainty.LOST:
            return candidates
        if accepted := tuple(candidate for candidate in candidates if takes(candidate.after)):
            return accepted
    return ()
