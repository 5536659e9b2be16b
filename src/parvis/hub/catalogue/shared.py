"""What anybody may see, kept in memory until it may be another: parts of pages that only rest on the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language

from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.selectors import catalogue_revision
from parvis.hub.sites.lens import current_lens


def shared[T](actor: Actor, part: Hashable, compute: Callable[[], T], size: int) -> T:
    """What ``compute`` gives, of about ``size`` bytes; for anyone who is not signed in, what it gave before under the same ``part``.

    It rests on the whole catalogue: it is computed again once that changes (its mark is read at each call), on another day, through another lens, in
    another language, under another prefix of addresses. ``part`` names it, and holds all else that it rests on. Nobody may change
    what is given.
    """
    revision, lens = catalogue_revision(), current_lens()
    if actor != ANONYMOUS or not revision:
        return compute()
    key = (part, revision, timezone.localdate(), lens.key if lens else "", get_language(), get_script_prefix())
    value: T | None = byte_cache("catalogue").get(key)
    if value is None:
        value = compute()
        byte_cache("catalogue").put(key, value, size)
    return value
