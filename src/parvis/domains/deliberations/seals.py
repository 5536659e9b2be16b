"""What the public chain says of an act."""

from __future__ import annotations

from urllib.parse import urlsplit

from parvis.core.seals import Standing
from parvis.domains.deliberations.models import Act
from parvis.hub.seals.selectors import standings_with_digest


def seal_of(act: Act) -> Standing | None:
    """The entry of the chain that published an act as it is read, and what became of it; None when nothing was sealed."""
    path = f"/{Act.place}/{act.slug}/"
    for view in act.views[:1]:
        for standing in standings_with_digest(view.file.published_digest):
            if urlsplit(standing.entry.subject).path.endswith(path):
                return standing
    return None
