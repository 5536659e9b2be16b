"""MySQL and MariaDB, over PyMySQL: a transaction that only reads, rows that stay on the server until they are read."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from parvis.core.databases.contract import CLEAR, VERIFIED, Bounds, Database
from parvis.core.databases.errors import IN_ITS_WORDS, NO_SUCH_TABLE, BadQuery, DatabaseFailed, DatabaseRefused
from parvis.core.databases.values import Column, as_date, as_moment, as_number, as_text, decimal_type
from parvis.core.fetching.connecting import connection as connected_to
from parvis.core.fetching.limits import Limits
from parvis.core.fetching.locations import Credentials
from parvis.core.fetching.remote import Reach
from parvis.core.translation import Sentence

PORT = 3306
_BATCH_BYTES, _MOST_ROWS = 8_000_000, 5_000
_BINARY = 63
"""The character set of what is no text."""
_UNSIGNED = 32
_REFUSED = {1044, 1045, 1049, 1130, 1142, 1143, 1227, 1698, 2059}
_ENDED = {1317, 1969, 2006, 2013, 3024, 2003, 2055, 1205, 1040, 1053, 1159, 1161}
_NO_TABLE = 1146
_NO_TLS = 2026
"""What PyMySQL says, before anything else, of a server that does not encrypt when it should."""
_ORDERED = {
    "int": "DECIMAL(30)",
    "decimal": "DECIMAL(65, 30)",
    "date": "DATE",
    "datetime": "DATETIME(6)",
    "timestamp": "DATETIME(6)",
    "text": "CHAR",
}


class MysqlSession:
    """A conversation with MySQL or MariaDB."""

    def __init__(self, connection: Any, host: str, again: Any) -> None:
        self._connection, self._host, self._again = connection, host, again

    @property
    def _version(self) -> str:
        return str(self._connection.get_server_info()).lower()

    def begin(self, seconds: float) -> None:
        """Hold the session to reading, to UTC, to one way of writing texts, and to its time on the server."""
        milliseconds = int(seconds * 1000)
        limit = (
            f"max_statement_time = {seconds:.3f}"
            if "mariadb" in self._version
            else f"max_execution_time = {milliseconds}"
        )
        with _explained(self._host), self._connection.cursor() as cursor:
            for statement in (
                "SET SESSION sql_mode = ''",  # backslashes escape, double quotes hold texts: as the statement was checked
                "SET SESSION time_zone = '+00:00'",
                f"SET SESSION {limit}",
                "SET SESSION TRANSACTION READ ONLY",
                "START TRANSACTION WITH CONSISTENT SNAPSHOT",
            ):
                cursor.execute(statement)

    def quoted(self, name: str) -> str:
        """A name in backquotes."""
        return "`" + name.replace("\0", "").replace("`", "``") + "`"

    def columns(self, reading: str) -> list[Column]:
        """What the protocol says of each column."""
        with _explained(self._host), self._connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {reading} AS reading LIMIT 0")
            return [self._column(described) for described in cursor._result.fields]

    def batches(self, sql: str, parameters: Sequence[Any]) -> Iterator[list[Sequence[Any]]]:
        """Rows as they come: none waits here, the server keeps the others until they are read."""
        from pymysql.cursors import SSCursor  # noqa: PLC0415

        with _explained(self._host):
            cursor = self._connection.cursor(SSCursor)
            cursor.execute(sql, tuple(parameters))
            rows: list[Sequence[Any]] = []
            weight = 0
            while (row := cursor.fetchone()) is not None:
                rows.append(row)
                weight += sum(len(cell) if isinstance(cell, str | bytes) else 16 for cell in row)
                if len(rows) >= _MOST_ROWS or weight > _BATCH_BYTES:
                    yield rows
                    rows, weight = [], 0
            if rows:
                yield rows

    def tables(self) -> list[tuple[str, str]]:
        """What this account may read of this database."""
        with _explained(self._host), self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY 2 LIMIT 10000"
            )
            return [(str(schema), str(name)) for schema, name in cursor.fetchall()]

    def cursor_type(self, column: Column) -> str:
        """Numbers, days, moments and texts."""
        return _ORDERED.get(column.native, "")

    def text_of(self, sql: str) -> str:
        """An expression as text."""
        return f"CAST({sql} AS CHAR)"

    def cancel(self) -> None:
        """Ask the server, by another connection, to stop the statement; then the connection ends, heeded or not."""
        with (
            contextlib.suppress(Exception),
            self._again() as other,
            other.cursor() as cursor,
        ):  # the connection ends below
            cursor.execute(f"KILL QUERY {int(self._connection.thread_id())}")
        with contextlib.suppress(Exception):
            self._connection._sock.shutdown(socket.SHUT_RDWR)

    def _column(self, described: Any) -> Column:
        from pymysql.constants import FIELD_TYPE as T  # noqa: PLC0415

        name, code = described.name, described.type_code
        sql = f"reading.{self.quoted(name)}"
        if code == T.GEOMETRY:
            # Since its version 8 MySQL writes latitude first, where the reference system does.
            has_order = "mariadb" not in self._version and not self._version.startswith("5.")
            order = ", 'axis-order=long-lat'" if has_order else ""
            return Column(name, "geometry", f"ST_AsWKB({sql}{order})", pa.binary(), bytes, True)
        if code in (T.NEWDECIMAL, T.DECIMAL):
            digits, scale = (
                described.length - (described.scale > 0) - (not described.flags & _UNSIGNED),
                described.scale,
            )
            type_ = decimal_type(digits, scale)
            return Column(name, "decimal", sql, type_, as_number if pa.types.is_decimal(type_) else float)
        if code == T.LONGLONG and described.flags & _UNSIGNED:
            return Column(name, "int", sql, pa.uint64())
        if code in (T.TINY, T.SHORT, T.INT24, T.LONG, T.LONGLONG, T.YEAR):
            return Column(name, "int", sql, pa.int64())
        if code == T.BIT:
            return Column(name, "int", f"{sql} + 0", pa.int64())
        if code in (T.FLOAT, T.DOUBLE):
            return Column(name, "double", sql, pa.float64())
        if code in (T.DATE, T.NEWDATE):
            return Column(name, "date", f"CAST({sql} AS CHAR)", pa.date32(), as_date)
        if code == T.DATETIME:
            return Column(name, "datetime", f"CAST({sql} AS CHAR)", pa.timestamp("us"), as_moment)
        if code == T.TIMESTAMP:
            return Column(name, "timestamp", f"CAST({sql} AS CHAR)", pa.timestamp("us", "UTC"), as_moment)
        is_text = code in (T.JSON, T.ENUM, T.SET, T.NULL) or described.charsetnr != _BINARY
        if is_text and code != T.TIME:
            return Column(name, "text", sql, pa.string(), as_text)
        if code == T.TIME:
            return Column(name, "time", f"CAST({sql} AS CHAR)", pa.string(), as_text)
        return Column(name, "binary")


@contextmanager
def open_mysql(database: Database, credentials: Credentials, reach: Reach, bounds: Bounds) -> Iterator[MysqlSession]:
    """A transaction that only reads, over a connection to a checked address."""
    with _opened(database, credentials, reach, bounds, bounds.seconds) as connection:
        session = MysqlSession(
            connection, database.host, lambda: _opened(database, credentials, reach, bounds, bounds.connect_seconds)
        )
        session.begin(bounds.seconds)
        yield session


@contextmanager
def _opened(
    database: Database, credentials: Credentials, reach: Reach, bounds: Bounds, seconds: float
) -> Iterator[Any]:
    from pymysql.connections import Connection  # noqa: PLC0415

    host, port = database.host, database.port or PORT
    limits = Limits(reach.allowed, reach.resolver, bounds.connect_seconds, time.monotonic() + seconds + 15)
    with connected_to(host, port, f"mysql://{host}:{port}", limits) as (plain, _cut):
        connection = Connection(
            host=host,
            user=credentials.username,
            password=credentials.password.encode(),  # which PyMySQL would write in latin-1
            database=database.name,
            charset="utf8mb4",
            read_timeout=bounds.connect_seconds,
            write_timeout=bounds.connect_seconds,
            autocommit=False,
            local_infile=False,
            defer_connect=True,
            ssl=None if database.tls == CLEAR else _context(database.tls),
            ssl_disabled=database.tls == CLEAR,
        )
        with _explained(host):
            connection.connect(plain)
        connection._read_timeout = seconds  # a statement may think longer than a greeting
        try:
            yield connection
        finally:
            connection._force_close()


def _context(tls: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if tls != VERIFIED:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def _explained(host: str) -> Iterator[None]:
    """What a failure means: the server's own words about a statement, never those about a connection, which name machines."""
    import pymysql  # noqa: PLC0415

    try:
        yield
    except pymysql.err.MySQLError as error:
        code, text = (*error.args, "", "")[:2]
        cause = getattr(error, "original_exception", None)
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise DatabaseFailed(host=host, reason=Sentence("son certificat n’est pas valable")) from None
        if isinstance(cause, ssl.SSLError) or code == _NO_TLS:
            raise DatabaseFailed(host=host, reason=Sentence("la connexion chiffrée a échoué")) from None
        if code in _REFUSED:
            raise DatabaseRefused(host=host) from None
        if code in (1317, 1969, 3024):
            raise DatabaseFailed(host=host, reason=Sentence("elle a arrêté la requête")) from None
        if isinstance(error, pymysql.err.ProgrammingError | pymysql.err.DataError | pymysql.err.NotSupportedError) or (
            isinstance(code, int) and 1000 < code < 2000 and code not in _ENDED
        ):
            words = {"words": re.sub(r"\s+", " ", str(text))[:300].rstrip(".")}
            raise BadQuery(
                reason=Sentence(NO_SUCH_TABLE) if code == _NO_TABLE else Sentence(IN_ITS_WORDS, words)
            ) from None
        raise DatabaseFailed(host=host, reason=Sentence("la connexion a échoué")) from None
