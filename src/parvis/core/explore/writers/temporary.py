"""Files that must be whole before their first byte can leave: made in a folder of their own, gone once sent or left."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from parvis.core.explore.writers.rows import Answer

_CHUNK = 1 << 16


def sent(answer: Answer, make: Callable[[Path], Path]) -> Iterator[bytes]:
    """The bytes of the file that ``make`` writes in the folder it is given.

    The file loses its name before its first byte leaves: whatever happens to this process, nothing stays on the disk.
    """
    with tempfile.TemporaryDirectory(prefix="parvis-export-", dir=answer.setting.work) as folder:
        stream = make(Path(folder)).open("rb")
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
