"""What every dialect of a source gives: the first requests, and a pure reading of each answer, which names what to ask next.

The harvester sends requests through the address guard and has answers read in a confined child, whatever the source: a dialect opens
no connection and trusts nothing that it reads. What comes back from a child is built again field by field (``core.children``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

LIST = "LIST"
"""The method of a request for the files of a folder, by pattern: the answer is ``{"entries": […]}``, rows of ``fetching.remote.Entry``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a source is asked: its address, the options of its dialect by name, and the day or instant (ISO 8601) since which changes
    are wanted, empty for everything. Secrets are never here: the harvester adds them when it sends a request."""

    url: str
    options: Mapping[str, str] = field(default_factory=dict)
    since: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: ``body`` is sent as it is (JSON, XML of CSW); ``state`` is what the dialect needs to read the answer, JSON-able."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    state: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """A file or service where the rows of an item are: ``format`` is a slug of ours (csv, geojson, xlsx…), empty when it is not known.

    ``dialect`` names the dialect that reads the rows when they come by pages (a service of features, events of an agenda); empty for a
    plain file. ``digest`` is a checksum as the source tells it.
    """

    url: str
    title: str = ""
    format: str = ""
    media_type: str = ""
    bytes: int | None = None
    modified: str = ""
    digest: str = ""
    dialect: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A dataset as a source tells it. Texts are plain, dates in ISO 8601 as they were told, lists without repetition.

    ``identifier`` is what stays when the source changes its addresses: never an address when there is anything better.
    ``spatial`` has codes or names of territories, ``bbox`` west, south, east, north in degrees; ``extras`` what the card has no place for.
    """

    identifier: str
    title: str
    description: str = ""
    landing_page: str = ""
    publisher: str = ""
    publisher_id: str = ""
    contact_name: str = ""
    contact_email: str = ""
    licence: str = ""
    frequency: str = ""
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    spatial: tuple[str, ...] = ()
    bbox: tuple[float, float, float, float] | None = None
    temporal_start: str = ""
    temporal_end: str = ""
    issued: str = ""
    modified: str = ""
    language: str = ""
    conforms_to: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    extras: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToldService:
    """A service (an API, a server of maps) as a source tells it: texts are plain, addresses absolute.

    ``kind`` is a slug of the kinds of services, empty when it is not known; ``serves`` are identifiers of items of the same source.
    """

    identifier: str
    title: str
    description: str = ""
    landing_page: str = ""
    publisher: str = ""
    publisher_id: str = ""
    kind: str = ""
    endpoints: tuple[str, ...] = ()
    description_address: str = ""
    documentation: str = ""
    version: str = ""
    licence: str = ""
    access: str = ""
    """``open``, ``open_with_account`` or ``restricted``; empty when it is not told."""
    access_address: str = ""
    rate: str = ""
    availability: str = ""
    contact_name: str = ""
    contact_email: str = ""
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()


EXTRA = "extra"
"""In the state of a request for what not every source of a dialect has: the others are none the less read whole."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something of an answer that could not be read as an item: its identifier as far as it is known, and why, in French."""

    identifier: str
    reason: str


NEXT_PAGE = "(page suivante)"
"""The identifier of the refusal of a page that was announced and cannot be asked for: what it has is not known to be gone."""


@dataclass(frozen=True, slots=True)
class Page:
    """What an answer says: items, what could not be read of it, what to ask next, and how many items the source says it has."""

    items: tuple[Item, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    following: tuple[Request, ...] = ()
    total: int | None = None
    """Of items; services are not counted in it."""
    services: tuple[ToldService, ...] = ()


class Dialect(Protocol):
    """A way in which sources tell their catalogue. One module each; ``dialects.DIALECTS`` lists them all by slug."""

    slug: str
    label: str
    """As people choose it, in French (``gettext_noop``)."""
    options: Sequence[str]
    """Names of the options that it understands."""
    incremental: bool
    """Whether it can ask for what changed since a day (``Settings.since``)."""

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """What to ask first; RequestError's kind of error for an address or options that cannot be."""

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """What the answer in that file says. Run in a confined child: raises UnreadableFile's kind of error for anything else."""


@runtime_checkable
class Standing(Protocol):
    """What a dialect has besides when its items are known without asking anybody (one file at an address): ``first`` then asks nothing."""

    def items(self, settings: Settings) -> tuple[Item, ...]:
        """The items; RequestError's kind of error for an address or options that cannot be."""


@runtime_checkable
class Numbered(Protocol):
    """What a dialect has besides when its pages are asked by number: one that cannot be read hides no other."""

    def after(self, request: Request, settings: Settings, total: int | None) -> tuple[Request, ...]:
        """What to ask after ``request`` whatever its answer says, of a source that announced so many items."""


class RowsDialect(Protocol):
    """A way in which the rows of a ``Resource`` come by pages."""

    slug: str

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """What to ask first."""

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Append the rows of an answer to ``destination``, one JSON object (a GeoJSON feature for a service of features) by line; what
        to ask next. Run in a confined child, which may write in the folder of ``destination`` alone."""
