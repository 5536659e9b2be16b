"""A schema from a file of this machine or from an address of the public web."""

from __future__ import annotations

import tempfile
from pathlib import Path

from parvis.core.fetching import Allowed, Resolver, fetch, is_public, resolve
from parvis.core.schemas.loading import MAX_BYTES, schema_from_bytes
from parvis.core.schemas.model import TableSchema
from parvis.core.schemas.refusals import UnreadableSchema

SECONDS = 60.0


def is_address(source: str) -> bool:
    """True for what must be fetched."""
    return source.lower().startswith(("http://", "https://"))


def load_schema(source: str | Path, *, allowed: Allowed = is_public, resolver: Resolver = resolve) -> TableSchema:
    """The schema at the path or address ``source``, at most ``MAX_BYTES`` long.

    Raises UnreadableSchema, or what ``core.fetching.fetch`` raises; errors inside the schema are its ``problems``.
    """
    if isinstance(source, str) and is_address(source):
        return schema_from_bytes(_fetched(source, allowed, resolver), source)
    path = Path(source)
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableSchema(name=str(source), reason_fr=reason, reason_en=reason) from error
    return schema_from_bytes(content, path.name)


def _fetched(url: str, allowed: Allowed, resolver: Resolver) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        destination = Path(folder) / "schema"
        fetch(
            url,
            destination,
            max_bytes=MAX_BYTES,
            allowed=allowed,
            resolver=resolver,
            idle_seconds=15.0,
            total_seconds=SECONDS,
        )
        return destination.read_bytes()
