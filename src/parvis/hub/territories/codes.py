"""The territories that the codes of a column name, however the column writes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import batched

from django.db.models import QuerySet

from parvis.hub.territories.models import Territory

Kind = Territory.Kind

_BATCH = 5_000
"""Codes looked for at once."""
_DISTRICTS = {"751": "75056", "6938": "69123", "132": "13055"}
"""How the codes of the districts of Paris, Lyon and Marseille begin, and the commune that they are parts of."""


def _commune(code: str) -> str:
    return code.strip().upper().zfill(5)


def _of_iris(code: str) -> str:
    return code.strip().upper().zfill(9)[:5]


def _two(code: str) -> str:
    return code.strip().upper().zfill(2)


NAMED: Mapping[str, tuple[Kind, Callable[[str], str]]] = {
    "insee_commune": (Kind.COMMUNE, _commune),
    "iris": (Kind.COMMUNE, _of_iris),
    "epci": (Kind.EPCI, str.strip),
    "department": (Kind.DEPARTMENT, _two),
    "region": (Kind.REGION, _two),
}
"""The kind of territory that a kind of column names, and the official form of what it writes."""


def territories_of_codes(kind: str, codes: Collection[str]) -> dict[str, Territory]:
    """The territory that each code of a column of that kind names, by the code as it was given; unknown codes are left out.

    Codes that lost their first zero, codes of former communes and of districts are understood.
    """
    own, official = NAMED[kind]
    official_codes = {code: official(code) for code in codes}
    territories = by_codes(own, official_codes.values())
    if own == Kind.COMMUNE:
        territories |= _by_former_code(set(official_codes.values()) - set(territories))
    return {code: territories[one] for code, one in official_codes.items() if one in territories}


def in_batches(kind: str, codes: Iterable[str]) -> Iterator[QuerySet[Territory]]:
    """The territories of a kind that have these codes, some thousands at a time."""
    for batch in batched(codes, _BATCH, strict=False):
        yield Territory.objects.filter(kind=kind, code__in=batch)


def by_codes(kind: str, codes: Iterable[str]) -> dict[str, Territory]:
    """The territories of a kind by their present codes, without their contours."""
    names = ("code", "name", "population", "epci", "department", "region")
    return {one.code: one for batch in in_batches(kind, set(codes) - {""}) for one in batch.only(*names)}


def _by_former_code(codes: Collection[str]) -> dict[str, Territory]:
    """Communes that took over other communes, and those that the codes of districts are parts of."""
    if not codes:
        return {}
    names = ("code", "name", "population", "epci", "department", "region", "former_codes")
    merged = Territory.objects.filter(kind=Kind.COMMUNE).exclude(former_codes=[]).only(*names)
    successors = {former: one for one in merged for former in one.former_codes if former in codes}
    districts = {code: whole for code in codes for start, whole in _DISTRICTS.items() if code.startswith(start)}
    wholes = by_codes(Kind.COMMUNE, districts.values())
    return successors | {code: wholes[whole] for code, whole in districts.items() if whole in wholes}
