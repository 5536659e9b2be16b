"""What a subject says of its records so that they have a public list, pages, feeds and forms for programs.

A subject writes a ``Collection`` and names it in its ``Module``; the addresses under ``/<place>/`` come with it:

=========================  =====================================================
``/<place>/``              the list: search, filters, order, map when records have a place, programme when it has one
``/<place>/flux.atom``     the latest, as Atom; ``flux.rss``, as RSS
``/<place>/calendrier.ics``  those of the list, as iCalendar, when records have dates
``/<place>/<slug>/``       one record, with its JSON-LD; it prints as it is read
``…/<slug>/calendrier.ics``  one record as iCalendar
``…/<slug>/integrer/``     one record alone, in a frame of other sites
``…/<slug>/flux.atom``      what happened to it as Atom, when records have feeds of their own
``…/<slug>/image.png``     its picture, for places where links are shared (``svg`` too)
``/api/parvis/v1/<place>``   the list and each record for programs
=========================  =====================================================
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import canonical
from parvis.hub.api.schemas import PAGE_ROWS
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.selectors import published, record_at, stamp_of
from parvis.hub.registry import PublicPage
from parvis.hub.sites.lens import Lens, current_lens
from parvis.hub.territories.models import Territory
from parvis.hub.ui.atom import Entry
from parvis.hub.ui.word_pictures import WordPicture

MOST_PAGES = 10_000
"""Records told to search engines, the latest first."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter of the list: its name in the address, its label, and the column it compares.

    ``choices`` gives value and label of what may be chosen; without, the values that published records have. A facet that is
    a ``flag`` is a box to tick: records where the column is true.
    """

    name: str
    label: Any
    column: str
    choices: Callable[[], Iterable[tuple[str, Any]]] | None = None
    is_flag: bool = False
    holds_list: bool = False
    """Whether the column is a JSON list, one of whose values is compared."""
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    """How a value narrows the list where that is more than being equal to the column; it is given any text at all."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list."""

    name: str
    label: Any
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record is, in degrees (WGS 84)."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Around:
    """A point and how far from it records may be, in kilometres."""

    point: Position
    reach: int

    @property
    def text(self) -> str:
        """The point as the address of a list has it, at a hundred metres: where a person is need not be known better."""
        return f"{self.point.latitude:.3f},{self.point.longitude:.3f}"


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """Once of a record in a programme: its hours or how long it lasts, where, and what is to be known besides."""

    record: Any
    hours: str
    facts: str


