"""The words of records, once there are many: an index of trigrams that the database keeps by itself, no matter who writes the rows.

PostgreSQL uses its own (pg_trgm) for any ``LIKE``. SQLite has one beside the table (FTS5), fed by triggers: a table that a
migration makes anew loses its triggers, so they are looked for after each migration, and the index is built again when one lacks.
"""

from __future__ import annotations

import logging

from django.db import DatabaseError, connections, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from parvis.hub.records.models import CivicRecord

SHORTEST = 3
"""Letters of a trigram: shorter words are looked for in the rows."""
log = logging.getLogger(__name__)

_FTS5 = "CREATE VIRTUAL TABLE IF NOT EXISTS {words} USING fts5(search_text, content={table}, content_rowid=id, tokenize=trigram)"
_ADD = "INSERT INTO {words}(rowid, search_text) VALUES (new.id, new.search_text)"
_REMOVE = "INSERT INTO {words}({words}, rowid, search_text) VALUES ('delete', old.id, old.search_text)"
_TRIGGERS = {
    "added": f"AFTER INSERT ON {{table}} BEGIN {_ADD}; END",
    "removed": f"AFTER DELETE ON {{table}} BEGIN {_REMOVE}; END",
    # Django writes every column of a row: most of the time its words are as they were.
    "changed": "AFTER UPDATE OF search_text ON {table} WHEN old.search_text <> new.search_text "
    f"BEGIN {_REMOVE}; {_ADD}; END",
}


def index_words(kind: type[CivicRecord], using: str) -> None:
    """Have the words of that kind indexed; whatever the database does not allow is left as it is, and searches are slower."""
    make = {"sqlite": _index_by_fts5, "postgresql": _index_by_pg_trgm}.get(connections[using].vendor)
    if make is not None:
        make(kind._meta.db_table, using)


def _index_by_fts5(table: str, using: str) -> None:
    names = {"table": f'"{table}"', "words": f'"{table}_words"'}
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        present = {name for (name,) in cursor.fetchall()}
        missing = [act for act in _TRIGGERS if f"{table}_words_{act}" not in present]
        if not missing:
            return
        cursor.execute(_FTS5.format(**names))
        for act in missing:
            cursor.execute(f'CREATE TRIGGER "{table}_words_{act}" ' + _TRIGGERS[act].format(**names))
        cursor.execute("INSERT INTO {words}({words}) VALUES ('rebuild')".format(**names))


def _index_by_pg_trgm(table: str, using: str) -> None:
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f'CREATE INDEX IF NOT EXISTS "{table}_words" ON "{table}" USING gin (search_text gin_trgm_ops)'
            )
    except DatabaseError as error:
        log.warning("no index of words for %s: %s", table, error)


def holding[Kind: CivicRecord](records: QuerySet[Kind], words: list[str], *, few: bool) -> QuerySet[Kind]:
    """The records whose texts hold every one of these folded words; ``few`` says that other conditions leave few to read."""
    kind = records.model
    is_indexed = kind.words_are_indexed and not few and connections[records.db].vendor == "sqlite"
    indexed = [word for word in words if is_indexed and len(word) >= SHORTEST]
    for word in words:
        if word not in indexed:
            records = records.filter(search_text__contains=word)
    if not indexed:
        return records
    query = " AND ".join('"{}"'.format(word.replace('"', '""')) for word in indexed)
    # The name of the table is ours; what is looked for is a parameter.
    rows = f'SELECT rowid FROM "{kind._meta.db_table}_words" WHERE "{kind._meta.db_table}_words" MATCH %s'
    return records.filter(pk__in=RawSQL(rows, [query]))  # noqa: S611
