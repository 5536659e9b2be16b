"""Memory for what was computed: bounded in bytes, the least recently used out first. cachetools keeps the order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

from cachetools import LRUCache

_SHARE = 16
"""No value takes more than a sixteenth of the room: one large answer must not push out a thousand small ones."""

_OVERHEAD = 200
"""Bytes counted for each value besides its own."""


class ByteLRUCache[T]:
    """Values by key, ``room`` bytes in all; safe to use from many threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._values: LRUCache[Hashable, tuple[T, int]] = LRUCache(room, getsizeof=_size)
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """How much of the room is taken."""
        return int(self._values.currsize)

    def get(self, key: Hashable) -> T | None:
        """The value under this key; None when there is none."""
        with self._lock:
            entry = self._values.get(key)
        return None if entry is None else entry[0]

    def put(self, key: Hashable, value: T, size: int) -> bool:
        """Keep a value of ``size`` bytes; False when it is too large for the room."""
        size += _OVERHEAD
        if size * _SHARE > self._room:
            return False
        with self._lock:
            self._values[key] = (value, size)
        return True

    def get_or_make(self, key: Hashable, make: Callable[[], T], size_of: Callable[[T], int]) -> T:
        """The value under this key, made when there is none; what ``make`` raises is not kept."""
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value, size_of(value))
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()


def _size(entry: tuple[object, int]) -> int:
    return entry[1]
