"""Databases of elsewhere, read and never written: a table or a query becomes a typed file that our importer takes.

The address guard of ``core.fetching`` decides which servers may be reached; the server is held to reading, bounded in rows, bytes and
time, and stopped when the time is over. What describes a reading is here and light; ``extraction``, which does it, loads Arrow.
"""

from parvis.core.databases.contract import CLEAR, ENCRYPTED, KINDS, VERIFIED, Bounds, Database, Extract, Reading
from parvis.core.databases.errors import (
    BadQuery,
    DatabaseFailed,
    DatabaseRefused,
    DatabaseTooLarge,
    DatabaseTooSlow,
    NoSuchColumn,
)

__all__ = [
    "CLEAR",
    "ENCRYPTED",
    "KINDS",
    "VERIFIED",
    "BadQuery",
    "Bounds",
    "Database",
    "DatabaseFailed",
    "DatabaseRefused",
    "DatabaseTooLarge",
    "DatabaseTooSlow",
    "Extract",
    "NoSuchColumn",
    "Reading",
]
