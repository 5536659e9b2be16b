"""The reuses of the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from parvis.core.errors import RequestError
from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.selectors import datasets_named
from parvis.domains.reuses.services import propose, receive, shrink_picture
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.records.services import publish
from parvis.packs.bundled_files import DEMO, demo_rows

if TYPE_CHECKING:
    from parvis.core.pictures import Received


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
        reuse = propose(fields, names, _picture(row.get("picture", "")))
        receive(reuse)
        publish(OPERATOR, reuse)


def _picture(name: str) -> Received | None:
    if not name:
        return None
    path = DEMO / name
    return shrink_picture(path.name, ContentFile(path.read_bytes(), name=path.name))
