"""Writing in discussions, answering, closing, moderating, erasing: right, act, journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parvis.core.text import seen_text
from parvis.domains.discussions.kinds import ANSWER, DISCUSSION, WAITS
from parvis.domains.discussions.models import DatasetDiscussions, Message, Thread
from parvis.domains.discussions.rules import (
    LONGEST_TITLE,
    MOST_MESSAGES,
    DiscussionFull,
    DiscussionsClosed,
    NothingWritten,
    State,
)
from parvis.domains.discussions.selectors import are_open
from parvis.hub.accounts.rules import Actor, may, require
from parvis.hub.audit.services import record
from parvis.hub.notifications.following import tell_followers
from parvis.hub.quality.notices import tell_owners_today
from parvis.hub.search.writing import mark
from parvis.hub.visitors.receipt_rules import DecidedMeanwhile
from parvis.hub.visitors.receipts import tell_sender
from parvis.hub.visitors.writings import read_writing

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

MESSAGE = "discussion"
"""The kind of receipts, of mails to who wrote, and of what the journal is about."""


def open_thread(actor: Actor, dataset: Dataset, title: str, text: str, signature: str = "") -> Message:
    """Write a discussion and its first message; DiscussionsClosed, NothingWritten."""
    if not are_open(dataset):
        raise DiscussionsClosed
    writing = read_writing(seen_text(title)[:LONGEST_TITLE])
    if not writing.text:
        raise NothingWritten
    with transaction.atomic():
        thread = Thread.objects.create(dataset=dataset, title=writing.masked[:LONGEST_TITLE])
        message = _written(actor, thread, text, signature, title_waits=writing.is_held)
        message.original_title = writing.text if message.held else ""
        message.save(update_fields=["original_title"])
    return message


def write_message(actor: Actor, thread: Thread, text: str, signature: str = "") -> Message:
    """Write in a discussion; DiscussionsClosed, DiscussionFull, NothingWritten."""
    with transaction.atomic():
        thread = Thread.objects.select_for_update().select_related("dataset__organisation").get(pk=thread.pk)
        if thread.closed or not are_open(thread.dataset):
            raise DiscussionsClosed
        if thread.messages.count() >= MOST_MESSAGES:
            raise DiscussionFull(most=MOST_MESSAGES)
        return _written(actor, thread, text, signature)


def _written(actor: Actor, thread: Thread, text: str, signature: str, *, title_waits: bool = False) -> Message:
    """A message as it is before it is received; of who writes for the publisher, an answer of it."""
    is_answer = not actor.read_only and may(actor, "edit", thread.dataset.organisation_id)
    writing = read_writing(text)
    if not writing.text:
        raise NothingWritten
    waits = (title_waits or writing.is_held) and not is_answer
    message = Message.objects.create(
        thread=thread,
        text=writing.masked if waits else writing.text,
        original=writing.text if waits else "",
        signature="" if is_answer else signature,
        is_answer=is_answer,
        person_id=actor.person_id if is_answer else None,
        held=waits,
    )
    if is_answer:
        dataset = thread.dataset.dataset_id
        record(actor.name, actor.person_id, "discussion.answer", MESSAGE, str(message.pk), dataset=dataset)
    return message


def receive(message: Message) -> None:
    """Show a message that was sent for good, or have it wait for a moderator when it mentions somebody."""
    state = State.WAITING if message.held else State.SHOWN
    if not Message.objects.filter(pk=message.pk, state=State.UNCONFIRMED).update(state=state):
        return
    message.state = state
    mark(DISCUSSION, [message.thread_id])
    if not message.is_answer:
        tell_owners_today(WAITS, message.thread.dataset.organisation_id)
    if state == State.SHOWN:
        _tell_that_it_is_shown(message)


def _tell_that_it_is_shown(message: Message) -> None:
    """Followers of the dataset are told of each message, whoever asked in that discussion of answers."""
    tell_followers(message.thread.dataset, ANSWER, message=message.pk)
    if message.is_answer:
        for former in message.thread.messages.filter(is_answer=False, state=State.SHOWN):
            tell_sender(MESSAGE, former)


def decide(
    actor: Actor, message: Message, state: State, *, revision: int, reason: str = "", whole: bool = False
) -> None:
    """Show or hide a message as it was read at ``revision``; DecidedMeanwhile.

    ``whole``: with the mentions that it was masked of. Either way the original is erased: what is decided is what remains.
    """
    dataset = message.thread.dataset
    require(actor, "publish", dataset.organisation_id, f"modérer les discussions de « {dataset.title} »")
    was_shown = message.state == State.SHOWN
    text = message.original if whole and message.original else message.text
    changes: dict[str, Any] = {"state": state, "reason": reason, "reports": 0, "text": text, "held": False}
    if state == State.SHOWN:
        changes |= {"original": "", "original_title": ""}
    with transaction.atomic():
        same = Message.objects.filter(pk=message.pk, revision=revision)
        if not same.update(revision=revision + 1, **changes):
            now = Message.objects.filter(pk=message.pk).first()
            raise DecidedMeanwhile(title=dataset.title, state=now.get_state_display() if now else "effacé")
        if whole and message.original_title and state == State.SHOWN:
            Thread.objects.filter(pk=message.thread_id).update(title=message.original_title)
        mark(DISCUSSION, [message.thread_id])
        act = "discussion.show" if state == State.SHOWN else "discussion.hide"
        record(actor.name, actor.person_id, act, MESSAGE, str(message.pk), reason=reason, dataset=dataset.dataset_id)
        message.refresh_from_db()
        if state != State.SHOWN or not was_shown:
            tell_sender(MESSAGE, message)
        if state == State.SHOWN and not was_shown:
            _tell_that_it_is_shown(message)


def report(message: Message) -> None:
    """Have moderators read a message again; it stays where it is."""
    if Message.objects.filter(pk=message.pk, state=State.SHOWN).update(reports=F("reports") + 1):
        tell_owners_today(WAITS, message.thread.dataset.organisation_id)


def close_thread(actor: Actor, thread: Thread, *, closed: bool) -> None:
    """Have nothing more be written in a discussion, or open it again."""
    dataset = thread.dataset
    require(actor, "edit", dataset.organisation_id, f"clore une discussion de « {dataset.title} »")
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(closed=timezone.now() if closed else None)
        act = "discussion.close" if closed else "discussion.reopen"
        record(actor.name, actor.person_id, act, MESSAGE, str(thread.pk), dataset=dataset.dataset_id)


def close_dataset(actor: Actor, dataset: Dataset, *, closed: bool) -> None:
    """Have nothing more be written about a dataset, or let people write again; what is there is still read."""
    require(actor, "publish", dataset.organisation_id, f"fermer les discussions de « {dataset.title} »")
    with transaction.atomic():
        DatasetDiscussions.objects.update_or_create(dataset=dataset, defaults={"closed": closed})
        act = "discussion.close-all" if closed else "discussion.open-all"
        record(actor.name, actor.person_id, act, "dataset", dataset.dataset_id)


def erase(message: Message) -> None:
    """Leave nothing of a message; its discussion goes with it when nothing else is in it, else loses the title it gave."""
    with transaction.atomic():
        thread = Thread.objects.select_for_update().get(pk=message.thread_id)
        opens_it = thread.messages.order_by("sent", "id").values_list("pk", flat=True).first() == message.pk
        message.delete()
        if not thread.messages.exists():
            thread.delete()
            return
        mark(DISCUSSION, [thread.pk])
        if opens_it:
            Thread.objects.filter(pk=thread.pk).update(title="")


def erase_for_all(actor: Actor, message: Message, *, revision: int) -> None:
    """Leave nothing of a message that should not be kept, as it was read at ``revision``; DecidedMeanwhile."""
    dataset = message.thread.dataset
    require(actor, "publish", dataset.organisation_id, f"modérer les discussions de « {dataset.title} »")
    with transaction.atomic():
        if not Message.objects.filter(pk=message.pk, revision=revision).update(revision=revision + 1):
            raise DecidedMeanwhile(title=dataset.title, state=message.get_state_display())
        record(actor.name, actor.person_id, "discussion.erase", MESSAGE, str(message.pk), dataset=dataset.dataset_id)
        erase(message)


def sign_off(message: Message) -> None:
    """Leave nothing of who signed it."""
    Message.objects.filter(pk=message.pk).update(signature="")
