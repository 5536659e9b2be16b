"""Atom feeds (RFC 4287): anyone who has something to tell gives entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

FEED_LENGTH = 50
"""Entries of a feed: readers come back more often than that many things happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing told; ``address`` is a full one, and names the entry for ever unless ``identifier`` does."""

    title: str
    address: str
    text: str
    author: str
    published: datetime
    updated: datetime | None = None
    identifier: str = ""


def atom_feed(title: str, page: str, address: str, entries: Iterable[Entry]) -> HttpResponse:
    """A feed in French about ``page``, itself at ``address``, both full; the first FEED_LENGTH entries, in their order."""
    feed = Atom1Feed(title=title, link=page, description="", language="fr", feed_url=address)
    for entry in islice(entries, FEED_LENGTH):
        feed.add_item(
            title=entry.title,
            link=entry.address,
            description=entry.text,
            unique_id=entry.identifier or entry.address,
            pubdate=entry.published,
            updateddate=entry.updated or entry.published,
            author_name=entry.author,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
