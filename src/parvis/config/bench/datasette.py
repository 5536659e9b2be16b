"""Datasette, the peer: a SQLite table of the same rows, asked in the same process or served; absent when not installed."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from parvis.config.bench.sample import QUIET

SETTINGS = {
    "sql_time_limit_ms": 600_000,
    "facet_time_limit_ms": 600_000,
    "facet_suggest_time_limit_ms": 1,
    "suggest_facets": 0,
    "max_csv_mb": 0,
    "num_sql_threads": 2,
}
"""Its limits raised so that it finishes, its suggestions off: only what is asked is measured."""

_BATCH = 50_000


def is_here() -> bool:
    """Whether Datasette is installed beside Parvis."""
    return importlib.util.find_spec("datasette") is not None


def make_database(sample: Path, database: Path) -> Path:
    """The rows of a CSV in a typed SQLite table ``mesure``; made once."""
    if not database.exists():
        with duckdb.connect() as reader:
            reader.execute(QUIET)
            reader.execute(f"CREATE VIEW rows AS SELECT * FROM read_csv('{sample}')")
            copy_rows(reader, database, "mesure")
    return database


def copy_rows(reader: duckdb.DuckDBPyConnection, database: Path, table: str) -> None:
    """Write the relation ``rows`` of a connection in a typed SQLite table."""
    with sqlite3.connect(database) as writer:
        described = reader.execute("DESCRIBE rows").fetchall()
        columns = ", ".join(f'"{name}" {_affinity(kind)}' for name, kind, *_rest in described)
        writer.execute(f"CREATE TABLE {table} ({columns})")
        texts = ", ".join(
            f'CAST("{n}" AS VARCHAR)' if _affinity(k) == "TEXT" else f'"{n}"' for n, k, *_rest in described
        )
        places = ", ".join("?" for _column in described)
        cursor = reader.cursor().execute(f"SELECT {texts} FROM rows")
        while batch := cursor.fetchmany(_BATCH):
            writer.executemany(f"INSERT INTO {table} VALUES ({places})", batch)
    writer.close()


def _affinity(kind: str) -> str:
    return {"BIGINT": "INTEGER", "DOUBLE": "REAL", "UBIGINT": "INTEGER"}.get(kind, "TEXT")


class InProcess:
    """Datasette without a network: what its answers cost and nothing else."""

    def __init__(self, database: Path) -> None:
        # Only with the bench's group of packages.
        from datasette.app import Datasette  # noqa: PLC0415

        self._loop = asyncio.new_event_loop()
        self._datasette: Any = Datasette(files=[str(database)], settings=SETTINGS)
        self._loop.run_until_complete(self._datasette.invoke_startup())

    def get(self, path: str) -> None:
        """Ask, to the end; RuntimeError when it does not answer 200."""
        answer = self._loop.run_until_complete(self._datasette.client.get(path))
        if answer.status_code != 200:
            raise RuntimeError(f"Datasette answers {answer.status_code} to {path}: {answer.text[:200]}")

    def close(self) -> None:
        """Stop its threads."""
        self._datasette.executor.shutdown()
        for database in self._datasette.databases.values():
            database.close()
        self._loop.close()


def serve_command(database: Path, port: int) -> list[str]:
    """The command that serves the database; empty when Datasette is not installed."""
    command = shutil.which("datasette", path=str(Path(sys.executable).parent))
    if command is None:
        return []
    return [command, "serve", str(database), "--port", str(port), *_options()]


def _options() -> Iterator[str]:
    for name, value in SETTINGS.items():
        yield from ("--setting", name, str(value))
