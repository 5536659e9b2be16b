"""The discussions of the demonstration."""

from __future__ import annotations

from parvis.core.errors import NotFound
from parvis.domains.discussions.models import Thread
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
        receive(first)
        for answer in row.get("messages", ()):
            actor = OPERATOR if answer.get("answer") else ANONYMOUS
            receive(write_message(actor, first.thread, answer["text"], answer.get("signature", "")))
