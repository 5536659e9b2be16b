"""Digests that programs give of what they send: a byte changed on the way is found before it is kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

from parvis.hub.api.errors import RequestTooLarge
from parvis.hub.datastore.resumable import BROKEN_OFF
from parvis.hub.writing.rules import BadDigest, DigestMismatch, PieceMismatch

ALGORITHMS = {"sha1": "sha1", "sha256": "sha256", "sha512": "sha512"}
"""Of tus, by the names that it gives them."""
MOST_CHECKED = 64_000_000
"""Bytes of a piece that has a digest: it is put aside until it is announced to be good."""
MEMORY = 1 << 20
PIECE = 1 << 16
_FIELD = re.compile(r"\s*(sha-256|sha-512)=:([A-Za-z0-9+/]{40,100}={0,2}):\s*")


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """So many of them at most."""


@contextmanager
def checked_piece(request: HttpRequest) -> Iterator[Readable]:
    """What the request sends; with ``Upload-Checksum``, once it was compared: PieceMismatch (460), and nothing of it is kept.

    The digest of a piece that broke off says nothing of the part that came.
    """
    header = request.headers.get("Upload-Checksum")
    if header is None or BROKEN_OFF in request.META:
        yield request
        return
    name, _space, text = header.strip().partition(" ")
    expected = _decoded(text)
    if name not in ALGORITHMS or expected is None:
        raise BadDigest(header="Upload-Checksum")
    digest, size = hashlib.new(ALGORITHMS[name]), 0
    with tempfile.SpooledTemporaryFile(MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR) as spool:
        while piece := request.read(PIECE):
            size += len(piece)
            if size > MOST_CHECKED:
                raise RequestTooLarge(limit=MOST_CHECKED)
            digest.update(piece)
            spool.write(piece)
        if digest.digest() != expected:
            raise PieceMismatch
        spool.seek(0)
        yield spool


class Digested:
    """A stream whose bytes are digested as they are read, when the request says what they must give."""

    def __init__(self, request: HttpRequest) -> None:
        self._stream: Readable = request
        header = request.headers.get("Content-Digest") or request.headers.get("Repr-Digest") or ""
        rows = [_FIELD.fullmatch(part) for part in header.split(",")] if header else []
        announced = [(row[1].replace("-", ""), _decoded(row[2])) for row in rows if row is not None]
        if header and not announced:
            raise BadDigest(header="Content-Digest")
        self._expected = announced
        self._digests = [hashlib.new(name) for name, _digest in announced]

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        piece = self._stream.read(size)
        for digest in self._digests:
            digest.update(piece)
        return piece

    def require_match(self) -> None:
        """DigestMismatch when what was read is not what was announced."""
        for digest, (_name, expected) in zip(self._digests, self._expected, strict=True):
            if digest.digest() != expected:
                raise DigestMismatch


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.strip(), validate=True) or None
    except (binascii.Error, ValueError):
        return None
