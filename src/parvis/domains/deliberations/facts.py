"""An act and its sitting in the words of the checks and of the SCDL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parvis.core.acts.facts import ActFacts
from parvis.core.acts.nomenclature import matters
from parvis.domains.deliberations.models import Act


def facts_of(act: Act, changes: Mapping[str, Any] | None = None) -> ActFacts:
    """The facts of an act as ``changes`` would leave it."""

    def value(name: str) -> Any:
        return (changes or {}).get(name, getattr(act, name))

    session, organisation, matter = value("session"), act.organisation, value("matter")
    territory = organisation.territory
    return ActFacts(
        organisation=organisation.name,
        number=value("number"),
        day=value("date"),
        title=value("title"),
        kind=value("kind"),
        body=session.assembly.kind if session else "",
        nature=value("nature"),
        matter_code=matter,
        matter_name=matters()[matter].scdl if matter in matters() else "",
        budget_year=value("budget_year"),
        budget_name=value("budget_name"),
        convened_on=session.convened_on if session else None,
        sent_on=value("sent_on"),
        received_on=value("received_on"),
        posted_on=value("posted_on"),
        members=value("members"),
        present=value("present"),
        proxies=value("proxies"),
        voters=_voters(value("votes_for"), value("votes_against"), value("abstentions")),
        votes_for=value("votes_for"),
        votes_against=value("votes_against"),
        abstentions=value("abstentions"),
        unanimous=value("is_unanimous"),
        outcome=value("outcome"),
        proxy_pairs=tuple((giver, holder) for giver, holder in session.proxy_names) if session else (),
        population=territory.population if territory and territory.kind == "commune" else None,
    )


def _voters(*votes: int | None) -> int | None:
    """Those who voted: the SCDL counts abstentions among them; None when some of the three is not known."""
    return None if None in votes else sum(vote for vote in votes if vote is not None)
