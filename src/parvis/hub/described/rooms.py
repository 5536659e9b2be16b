"""What modules add to the lists of the web: parts of the description of the API, pages for search engines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from parvis.hub.described.openapi import Part
from parvis.hub.registry import collections, modules


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that a search engine should know: its path from the root of the site, and its last change."""

    path: str
    modified: date | None = None


def described_parts() -> tuple[Part, ...]:
    """The parts of the description that modules give, in order."""
    return tuple(module.description for module in modules() if module.description is not None)


def public_pages() -> list[PublicPage]:
    """The pages that modules and their collections tell to search engines, in order."""
    own = [page for module in modules() if module.site_map is not None for page in module.site_map()]
    return own + [page for collection in collections() for page in collection.public_pages()]
