"""What a file tells of its card before anybody writes it: its organisation, its territory, the licence it goes out with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from parvis.core.ingest.codes import COMMUNE_NAMES, NAME
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.catalogue.selectors import licences_of
from parvis.hub.territories.deduction import (
    departments_of_postcodes,
    territory_of_codes,
    territory_of_communes,
    territory_of_departments,
    territory_of_names,
    territory_of_postcodes,
)
from parvis.hub.territories.selectors import Kind

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.datastore.models import Import
    from parvis.hub.territories.models import Territory

USUAL_LICENCE = "lov2"
"""The one of the State, for who has published nothing yet."""


def proposed_card(actor: Actor, imported: Import) -> dict[str, Any]:
    """The attributes of a card that its file and its organisation tell; what is not sure is left to the person."""
    codes = (imported.findings.get("checks") or {}).get(NAME) or {}
    owner = _owner(actor, codes)
    territory = _territory(codes) or (owner.territory if owner else None)
    card: dict[str, Any] = {"licence": _usual_licence(owner)}
    if owner:
        card["organisation"] = owner.slug
    if territory:
        card["territories"] = [f"{territory.kind}:{territory.code}"]
    return card


def _owner(actor: Actor, codes: dict[str, list[list[str]]]) -> Organisation | None:
    """The only organisation for which the person writes, else the one that each row of the file names as its own."""
    owners = organisations_where(actor, "edit").select_related("territory")
    if len(first := list(owners[:2])) == 1:
        return first[0]
    sirens = {column[0][:9] for kind in ("siret", "siren") for column in codes.get(kind, []) if len(column) == 1}
    named = list(owners.filter(siren__in=sirens)[:2]) if sirens else []
    return named[0] if len(named) == 1 else None


def _territory(codes: dict[str, list[list[str]]]) -> Territory | None:
    """The territory that the most exact of the columns tells: codes of communes, their names, postcodes, then larger ones."""
    around = {code.upper().zfill(2) for column in codes.get("department", []) for code in column}
    for column in codes.get("postcode", []):
        around |= departments_of_postcodes(column)
    deductions: tuple[tuple[str, Callable[[list[str]], Territory | None]], ...] = (
        ("insee_commune", territory_of_communes),
        (COMMUNE_NAMES, lambda names: territory_of_names(names, around)),
        ("postcode", territory_of_postcodes),
        ("epci", lambda column: territory_of_codes(Kind.EPCI, column)),
        ("department", territory_of_departments),
        ("region", lambda column: territory_of_codes(Kind.REGION, column)),
    )
    for kind, deduce in deductions:
        for column in codes.get(kind, []):
            if territory := deduce(column):
                return territory
    return None


def _usual_licence(owner: Organisation | None) -> str:
    """The licence of most datasets of the organisation."""
    counted = Counter(licences_of(owner)) if owner else Counter()
    return counted.most_common(1)[0][0] if counted else USUAL_LICENCE
