"""IGN's Plan through this portal: the browser asks nobody else, tiles wait on disk, and IGN is asked for each of them once.

Only tiles that exist are asked for, of the one server that the operator set; no redirect is followed. What comes back must be a
whole picture of the right size in PNG, checked chunk by chunk without decoding a pixel. When the server does not answer, maps
show the shipped contours and it is left alone for a minute.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from parvis.core.errors import OperationError, ParvisError
from parvis.core.fetching import Allowed, is_public, send
from parvis.core.mercator import BadTile
from parvis.core.translation import gettext_noop

MAX_ZOOM: Final = 19
CREDIT: Final = "© IGN"
LARGEST_TILE: Final = 400_000
KEPT_SECONDS: Final = 90 * 86_400
"""A tile older than this is asked for again; the old one serves as long as the new one does not come."""
SILENCE: Final = 60.0
"""Seconds during which a server that did not answer is not asked again."""
_SECONDS: Final = 8.0
_AT_ONCE: Final = 4
"""Tiles asked of the server at once, by this process: what a browser would ask."""
_SHARE_AFTER_SWEEP: Final = 0.8
_SWEEP_EVERY: Final = 100
_STRIPES: Final = 64
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_SIDES: Final = {256, 512}
_log = logging.getLogger("parvis.maps")


class TileUnavailable(OperationError):
    """The tile could not be had: the map shows its own contours there."""

    code = "ign-tile"
    sentence = gettext_noop("Le fond de carte de l’IGN ne répond pas.")
    wait = int(SILENCE)


@dataclass(slots=True)
class _Server:
    """What this process knows of the server."""

    silent_until: float = 0.0
    stored: int = 0


_server = _Server()
_turns = threading.BoundedSemaphore(_AT_ONCE)


def stored_tile(z: int, x: int, y: int) -> bytes | None:
    """A fresh tile of the disk; None when IGN must be asked. BadTile for one that does not exist."""
    cached = _from_disk(_path(z, x, y))
    return cached[0] if cached is not None and cached[1] < KEPT_SECONDS else None


def tile(z: int, x: int, y: int, *, allowed: Allowed = is_public) -> bytes:
    """A tile of the Plan, from the disk or from IGN; BadTile for one that does not exist, TileUnavailable.

    ``allowed`` is here so that tests can serve themselves.
    """
    path = _path(z, x, y)
    try:
        with _one_at_a_time(path):
            body = stored_tile(z, x, y)  # another caller asked for it meanwhile
            if body is None:
                body = _asked(z, x, y, allowed)
                _store(path, body)
            return body
    except TileUnavailable:
        cached = _from_disk(path)  # an old one is better than none
        if cached is None:
            raise
        return cached[0]


def _path(z: int, x: int, y: int) -> Path:
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise BadTile(z=z, x=x, y=y, deepest=MAX_ZOOM)
    return cache_folder() / str(z) / str(x) / f"{y}.png"


def is_answering() -> bool:
    """False for a while after the server did not answer."""
    return time.monotonic() >= _server.silent_until


def cache_folder() -> Path:
    """Where tiles wait: derived, outside backups."""
    return Path(settings.PARVIS_HOME) / "cache" / "ign"


def _from_disk(path: Path) -> tuple[bytes, float] | None:
    """A tile of the disk and its age; reading it makes it the last to be evicted."""
    with suppress(OSError):
        age = time.time() - path.stat().st_mtime
        body = path.read_bytes()
        if is_whole_png(body):
            with suppress(OSError):
                os.utime(path, (time.time(), path.stat().st_mtime))
            return body, age
    return None


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Hold a tile against the other threads and processes that lack it too: IGN is asked once."""
    locks = cache_folder() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    stripe = zlib.crc32(str(path).encode()) % _STRIPES
    with (locks / str(stripe)).open("a") as stream:
        deadline = time.monotonic() + _SECONDS
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() > deadline or not is_answering():
                raise TileUnavailable
            time.sleep(0.02)
        yield


def _asked(z: int, x: int, y: int, allowed: Allowed) -> bytes:
    if not is_answering():
        raise TileUnavailable
    if not _turns.acquire(timeout=_SECONDS):
        raise TileUnavailable
    try:
        url = settings.PARVIS["PARVIS_IGN_URL"].format(z=z, x=x, y=y)
        answer = send(
            "GET", url, None, {}, max_bytes=LARGEST_TILE + 1, allowed=allowed, idle_seconds=4, total_seconds=_SECONDS
        )
    except ParvisError as error:
        _server.silent_until = time.monotonic() + SILENCE
        _log.warning("IGN does not answer, and is left alone for %d seconds: %s", SILENCE, error.code)
        raise TileUnavailable from error
    finally:
        _turns.release()
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status >= 500 or answer.status == 429:
        _server.silent_until = time.monotonic() + SILENCE
    if answer.status != 200 or kind != "image/png" or len(answer.body) > LARGEST_TILE or not is_whole_png(answer.body):
        _log.warning("What IGN sent for %d/%d/%d is no tile: status %d, %r", z, x, y, answer.status, kind[:60])
        raise TileUnavailable
    return answer.body


def is_whole_png(body: bytes) -> bool:
    """Whether these bytes are one PNG of the size of a tile, every chunk with its checksum, and nothing after it."""
    if not body.startswith(_SIGNATURE):
        return False
    place, first = len(_SIGNATURE), True
    while place + 12 <= len(body):
        length, kind = int.from_bytes(body[place : place + 4]), body[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(body) or zlib.crc32(body[place + 4 : end - 4]) != int.from_bytes(body[end - 4 : end]):
            return False
        if first:
            width, height = int.from_bytes(body[place + 8 : place + 12]), int.from_bytes(body[place + 12 : place + 16])
            if kind != b"IHDR" or length != 13 or width not in _SIDES or height != width:
                return False
        first, place = False, end
        if kind == b"IEND":
            return end == len(body)
    return False


def _store(path: Path, body: bytes) -> None:
    """Write a tile whole, and make room now and then; a full disk costs the cache, not the map."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        draft.write_bytes(body)
        draft.replace(path)
    except OSError as error:
        _log.warning("A tile could not be kept: %s", error.strerror)
        return
    _server.stored += 1
    if _server.stored % _SWEEP_EVERY == 1:
        sweep()


def sweep() -> None:
    """Keep within ``PARVIS_IGN_CACHE``: what was looked at least recently goes first."""
    room = settings.PARVIS["PARVIS_IGN_CACHE"]
    files = []
    for path in cache_folder().glob("*/*/*.png*"):
        with suppress(OSError):
            facts = path.stat()
            files.append((facts.st_atime, facts.st_blocks * 512, path))
    total = sum(size for _moment, size, _path in files)
    if total <= room:
        return
    for _moment, size, path in sorted(files):
        with suppress(OSError):
            path.unlink()
            path.parent.rmdir()  # when it was the last one there: folders take room too
        total -= size
        if total <= room * _SHARE_AFTER_SWEEP:
            return
