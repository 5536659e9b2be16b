"""Somebody says that what was read of an act is right, and what of it is hidden: then what is published can be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language, override

from parvis.core.acts.checks import ERROR, Problem, check
from parvis.core.acts.model import Proposal
from parvis.core.errors import Forbidden
from parvis.core.translation import SOURCE
from parvis.domains.deliberations.deposit.hiding import hide, places_to_hide
from parvis.domains.deliberations.facts import facts_of
from parvis.domains.deliberations.kinds import PREPARE
from parvis.domains.deliberations.models import Act, ActFile, Assembly, Session
from parvis.domains.deliberations.online.leftovers import leftovers_of_changes, without_hidden
from parvis.domains.deliberations.rules import ActDoubtful, ActIsSealed
from parvis.domains.deliberations.selectors import suggestions_of
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.rules import RecordLocked
from parvis.hub.records.services import create, update


def confirm(
    actor: Actor,
    act: Act,
    changes: Mapping[str, Any],
    hidden: Sequence[str],
    *,
    revision: int,
    titles: Mapping[int, str] | None = None,
    despite: bool = False,
) -> Act:
    """Keep what an act says and what of it is hidden, confirmed; ActDoubtful unless ``despite``, ActIsSealed, EditConflict, TooMuchHidden.

    ``titles`` are those under which readers see annexes, by file.
    """
    require(actor, "edit", act.organisation_id, f"confirmer « {act.title} »")
    if act.live or act.withdrawn_at:
        raise ActIsSealed(title=act.title)
    for other in (changes.get("session"), changes.get("corrects")):
        if other is not None and other.organisation_id != act.organisation_id:
            raise Forbidden(action=f"rattacher « {act.title} » à ce qui est d’une autre organisation")
    # Rules read places in the whole text: those that are hidden are not to be told beside it.
    changes = {**changes, "places": without_hidden(changes.get("places", act.places), hidden)}
    problems = check(facts_of(act, changes), today=timezone.localdate())
    language = get_language() or SOURCE
    doubts = [problem.sentence.text(language) for problem in problems if problem.severity == ERROR]
    doubts += [f"{row.text(language)}." for row in leftovers_of_changes(act, changes, titles or {}, hidden)]
    if doubts and not despite:
        raise ActDoubtful(title=act.title, problems=" ".join(doubts))
    # Before anything is written: many words in many pages take a while, and others write meanwhile.
    spans = places_to_hide(act, hidden)
    with transaction.atomic():
        act = update(actor, act, changes, revision=revision)
        act.confirmed_at, act.confirmed_by_id = timezone.now(), actor.person_id
        Act.objects.filter(pk=act.pk).update(confirmed_at=act.confirmed_at, confirmed_by=actor.person_id)
        if act.live or act.withdrawn_at:  # put online since it was opened
            raise ActIsSealed(title=act.title)
        for key, title in (titles or {}).items():
            ActFile.objects.filter(pk=key, act=act, role=ActFile.Role.ANNEX).update(title=title)
        hide(act, spans)
        if act.session is not None and not act.session.live:
            complete_session(actor, act.session, act, hidden)
        enqueue(actor, PREPARE, act=act.pk)
    return act


def session_for(actor: Actor, act: Act, assembly: Assembly) -> Session:
    """The sitting of an assembly on the day of an act; made, as a draft, when there is none."""
    assert act.date is not None
    with transaction.atomic():
        # Two people who confirm two acts of one day at once make one sitting: the second waits for the first.
        Assembly.objects.select_for_update().get(pk=assembly.pk)
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


def complete_session(actor: Actor, session: Session, act: Act, hidden: Sequence[str] = ()) -> None:
    """Note what an act says of its sitting where nothing is noted yet: who was there, who presided, when it was convened.

    Not those whose name is hidden; nothing in a sitting that somebody locked. To be called in a transaction.
    """
    # Another act of the same sitting may just have noted something.
    session = Session.objects.select_for_update().get(pk=session.pk)
    suggestions = suggestions_of(act)
    changes: dict[str, Any] = {}
    for row in suggestions.proposals if suggestions else ():
        proposal = Proposal.from_json(row)
        column = _OF_THE_SITTING.get(proposal.field)
        if column is None or column in changes or proposal.confidence < SURE or getattr(session, column):
            continue
        value = parse_date(proposal.value) if column == "convened_on" else proposal.value
        changes[column] = value[:160] if isinstance(value, str) else value
    changes = {column: _unhidden(value, hidden) for column, value in changes.items()}
    if changes:
        with suppress(RecordLocked):
            update(actor, session, changes, revision=session.revision)


def _unhidden(value: Any, hidden: Sequence[str]) -> Any:
    """What was read of a sitting less the names that are hidden."""
    if isinstance(value, str):
        return "".join(without_hidden([value], hidden))
    if isinstance(value, list):
        return [
            row for row in value if without_hidden([" — ".join(row) if isinstance(row, list) else str(row)], hidden)
        ]
    return value


def problems_of(act: Act) -> list[Problem]:
    """What does not hold together in an act as it is."""
    return check(facts_of(act), today=timezone.localdate())
