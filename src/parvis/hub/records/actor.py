"""Who acts, where Wagtail only knows of persons: the command line and keys act too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from parvis.hub.accounts.rules import Actor

acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """What is done within is the act of this actor."""
    token = acting.set(actor)
    try:
        yield
    finally:
        acting.reset(token)
