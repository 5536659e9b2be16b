"""Where an index lies in the store: a folder for each time that it was made whole, and the name of the one that is read.

An index is never the only copy of anything, so a folder may be left or lost at any instant: what is written into the one
that is read is committed as a whole, and another takes its place by the name of one small file. The index of the house lies in
the room ``search`` itself, that of each library of long documents in a folder of it.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parvis.core.errors import NotFound
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.search.schema import FORMAT
from parvis.hub.store import store

OPEN, RESERVED = "open", "reserved"
SHELVES: Final = (OPEN, RESERVED)
"""What everybody may find, and the rest: of the first, nothing depends on anything that is hidden from anybody."""
_CURRENT: Final = "current"
_INDEX: Final = re.compile(r"f[0-9a-z]+-[0-9a-f]{12}")


def room() -> str:
    """The name of the folder of indexes."""
    return "search"


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """The folder of one index."""

    name: str
    """Its name in the room; empty for the index of the house."""
    form: str
    """What begins the names of the indexes that this version of Parvis can read."""

    @property
    def room(self) -> str:
        """Its name in the store."""
        return f"{room()}/{self.name}" if self.name else room()

    def current(self) -> Path | None:
        """The index that is read; None when none was made, or one that this version of Parvis cannot read."""
        try:
            with store().open(f"{self.room}/{_CURRENT}") as stream:
                name = stream.read().decode()
            return store().local(f"{self.room}/{name}") if name.startswith(f"{self.form}-") else None
        except NotFound:
            return None

    @contextmanager
    def new(self) -> Iterator[Path]:
        """A folder to fill, which is the one that is read once all went well; the former ones are then removed."""
        work = Path(tempfile.mkdtemp(prefix="search-", dir=process_folder()))
        try:
            yield work
            name = f"{self.form}-{secrets.token_hex(6)}"
            store().commit(work, f"{self.room}/{name}")
            store().put(f"{self.room}/{_CURRENT}", name.encode())
        finally:
            shutil.rmtree(work, ignore_errors=True)
        for other in store().children(self.room):
            # Who still reads one keeps its files until it looks again.
            if other != name and _INDEX.fullmatch(other):
                store().delete(f"{self.room}/{other}")

    def alone(self, seconds: float) -> AbstractContextManager[None]:
        """Be the one who writes; TimeoutError when another has been for ``seconds``. Free when the holder dies, however it dies."""
        return store().alone(f"{self.room}/index", seconds)


HOUSE: Final = IndexFolder("", f"f{FORMAT}")
"""The index of all that the house holds."""


def current() -> Path | None:
    """The index of the house that is read, see ``IndexFolder.current``."""
    return HOUSE.current()
