"""Seals: an append-only chain of what was published, each line bound to the one before, that anyone can check by themselves.

A line is ``{"digest":"<64 hexadecimal digits>","entry":{…}}``: ``entry`` is canonical JSON (RFC 8785: keys in order, no spaces, UTF-8)
and ``digest`` is the SHA-256 of its bytes, which the next entry names as ``previous``.
"""

from parvis.core.seals.chain import checked_lines, checked_stream, is_continuation
from parvis.core.seals.entries import Author, ChainState, Entry, FileDigest, Kind, Sealed, digest_of, seal_after
from parvis.core.seals.errors import (
    ChainBroken,
    ChainsDiverge,
    NotSealable,
    NotSealed,
    SealedFileChanged,
    SealedFileMissing,
)
from parvis.core.seals.standing import Acts, Standing, standings

__all__ = [
    "Acts",
    "Author",
    "ChainBroken",
    "ChainState",
    "ChainsDiverge",
    "Entry",
    "FileDigest",
    "Kind",
    "NotSealable",
    "NotSealed",
    "Sealed",
    "SealedFileChanged",
    "SealedFileMissing",
    "Standing",
    "checked_lines",
    "checked_stream",
    "digest_of",
    "is_continuation",
    "seal_after",
    "standings",
]
