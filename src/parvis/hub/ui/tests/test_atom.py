"""Feeds as readers take them (RFC 4287, RSS 2.0)."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

from parvis.hub.ui.atom import FEED_LENGTH, Entry, atom_feed, rss_feed

ATOM = "{http://www.w3.org/2005/Atom}"
MONDAY, TUESDAY = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)


def feed(*entries: Entry) -> ElementTree.Element:
    answer = atom_feed("Actes · Lisses", "https://x.example/actes/", "https://x.example/actes/flux.atom", entries)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def entry(**facts) -> Entry:
    fields = {"title": "Vœu n° 3 <b>", "address": "https://x.example/actes/3/", "text": "Adopté & affiché", **facts}
    return Entry(author="Lisses", published=MONDAY, **fields)


def text(node: ElementTree.Element, name: str) -> str:
    return node.find(f"{ATOM}{name}").text


def test_a_feed_names_itself_its_page_and_what_it_tells():
    root = feed(entry())
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": "https://x.example/actes/flux.atom", "alternate": "https://x.example/actes/"}
    [item] = root.findall(f"{ATOM}entry")
    assert text(item, "title") == "Vœu n° 3 <b>"
    assert text(item, "summary") == "Adopté & affiché"
    assert text(item, "id") == "https://x.example/actes/3/"
    assert text(item, "published") == text(item, "updated") == "2026-03-02T08:00:00+00:00"


def test_what_changed_keeps_its_identifier_and_says_when():
    [item] = feed(entry(identifier="https://x.example/3", updated=TUESDAY)).findall(f"{ATOM}entry")
    assert text(item, "id") == "https://x.example/3"
    assert text(item, "updated") == "2026-03-03T09:00:00+00:00"


def test_a_feed_is_bounded():
    assert len(feed(*(entry() for _ in range(FEED_LENGTH + 10))).findall(f"{ATOM}entry")) == FEED_LENGTH


def test_the_same_is_given_as_rss():
    address = "https://x.example/actes/flux.rss"
    entries = (entry(), entry(identifier="https://x.example/3"))
    answer = rss_feed("Actes · Lisses", "https://x.example/actes/", address, entries)
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert [channel.findtext(name) for name in ("title", "link")] == ["Actes · Lisses", "https://x.example/actes/"]
    assert channel.find(f"{ATOM}link").attrib == {"rel": "self", "href": address}
    first, second = channel.findall("item")
    assert (first.findtext("title"), first.findtext("description")) == ("Vœu n° 3 <b>", "Adopté & affiché")
    assert first.findtext("pubDate") == "Mon, 02 Mar 2026 08:00:00 +0000"
    guids = [(guid.text, guid.get("isPermaLink")) for guid in (first.find("guid"), second.find("guid"))]
    assert guids == [("https://x.example/actes/3/", "true"), ("https://x.example/3", "false")]
