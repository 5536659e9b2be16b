"""The smallest territory that holds what official codes, postcodes or names of communes name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from parvis.core.text import fold
from parvis.hub.territories.models import Territory

Kind = Territory.Kind

LEAST_SHARE = 0.8
"""Codes of which fewer than that name a territory are not of what they were taken for."""
LEAST_INSIDE = 0.9
"""A territory is proposed when it holds at least that share: one row elsewhere does not make a file regional."""
LARGER = ((Kind.EPCI, "epci"), (Kind.EPT, "ept"), (Kind.DEPARTMENT, "department"), (Kind.REGION, "region"))
"""From the smallest, and the column by which communes name it. An EPCI may lie in several departments."""


MOST_DEPARTMENTS = 15
"""Postcodes of more departments than any region has are not looked up: no territory holds them."""
_OVERSEAS = ("97", "98")
_SAINT = re.compile(r"(?<![a-z])(st|ste)(?=[- ])")
_ARTICLE = re.compile(r"^(le|la|les)-")


def territory_of_communes(codes: Collection[str]) -> Territory | None:
    """The commune, intercommunality, department or region that holds communes given by code; None for more than a region."""
    padded = {code.upper().zfill(5) for code in codes}
    rows = list(Territory.objects.filter(kind=Kind.COMMUNE, code__in=padded))
    return _holding(rows) if rows and len(rows) >= LEAST_SHARE * len(padded) else None


def territory_of_names(names: Collection[str], departments: Collection[str] = ()) -> Territory | None:
    """The same, of communes given by name: where several have one, that of ``departments`` or of those of the other names."""
    written = {_official(name) for name in names} - {""}
    variants = written | {_ARTICLE.sub(r"\1 ", name) for name in written}
    homonyms: dict[str, list[Territory]] = {}
    for row in Territory.objects.filter(kind=Kind.COMMUNE, folded__in=variants):
        homonyms.setdefault(_official(row.folded), []).append(row)
    if not homonyms or len(homonyms) < LEAST_SHARE * len(written):
        return None
    around = set(departments) | {rows[0].department for rows in homonyms.values() if len(rows) == 1}
    named = [
        inside[0]
        for rows in homonyms.values()
        if len(inside := [row for row in rows if len(rows) == 1 or row.department in around]) == 1
    ]
    return _holding(named) if len(named) >= LEAST_SHARE * len(homonyms) else None


def territory_of_postcodes(codes: Collection[str]) -> Territory | None:
    """The smallest territory that holds every commune of nearly all the postcodes, several of which may share one."""
    padded = {code.zfill(5) for code in codes}
    departments = {department for code in padded for department in _departments_of_postcode(code)}
    if not padded or len(departments) > MOST_DEPARTMENTS:
        return None
    communes: dict[str, list[Territory]] = {}
    for row in Territory.objects.filter(kind=Kind.COMMUNE, department__in=departments):
        for code in padded.intersection(row.postcodes):
            communes.setdefault(code, []).append(row)
    if len(communes) < LEAST_SHARE * len(padded):  # CEDEX are in no reference
        return territory_of_departments(departments)
    levels = ((Kind.COMMUNE, "code"), *LARGER)
    for kind, column in levels:
        if code := _shared([_only({getattr(row, column) for row in rows}) for rows in communes.values()]):
            return Territory.objects.filter(kind=kind, code=code).first()
    return None


def departments_of_postcodes(codes: Collection[str]) -> set[str]:
    """The departments in which postcodes are, but for a few on a border."""
    return {department for code in codes for department in _departments_of_postcode(code.zfill(5))}


def territory_of_codes(kind: Territory.Kind, codes: Collection[str]) -> Territory | None:
    """The intercommunality or region that all rows name; None for several."""
    return Territory.objects.filter(kind=kind, code__in=codes).first() if len(codes) == 1 else None


def territory_of_departments(codes: Collection[str]) -> Territory | None:
    """The department, or the region of the departments given by code."""
    rows = list(Territory.objects.filter(kind=Kind.DEPARTMENT, code__in={code.upper().zfill(2) for code in codes}))
    if len(rows) == 1:
        return rows[0]
    code = _shared([row.region for row in rows])
    return Territory.objects.filter(kind=Kind.REGION, code=code).first() if code else None


def _holding(communes: Sequence[Territory]) -> Territory | None:
    if len(communes) == 1:
        return communes[0]
    for kind, column in LARGER:
        if code := _shared([getattr(row, column) for row in communes]):
            return Territory.objects.filter(kind=kind, code=code).first()
    return None


def _official(name: str) -> str:
    """A name as the reference folds it, hyphens between all its words: « ST PIERRE DU PERRAY » gives ``saint-pierre-du-perray``."""
    plain = _SAINT.sub(lambda short: short[0].replace("st", "saint"), fold(name).replace("’", "'").strip())
    return re.sub(r"[\s-]+", "-", plain)


def _departments_of_postcode(code: str) -> tuple[str, ...]:
    if code.startswith("20"):
        return ("2A", "2B")
    return (code[:3] if code.startswith(_OVERSEAS) else code[:2],)


def _only(values: Collection[str]) -> str:
    return next(iter(values)) if len(values) == 1 else ""


def _shared(codes: Iterable[str]) -> str:
    """The code that nearly all have; empty when none is."""
    values = list(codes)
    likeliest = max(set(values), key=values.count, default="")
    return likeliest if likeliest and values.count(likeliest) >= LEAST_INSIDE * len(values) else ""
