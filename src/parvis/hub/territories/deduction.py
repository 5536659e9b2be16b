"""The smallest territory that holds what official codes name."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from parvis.hub.territories.models import Territory

Kind = Territory.Kind

LEAST_SHARE = 0.8
"""Codes of which fewer than that name a territory are not of what they were taken for."""
LEAST_INSIDE = 0.9
"""A territory is proposed when it holds at least that share: one row elsewhere does not make a file regional."""
LARGER = ((Kind.EPCI, "epci"), (Kind.EPT, "ept"), (Kind.DEPARTMENT, "department"), (Kind.REGION, "region"))
"""From the smallest, and the column by which communes name it. An EPCI may lie in several departments."""


def territory_of_communes(codes: Collection[str]) -> Territory | None:
    """The commune, intercommunality, department or region that holds communes given by code; None for more than a region."""
    padded = {code.upper().zfill(5) for code in codes}
    rows = list(Territory.objects.filter(kind=Kind.COMMUNE, code__in=padded))
    if not rows or len(rows) < LEAST_SHARE * len(padded):
        return None
    if len(rows) == 1:
        return rows[0]
    for kind, column in LARGER:
        if code := _shared([getattr(row, column) for row in rows]):
            return Territory.objects.filter(kind=kind, code=code).first()
    return None


def territory_of_departments(codes: Collection[str]) -> Territory | None:
    """The department, or the region of the departments given by code."""
    rows = list(Territory.objects.filter(kind=Kind.DEPARTMENT, code__in={code.upper().zfill(2) for code in codes}))
    if len(rows) == 1:
        return rows[0]
    code = _shared([row.region for row in rows])
    return Territory.objects.filter(kind=Kind.REGION, code=code).first() if code else None


def _shared(codes: Iterable[str]) -> str:
    """The code that nearly all have; empty when none is."""
    values = list(codes)
    likeliest = max(set(values), key=values.count, default="")
    return likeliest if likeliest and values.count(likeliest) >= LEAST_INSIDE * len(values) else ""
