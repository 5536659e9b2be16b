"""What was computed once and is kept within a number of bytes, the least recently asked out first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

_SHARE = 16
"""No single thing takes more than a sixteenth of the room: one large answer must not push out a thousand small ones."""

_OVERHEAD = 200
"""Bytes counted for each thing besides its own."""


class Kept[T]:
    """Things by key, ``room`` bytes in all; safe to use from many threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._bytes = 0
        self._things: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """How much of the room is taken."""
        return self._bytes

    def get(self, key: Hashable) -> T | None:
        """What was kept under this key; None when nothing is."""
        with self._lock:
            found = self._things.get(key)
            if found is None:
                return None
            self._things.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, thing: T, size: int) -> bool:
        """Keep a thing of ``size`` bytes; False when it is too large for the room."""
        size += _OVERHEAD
        if size * _SHARE > self._room:
            return False
        with self._lock:
            self._remove(key)
            self._things[key] = (thing, size)
            self._bytes += size
            while self._bytes > self._room:
                self._remove(next(iter(self._things)))
        return True

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._things.clear()
            self._bytes = 0

    def _remove(self, key: Hashable) -> None:
        found = self._things.pop(key, None)
        if found:
            self._bytes -= found[1]
