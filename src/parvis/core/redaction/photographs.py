"""JPEG files as segments: what their pixels need, and the words that cameras and editors write beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_BEGINS: Final = b"\xff\xd8"
_WORDS: Final = (0xE1, 0xED, 0xFE)
"""EXIF and XMP, IPTC, comments."""
_SCAN: Final = 0xDA


def bare(body: bytes) -> bytes:
    """A JPEG without words; what is no JPEG as it is."""
    if not body.startswith(_BEGINS):
        return body
    segments = list(_segments(body))
    rest = sum(map(len, segments)) + len(_BEGINS)
    return b"".join((_BEGINS, *(segment for segment in segments if segment[1] not in _WORDS), body[rest:]))


def words_of(body: bytes) -> Iterator[bytes]:
    """Each segment of words of a JPEG."""
    if body.startswith(_BEGINS):
        yield from (segment[4:] for segment in _segments(body) if segment[1] in _WORDS)


def _segments(body: bytes) -> Iterator[bytes]:
    """Those before the pixels."""
    place = len(_BEGINS)
    while place + 4 <= len(body) and body[place] == 0xFF and body[place + 1] != _SCAN:
        length = 2 + int.from_bytes(body[place + 2 : place + 4])
        yield body[place : place + length]
        place += length
