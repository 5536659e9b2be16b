"""What search engines are told to read: every public page, by files of ten thousand addresses when there are more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.accounts.selectors import organisations
from parvis.hub.addresses import absolute_path, canonical, language_prefix_of, language_prefixes
from parvis.hub.atlas.selectors import maps_of_readable_data
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.charts.selectors import charts_of_readable_data
from parvis.hub.registry import public_pages

PAGE: Final = 10_000
"""Addresses in one file; the protocol takes fifty thousand and 50 MB, which long addresses in many languages would pass."""
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FIXED: Final = ("/", "/explore/", "/organisations/", "/territoires/", "/graphiques/", "/cartes/")
_NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XHTML: Final = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'

type Entry = tuple[str, date | None]
"""A path, and when what it shows last changed, where that is known."""


@dataclass(frozen=True, slots=True)
class Section:
    """Addresses of one kind: how many there are, and some of them in an order that stays."""

    name: str
    count: Callable[[], int]
    entries: Callable[[int, int], Iterable[Entry]]


def _fixed(start: int, end: int) -> list[Entry]:
    return [(absolute_path(path), None) for path in _FIXED[start:end]]


def _organisations(start: int, end: int) -> Iterator[Entry]:
    publishing = organisations().filter(datasets__in=datasets_visible_to(ANONYMOUS).values("pk")).distinct()
    yield from ((row.get_absolute_url(), None) for row in publishing.order_by("pk")[start:end])


def _datasets(start: int, end: int) -> Iterator[Entry]:
    rows = datasets_visible_to(ANONYMOUS).prefetch_related(None).order_by("pk")
    for dataset_id, card, data in rows.values_list("dataset_id", "modified", "data_modified")[start:end].iterator():
        changed = max(card, data) if data else card
        yield absolute_path(f"/explore/dataset/{dataset_id}/information/"), changed


def _pages(start: int, end: int) -> Iterator[Entry]:
    yield from ((page.path, page.modified) for page in islice(public_pages(), start, end))


SECTIONS: Final = (
    Section("portail", lambda: len(_FIXED), _fixed),
    Section("organisations", lambda: sum(1 for _row in _organisations(0, 1_000_000)), _organisations),
    Section("jeux", lambda: datasets_visible_to(ANONYMOUS).count(), _datasets),
    Section(
        "graphiques",
        lambda: len(charts_of_readable_data(ANONYMOUS)),
        lambda start, end: [(row.get_absolute_url(), None) for row in charts_of_readable_data(ANONYMOUS)[start:end]],
    ),
    Section(
        "cartes",
        lambda: len(maps_of_readable_data(ANONYMOUS)),
        lambda start, end: [(row.get_absolute_url(), None) for row in maps_of_readable_data(ANONYMOUS)[start:end]],
    ),
    Section("pages", lambda: sum(1 for _row in public_pages()), _pages),
)


def sitemap(request: HttpRequest) -> HttpResponse:
    """Every address when one file holds them; else the list of the files that do."""
    counts = [(section, section.count()) for section in SECTIONS]
    if sum(count for _section, count in counts) <= PAGE:
        return _answer(_urls(entry for section, count in counts for entry in section.entries(0, count)))
    addresses = [
        canonical(reverse("sitemap-part", args=[section.name, number + 1]))
        for section, count in counts
        for number in range(-(-count // PAGE))
    ]
    lines = (f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return _answer(_within("sitemapindex", _NAMESPACE, lines))


def sitemap_part(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """Some addresses of a kind; NotFound where there are none."""
    chosen = next((row for row in SECTIONS if row.name == section), None)
    start = (number - 1) * PAGE
    if chosen is None or not 0 <= start < chosen.count():
        raise NotFound(name=section)
    return _answer(_urls(chosen.entries(start, start + PAGE)))


def _answer(lines: Iterator[str]) -> HttpResponse:
    # Not streamed: the prefix of the site that answers is known until the view returns. A file is some 7 MB at most.
    return HttpResponse("".join(lines), content_type="application/xml")


def _urls(entries: Iterable[Entry]) -> Iterator[str]:
    prefixes = language_prefixes()
    yield from _within("urlset", f"{_NAMESPACE} {_XHTML}", (_url(path, changed, prefixes) for path, changed in entries))


def _within(name: str, namespaces: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"{_XML}<{name} {namespaces}>\n"
    yield from lines
    yield f"</{name}>\n"


def _url(path: str, changed: date | None, prefixes: dict[str, str]) -> str:
    """An address, when it changed, and the same page in each language."""
    bare = path.removeprefix(language_prefix_of(path)) or "/"
    links = [*((code, f"{prefix}{bare}") for code, prefix in prefixes.items()), ("x-default", bare)]
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(canonical(there))}/>' for code, there in links
    )
    day = f"<lastmod>{_moment(changed)}</lastmod>" if changed else ""
    return f"<url><loc>{escape(canonical(path))}</loc>{day}{alternates}</url>\n"


def _moment(changed: date) -> str:
    if isinstance(changed, datetime):
        return timezone.localtime(changed).isoformat(timespec="seconds")
    return changed.isoformat()
