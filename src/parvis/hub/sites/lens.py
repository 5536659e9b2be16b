"""The lens of a commune's site: whatever is asked through that site is seen as it concerns the commune.

The lens belongs to the request, as its language does: the middleware sets it, and the two places that give datasets and rows
(``catalogue.selectors``, ``datastore.selectors``) look through it. A door cannot forget it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lens:
    """One commune as a lens: its key among territories, its codes (present first) and those of what it belongs to."""

    territory: int
    name: str
    codes: tuple[str, ...]
    epci: str = ""
    department: str = ""
    region: str = ""
    ept: str = ""

    @property
    def code(self) -> str:
        """The present code of the commune."""
        return self.codes[0]

    @property
    def key(self) -> str:
        """How counts by commune name it: digits alone would be the rank in a list for a query into JSON."""
        return f"commune:{self.code}"

    @property
    def holders(self) -> tuple[str, ...]:
        """The commune and what it belongs to, the nearest first, each as ``kind:code``."""
        wider = {"ept": self.ept, "epci": self.epci, "departement": self.department, "region": self.region}
        return (self.key, *(f"{kind}:{code}" for kind, code in wider.items() if code))


_looking: ContextVar[Lens | None] = ContextVar("parvis_lens", default=None)


def current_lens() -> Lens | None:
    """The lens of the request that this thread answers; None on the main site, in commands and in background work."""
    return _looking.get()


@contextmanager
def looking_through(lens: Lens | None) -> Iterator[None]:
    """Look through ``lens`` within the block."""
    token = _looking.set(lens)
    try:
        yield
    finally:
        _looking.reset(token)
