"""What discussions add to the pages and to the feed of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.domains.discussions.models import Message
from parvis.domains.discussions.selectors import latest_shown
from parvis.hub.addresses import canonical
from parvis.hub.registry import DatasetTab
from parvis.hub.ui.atom import FEED_LENGTH, Entry

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

TAB = DatasetTab("discussions", gettext_lazy("Discussions"), "dataset-discussions")


def author_of(message: Message) -> str:
    """Who wrote it, as anybody reads it."""
    if message.is_answer:
        return message.thread.dataset.organisation.name
    return message.signature or _("anonyme")


def news(dataset: Dataset) -> list[Entry]:
    """Its messages in the feed of the dataset."""
    return [
        Entry(
            title=message.thread.title or _("Discussion"),
            address=canonical(message.get_absolute_url()),
            text=message.text,
            author=author_of(message),
            published=message.sent,
        )
        for message in latest_shown(dataset, FEED_LENGTH)
    ]
