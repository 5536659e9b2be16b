"""Where a dataset first came from, as the source that tells it says: by its server and its name there, it is known whoever passed it on.

Two portals that read each other, or three in a ring, would else bring back what left them, under other names, for ever.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from parvis.core.sources.contract import Item

_PAGE: Final = "/explore/dataset/"
_LONGEST: Final = 300
_MOST_NAMES: Final = 100
_STATEMENT: Final = "Vient de"
"""Before the page of the first portal, in the statement of provenance by which catalogues that keep no other name keep it."""
_SERVER: Final = re.compile(r"[\w.\-]{1,253}(?::\d{1,5})?|\[[0-9a-f:.]{2,45}\](?::\d{1,5})?")

OTHER_NAME: Final = "http://www.w3.org/ns/adms#identifier"
"""What ``data.json``, whose vocabulary has no word for it, calls the page of the first portal."""

LOCAL: Final = ("127.0.0.1", "localhost", "[::1]")

type Origin = tuple[str, str]
"""A server (``data.exemple.fr``, with its port where it has one), and what the dataset is called there."""


def origin_of(item: Item) -> Origin | None:
    """The portal from which the first copy was made, which each portal passes on; else that of the source, where its pages are of such a
    portal."""
    told_server, name = server_of(item.extras.get("source_domain", "")), item.extras.get("source_dataset", "")
    if told_server and name:
        return told_server, name[:_LONGEST]
    return _of_page(item.extras.get("origin", "")) or _of_page(item.landing_page)


def page_of(origin: Origin) -> str:
    """The address of its page there."""
    server, name = origin
    return f"https://{server}{_PAGE}{quote(name, safe='')}/"


def server_of(address: str) -> str:
    """The server of an address, or of its name alone; empty for what is none."""
    try:
        server = urlsplit(address if "//" in address else f"//{address}").netloc.lower().removeprefix("www.")
    except ValueError:
        return ""
    return server if _SERVER.fullmatch(server) else ""


def first_page(names: Iterable[object]) -> str:
    """The first of what a dataset is called elsewhere that is the page of such a portal, empty without any: what other software keeps of
    the identity of a dataset that it took (its address, its identifiers, our statement), never of what it was made after."""
    for name in islice(names, _MOST_NAMES):
        words = name[:2_000].strip() if isinstance(name, str) else ""
        page = words.removeprefix(_STATEMENT).strip()
        if is_page(page) and not re.search(r"\s", page):
            return page[:1000]
    return ""


def statement_of(page: str) -> str:
    """That page as a statement of provenance, which ``first_page`` reads back."""
    return f"{_STATEMENT} {page}"


def comes_from(item: Item, servers: Collection[str]) -> bool:
    """Whether the item first came from one of these servers, which are ours."""
    origin = origin_of(item)
    return origin is not None and origin[0] in servers


def with_origin(card: dict[str, Any], item: Item) -> None:
    """Have a card say it as portals do (``source_domain_address``, ``source_dataset``), for whoever copies it from here to know."""
    origin = origin_of(item)
    if origin is None:
        return
    told_words: Mapping[str, Any] = card.setdefault("as_told", {}).get("default", {})
    server, name = origin
    named = {"source_domain": server, "source_domain_address": server, "source_dataset": name}
    card["as_told"]["default"] = {**named, **told_words}


def origin_page(default: Mapping[str, Any]) -> str:
    """The page of a dataset where it first came from, by the metadata that portals tell of it; empty for one that began here."""
    server, name = server_of(str(default.get("source_domain_address") or "")), str(default.get("source_dataset") or "")
    return page_of((server, name)) if server and name else ""


def is_page(address: str) -> bool:
    """Whether an address is the page of a dataset of such a portal."""
    return address.startswith(("https://", "http://")) and _of_page(address) is not None


def is_local(address: str) -> bool:
    """Whether an address is of the very machine where it is read."""
    return server_of(address).rpartition(":")[0] in LOCAL or server_of(address) in LOCAL


def _of_page(address: str) -> Origin | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    _root, mark, rest = parts.path.partition(_PAGE)
    server, name = server_of(f"//{parts.netloc}"), unquote(rest.partition("/")[0])
    return (server, name[:_LONGEST]) if mark and server and name else None
