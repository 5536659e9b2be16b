"""A table or a query of a database of elsewhere, read once into a file that our importer takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from parvis.core.databases.contract import Bounds, Database, Extract, Reading, Session
from parvis.core.databases.errors import BadQuery, DatabaseFailed, DatabaseTooLarge, DatabaseTooSlow, NoSuchColumn
from parvis.core.databases.mysql import open_mysql
from parvis.core.databases.parquet import ParquetRows
from parvis.core.databases.postgresql import open_postgresql
from parvis.core.databases.statements import checked_select
from parvis.core.databases.values import Column
from parvis.core.fetching.locations import Credentials
from parvis.core.fetching.remote import PUBLIC, Reach
from parvis.core.progress import Progress, no_progress
from parvis.core.translation import Sentence

OPENERS: dict[str, Callable[[Database, Credentials, Reach, Bounds], AbstractContextManager[Session]]] = {
    "postgresql": open_postgresql,
    "mysql": open_mysql,
}
"""How each kind of database is opened; MariaDB speaks as MySQL does."""

MOST_COLUMNS = 1_000


def extract(
    database: Database,
    reading: Reading,
    destination: Path,
    *,
    credentials: Credentials,
    reach: Reach = PUBLIC,
    bounds: Bounds = Bounds(),
    progress: Progress = no_progress,
) -> Extract:
    """Write the rows to the new Parquet file ``destination``; nothing is left there when that fails.

    The server is held to reading, and stopped at the end of ``bounds.seconds``, whatever it does. Raises the errors of this package
    and those of the address guard (``core.fetching``).
    """
    source = _checked(database, reading)
    try:
        with _session(database, credentials, reach, bounds) as session:
            return _Extraction(session, reading, bounds, progress).run(source, destination)
    except BaseException:
        destination.unlink(missing_ok=True)
        raise


def tables_of(
    database: Database, *, credentials: Credentials, reach: Reach = PUBLIC, bounds: Bounds = Bounds(seconds=30)
) -> list[str]:
    """The tables and views that may be read, as ``Reading.table`` takes them; raises what ``extract`` raises."""
    with _session(database, credentials, reach, bounds) as session:
        return [f"{schema}.{name}" for schema, name in session.tables() if "." not in schema + name]


def _checked(database: Database, reading: Reading) -> str:
    """The query in brackets, or the table's name; BadQuery."""
    if database.kind not in OPENERS:
        raise BadQuery(reason=Sentence("ce genre de base n’est pas pris en charge"))
    if bool(reading.table) == bool(reading.query):
        raise BadQuery(reason=Sentence("donnez une table ou une requête"))
    if reading.table:
        if len(reading.table.split(".")) > 2 or not all(reading.table.split(".")):
            raise BadQuery(reason=Sentence("le nom de la table s’écrit « schéma.table » ou « table »"))
        return reading.table
    return f"({checked_select(reading.query, database.kind)}\n)"  # the line ends a comment that the query may end with


@contextmanager
def _session(database: Database, credentials: Credentials, reach: Reach, bounds: Bounds) -> Iterator[Session]:
    """A session that is stopped at its time, from outside: what waits for a server waits in a library."""
    end = time.monotonic() + bounds.seconds
    late = threading.Event()
    with OPENERS[database.kind](database, credentials, reach, bounds) as session:

        def stop() -> None:
            late.set()
            session.cancel()

        timer = threading.Timer(max(end - time.monotonic(), 0.01), stop)
        timer.daemon = True
        timer.start()
        try:
            yield session
        except (DatabaseFailed, BadQuery) as error:
            # The server's own limit may come first, by a moment.
            if late.is_set() or time.monotonic() > end - 0.5:
                raise DatabaseTooSlow(host=database.host, seconds=int(bounds.seconds)) from error
            raise
        finally:
            timer.cancel()


class _Extraction:
    def __init__(self, session: Session, reading: Reading, bounds: Bounds, progress: Progress) -> None:
        self._session, self._reading, self._bounds, self._progress = session, reading, bounds, progress

    def run(self, source: str, destination: Path) -> Extract:
        """Describe, then read."""
        if self._reading.table:
            source = ".".join(self._session.quoted(part) for part in source.split("."))
        every = self._session.columns(source)
        columns = _renamed([column for column in every if column.type is not None])
        if not columns or len(columns) > MOST_COLUMNS:
            raise BadQuery(
                reason=Sentence("elle n’a aucune colonne lisible, ou plus de {most}", {"most": MOST_COLUMNS})
            )
        sql, parameters = self._statement(source, columns)
        rows, cursor, complete = self._read(sql, parameters, columns, destination)
        return Extract(
            destination,
            rows.rows,
            tuple((column.name, column.native) for column in every if column.type is None),
            tuple((column.name, count) for column, count in zip(columns, rows.lost, strict=True) if count),
            cursor,
            complete,
        )

    def _statement(self, source: str, columns: list[Column]) -> tuple[str, list[Any]]:
        expressions = ", ".join(column.expression.replace("%", "%%") for column in columns)
        parameters: list[Any] = []
        tail = ""
        if self._reading.cursor:
            column = next((column for column in columns if column.name == self._reading.cursor), None)
            type_ = "" if column is None else self._session.cursor_type(column)
            if not type_:
                raise NoSuchColumn(name=self._reading.cursor)
            followed = f"reading.{self._session.quoted(self._reading.cursor)}".replace("%", "%%")
            expressions += f", {self._session.text_of(followed)}"
            tail = f" WHERE {followed} IS NOT NULL"
            if self._reading.since:
                tail += f" AND {followed} >= CAST(%s AS {type_})"
                parameters.append(self._reading.since)
            tail += f" ORDER BY {followed}"
        # Always a parameter: PostgreSQL takes one statement alone then.
        parameters.append(self._bounds.rows + 1)
        return f"SELECT {expressions} FROM {source.replace('%', '%%')} AS reading{tail} LIMIT %s", parameters

    def _read(
        self, sql: str, parameters: list[Any], columns: list[Column], destination: Path
    ) -> tuple[ParquetRows, str, bool]:
        follows, cursor, complete = bool(self._reading.cursor), self._reading.since, True
        with destination.open("xb"):
            pass  # never over something that is there
        written = ParquetRows(destination, columns, self._bounds.bytes)
        try:
            for batch in self._session.batches(sql, parameters):
                room = self._bounds.rows - written.rows
                if len(batch) > room:
                    if not follows:
                        raise DatabaseTooLarge(limit=Sentence("{rows} lignes", {"rows": self._bounds.rows}))
                    batch, complete = batch[:room], False
                if not batch:
                    break
                written.write(batch)
                if follows:
                    cursor = str(batch[-1][len(columns)])
                self._progress("fetch", written.rows)
        finally:
            written.close()
        return written, cursor, complete


def _renamed(columns: list[Column]) -> list[Column]:
    """Columns without a name, or with the same in other letters, under names of their own in the file."""
    names: set[str] = set()
    renamed = []
    for number, column in enumerate(columns, start=1):
        name = column.name or f"colonne_{number}"
        while name.casefold() in names:
            name += "_"
        names.add(name.casefold())
        renamed.append(replace(column, name=name))
    return renamed
