"""Messages between a web process and a child: one letter, a length, that many bytes."""

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
LARGEST: Final = 16_000_000


class Late(Exception):
    """The deadline passed before the message was whole."""


class Gone(Exception):
    """The other side closed its end, or speaks nonsense."""


def send(descriptor: int, kind: bytes, body: bytes) -> None:
    """Write one message whole; OSError when nobody reads any more."""
    view = memoryview(HEAD.pack(kind, len(body)) + body)
    while view:
        view = view[os.write(descriptor, view) :]


def send_words(descriptor: int, words: Any) -> None:
    """Write one JSON message."""
    send(descriptor, WORDS, json.dumps(words, ensure_ascii=True).encode())


def receive(descriptor: int, deadline: float | None = None) -> tuple[bytes, bytes]:
    """The next message, by ``deadline`` on the monotonic clock; Late or Gone."""
    kind, length = HEAD.unpack(_exactly(descriptor, HEAD.size, deadline))
    if length > LARGEST or kind not in (WORDS, ROWS):
        raise Gone
    return kind, _exactly(descriptor, length, deadline)


def _exactly(descriptor: int, count: int, deadline: float | None) -> bytes:
    found = bytearray()
    while len(found) < count:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise Late
        piece = os.read(descriptor, min(count - len(found), 1 << 20))
        if not piece:
            raise Gone
        found += piece
    return bytes(found)
