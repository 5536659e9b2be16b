"""Every kind of things that a search finds: what modules declare, and the records of their collections."""

from __future__ import annotations

from parvis.hub.registry import collections, modules
from parvis.hub.search.records import kind_of_collection
from parvis.hub.search.rules import SearchKind


def search_kinds() -> tuple[SearchKind, ...]:
    """In the order of results."""
    declared = [kind for module in modules() for kind in module.search]
    declared += [kind_of_collection(collection) for collection in collections()]
    return tuple(sorted(declared, key=lambda kind: kind.rank))
