"""Somebody says that what was read of an act is right, and what of it is hidden: then what is published can be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language, override

from parvis.core.acts.checks import ERROR, Problem, check
from parvis.core.acts.model import Proposal
from parvis.core.translation import SOURCE
from parvis.domains.deliberations.deposit.hiding import hide
from parvis.domains.deliberations.facts import facts_of
from parvis.domains.deliberations.kinds import PREPARE
from parvis.domains.deliberations.models import Act, Assembly, Session
from parvis.domains.deliberations.rules import ActDoubtful, ActIsSealed
from parvis.domains.deliberations.selectors import suggestions_of
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.services import create, update


def confirm(
    actor: Actor,
    act: Act,
    changes: Mapping[str, Any],
    hidden: Sequence[str],
    *,
    revision: int,
    despite: bool = False,
) -> Act:
    """Keep what an act says and what of it is hidden, confirmed; ActDoubtful unless ``despite``, ActIsSealed, EditConflict."""
    require(actor, "edit", act.organisation_id, f"confirmer « {act.title} »")
    if act.live or act.withdrawn_at:
        raise ActIsSealed(title=act.title)
    problems = check(facts_of(act, changes), today=timezone.localdate())
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors and not despite:
        language = get_language() or SOURCE
        raise ActDoubtful(title=act.title, problems=" ".join(problem.sentence.text(language) for problem in errors))
    with transaction.atomic():
        act = update(actor, act, changes, revision=revision)
        act.confirmed_at, act.confirmed_by_id = timezone.now(), actor.person_id
        Act.objects.filter(pk=act.pk).update(confirmed_at=act.confirmed_at, confirmed_by=actor.person_id)
        hide(act, hidden)
        if act.session is not None and not act.session.live:
            complete_session(actor, act.session, act)
        enqueue(actor, PREPARE, act=act.pk)
    return act


def session_for(actor: Actor, act: Act, assembly: Assembly) -> Session:
    """The sitting of an assembly on the day of an act; made, as a draft, when there is none."""
    assert act.date is not None
    session = Session.objects.filter(assembly=assembly, held_on=act.date).exclude(state="cancelled").first()
    if session is not None:
        return session
    with override(SOURCE):
        title = f"{assembly.name} du {date_format(act.date, 'j F Y')}"
    session = Session(
        organisation=assembly.organisation,
        assembly=assembly,
        title=title,
        held_on=act.date,
        state=Session.State.HELD,
        members=assembly.members,
    )
    return create(actor, session)


_OF_THE_SITTING: Final = {
    "president": "president",
    "secretary": "secretary",
    "members": "members",
    "convened_on": "convened_on",
    "present_names": "present_names",
    "proxy_names": "proxy_names",
    "absent_names": "absent_names",
}
"""The column of a sitting for each field that rules read in its acts."""
SURE: Final = 0.75
"""Confidence from which what an act says of its sitting is noted there."""


def complete_session(actor: Actor, session: Session, act: Act) -> None:
    """Note what an act says of its sitting where nothing is noted yet: who was there, who presided, when it was convened."""
    suggestions = suggestions_of(act)
    changes: dict[str, Any] = {}
    for row in suggestions.proposals if suggestions else ():
        proposal = Proposal.from_json(row)
        column = _OF_THE_SITTING.get(proposal.field)
        if column is None or column in changes or proposal.confidence < SURE or getattr(session, column):
            continue
        value = parse_date(proposal.value) if column == "convened_on" else proposal.value
        changes[column] = value[:160] if isinstance(value, str) else value
    if changes:
        update(actor, session, changes, revision=session.revision)


def problems_of(act: Act) -> list[Problem]:
    """What does not hold together in an act as it is."""
    return check(facts_of(act), today=timezone.localdate())
