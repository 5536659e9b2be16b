"""What a subject has appear elsewhere: one dataset and its files, as they are to be seen there. Nothing of it depends on the portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ZONES = {"commune": "commune", "epci": "epci", "departement": "departement", "region": "region"}
"""Kinds of territories in the words of the French geozones."""
SERVICE = "service:"
"""Before the permanent identifier of a service, in the keys of packages."""
MOST_DOCUMENTS = 200
"""Documents of one dataset: portals advise against thousands, and the table of the dataset has the address of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that stays here and is shown there by its address.

    ``key`` tells it from the others of its dataset, for ever; ``mark`` changes when the bytes at the address do.
    """

    key: str
    title: str
    url: str
    format: str
    kind: str = "documentation"
    """``main`` for the data themselves, ``documentation`` for what explains them."""
    description: str = ""
    mime: str = ""
    mark: str = ""
    sha256: str = ""
    bytes: int | None = None
    schema: Mapping[str, str] | None = None
    """``name`` and ``version`` of schema.data.gouv.fr, or the ``url`` of one that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A dataset there: ``key`` is the identifier of ours, ``page`` its public address here, which tells it apart there."""

    key: str
    page: str
    title: str
    description: str
    former_pages: tuple[str, ...] = ()
    """Addresses that it had here: a dataset that is there under one of them is this one."""
    licence: str = "lov2"
    frequency: str = "unknown"
    tags: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    """Its territories in the words of the French geozones: ``fr:commune:91228``."""
    period: tuple[str, str] | None = None
    """The first and the last day (ISO) that its data speaks of."""
    contact_name: str = ""
    contact_email: str = ""
    """Who answers for it; there is no contact without an address."""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePackage(Package):
    """A service there: an API, a server of maps… It has no file; ``serves`` are the identifiers of our datasets that it serves."""

    reading_page: str = ""
    """Its page here, for people."""
    endpoint: str = ""
    description_address: str = ""
    """Read by programs: OpenAPI, GetCapabilities."""
    documentation: str = ""
    access: str = "open"
    """``open``, ``open_with_account``, ``restricted``."""
    access_address: str = ""
    rate: str = ""
    availability: float | None = None
    """Percent of the time."""
    format: str = ""
    """``REST`` or ``WMS``; empty for the others."""
    serves: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    """Name and address of the sources that brought it here, if it came from elsewhere."""
    there: tuple[str, ...] = ()
    """Of the datasets that it serves, the identifiers there of those that are there; known when it is sent."""


def service_key(identifier: str) -> str:
    """The key of a service: no dataset is called so."""
    return f"{SERVICE}{identifier}"


def is_service_key(key: str) -> bool:
    """Whether a key is that of a service."""
    return key.startswith(SERVICE)


def zone_of(kind: str, code: str) -> str:
    """A territory in the words of the French geozones; empty for a kind that they have not."""
    return f"fr:{ZONES[kind]}:{code}" if kind in ZONES else ""
