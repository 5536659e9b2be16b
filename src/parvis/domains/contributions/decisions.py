"""Deciding: accept all or a part, edit, refuse, ask back; each proposal once, whoever presses the button first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.core.overlays.model import MOST_CHANGES
from parvis.domains.contributions.ambassadors import is_ambassador
from parvis.domains.contributions.laying import ask_to_apply
from parvis.domains.contributions.models import Correction, Opening, Proposal, values_of
from parvis.domains.contributions.rules import (
    DOUBTFUL_STATES,
    LIVE_STATES,
    AlreadyDecided,
    KeyUnconfirmed,
    Kind,
    Laid,
    NothingAccepted,
    ReasonMissing,
    State,
    TooManyCorrections,
)
from parvis.domains.contributions.tables import table_of
from parvis.domains.contributions.telling import tell
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import person_of
from parvis.hub.audit.services import record
from parvis.hub.visitors.texts import searched


def accept(
    actor: Actor,
    proposal: Proposal,
    values: Mapping[str, str | None] | None = None,
    *,
    answer: str = "",
    shows_photo: bool = False,
    shows_text: bool = False,
) -> Proposal:
    """Accept what is asked, or only ``values`` of it (canonical texts by column, perhaps edited).

    Forbidden unless the actor may publish the dataset, or is one of the organisation's ambassadors speaking for themselves;
    AlreadyDecided when somebody was first. The next version of the dataset holds it.
    """
    with _deciding(actor, proposal) as current:
        asked_values = values_of(current.changes)
        chosen = asked_values if values is None or current.kind == Kind.REMOVE else dict(values)
        current.accepted = chosen
        if Kind(current.kind) in (Kind.CORRECT, Kind.ADD) and not chosen:
            raise NothingAccepted
        whole = current.kind == Kind.REMOVE or chosen == asked_values
        _close(actor, current, State.ACCEPTED if whole else State.PARTLY, answer)
        current.shows_photo = shows_photo and bool(current.photo)
        current.shows_text = shows_text
        current.save()
        if Kind(current.kind).changes_rows:
            _require_few(current)
            _require_key(current)
            _lay(current, chosen)
        _journal(actor, "contribution.accept", current)
        if Kind(current.kind).changes_rows:
            ask_to_apply(current.dataset_id)
    return current


def refuse(actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """Refuse, with a reason that the contributor reads; ReasonMissing without one."""
    if not reason.strip():
        raise ReasonMissing
    with _deciding(actor, proposal) as current:
        _close(actor, current, State.REFUSED, reason)
        current.save()
        _journal(actor, "contribution.refuse", current)
    return current


def ask_back(actor: Actor, proposal: Proposal, question: str) -> Proposal:
    """Ask the contributor something; the proposal stays open."""
    if not question.strip():
        raise ReasonMissing
    with _deciding(actor, proposal) as current:
        current.state, current.answer = State.ASKED_BACK, searched(question).text
        current.save(update_fields=["state", "answer"])
        _journal(actor, "contribution.ask-back", current)
        tell(current)
    return current


def answer_back(proposal: Proposal, reply: str) -> None:
    """The contributor answers what was asked; AlreadyDecided when nothing is asked any more."""
    with transaction.atomic():
        current = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if current.state != State.ASKED_BACK:
            raise AlreadyDecided(who="–", state=current.get_state_display())
        current.state, current.reply = State.RECEIVED, searched(reply).text
        current.save(update_fields=["state", "reply"])


def withdraw(proposal: Proposal) -> None:
    """The contributor takes it back: their words and photo are erased. What was accepted stays, and bears nothing of them."""
    with transaction.atomic():
        current = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if current.state in (*(State.RECEIVED, State.ASKED_BACK), State.UNCONFIRMED):
            current.state = State.WITHDRAWN
            current.changes, current.row = {}, {}
        photo = current.photo.name
        current.text = current.reply = ""
        current.photo, current.person = "", None
        current.shows_photo = current.shows_text = False
        current.save()
        if photo:
            transaction.on_commit(lambda: Proposal.photo.field.storage.delete(photo))


def settle(actor: Actor, correction: Correction, *, keeps: bool) -> Correction:
    """Choose between what was accepted (``keeps``) and what the source says now; AlreadyDecided when there is no more to choose."""
    dataset = correction.dataset
    require(actor, "publish", dataset.organisation_id, f"décider des contributions à « {dataset.title} »")
    with transaction.atomic():
        current = Correction.objects.select_for_update().get(pk=correction.pk)
        if current.state not in DOUBTFUL_STATES:
            raise AlreadyDecided(who="–", state=current.get_state_display())
        if not keeps:
            _end(current, Laid.DROPPED)
        elif current.state == Laid.CONFLICT:
            _go_on(current)
        record(
            actor.name,
            actor.person_id,
            "contribution.settle",
            "dataset",
            dataset.dataset_id,
            contribution=current.proposal_id,
            choice="contribution" if keeps else "source",
        )
        ask_to_apply(current.dataset_id)
    return current


def _go_on(current: Correction) -> None:
    """What was accepted goes on, over what the source says now."""
    now = values_of(current.theirs)
    if current.verb == Correction.Verb.CELL:
        current.base, current.state = now.get(current.column), Laid.WAITING
        current.save(update_fields=["base", "state"])
    elif current.verb == Correction.Verb.REMOVE:
        current.base, current.state = {**values_of(current.base), **now}, Laid.WAITING
        current.save(update_fields=["base", "state"])
    else:  # the source has the row now: what differs becomes corrections of it
        values = values_of(current.ours)
        _end(current, Laid.REPLACED)
        for column, source in now.items():
            _correct_cell(current.proposal, column, source, values.get(column))


@contextmanager
def _deciding(actor: Actor, proposal: Proposal) -> Iterator[Proposal]:
    """The proposal, held until the decision is written; the right is asked first."""
    dataset = proposal.dataset
    is_trusted = (
        proposal.person_id is not None
        and proposal.person_id == actor.person_id
        and is_ambassador(actor.person_id, dataset.organisation_id)
    )
    if not is_trusted:
        require(actor, "publish", dataset.organisation_id, f"décider des contributions à « {dataset.title} »")
    with transaction.atomic():
        current = (
            Proposal.objects.select_for_update(of=("self",)).select_related("dataset", "decided_by").get(pk=proposal.pk)
        )
        if not current.is_open:
            who = current.decided_by.get_full_name() if current.decided_by else "–"
            raise AlreadyDecided(who=who or "–", state=current.get_state_display())
        yield current


def _close(actor: Actor, current: Proposal, state: State, answer: str) -> None:
    current.state, current.answer = state, searched(answer).text
    current.decided = timezone.now()
    current.decided_by = person_of(actor.person_id) if actor.person_id else None
    tell(current)


def _require_few(proposal: Proposal) -> None:
    """TooManyCorrections when the dataset has as many as one import lays: what is accepted is never left aside in silence."""
    if Correction.objects.filter(dataset=proposal.dataset_id, state__in=LIVE_STATES).count() >= MOST_CHANGES:
        raise TooManyCorrections(title=proposal.dataset.title, most=MOST_CHANGES)


def _require_key(proposal: Proposal) -> None:
    """KeyUnconfirmed for a key that was only found; from the first correction on, the key is the one that it was made with."""
    table = table_of(proposal.dataset)
    if not table.has_confirmed_key:
        raise KeyUnconfirmed(title=proposal.dataset.title, columns=", ".join(table.key_labels))
    opening, _made = Opening.objects.get_or_create(dataset_id=proposal.dataset_id)
    if not opening.key:
        opening.key = list(table.key)
        opening.save(update_fields=["key", "modified"])


def _lay(proposal: Proposal, chosen: Mapping[str, str | None]) -> None:
    """Write down the corrections that an accepted proposal makes."""
    match Kind(proposal.kind):
        case Kind.CORRECT:
            seen = values_of(proposal.row)
            for column, value in chosen.items():
                _correct_cell(proposal, column, seen.get(column), value)
        case Kind.ADD:
            _live(proposal, Correction.Verb.ADD).update(state=Laid.REPLACED, closed=timezone.now())
            _new(proposal, Correction.Verb.ADD, accepted=dict(chosen))
        case Kind.REMOVE:
            _remove_row(proposal)
        case _:
            return


def _correct_cell(proposal: Proposal, column: str, base: str | None, value: str | None) -> None:
    """One live correction a cell: a newer one takes the place of the former, and its base, which is what the source said."""
    former = _live(proposal, Correction.Verb.CELL, column).select_for_update().first()
    if former is not None:
        base = former.base
        _end(former, Laid.REPLACED)
    if value != base:
        _new(proposal, Correction.Verb.CELL, column, base, value)


def _remove_row(proposal: Proposal) -> None:
    """A row that was added here is simply no longer added; of one of the source, what the source said of it is kept."""
    base = values_of(proposal.row)
    for cell in _live(proposal, Correction.Verb.CELL, None).select_for_update():
        base[cell.column] = cell.base
        _end(cell, Laid.REPLACED)
    added = _live(proposal, Correction.Verb.ADD).select_for_update().first()
    if added is not None:
        _end(added, Laid.REPLACED)
    elif not _live(proposal, Correction.Verb.REMOVE).exists():
        _new(proposal, Correction.Verb.REMOVE, base=base)


def _live(proposal: Proposal, verb: str, column: str | None = "") -> Any:
    rows = Correction.objects.filter(
        dataset=proposal.dataset_id, key_text=proposal.key_text, verb=verb, state__in=LIVE_STATES
    )
    return rows if column is None else rows.filter(column=column)


def _new(proposal: Proposal, verb: str, column: str = "", base: Any = None, accepted: Any = None) -> None:
    Correction.objects.create(
        proposal=proposal,
        dataset_id=proposal.dataset_id,
        verb=verb,
        key=proposal.key,
        key_text=proposal.key_text,
        column=column,
        base=base,
        ours=accepted,
    )


def _end(correction: Correction, state: Laid) -> None:
    correction.state, correction.closed = state, timezone.now()
    correction.save(update_fields=["state", "closed"])


def _journal(actor: Actor, action: str, proposal: Proposal) -> None:
    record(
        actor.name,
        actor.person_id,
        action,
        "dataset",
        proposal.dataset.dataset_id,
        contribution=proposal.pk,
        kind=proposal.kind,
    )
