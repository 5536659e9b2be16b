"""A schema from a file of this machine or from an address of the public web."""

from __future__ import annotations

import tempfile
from pathlib import Path

from parvis.core.fetching import Allowed, Resolver, fetch, is_public, resolve
from parvis.core.schemas.loader import MAX_BYTES, schema_from_bytes
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
    return schema_from_bytes(schema_bytes(source, allowed=allowed, resolver=resolver), schema_name(source))


def schema_name(source: str | Path) -> str:
    """What a schema is called after where it comes from: its address, or the name of its file."""
    return source if isinstance(source, str) and is_address(source) else Path(source).name


def schema_bytes(source: str | Path, *, allowed: Allowed = is_public, resolver: Resolver = resolve) -> bytes:
    """The bytes of the schema at a path or address, unread; one byte more than ``MAX_BYTES`` tells that it is too long.

    Raises UnreadableSchema for a path that cannot be opened, or what ``core.fetching.fetch`` raises.
    """
    if isinstance(source, str) and is_address(source):
        return _fetched(source, allowed, resolver)
    try:
        with Path(source).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableSchema(name=str(source), reason=reason) from error


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
