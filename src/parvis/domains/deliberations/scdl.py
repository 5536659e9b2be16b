"""An act as a row of the SCDL schema ``deliberations`` 2.1.5, and why an act has none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from stdnum import luhn
from stdnum.fr import siren

from parvis.core.acts.matters import full_matter
from parvis.core.text import seen_text
from parvis.domains.deliberations.models import Act
from parvis.hub.addresses import canonical

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

SCHEMA = "scdl/deliberations"
COLUMNS = (
    "COLL_NOM",
    "COLL_SIRET",
    "DELIB_ID",
    "DELIB_DATE",
    "DELIB_MATIERE_CODE",
    "DELIB_MATIERE_NOM",
    "DELIB_OBJET",
    "BUDGET_ANNEE",
    "BUDGET_NOM",
    "PREF_ID",
    "PREF_DATE",
    "VOTE_EFFECTIF",
    "VOTE_REEL",
    "VOTE_POUR",
    "VOTE_CONTRE",
    "VOTE_ABSTENTION",
    "DELIB_URL",
)
LACKS = ("kind", "siren", "number", "date", "matter", "title")
"""Why an act has no row, the first that holds: it is no deliberation, or it lacks what the schema requires."""
_FIRST_PLACE = "0001"
"""The number of the first establishment of any legal unit, less its key: the schema wants an establishment, acts name the unit."""
_YEARS = re.compile(r"^(\d{4})(?:/(\d{4}))?$", re.ASCII)


def siret_of(organisation: Organisation) -> str:
    """The SIRET of the first establishment of the organisation; empty without a valid SIREN."""
    if not siren.is_valid(organisation.siren):
        return ""
    stem = siren.compact(organisation.siren) + _FIRST_PLACE
    return stem + luhn.calc_check_digit(stem)


def lack_of(act: Act) -> str:
    """Why the act has no row, one of ``LACKS``; empty when it has one."""
    lacks = {
        "kind": act.kind != Act.Kind.DELIBERATION,
        "siren": not siret_of(act.organisation),
        "number": not seen_text(act.number),
        "date": act.date is None,
        "matter": not full_matter(act.matter),
        "title": not seen_text(act.title),
    }
    return next((name for name in LACKS if lacks[name]), "")


def rows_of(acts: Iterable[Act]) -> Iterator[Sequence[Any]]:
    """The rows of the acts that have one, in their order; columns as ``COLUMNS`` names them."""
    for act in acts:
        if not lack_of(act):
            yield [
                act.organisation.name,
                siret_of(act.organisation),
                seen_text(act.number),
                act.date.isoformat() if act.date else None,
                act.matter,
                full_matter(act.matter),
                seen_text(act.title),
                *_budget(act),
                None,  # préfecture or sous-préfecture: no act says which
                _receipt(act),
                *votes_of(act),
                canonical(act.get_absolute_url()),
            ]


def votes_of(act: Act) -> tuple[int | None, int | None, int | None, int | None, int | None]:
    """Members, voters, for, against, abstentions: all five, and in accord as the schema wants them, else none.

    A vote that is told unanimous and nothing else is that of those present and represented.
    """
    pour, against, abstentions = act.votes_for, act.votes_against, act.abstentions
    if pour is None and act.is_unanimous and act.present:
        pour, against, abstentions = act.present + (act.proxies or 0), 0, 0
    if act.members is None or pour is None:
        return None, None, None, None, None
    against, abstentions = against or 0, abstentions or 0
    voters = pour + against + abstentions
    if voters > act.members or not voters:
        return None, None, None, None, None
    return act.members, voters, pour, against, abstentions


def _budget(act: Act) -> tuple[str | None, str | None]:
    """Year and name of the budget: both, or none; the years of a pair in their order."""
    years, name = _YEARS.match(act.budget_year.strip()), seen_text(act.budget_name)
    if years is None or not name or (years[2] or years[1]) < years[1]:
        return None, None
    return years[0], name


def _receipt(act: Act) -> str | None:
    """When the State received it; an act is not received before it is taken."""
    if act.received_on is None or act.date is None or act.received_on < act.date:
        return None
    return act.received_on.isoformat()
