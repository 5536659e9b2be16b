"""For whom forms of pages are made and checked: blocks are not told, and what an editor may choose depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from parvis.hub.accounts.rules import ANONYMOUS, Actor

_actor: ContextVar[Actor] = ContextVar("parvis_pages_actor", default=ANONYMOUS)


def current_actor() -> Actor:
    """Who writes the page: nobody in particular, who sees what is public, unless it was said."""
    return _actor.get()


def act_as(actor: Actor) -> None:
    """Say who writes, until the next request."""
    _actor.set(actor)


def forget_actor(**_said: Any) -> None:
    """A new request: nobody yet."""
    _actor.set(ANONYMOUS)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Say who writes within the block."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)
