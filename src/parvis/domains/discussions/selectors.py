"""Reading discussions: what anybody reads, and what waits for moderators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from parvis.core.errors import NotFound
from parvis.domains.discussions.models import DatasetDiscussions, Message, Thread
from parvis.domains.discussions.rules import State
from parvis.hub.accounts.rules import Actor, organisations_open_to

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

_SHOWN = Q(messages__state=State.SHOWN)
READ = (State.SHOWN, State.HIDDEN)
"""Those that a page has: of the hidden it says that they are, and why."""


def are_open(dataset: Dataset) -> bool:
    """Whether people may write about a dataset."""
    return not DatasetDiscussions.objects.filter(dataset=dataset, closed=True).exists()


def threads_of(dataset: Dataset) -> QuerySet[Thread]:
    """Those that anybody reads, the one that moved last first, with how many messages and answers they have."""
    threads = Thread.objects.filter(dataset=dataset).annotate(
        shown=Count("messages", filter=_SHOWN),
        answers=Count("messages", filter=_SHOWN & Q(messages__is_answer=True)),
        last=Max("messages__sent", filter=_SHOWN),
    )
    return threads.filter(shown__gt=0).select_related("dataset").order_by("-last", "-id")


def thread_at(dataset: Dataset, key: int) -> Thread:
    """One of them with its messages (``seen``); NotFound when nobody reads it."""
    messages = Message.objects.filter(state__in=READ).order_by("sent", "id")
    thread = threads_of(dataset).prefetch_related(Prefetch("messages", messages, to_attr="seen")).filter(pk=key).first()
    if thread is None:
        raise NotFound(name=f"discussion {key}")
    for message in thread.seen:
        message.thread = thread
    return thread


def message_at(key: int) -> Message:
    """One message with its discussion and dataset; NotFound."""
    message = Message.objects.select_related("thread__dataset__organisation").filter(pk=key).first()
    if message is None:
        raise NotFound(name=f"message {key}")
    return message


def latest_shown(dataset: Dataset, most: int) -> Sequence[Message]:
    """The latest that anybody reads."""
    shown = Message.objects.filter(thread__dataset=dataset, state=State.SHOWN)
    return list(shown.select_related("thread__dataset__organisation").order_by("-sent", "-id")[:most])


def moderated_by(actor: Actor) -> QuerySet[Message]:
    """Those about datasets for which the person publishes."""
    messages = Message.objects.exclude(state=State.UNCONFIRMED).select_related("thread__dataset__organisation")
    if actor.everything:
        return messages
    return messages.filter(thread__dataset__organisation__in=organisations_open_to(actor, "publish"))


def waiting_for(actor: Actor) -> list[Message]:
    """Those that wait for the person's decision, the oldest first: held, or reported."""
    messages = moderated_by(actor).filter(Q(state=State.WAITING) | Q(state=State.SHOWN, reports__gt=0))
    return list(messages.order_by("sent", "id"))


def unanswered_for(organisation_id: int) -> int:
    """How many discussions that anybody reads about the datasets of an organisation have no answer of it and are not closed."""
    threads = Thread.objects.filter(dataset__organisation=organisation_id, closed=None).annotate(
        shown=Count("messages", filter=_SHOWN), answers=Count("messages", filter=_SHOWN & Q(messages__is_answer=True))
    )
    return threads.filter(shown__gt=0, answers=0).count()
