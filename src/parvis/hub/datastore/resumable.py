"""What the doors that receive files by pieces (tus 1.0.0) read alike: the back office with its session, the API with a key."""

from __future__ import annotations

import base64
import binascii

VERSION = "1.0.0"
BROKEN_OFF = "parvis.broken_off"
"""In the environment of a request whose sender left, or was too slow, before the end of a piece: what came of it is kept."""


def metadata(header: str) -> dict[str, str]:
    """The pairs of ``Upload-Metadata``: key, space, value in base64; what is not well written is left out."""
    pairs = {}
    for pair in header.split(","):
        key, _space, value = pair.strip().partition(" ")
        try:
            pairs[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
    return pairs


def whole_number(text: str | None) -> int | None:
    """A number of bytes as headers write it; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
