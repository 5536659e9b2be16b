"""Schemas that come from strangers, read in a confined child: JSON of any depth, patterns made to last."""

from __future__ import annotations

from parvis.core.children import call
from parvis.core.schemas import TableSchema, schema_from_bytes
from parvis.core.schemas.retrieval import schema_bytes, schema_name
from parvis.hub.datastore.confined import confined

SECONDS = 20.0


def read_schema_of_stranger(content: bytes, name: str, version: str = "") -> TableSchema:
    """The schema in ``content``; UnreadableSchema when it is something else, ReadingTooLong."""
    with confined(name, seconds=SECONDS) as (_work, permits):
        return call(schema_from_bytes, content, name, version, permits=permits)


def load_schema_of_stranger(source: str) -> TableSchema:
    """The schema at an address, or at a path for commands; raises also what ``core.fetching.fetch`` raises."""
    return read_schema_of_stranger(schema_bytes(source), schema_name(source))
