"""Checks on the values of one column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from stdnum.fr import siren, siret

from parvis.core.official_codes import LA_POSTE
from parvis.core.validation.casting import GeoPoint
from parvis.core.validation.cells import missing_condition
from parvis.core.validation.checks.check_rows import CHECKS, Build, Built, Subject
from parvis.core.validation.checks.opening_hours import is_opening_hours
from parvis.core.validation.checks.phones import is_phone_number
from parvis.core.validation.plan import NEVER, Condition, Finding, Question, Sift, Texts, any_of

type Test = Callable[[Any], bool]

CUSTOM = "custom-check-error"

_YEARS = re.compile(r"^(\d{4})/(\d{4})$")
_ONE_YEAR = re.compile(r"^\d{4}$")
_BOXES = (
    ("Guadeloupe", -61.809839, 15.832041, -61.001959, 16.514488),
    ("Martinique", -61.229033, 14.388646, -60.809655, 14.878723),
    ("Guyane", -54.60239, 2.111055, -51.619041, 5.748138),
    ("La Réunion", 55.216526, -21.389631, 55.836654, -20.8718),
    ("Mayotte", 45.01833, -13.005254, 45.299985, -12.63659),
    ("France", -5.141277, 41.333571, 9.560091, 51.088989),
)
"""Name, then the smallest and largest longitude and latitude, in degrees."""


def one_column(
    subject: Subject, test: Test, kind: str, *, certain: Condition = NEVER, sift: Sift | None = None
) -> Built:
    """The question whether the values of ``column`` pass ``test``; nothing when it is not in the file."""
    name = subject.check.params["column"]
    positions = subject.positions([name])
    if positions is None:
        return ()
    reader = subject.reader(positions[0])

    def judge(texts: Texts) -> Iterator[Finding]:
        value = reader.value(texts[0])
        if value is not None and not test(value):
            yield Finding()

    settled = any_of(missing_condition(subject.missing(positions[0])), certain)
    rules = (subject.rule(kind, name, positions[0]),)
    textual = subject.field(positions[0]).type in {"string", "any"} and subject.field(positions[0]).format == "default"
    return (Question(CHECKS, subject.rank, positions, rules, settled, judge, sift=sift if textual else None),)


def valued(test: Test, kind: str, *, certain: Condition = NEVER, sift: Sift | None = None) -> Build:
    """What builds the question of ``test``."""
    return lambda subject: one_column(subject, test, kind, certain=certain, sift=sift)


def is_siret(value: Any) -> bool:
    """Fourteen digits with their key (Luhn, or the rule of La Poste), spaces and dots apart; never a number."""
    return isinstance(value, str) and bool(siret.is_valid(value))


def is_siren(value: Any) -> bool:
    """Nine digits with their key (Luhn), spaces and dots apart; never a number."""
    return isinstance(value, str) and bool(siren.is_valid(value))


def luhn_sift(length: int) -> Sift:
    """Texts of exactly ``length`` plain digits whose key is right, in one go for a whole batch."""
    weights = np.array([2 if (length - rank) % 2 == 0 else 1 for rank in range(length)], dtype=np.uint16)

    def sift(texts: pa.Array) -> pa.Array:
        plain = pc.fill_null(pc.match_substring_regex(texts, f"^[0-9]{{{length}}}$"), False)
        sure = np.zeros(len(texts), dtype=bool)
        chosen = np.asarray(plain)
        if chosen.any():
            joined = "".join(texts.filter(plain).to_pylist()).encode("ascii")
            digits = (np.frombuffer(joined, dtype=np.uint8) - 48).reshape(-1, length) * weights
            sure[chosen] = (digits // 10 + digits % 10).sum(axis=1) % 10 == 0
        return pa.array(sure)

    return sift


def siret_sift(texts: pa.Array) -> pa.Array:
    """SIRET whose key is right, and whose SIREN, its first nine digits, has a right key of its own."""
    return pc.and_(luhn_sift(14)(texts), luhn_sift(9)(pc.utf8_slice_codeunits(texts, 0, 9)))


def no_post_office(sift: Sift) -> Sift:
    """The same without the establishments of La Poste, whose key is another."""

    def without(texts: pa.Array) -> pa.Array:
        other = pc.fill_null(pc.starts_with(texts, LA_POSTE), True)
        return pc.and_not(sift(texts), other)

    return without


def is_act(value: Any) -> bool:
    """A matter of the nomenclature of acts, a slash, and anything (SCDL)."""
    from frformat import NomenclatureActe  # noqa: PLC0415 its lists are heavy, and only some schemas ask for them

    return isinstance(value, str) and bool(NomenclatureActe().is_valid(value))


def year_interval(subject: Subject) -> Built:
    """``AAAA/AAAA``, the second year after the first; one year alone when ``allow-year-only`` is ``yes`` or ``true``."""
    alone = subject.check.params.get("allow-year-only") in {"yes", "true"}

    def test(value: object) -> bool:
        if not isinstance(value, str):
            return False
        match = _YEARS.match(value)
        if match is not None:
            return int(match[1]) < int(match[2])
        return alone and _ONE_YEAR.match(value) is not None

    sure = "regexp_full_match({0}, ?) AND substr({0}, 1, 4) < substr({0}, 6, 4)"
    return one_column(subject, test, subject.check.name, certain=Condition(sure, ("[0-9]{4}/[0-9]{4}",)))


def french_coordinates(subject: Subject) -> Built:
    """A point strictly inside one of the boxes around France; a pair that is inside once swapped has its own kind."""
    built = one_column(subject, lambda _: True, subject.check.name)
    if not built:
        return ()
    question = built[0]
    assert isinstance(question, Question)
    reader = subject.reader(question.columns[0])

    def judge(texts: Texts) -> Iterator[Finding]:
        point = reader.value(texts[0])
        if point is None or _is_in_france(point):
            return
        yield Finding(1 if _is_in_france(GeoPoint(point.lat, point.lon)) else 0)

    name = question.rules[0].column
    swapped = subject.rule(f"reversed-{subject.check.name}", name, question.columns[0])
    return (Question(CHECKS, subject.rank, question.columns, (*question.rules, swapped), question.certain, judge),)


def _is_in_france(point: GeoPoint) -> bool:
    lon, lat = float(point.lon), float(point.lat)
    return any(west < lon < east and south < lat < north for _, west, south, east, north in _BOXES)


PHONE = valued(lambda value: isinstance(value, str) and is_phone_number(value), "phone-number-value")
OPENING_HOURS = valued(lambda value: isinstance(value, str) and is_opening_hours(value), "opening-hours-value")
SIRET = valued(is_siret, CUSTOM, sift=no_post_office(siret_sift))
SIREN = valued(is_siren, CUSTOM, sift=luhn_sift(9))
ACT = valued(is_act, CUSTOM)
