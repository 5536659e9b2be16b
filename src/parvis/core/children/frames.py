"""Messages between a process and its child: one letter, a length, that many bytes."""

from __future__ import annotations

import json
import os
import select
import struct
import time
from typing import Any, Final

HEAD: Final = struct.Struct(">cI")
WORDS: Final = b"J"
ROWS: Final = b"A"
PROGRESS: Final = b"P"
LOG: Final = b"L"
LARGEST: Final = 64_000_000


class Late(Exception):
    """The deadline passed before the message was whole."""


class Gone(Exception):
    """The other side closed its end, or speaks nonsense."""


def send(descriptor: int, kind: bytes, body: bytes, deadline: float | None = None) -> None:
    """Write one message whole; OSError when nobody reads any more, Late at the deadline, for a descriptor that does not block."""
    view = memoryview(HEAD.pack(kind, len(body)) + body)
    while view:
        if deadline is not None and not _is_ready(descriptor, select.POLLOUT, deadline - time.monotonic()):
            raise Late
        view = view[os.write(descriptor, view) :]


def send_words(descriptor: int, words: Any, kind: bytes = WORDS, deadline: float | None = None) -> None:
    """Write one JSON message."""
    send(descriptor, kind, json.dumps(words, ensure_ascii=True, default=str).encode(), deadline)


def words_of(body: bytes) -> Any:
    """What a JSON message says; None when it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def receive(descriptor: int, deadline: float | None = None) -> tuple[bytes, bytes]:
    """The next message, by ``deadline`` on the monotonic clock; Late or Gone."""
    kind, length = HEAD.unpack(_exactly(descriptor, HEAD.size, deadline))
    if length > LARGEST or kind not in (WORDS, ROWS, PROGRESS, LOG):
        raise Gone
    return kind, _exactly(descriptor, length, deadline)


def is_readable(descriptor: int, seconds: float) -> bool:
    """Whether something, or the end, can be read within that time."""
    return _is_ready(descriptor, select.POLLIN, seconds)


def _is_ready(descriptor: int, event: int, seconds: float) -> bool:
    """``poll``, since ``select`` knows no descriptor above 1023."""
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(max(seconds, 0) * 1000))


def _exactly(descriptor: int, count: int, deadline: float | None) -> bytes:
    buffer = bytearray()
    while len(buffer) < count:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0 or not is_readable(descriptor, left):
                raise Late
        piece = os.read(descriptor, min(count - len(buffer), 1 << 20))
        if not piece:
            raise Gone
        buffer += piece
    return bytes(buffer)
