"""Where the index lies in the store: a folder for each time that it was made whole, and the name of the one that is read.

The index is never the only copy of anything, so a folder may be left or lost at any instant: what is written into the one
that is read is committed as a whole, and another takes its place by the name of one small file.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
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


def room() -> str:
    """The name of the folder of indexes."""
    return "search"


def current() -> Path | None:
    """The index that is read; None when none was made, or one that this version of Parvis cannot read."""
    try:
        with store().open(f"{room()}/{_CURRENT}") as stream:
            name = stream.read().decode()
        return store().local(f"{room()}/{name}") if name.startswith(f"f{FORMAT}-") else None
    except NotFound:
        return None


@contextmanager
def new() -> Iterator[Path]:
    """A folder to fill, which is the one that is read once all went well; the former ones are then removed."""
    work = Path(tempfile.mkdtemp(prefix="search-", dir=process_folder()))
    try:
        yield work
        name = f"f{FORMAT}-{secrets.token_hex(6)}"
        store().commit(work, f"{room()}/{name}")
        store().put(f"{room()}/{_CURRENT}", name.encode())
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for other in store().children(room()):
        # Who still reads one keeps its files until it looks again.
        if other not in (name, _CURRENT):
            store().delete(f"{room()}/{other}")


def alone(seconds: float) -> AbstractContextManager[None]:
    """Be the one who writes; TimeoutError when another has been for ``seconds``. Free when the holder dies, however it dies."""
    return store().alone(f"{room()}/index", seconds)
