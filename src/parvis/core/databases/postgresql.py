"""PostgreSQL, over psycopg: a transaction that only reads, a cursor of the server, types as PostgreSQL names them."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from parvis.core.databases.contract import CLEAR, VERIFIED, Bounds, Database
from parvis.core.databases.errors import IN_ITS_WORDS, NO_SUCH_TABLE, BadQuery, DatabaseFailed, DatabaseRefused
from parvis.core.databases.values import (
    Column,
    as_date,
    as_double,
    as_list,
    as_moment,
    as_number,
    as_text,
    decimal_type,
)
from parvis.core.fetching.addresses import checked_addresses
from parvis.core.fetching.locations import Credentials
from parvis.core.fetching.remote import Reach
from parvis.core.translation import Sentence

if TYPE_CHECKING:
    import psycopg

PORT = 5432
_FIRST_ROWS, _MOST_ROWS, _BATCH_BYTES = 20, 20_000, 8_000_000
_LONGEST_REASON = 300
_MODES = {VERIFIED: "verify-full", CLEAR: "disable"}
_ORDERED = {
    "int2",
    "int4",
    "int8",
    "numeric",
    "float4",
    "float8",
    "date",
    "timestamp",
    "timestamptz",
    "text",
    "varchar",
    "uuid",
    "oid",
}
_NO_FILE = os.devnull + "/none"
"""What is not there: libpq verifies against any file that it finds, and would send a certificate of the account."""
_LEFT_OUT = {"bytea", "raster"}
_REASONS = {
    "42P01": Sentence(NO_SUCH_TABLE),
    "42501": Sentence("ce compte n’a pas le droit de la lire"),
}


class PostgresqlSession:
    """A conversation with PostgreSQL."""

    def __init__(self, connection: psycopg.Connection[Any], host: str) -> None:
        self._connection, self._host = connection, host

    def begin(self) -> None:
        """Hold the transaction to reading, and its texts to the forms that are read here."""
        with _explained(self._host), self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
            cursor.execute("SET LOCAL timezone = 'UTC'")
            cursor.execute("SET LOCAL intervalstyle = 'postgres'")
            cursor.execute("SET LOCAL extra_float_digits = 1")

    def quoted(self, name: str) -> str:
        """A name in double quotes."""
        return '"' + name.replace("\0", "").replace('"', '""') + '"'

    def columns(self, reading: str) -> list[Column]:
        """What the server says of each column, domains as what they stand on."""
        with _explained(self._host), self._connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {reading.replace('%', '%%')} AS reading LIMIT %s", (0,))
            described = list(cursor.description or ())
            cursor.execute(
                "WITH RECURSIVE of_base AS (SELECT oid AS first, oid, typname, typtype, typcategory, typbasetype, typtypmod "
                "FROM pg_catalog.pg_type WHERE oid = ANY(%s) UNION ALL SELECT of_base.first, t.oid, t.typname, t.typtype, "
                "t.typcategory, t.typbasetype, of_base.typtypmod FROM of_base JOIN pg_catalog.pg_type t ON t.oid = "
                "of_base.typbasetype WHERE of_base.typtype = 'd') SELECT first, typname, typcategory, typtypmod FROM of_base "
                "WHERE typtype <> 'd'",
                ([column.type_code for column in described],),
            )
            types = {row[0]: row[1:] for row in cursor.fetchall()}
        return [self._column(column, types.get(column.type_code, ("unknown", "X", -1))) for column in described]

    def batches(self, sql: str, parameters: Sequence[Any]) -> Iterator[list[Sequence[Any]]]:
        """Rows from a cursor of the server, fewer at a time when they are heavy."""
        size = _FIRST_ROWS
        with _explained(self._host), self._connection.cursor(name="parvis") as cursor:
            cursor.execute(sql, parameters)
            while rows := cursor.fetchmany(size):
                yield rows
                weight = sum(len(cell) if isinstance(cell, str | bytes) else 16 for row in rows for cell in row)
                size = max(1, min(_MOST_ROWS, 10 * size, _BATCH_BYTES * len(rows) // max(weight, 1)))

    def tables(self) -> list[tuple[str, str]]:
        """What this account may read, the catalogues apart."""
        with _explained(self._host), self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema$)' "
                "AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1, 2 LIMIT 10000"
            )
            return [(str(schema), str(name)) for schema, name in cursor.fetchall()]

    def cursor_type(self, column: Column) -> str:
        """Numbers, days, moments and texts."""
        native = re.sub(r"\(.*", "", column.native)
        return native if native in _ORDERED else ""

    def text_of(self, sql: str) -> str:
        """An expression as text."""
        return f"{sql}::text"

    def cancel(self) -> None:
        """Ask the server to stop the statement; then the connection ends, heeded or not."""
        with contextlib.suppress(Exception):  # whatever fails here, the connection ends below
            self._connection.cancel_safe(timeout=3)
        with contextlib.suppress(Exception), socket.socket(fileno=os.dup(self._connection.fileno())) as twin:
            twin.shutdown(socket.SHUT_RDWR)

    def _column(self, described: psycopg.Column, base: tuple[str, str, int]) -> Column:
        kind, category, modifier = base
        name, native = described.name, kind
        sql = f"reading.{self.quoted(name)}"
        precision, scale = described.precision, described.scale
        if kind == "numeric" and precision is None and modifier >= 4:
            precision, scale = (modifier - 4) >> 16, (modifier - 4) & 0xFFFF
        exact = decimal_type(precision, scale)
        if kind in _LEFT_OUT:
            return Column(name, native)
        if kind in ("geometry", "geography"):
            shape = f"{sql}::geometry"
            located = f"CASE WHEN ST_SRID({shape}) IN (0, 4326) THEN {shape} ELSE ST_Transform({shape}, 4326) END"
            return Column(name, native, f"ST_AsBinary(ST_Force2D({located}))", pa.binary(), bytes, True)
        if category == "A":
            return Column(name, native, f"{sql}::text[]", pa.list_(pa.string()), as_list)
        if kind == "numeric":
            return Column(name, native, f"{sql}::text", exact, as_number if pa.types.is_decimal(exact) else as_double)
        suffix, type_of_file, convert = _PLAIN.get(kind, ("::text", pa.string(), as_text))
        return Column(name, native, f"{sql}{suffix}", type_of_file, convert)


_PLAIN: dict[str, tuple[str, pa.DataType, Callable[[Any], Any] | None]] = {
    "bool": ("", pa.bool_(), None),
    **{kind: ("::int8", pa.int64(), None) for kind in ("int2", "int4", "int8", "oid")},
    "float4": ("::text", pa.float64(), as_double),
    "float8": ("::text", pa.float64(), as_double),
    "money": ("::numeric::text", pa.float64(), as_double),
    "date": ("::text", pa.date32(), as_date),
    "timestamp": ("::text", pa.timestamp("us"), as_moment),
    "timestamptz": ("::text", pa.timestamp("us", "UTC"), as_moment),
}


@contextmanager
def open_postgresql(
    database: Database, credentials: Credentials, reach: Reach, bounds: Bounds
) -> Iterator[PostgresqlSession]:
    """A transaction that only reads, on the first checked address that answers, under the name of the server for TLS."""
    import psycopg  # noqa: PLC0415 a tenth of a second

    host, port = database.host, database.port or PORT
    addresses = checked_addresses(host, port, f"postgresql://{host}:{port}", reach.allowed, reach.resolver)
    milliseconds = max(int(bounds.seconds * 1000), 1)
    with _explained(host):
        connection = psycopg.connect(
            host=",".join([host] * len(addresses)),
            hostaddr=",".join(addresses),
            port=port,
            dbname=database.name,
            user=credentials.username,
            password=credentials.password or "-",  # else libpq looks for one in the files of the account
            passfile=os.devnull,
            sslmode=_MODES.get(database.tls, "require"),
            sslrootcert=_authorities() if database.tls == VERIFIED else _NO_FILE,
            sslcert=_NO_FILE,
            sslkey=_NO_FILE,
            gssencmode="disable",
            require_auth="scram-sha-256,md5,none" if database.tls == CLEAR else "scram-sha-256,md5,none,password",
            connect_timeout=max(int(bounds.connect_seconds), 2),
            keepalives_idle=30,
            tcp_user_timeout=60_000,
            application_name="Parvis",
            options=f"-c statement_timeout={milliseconds} -c lock_timeout={min(milliseconds, 30_000)}",
        )
    try:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session = PostgresqlSession(connection, host)
        session.begin()
        yield session
    finally:
        with contextlib.suppress(Exception):  # a connection that failed may fail to end
            connection.close()


def _authorities() -> str:
    """The authorities of this machine: the OpenSSL that comes with psycopg looks for them where another system has them."""
    return ssl.get_default_verify_paths().cafile or "system"


@contextmanager
def _explained(host: str) -> Iterator[None]:
    """What a failure means: the server's own words about a statement, never those about a connection, which name machines."""
    import psycopg  # noqa: PLC0415

    try:
        yield
    except psycopg.Error as error:
        state, text = error.sqlstate or "", str(error)
        if state[:2] == "28" or "password authentication failed" in text or "no password supplied" in text:
            raise DatabaseRefused(host=host) from None
        if state[:2] in ("42", "22", "25", "2F", "0A", "34") and error.diag.message_primary:
            words = {"words": error.diag.message_primary[:_LONGEST_REASON].rstrip(".")}
            raise BadQuery(reason=_REASONS.get(state) or Sentence(IN_ITS_WORDS, words)) from None
        raise DatabaseFailed(host=host, reason=_reason(state, text)) from None


def _reason(state: str, text: str) -> Sentence:
    """Why, without what libpq tells: it names addresses and accounts."""
    low = text.lower()
    if state == "57014":
        return Sentence("elle a arrêté la requête")
    if "does not exist" in low:
        return Sentence("cette base n’existe pas")
    if "pg_hba.conf" in low:
        return Sentence("elle n’accepte pas cette machine, ce compte ou ce chiffrement")
    if "certificate" in low:
        return Sentence("son certificat n’est pas valable")
    if "ssl" in low:
        return Sentence("la connexion chiffrée a échoué")
    if "refused" in low:
        return Sentence("la connexion a été refusée")
    return Sentence("la connexion a échoué")
