"""Databases of elsewhere, read and never written: a table or a query becomes a typed file that our importer takes.

The address guard of ``core.fetching`` decides which servers may be reached; the server is held to reading, bounded in rows, bytes and
time, and stopped when the time is over. Libraries are loaded when a database is opened.
"""

from parvis.core.databases.contract import CLEAR, ENCRYPTED, VERIFIED, Bounds, Database
from parvis.core.databases.errors import (
    BadQuery,
    DatabaseFailed,
    DatabaseRefused,
    DatabaseTooLarge,
    DatabaseTooSlow,
    NoSuchColumn,
)
from parvis.core.databases.extraction import KINDS, Extract, Reading, extract, tables_of

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
    "extract",
    "tables_of",
]
