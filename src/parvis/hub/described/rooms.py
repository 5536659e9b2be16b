"""The register of rooms that the web does not import: each gives, once Django is ready, what it adds to the web's own lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from parvis.hub.described.openapi import Part


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that a search engine should know: its path from the root of the site, and its last change."""

    path: str
    modified: date | None = None


type Pages = Callable[[], Iterable[PublicPage]]

_parts: dict[str, Part] = {}
_pages: dict[str, Pages] = {}


def register_part(part: Part) -> None:
    """Add a part to the description of Parvis's own API; a part of the same tag takes the place of the former."""
    _parts[part.tag] = part


def registered_parts() -> tuple[Part, ...]:
    """The parts registered, in order."""
    return tuple(_parts.values())


def register_pages(name: str, pages: Pages) -> None:
    """Add pages to the site map, under the ``name`` of a room; ``pages`` gives those open to anybody, at each request."""
    _pages[name] = pages


def public_pages() -> list[PublicPage]:
    """The pages of every room registered, in order."""
    return [page for pages in _pages.values() for page in pages()]
