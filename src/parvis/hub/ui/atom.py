"""Feeds, as Atom (RFC 4287) or as RSS 2.0: anyone who has something to tell gives entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed

from parvis.core.text import xml_text

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


def _printable(facts: dict[str, Any]) -> dict[str, Any]:
    """The same without what XML may not hold: Django refuses the whole feed for one such character."""
    return {name: _without(value) for name, value in facts.items()}


def _without(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_without(part) for part in value]
    return xml_text(value) if isinstance(value, str) else value


class AtomFeed(Atom1Feed):  # type: ignore[misc]
    """Atom, whatever the texts hold."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**_printable(facts))

    def add_item(self, **facts: Any) -> None:
        """One entry more."""
        super().add_item(**_printable(facts))


class RssFeed(Rss201rev2Feed):  # type: ignore[misc]
    """RSS, whatever the texts hold."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**_printable(facts))

    def add_item(self, **facts: Any) -> None:
        """One entry more."""
        super().add_item(**_printable(facts))


def atom_feed(title: str, page: str, address: str, entries: Iterable[Entry]) -> HttpResponse:
    """A feed in French about ``page``, itself at ``address``, both full; the first FEED_LENGTH entries, in their order."""
    return _feed(AtomFeed, "application/atom+xml", title, page, address, entries)


def rss_feed(title: str, page: str, address: str, entries: Iterable[Entry]) -> HttpResponse:
    """The same as RSS, for readers that know no other."""
    return _feed(RssFeed, "application/rss+xml", title, page, address, entries)


FEEDS = {"atom": atom_feed, "rss": rss_feed}
"""What writes a feed, by the ending of its address."""


def _feed(
    kind: type[SyndicationFeed], media_type: str, title: str, page: str, address: str, entries: Iterable[Entry]
) -> HttpResponse:
    feed = kind(title=title, link=page, description=title, language="fr", feed_url=address)
    for entry in islice(entries, FEED_LENGTH):
        feed.add_item(
            title=entry.title,
            link=entry.address,
            description=entry.text,
            unique_id=entry.identifier or entry.address,
            unique_id_is_permalink=not entry.identifier,
            pubdate=entry.published,
            updateddate=entry.updated or entry.published,
            author_name=entry.author,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=f"{media_type}; charset=utf-8")
