"""The discussions of the demonstration."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.domains.discussions.models import Message, Thread
from parvis.domains.discussions.services import open_thread, receive, write_message
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.selectors import public_dataset
from parvis.packs.bundled_files import demo_rows


def load_demo() -> None:
    """Write those that are missing, about the datasets that are there."""
    for row in demo_rows("discussions"):
        try:
            dataset = public_dataset(ANONYMOUS, row["dataset"])
        except NotFound:
            continue
        if Thread.objects.filter(dataset=dataset).exists():
            continue
        first = open_thread(ANONYMOUS, dataset, row["title"], row["text"], row.get("signature", ""))
        _receive(first, row["days"])
        for answer in row.get("messages", ()):
            actor = OPERATOR if answer.get("answer") else ANONYMOUS
            _receive(write_message(actor, first.thread, answer["text"], answer.get("signature", "")), answer["days"])


def _receive(message: Message, days: int) -> None:
    """As if it had been written some days ago."""
    message.sent = timezone.now() - timedelta(days=days)
    message.save(update_fields=["sent"])
    receive(message)
