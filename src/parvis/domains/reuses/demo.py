"""The reuses of the demonstration."""

from __future__ import annotations

from parvis.core.errors import RequestError
from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.selectors import datasets_named
from parvis.domains.reuses.services import propose, receive
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.records.services import publish
from parvis.packs.bundled_files import demo_rows


def load_demo() -> None:
    """Write and publish those that are missing, of the datasets that are there."""
    for row in demo_rows("reuses"):
        if Reuse.objects.filter(title=row["title"]).exists():
            continue
        try:
            names = datasets_named(ANONYMOUS, "\n".join(row["datasets"]))
        except RequestError:
            continue
        fields = {"picture_words": "", "signature": "", **row}
        reuse = propose(fields, names)
        receive(reuse)
        publish(OPERATOR, reuse)
