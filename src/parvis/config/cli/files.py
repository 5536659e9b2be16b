"""Files that commands write."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from parvis.hub import file_modes


@contextmanager
def whole_file(target: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file that appears under its name only once whole; an error leaves no half of it, and the former one untouched.

    A ``private`` one is read by its owner alone, whatever the mode of the one it replaces.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
        if not private:  # mkstemp made it 0600
            usual = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~file_modes.user_umask()
            Path(name).chmod(usual)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
