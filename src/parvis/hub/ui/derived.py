"""What was computed and can be computed again: pictures, sizes, counts. Anybody can fill it, so nothing else is kept there."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from pathlib import Path

from django.core.cache import caches
from django.core.cache.backends.filebased import FileBasedCache
from django.utils.connection import ConnectionProxy

derived = ConnectionProxy(caches, "derived")
"""The cache of this name; Django's ``cache`` (``default``) holds sign-in throttles, see ``hub.quotas.throttles``."""


class AgedFileCache(FileBasedCache):
    """Files, the oldest of which go first once there are too many; Django's own removes any third of them."""

    most_bytes = 500_000_000
    every = 32
    """Writes after which the process looks: listing thousands of files for each would cost more than most drawings."""

    _writes = count()
    """Of the process: Django makes such an object for each request."""

    def _cull(self) -> None:
        if next(self._writes) % self.every == 0:
            self.remove_oldest()

    def remove_oldest(self) -> None:
        """Bring it back to three quarters of its bounds when it is beyond one of them."""
        files = []
        for path in map(Path, self._list_cache_files()):
            with suppress(FileNotFoundError):  # removed by another process
                facts = path.stat()
                files.append((facts.st_mtime, facts.st_size, path))
        size = sum(row[1] for row in files)
        if len(files) <= self._max_entries and size <= self.most_bytes:
            return
        left = len(files)
        for _moment, bytes_, path in sorted(files):
            if left <= self._max_entries * 3 // 4 and size <= self.most_bytes * 3 // 4:
                return
            path.unlink(missing_ok=True)
            left, size = left - 1, size - bytes_
