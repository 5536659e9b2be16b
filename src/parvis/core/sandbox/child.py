"""The process that runs strangers' SQL: ``python -m parvis.core.sandbox.child`` with its settings as one JSON argument.

It reads messages on its standard input and answers on what was its standard output, which nothing else can reach: DuckDB
itself finds both closed. It never returns from a question that its parent has given up: it is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from parvis.core.children import confinement, frames
from parvis.core.children.system_calls import filter_system_calls
from parvis.core.connections import connect, lock
from parvis.core.errors import ParvisError
from parvis.core.sandbox.answers import Limits
from parvis.core.sandbox.rows import send_rows
from parvis.core.staging import quote_identifier
from parvis.core.statements.check import tables_of
from parvis.core.statements.error_messages import error_of
from parvis.core.statements.errors import SandboxFailed, SqlMeaningless, SqlTooLarge, SqlTooLong
from parvis.core.statements.parsing import parse
from parvis.core.unused import leave_pandas_out


@dataclass(frozen=True, slots=True)
class Settings:
    """What the parent decides."""

    parent: int
    root: str
    folder: str
    """Where what does not fit in memory is written."""
    memory: int
    """Bytes of memory for DuckDB; the whole process may take twice as much."""
    spill: int
    """Bytes of temporary files."""


class Child:
    """The loop of one process."""

    def __init__(self, settings: Settings, source: int, target: int) -> None:
        self._source, self._target = source, target
        self._connection = _locked(settings)

    def serve(self) -> None:
        """Answer until the parent closes its end."""
        while True:
            try:
                _kind, body = frames.receive(self._source)
            except frames.Gone:
                return
            order = json.loads(body)
            confinement.allow_processor(order["seconds"])
            with contextlib.closing(self._connection.cursor()) as cursor:
                frames.send_words(self._target, self._obeyed(cursor, order))

    def _obeyed(self, cursor: duckdb.DuckDBPyConnection, order: dict[str, Any]) -> dict[str, Any]:
        try:
            if order["do"] == "read":
                tables = tables_of(parse(cursor, order["sql"]), order["sql"])
                return {"tables": [[table.name, table.position] for table in tables]}
            return self._answer(cursor, order)
        except ParvisError as error:
            return {"error": error.code, "details": error.to_details()}
        except RecursionError:
            return {"error": SqlTooLong.code, "details": {"limit": order["longest"]}}
        except MemoryError:
            return {"error": SqlTooLarge.code, "details": {}}

    def _answer(self, cursor: duckdb.DuckDBPyConnection, order: dict[str, Any]) -> dict[str, Any]:
        text = order["sql"]
        relations = {name.lower(): relation for name, relation in order["tables"].items()}
        for table in tables_of(parse(cursor, text), text):
            # The parent resolved what it was told; nothing else may be asked in between.
            if table.name.lower() not in relations:
                raise SandboxFailed
        try:
            for name, relation in relations.items():
                cursor.execute(f"CREATE TEMP VIEW {quote_identifier(name)} AS {relation}")
        except duckdb.Error as error:
            raise SandboxFailed from error
        try:
            return send_rows(cursor, text, self._target, Limits(**order["limits"]), order["counting"])
        except duckdb.Error as error:
            raise error_of(error, text) from error
        except (pa.ArrowException, ValueError, OverflowError) as error:
            # A value that exists in DuckDB and not in Arrow or Python: an infinite date, an instant before year 1.
            raise SqlMeaningless(reason=str(error).split("\n", 1)[0][:300], line=1, column=1) from error
        finally:
            for name in relations:
                cursor.execute(f"DROP VIEW {quote_identifier(name)}")


def _locked(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A connection that reads below the root only, in the order in which every lock holds."""
    connection = connect(
        f"{settings.memory}B",
        1,
        Path(settings.folder),
        max_temp_directory_size=f"{settings.spill}B",
        python_enable_replacements="false",
    )
    connection.execute("SET GLOBAL errors_as_json = true")
    connection.execute("SET GLOBAL max_expression_depth = 250")
    lock(connection, Path(settings.root))
    return connection


def main() -> None:
    """Take the pipes away from everything else, lock the process, say that it is ready, serve."""
    settings = Settings(**json.loads(sys.argv[1]))
    confinement.die_with(settings.parent)
    source, target = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    confinement.limit_resources(settings.spill)
    readable = [*confinement.libraries(), Path(settings.root)]
    is_confined = confinement.confine(readable, [Path(settings.folder)])
    leave_pandas_out()
    child = Child(settings, source, target)
    filter_system_calls()
    confinement.limit_memory(2 * settings.memory)
    frames.send_words(target, {"ready": True, "confined": is_confined})
    child.serve()


if __name__ == "__main__":
    main()
