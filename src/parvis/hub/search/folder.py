"""Where the index lies: a folder for each time that it was made whole, and the name of the one that is read.

The index is never the only copy of anything, so a folder may be left or lost at any instant: what is written into the one
that is read is committed as a whole, and another takes its place by the name of one small file.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from django.conf import settings

from parvis.core.versions.folders import exclusive
from parvis.hub.search.schema import FORMAT

OPEN, RESERVED = "open", "reserved"
SHELVES: Final = (OPEN, RESERVED)
"""What everybody may find, and the rest: of the first, nothing depends on anything that is hidden from anybody."""
_CURRENT: Final = "current"


def root() -> Path:
    """The folder of indexes."""
    return Path(settings.PARVIS_HOME) / "search"


def current() -> Path | None:
    """The index that is read; None when none was made, or one that this version of Parvis cannot read."""
    try:
        name = (root() / _CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    folder = root() / name
    return folder if name.startswith(f"f{FORMAT}-") and folder.is_dir() else None


@contextmanager
def new() -> Iterator[Path]:
    """A folder to fill, which is the one that is read once all went well; the former ones are then removed."""
    folder = root() / f"f{FORMAT}-{secrets.token_hex(6)}"
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
        written = root() / f"{_CURRENT}.{folder.name}"
        written.write_text(folder.name, encoding="utf-8")
        written.replace(root() / _CURRENT)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for other in root().iterdir():
        # Who still reads one keeps its files until it looks again.
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)
        elif other.name.startswith(f"{_CURRENT}."):
            with suppress(OSError):
                other.unlink()


@contextmanager
def alone(seconds: float) -> Iterator[None]:
    """Be the one who writes; BeingWritten when another has been for ``seconds``. Freed when the holder dies, however it dies."""
    with exclusive(root() / "lock", seconds):
        yield