@dataclass(frozen=True, slots=True)
class ProgrammeDay:
    """A day of a programme, in words, and what begins or goes on then."""

    title: str
    lines: tuple[ProgrammeLine, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A way to choose dates: its name in the address, its label, and the moments that it goes from and to (excluded)."""

    name: str
    label: Any
    bounds: Callable[[], tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """How programs read a collection that was known to them before, or whose records are more than open objects.

    ``card`` and ``whole`` are the types of a record in the list and alone, which ``as_json`` and ``as_whole_json`` fill;
    ``listing`` is the type of a page of the list. ``summaries`` are the sentences of the description for both.
    """

    place: str
    """The first word of its paths."""
    names: tuple[str, str]
    """Those of the operations, the list first."""
    summaries: tuple[Any, Any]
    listing: Any
    card: Any
    whole: Any
    page_rows: int = PAGE_ROWS


class Collection:
    """The public face of a kind of records; a subject sets what differs."""

    kind: ClassVar[type[CivicRecord]]
    title: ClassVar[Any]
    """What the list is called: « Agenda »."""
    lead: ClassVar[Any] = ""
    """One sentence under the title."""
    facets: ClassVar[tuple[Facet, ...]] = ()
    sorts: ClassVar[tuple[Sort, ...]] = ()
    """The first is the usual order; without any, the latest changed first."""
    periods: ClassVar[tuple[Period, ...]] = ()
    """Ways to choose dates; the first is what the list shows unless told otherwise."""
    page_size: ClassVar[int] = 24
    card_bytes: ClassVar[int] = 0
    """About what a prepared record takes in memory, where preparing a page of the list is dear: what anybody may see of it is then
    kept until ``stamp`` or the catalogue changes. Without it, nothing is kept."""
    list_template: ClassVar[str] = "parvis/records/list.html"
    card_template: ClassVar[str] = "parvis/records/card.html"
    """One record in the list."""
    page_template: ClassVar[str] = "parvis/records/page.html"
    """One record on its page: extends ``parvis/records/page.html``."""
    embed_template: ClassVar[str] = "parvis/records/embed.html"
    """One record alone, in a frame of another site."""
    has_places: ClassVar[bool] = False
    is_searched_around: ClassVar[bool] = False
    """Whether the list may be that of what is near a point: ``near``."""
    has_programme: ClassVar[bool] = False
    """Whether the list has a form to print, day by day and on one page: ``programme``."""
    has_calendar: ClassVar[bool] = False
    has_own_feeds: ClassVar[bool] = False
    """Whether each record has a feed of what happened to it: ``own_entries``."""
    feed_order: ClassVar[tuple[str, ...]] = ("-last_published_at", "-id")
    """Of the feed of the list."""
    api: ClassVar[Api | None] = None
    """Without it, operations have the name of the kind and records are open objects."""
    order: ClassVar[int] = 100
    """Its place among the rooms of the portal."""
    in_header: ClassVar[bool] = False
    home_size: ClassVar[int] = 0
    """How many of its first records homes show; none without."""

    @property
    def place(self) -> str:
        """The first word of its addresses."""
        return self.kind.place

    @property
    def name(self) -> str:
        """The name of its list among addresses; ``<name>-page`` is that of one record."""
        return f"{self.kind.noun}-list"

    @property
    def search_name(self) -> str:
        """The name of the page where its words are looked for, which takes them as ``q``: its list, unless it has a better one."""
        return self.name

    @property
    def feed_name(self) -> str:
        """The name of its feed among addresses."""
        return f"{self.kind.noun}-feed"

    def record_at(self, actor: Actor, slug: str) -> Any:
        """The record of that address, whatever is asked of it; Moved, NotFound when it does not exist for the actor."""
        return record_at(self.kind, actor, slug)

    def records(self, query: QuerySet[Any]) -> QuerySet[Any]:
        """What the list shows of the published records, whatever is asked; related rows that its cards need are joined here."""
        return query

    def beside(self, words: str, values: Mapping[str, str]) -> Sequence[Any]:
        """Records that are no rows (``pk`` is None), which the list has last whatever its order: those that hold the words and have
        the values of facets that are asked. Few of them, of every site."""
        return ()

    def through(self, lens: Lens, query: QuerySet[Any]) -> QuerySet[Any]:
        """Those that concern the commune of the site."""
        return query.filter(territory__code__in=lens.codes)

    def is_empty_here(self) -> bool:
        """Whether the list of the site that answers has no record at all, of whatever day."""
        query, lens = self.records(published(self.kind)), current_lens()
        return not (query if lens is None else self.through(lens, query)).exists()

    def during(self, query: QuerySet[Any], start: datetime, end: datetime) -> QuerySet[Any]:
        """Those that happen between two moments, each once, when the collection has periods."""
        raise NotImplementedError

    def near(self, query: QuerySet[Any], around: Around) -> QuerySet[Any]:
        """Those that are near a point, when the collection is searched so."""
        raise NotImplementedError

    def programme(self, query: QuerySet[Any], start: datetime, end: datetime) -> Sequence[ProgrammeDay]:
        """What happens between two moments, day by day, when the collection has a programme."""
        raise NotImplementedError

    def narrowed(self, query: QuerySet[Any], parameters: QueryDict) -> QuerySet[Any]:
        """What the subject's own fields of the address leave; RequestError for nonsense."""
        return query

    def prepared(self, records: Sequence[Any], actor: Actor, territory: Territory | None = None) -> Sequence[Any]:
        """The same records, given what is shown of them to the actor besides their own columns: all that is asked of a record
        below is asked once it is prepared. ``territory`` is that of the site, for pages that tell it first."""
        return records

    def list_facts(self, records: Sequence[Any], request: HttpRequest) -> dict[str, Any]:
        """What the page of the list is given besides its records."""
        return {}

    def position(self, record: Any) -> Position | None:
        """Where the record is."""
        return None

    def lines(self, record: Any) -> list[str]:
        """The few lines that say a record in a list, a feed, an embed or a picture."""
        return []

    def picture(self, record: Any) -> WordPicture:
        """What the picture of a record says."""
        return WordPicture(record.title, tuple(self.lines(record)))

    def entry(self, record: Any) -> Entry | None:
        """The record in the feed of the list; None when there is nothing to tell."""
        return Entry(
            title=record.title,
            address=canonical(record.get_absolute_url()),
            text=" — ".join(self.lines(record)),
            author=record.organisation.name,
            published=record.first_published_at or record.created,
            updated=record.last_published_at or record.modified,
        )

    def own_entries(self, record: Any, actor: Actor, parameters: QueryDict) -> tuple[str, Iterable[Entry]]:
        """The title and the entries of the feed of a record, the latest first; RequestError for nonsense."""
        raise NotImplementedError

    def facts(self, record: Any, request: HttpRequest) -> dict[str, Any]:
        """What the page of a record is given besides the record."""
        return {}

    def json_ld(self, record: Any) -> dict[str, Any] | None:
        """The record in the words of schema.org."""
        return None

    def as_json(self, record: Any) -> dict[str, Any]:
        """The record for programs: besides its address, title, organisation, territory and dates."""
        return {}

    def as_whole_json(self, record: Any) -> dict[str, Any]:
        """The same for a record that is asked alone."""
        return self.as_json(record)

    def stamp(self) -> Hashable | None:
        """A mark that is another once what the list shows may be, beyond what the catalogue tells; None when the hour changes it."""
        return None if self.periods else stamp_of(self.kind)

    def calendar(self, records: Iterable[Any], name: str) -> bytes:
        """Records as iCalendar (RFC 5545), when the collection has one."""
        raise NotImplementedError

    def public_pages(self) -> Iterator[PublicPage]:
        """What search engines should know: the list and each record, as far as the site shows them; nothing when there is none."""
        query, lens = self.records(published(self.kind)), current_lens()
        query = query if lens is None else self.through(lens, query)
        rows = [
            (record.get_absolute_url(), record.last_published_at)
            for record in query.order_by("-last_published_at")[:MOST_PAGES]
        ]
        if rows:
            yield PublicPage(reverse(self.name))
        for address, published_at in rows:
            yield PublicPage(address, published_at.date() if published_at else None)

    def labels(self) -> Mapping[str, Any]:
        """Words of the templates that a subject may change: ``none``, ``search``."""
        return {}
