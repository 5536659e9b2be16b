"""Discussions, as a search of the portal finds them: what anybody reads of them, where the dataset may be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.domains.discussions.kinds import DISCUSSION
from parvis.domains.discussions.models import Message, Thread
from parvis.domains.discussions.rules import State
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.search.datasets import seen_by
from parvis.hub.search.rules import Hit, SearchDocument, SearchKind, in_order

LONGEST_EXCERPT = 200


def _shown() -> QuerySet[Thread]:
    messages = Message.objects.filter(state=State.SHOWN).order_by("sent", "id")
    threads = Thread.objects.filter(messages__state=State.SHOWN).distinct()
    return threads.select_related("dataset__organisation").prefetch_related(
        Prefetch("messages", messages, to_attr="shown_messages")
    )


def _documents(keys: Collection[int] | None) -> Iterator[SearchDocument]:
    threads = _shown() if keys is None else _shown().filter(pk__in=keys)
    for thread in threads.iterator(chunk_size=200):
        dataset = thread.dataset
        if dataset.current_id:
            yield SearchDocument(
                kind=DISCUSSION,
                key=thread.pk,
                title=thread.title or dataset.title,
                text="\n".join(message.text for message in thread.shown_messages),
                organisation=dataset.organisation.name,
                modified=thread.shown_messages[-1].sent,
                seen_by=tuple(seen_by(dataset)),
                rests_on=(dataset.dataset_id,),
            )


def _hits(actor: Actor, keys: Sequence[int], most: int) -> list[Hit]:
    readable = datasets_visible_to(actor).prefetch_related(None).values("pk")
    return [_hit(thread) for thread in in_order(_shown().filter(pk__in=keys, dataset__in=readable), keys)[:most]]


def _hit(thread: Thread) -> Hit:
    dataset, first = thread.dataset, thread.shown_messages[0]
    title = thread.title or _("Discussion sur « %(dataset)s »") % {"dataset": dataset.title}
    text = f"{dataset.title} — {first.text[:LONGEST_EXCERPT]}"
    return Hit(str(thread.pk), title, text, dataset.organisation.name, thread.get_absolute_url())


DISCUSSIONS = SearchKind(
    name=DISCUSSION,
    label=gettext_lazy("Discussions"),
    model=Thread,
    documents=_documents,
    hits=_hits,
    place="discussions",
    rank=60,
)
