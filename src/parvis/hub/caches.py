"""The caches of a process: one room in bytes shared by weight, and what is asked of the database again every ten seconds."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from threading import Lock
from typing import Any, Final, Protocol

from cachetools import TTLCache, cached
from cachetools.keys import hashkey
from django.conf import settings

from parvis.core.caches import ByteLRUCache

SHARES: Final = {
    "answers": 32,  # whole answers of the API, in front of Django
    "records": 32,  # bodies of the API
    "catalogue": 32,  # parts of pages that only rest on the catalogue
    "blocks": 32,  # blocks of pages, as HTML
    "map-rows": 32,
    "tiles": 32,
    "chart-rows": 24,
    "chart-pictures": 24,
    "page-pictures": 16,
    "tables": 16,  # small answers of the engine, as Arrow
    "territory-rows": 12,
    "portals": 16,  # what portals answered of federated datasets, for some seconds
}
"""What each cache may take of ``PARVIS_CACHE_MEMORY``, in parts of their sum."""

FRESH: Final = 10.0
"""Seconds after which what another process changed is seen."""


@cache
def byte_cache(name: str) -> ByteLRUCache[Any]:
    """The cache of that name, of this process; KeyError for a name that has no share."""
    return ByteLRUCache(room_of(name))


def room_of(name: str) -> int:
    """The bytes that the cache of that name may take."""
    return int(settings.PARVIS["PARVIS_CACHE_MEMORY"]) * SHARES[name] // sum(SHARES.values())


class Fresh[**P, T](Protocol):
    """A function that remembers for a while."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """What it gives, or gave."""

    def cache_clear(self) -> None:
        """Forget it all."""


def fresh[**P, T](key: Callable[P, Hashable] = hashkey, most: int = 1_000) -> Callable[[Callable[P, T]], Fresh[P, T]]:
    """What the function gave for the same ``key`` of its arguments in the last ten seconds, of the ``most`` last keys.

    For what rows of the database say of a site or an organisation, which every request asks: a change made here is seen at
    once (signals clear), one made by another process within ten seconds.
    """
    return cached(TTLCache(most, FRESH), key=key, lock=Lock())
