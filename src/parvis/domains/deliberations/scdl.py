"""An act as a row of the SCDL schema ``deliberations`` (``core.acts.scdl``), and why an act has none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from stdnum import luhn
from stdnum.fr import siren

from parvis.core.acts import scdl
from parvis.core.acts.facts import ActFacts
from parvis.core.acts.nomenclature import at_level_2
from parvis.core.text import seen_text
from parvis.domains.deliberations.models import Act
from parvis.hub.addresses import canonical

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

SCHEMA = "scdl/deliberations"
COLUMNS = tuple(scdl.COLUMNS)
LACKS = ("kind", "siret", "number", "day", "matter_code", "title", "organisation")
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
    if act.kind != Act.Kind.DELIBERATION:
        return "kind"
    facts = facts_of(act)
    missing = scdl.missing_for_scdl(facts)
    lacks = {*missing, *(() if at_level_2(facts.matter_code) else ("matter_code",))}
    return next((name for name in LACKS if name in lacks), "")


def rows_of(acts: Iterable[Act]) -> Iterator[Sequence[Any]]:
    """The rows of the acts that have one, in their order; columns as ``COLUMNS`` names them."""
    for act in acts:
        if not lack_of(act):
            row = scdl.scdl_row(facts_of(act))
            yield [row[name] or None for name in COLUMNS]


def facts_of(act: Act) -> ActFacts:
    """What the schema asks of an act. Whose it is to receive it, préfecture or sous-préfecture, no act says."""
    year, budget = _budget(act)
    members, voters, pour, against, abstentions = votes_of(act)
    return ActFacts(
        organisation=seen_text(act.organisation.name),
        siret=siret_of(act.organisation),
        number=seen_text(act.number),
        day=act.date,
        title=seen_text(act.title),
        matter_code=act.matter,
        budget_year=year,
        budget_name=budget,
        received_on=act.received_on,
        members=members,
        voters=voters,
        votes_for=pour,
        votes_against=against,
        abstentions=abstentions,
        url=canonical(act.get_absolute_url()),
    )


def votes_of(act: Act) -> tuple[int | None, int | None, int | None, int | None, int | None]:
    """Members, voters, for, against, abstentions: all five, or none.

    A vote that is told unanimous and nothing else is that of those present and represented.
    """
    pour, against, abstentions = act.votes_for, act.votes_against, act.abstentions
    if pour is None and act.is_unanimous and act.present:
        pour, against, abstentions = act.present + (act.proxies or 0), 0, 0
    members = members_of(act)
    if members is None or pour is None:
        return None, None, None, None, None
    against, abstentions = against or 0, abstentions or 0
    voters = pour + against + abstentions
    return (members, voters, pour, against, abstentions) if voters else (None, None, None, None, None)


def members_of(act: Act) -> int | None:
    """The members in office as the act says, else its sitting, else its assembly: of 58 real minutes of three communes, none says it."""
    if act.members is not None or act.session is None:
        return act.members
    return act.session.members or act.session.assembly.members


def _budget(act: Act) -> tuple[str, str]:
    """Year and name of the budget: both, or none; the years of a pair in their order."""
    years, name = _YEARS.match(act.budget_year.strip()), seen_text(act.budget_name)
    if years is None or not name or (years[2] or years[1]) < years[1]:
        return "", ""
    return years[0], name
