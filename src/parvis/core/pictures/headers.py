"""What a picture says of itself in its first bytes: kind and size, and whether it holds anything but pixels.

Read by walking lengths only: nothing is decoded and nothing is allocated for what a header announces, so that a web process
may ask it of any bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

EXTENSIONS = {"jpeg": "jpg", "png": "png", "webp": "webp", "gif": "gif", "avif": "avif"}
"""Kinds of pictures that are received, and the ending of their names."""
MEDIA_TYPES = {kind: f"image/{kind}" for kind in EXTENSIONS}


@dataclass(frozen=True, slots=True)
class Header:
    """A kind of ``EXTENSIONS``, the largest size announced, and ``bare`` when nothing is beside the pixels nor after them."""

    kind: str
    width: int
    height: int
    bare: bool = False


def measure(body: bytes) -> Header | None:
    """What the bytes of a picture announce; None when they are none, or when what they announce makes no sense."""
    for begins, read in _READERS:
        if begins(body):
            try:
                header = read(body)
            except (struct.error, IndexError):
                return None
            return header if header is not None and header.width > 0 and header.height > 0 else None
    return None


_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SCAN, _END, _JFIF, _ADOBE, _COMMENT = 0xDA, 0xD9, 0xE0, 0xEE, 0xFE


def _jpeg(body: bytes) -> Header | None:
    width = height = frames = 0
    at, bare = 2, True
    while at + 1 < len(body):
        if body[at] != 0xFF:  # some cameras write more than they announce, and decoders go on at the next marker
            at, bare = _after_scan(body, at), False
            continue
        marker = body[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == _END:
            return Header("jpeg", width, height, bare and frames == 1 and at + 2 == len(body))
        (length,) = struct.unpack_from(">H", body, at + 2)
        if length < 2:
            return None
        if marker in _FRAMES:
            tall, wide = struct.unpack_from(">HH", body, at + 5)
            width, height, frames = max(width, wide), max(height, tall), frames + 1
        bare = bare and not (marker == _COMMENT or (0xE0 <= marker <= 0xEF and marker not in (_JFIF, _ADOBE)))
        at += 2 + length
        if marker == _SCAN:
            at = _after_scan(body, at)
    return Header("jpeg", width, height)


def _after_scan(body: bytes, at: int) -> int:
    """Where the next marker is after coded pixels, in which 0xFF is followed by zero or by a restart."""
    while True:
        at = body.find(b"\xff", at)
        if at < 0 or at + 1 >= len(body):
            return len(body)
        if body[at + 1] != 0 and not 0xD0 <= body[at + 1] <= 0xD7:
            return at
        at += 2


_PIXELS_OF_PNG = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def _png(body: bytes) -> Header | None:
    if body[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", body, 16)
    at, bare = 8, True
    while at < len(body):
        (length,) = struct.unpack_from(">I", body, at)
        name = body[at + 4 : at + 8]
        at += 12 + length
        bare = bare and name in _PIXELS_OF_PNG
        if name == b"IEND":
            return Header("png", width, height, bare and length == 0 and at == len(body))
    return Header("png", width, height)


_PIXELS_OF_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
_ALPHA = 0x10


def _webp(body: bytes) -> Header | None:
    width = height = 0
    bare = struct.unpack_from("<I", body, 4)[0] + 8 == len(body)
    for name, at, length in _chunks(body):
        wide, tall = _webp_size(body, name, at)
        width, height = max(width, wide), max(height, tall)
        bare = bare and name in _PIXELS_OF_WEBP and (name != b"VP8X" or body[at] & ~_ALPHA == 0)
        bare = bare and at + length <= len(body)
    return Header("webp", width, height, bare)


def _chunks(body: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    while at + 8 <= len(body):
        (length,) = struct.unpack_from("<I", body, at + 4)
        yield body[at : at + 4], at + 8, length
        at += 8 + length + length % 2


def _webp_size(body: bytes, name: bytes, at: int) -> tuple[int, int]:
    if name == b"VP8 ":
        wide, tall = struct.unpack_from("<HH", body, at + 6)
        return wide & 0x3FFF, tall & 0x3FFF
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", body, at + 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8X":
        low, high = struct.unpack_from("<IH", body, at + 4)
        return (low & 0xFFFFFF) + 1, (low >> 24 | high << 8) + 1
    return 0, 0


def _gif(body: bytes) -> Header | None:
    width, height, flags = struct.unpack_from("<HHB", body, 6)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while body[at] == 0x21:  # what is before the first picture
        at += 2
        while body[at]:
            at += 1 + body[at]
        at += 1
    if body[at] != 0x2C:
        return None
    left, top, wide, tall = struct.unpack_from("<HHHH", body, at + 1)
    return Header("gif", max(width, left + wide), max(height, top + tall))


_SPATIAL_EXTENTS = b"\x00\x00\x00\x14ispe\x00\x00\x00\x00"
"""Of the picture, its tiles and its transparency: twelve bytes that coded pixels do not spell by chance."""


def _avif(body: bytes) -> Header | None:
    width = height = 0
    at = body.find(_SPATIAL_EXTENTS)
    while at >= 0:
        wide, tall = struct.unpack_from(">II", body, at + 12)
        width, height = max(width, wide), max(height, tall)
        at = body.find(_SPATIAL_EXTENTS, at + 12)
    return Header("avif", width, height)


_READERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Header | None]], ...] = (
    (lambda body: body.startswith(b"\xff\xd8\xff"), _jpeg),
    (lambda body: body.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    (lambda body: body.startswith(b"RIFF") and body[8:12] == b"WEBP", _webp),
    (lambda body: body.startswith((b"GIF87a", b"GIF89a")), _gif),
    (lambda body: body[4:8] == b"ftyp" and any(brand in body[8:64] for brand in (b"avif", b"avis")), _avif),
)
