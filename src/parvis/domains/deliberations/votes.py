"""What acts online add up to: votes and amounts by organisation, year, kind and matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear

from parvis.core.acts.nomenclature import matters
from parvis.domains.deliberations.models import Act, Amount
from parvis.domains.deliberations.rules import STATED
from parvis.hub.accounts.selectors import organisations
from parvis.hub.records.selectors import published

COLUMNS = (
    "organisme",
    "siren",
    "code_commune",
    "annee",
    "nature",
    "domaine",
    "matiere_code",
    "matiere",
    "actes",
    "votes_connus",
    "unanimes",
    "pour",
    "contre",
    "abstentions",
    "depenses",
    "recettes",
)
SPENT = (Amount.Purpose.EXPENSE, Amount.Purpose.GRANT, Amount.Purpose.CONTRACT)
RECEIVED = (Amount.Purpose.INCOME, Amount.Purpose.LOAN)
KINDS = {
    Act.Kind.DELIBERATION: "délibération",
    Act.Kind.DECISION: "décision",
    Act.Kind.ORDER: "arrêté",
    Act.Kind.AGREEMENT: "convention",
    Act.Kind.BUDGET: "document budgétaire",
}
"""The published words are French whatever the language of who reads: they are data."""
VOTED = Q(is_unanimous__isnull=False) | Q(votes_for__isnull=False)
"""Acts whose vote is known."""
UNANIMOUS = Q(is_unanimous=True) | Q(
    Q(votes_against=0) | Q(votes_against=None),
    Q(abstentions=0) | Q(abstentions=None),
    is_unanimous=None,
    votes_for__gt=0,
)
_GROUP = ("organisation", "year", "kind", "matter")


def stated_acts() -> QuerySet[Act]:
    """Acts online that decide something and are dated; each with its ``year``."""
    return published(Act).filter(kind__in=STATED, date__isnull=False).annotate(year=ExtractYear("date"))


def uncorrected(acts: QuerySet[Act]) -> QuerySet[Act]:
    """Those that no act online corrects: their amounts stand."""
    return acts.exclude(Exists(published(Act).filter(corrects=OuterRef("pk"))))


def counted_rows(day: date) -> Iterator[Sequence[Any]]:
    """A row for each organisation, year, kind and matter, in that order."""
    names = {code: matter.label for code, matter in matters().items()}
    bodies = {row.pk: row for row in organisations()}
    amounts = _amounts()
    groups = stated_acts().order_by().values(*_GROUP).annotate(**_counts()).order_by(*_GROUP)
    for group in groups:
        body = bodies[group["organisation"]]
        place = body.territory
        yield [
            body.name,
            body.siren,
            place.code if place is not None and place.kind == "commune" else None,
            group["year"],
            KINDS[Act.Kind(group["kind"])],
            names.get(group["matter"].partition(".")[0]),
            group["matter"] or None,
            names.get(group["matter"]),
            *(group[name] for name in ("acts", "voted", "unanimous", "pour", "against", "abstained")),
            *(cents / 100 for cents in amounts[tuple(group[name] for name in _GROUP)]),
        ]


def _counts() -> dict[str, Any]:
    sums = {"pour": "votes_for", "against": "votes_against", "abstained": "abstentions"}
    return {
        "acts": Count("pk"),
        "voted": Count("pk", filter=VOTED),
        "unanimous": Count("pk", filter=UNANIMOUS),
        **{name: Coalesce(Sum(column), Value(0), output_field=IntegerField()) for name, column in sums.items()},
    }


def _amounts() -> dict[tuple[Any, ...], tuple[int, int]]:
    """Cents spent and received, by group."""
    acts = uncorrected(stated_acts()).order_by()
    rows = acts.values(*_GROUP).annotate(
        spent=Coalesce(Sum("amounts__cents", filter=Q(amounts__purpose__in=SPENT)), Value(0)),
        received=Coalesce(Sum("amounts__cents", filter=Q(amounts__purpose__in=RECEIVED)), Value(0)),
    )
    pairs: dict[tuple[Any, ...], tuple[int, int]] = defaultdict(lambda: (0, 0))
    pairs |= {tuple(row[name] for name in _GROUP): (row["spent"], row["received"]) for row in rows}
    return pairs
