"""What is received, written as it comes: counted, bounded, its digest made on the way."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, ClassVar
from urllib.parse import urlsplit

from parvis.core.fetching.addresses import without_secrets
from parvis.core.fetching.errors import FetchCut, FetchTooLarge, FetchTooSlow
from parvis.core.fetching.limits import Limits, Pace
from parvis.core.progress import Progress


class Receiver:
    """A file that is being received; ``begin`` starts it, and starts it again."""

    CHUNK: ClassVar[int] = 256 * 1024

    def __init__(self, stream: BinaryIO, url: str, max_bytes: int, limits: Limits, progress: Progress) -> None:
        self._stream, self._url, self._most, self._limits, self._progress = stream, url, max_bytes, limits, progress
        self.begin(None)

    def begin(self, expected: int | None) -> None:
        """From the first byte, of ``expected`` if that is known; FetchTooLarge."""
        self.size, self.expected = 0, expected
        self._hash, self._pace = hashlib.sha256(), Pace(self._limits.idle)
        self._stream.seek(0)
        self._stream.truncate()
        if expected is not None and expected > self._most:
            raise self._too_large()

    def resume(self) -> None:
        """From where it was: what was waited for in between is no stall."""
        self._pace = Pace(self._limits.idle)

    def write(self, chunk: bytes) -> None:
        """The bytes that follow; FetchTooLarge, FetchTooSlow, and what the progress raises."""
        self.size += len(chunk)
        if self.size > self._most:
            raise self._too_large()
        self._stream.write(chunk)
        self._hash.update(chunk)
        self._progress("fetch", self.size, self.expected)
        if self._pace.is_stalled(len(chunk)) or not self._limits.seconds_left:
            raise FetchTooSlow(host=urlsplit(self._url).hostname)

    def require_whole(self, host: str) -> None:
        """FetchCut when there is less, or more, than was announced."""
        if self.expected is not None and self.size != self.expected:
            raise FetchCut(host=host, received=self.size, expected=self.expected)

    @property
    def digest(self) -> str:
        """The SHA-256 of what came, in hexadecimal."""
        return self._hash.hexdigest()

    def _too_large(self) -> FetchTooLarge:
        return FetchTooLarge(url=without_secrets(self._url), limit_mb=self._most // 1024**2)
