"""Tiles already made, kept in the memory of the process within a budget."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

BUDGET = 32 * 1024 * 1024
"""Bytes of tiles kept by a process."""

LARGEST = BUDGET // 16
_OVERHEAD = 256


class TileMemory:
    """The last tiles asked for, the least recently asked out first; safe to use from many threads."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._tiles: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get_or_make(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The tile of that name, made when it is not known; what ``make`` raises is not remembered."""
        with self._lock:
            if (known := self._tiles.get(key)) is not None:
                self._tiles.move_to_end(key)
                return known
        made = make()
        if len(made) <= LARGEST:
            self._keep(key, made)
        return made

    def _keep(self, key: str, made: bytes) -> None:
        with self._lock:
            if key in self._tiles:
                return
            self._tiles[key] = made
            self._size += _weight(key, made)
            while self._size > self._budget:
                self._size -= _weight(*self._tiles.popitem(last=False))


def _weight(key: str, made: bytes) -> int:
    return len(key) * 2 + len(made) + _OVERHEAD
