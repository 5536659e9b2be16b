"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.domains.discussions.rules import State
from parvis.hub.carried import Carried

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _seen_threads(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(messages__state=State.SHOWN).distinct()


def _seen_messages(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(state=State.SHOWN)


CARRIED = (
    Carried(model="discussions.DatasetDiscussions", name="discussions/fermees", dataset="dataset"),
    Carried(
        model="discussions.Thread",
        name="discussions/discussions",
        dataset="dataset",
        public=_seen_threads,
        public_columns=("id", "dataset", "title", "closed", "created"),
    ),
    Carried(
        model="discussions.Message",
        name="discussions/messages",
        dataset="thread__dataset",
        persons=("signature", "original", "original_title"),
        public=_seen_messages,
        public_columns=("id", "thread", "text", "is_answer", "sent"),
    ),
)
