"""How far the filling of a portal that is open meanwhile has come, in memory that its processes share."""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """How many datasets are in, of how many."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Of 100."""
        return 100 * self.done // self.total


class Filling:
    """Told by the process that fills, read by those that answer; made before they are forked, gone with them."""

    _STAGE = struct.Struct("ii")

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, self._STAGE.size)

    def tell(self, done: int, total: int) -> None:
        """So many datasets are in."""
        self._STAGE.pack_into(self._memory, 0, done, total)

    def end(self) -> None:
        """It fills no more, whether all is in or not."""
        self.tell(0, 0)

    @property
    def stage(self) -> Stage | None:
        """Where it is; None when nothing fills this portal."""
        done, total = self._STAGE.unpack_from(self._memory, 0)
        return Stage(done, total) if total else None


filling = Filling()
"""That of this portal."""
