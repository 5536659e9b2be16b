"""Connections to DuckDB, all set up here: extensions from their wheels, limits, spill folder, locks."""

from __future__ import annotations

import importlib.resources
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_checked: set[str] = set()
"""Extensions whose signature was checked in this process."""


def connect(
    memory: str, threads: int = 2, spill: Path | None = None, *, spatial: bool = True, **settings: str
) -> duckdb.DuckDBPyConnection:
    """A database of its own, in memory up to ``memory`` and beyond that in ``spill``; ``settings`` are DuckDB's own.

    It installs and loads no extension by itself; ``spatial`` is there unless it is said not to be (loading takes a few ms).
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": threads,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        # The signature is checked once a process: to check it again for each connection means to hash the 80 MB of the
        # extension on sixty threads, a hundred times longer than to load it. Nobody but Parvis loads anything.
        "allow_unsigned_extensions": "true" if "spatial" in _checked else "false",
        **settings,
    }
    if spill is not None:
        config["temp_directory"] = str(spill)
    connection = duckdb.connect(":memory:", config=config)
    # DuckDB takes `python -c` for a person at a prompt, and draws its progress on the output of programs when it has to wait.
    connection.execute("SET enable_progress_bar = false")
    if spatial:
        load_spatial(connection)
    return connection


@contextmanager
def opened(
    memory: str,
    spill: Path | None = None,
    *,
    spatial: bool = True,
    seconds: float | None = None,
    **settings: str,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same on two threads, its instants in UTC, closed at the end; what runs after ``seconds`` is interrupted.

    The interruption is DuckDB's InterruptException: what it means is for the caller to say.
    """
    with connect(memory, 2, spill, spatial=spatial, **settings) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        timer = threading.Timer(seconds, connection.interrupt) if seconds is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            yield connection
        finally:
            if timer is not None:
                timer.cancel()


def lock(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Let a connection read below ``root`` and nowhere else, for good; in the only order in which every lock holds."""
    connection.execute("SET GLOBAL TimeZone = 'UTC'")  # of every cursor, wherever the machine stands
    connection.execute(f"SET allowed_directories = [{path_literal(root.absolute())}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET allow_community_extensions = false")
    connection.execute("SET lock_configuration = true")


def load_spatial(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the spatial extension from its wheel, never from the network."""
    root = importlib.resources.files("duckdb_extension_spatial")
    path = root / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    connection.execute(f"LOAD '{path}'")
    _checked.add("spatial")


def check_extensions() -> None:
    """Verify the signature of the extensions now, for this process and those it forks, and leave one thread alone in it."""
    # DuckDB opens a connection of its own when it is imported, with a thread that a fork would lose, locks and all.
    duckdb.default_connection().close()
    with connect("256MB", threads=1):
        pass


def path_literal(path: Path) -> str:
    """A path as an SQL string: neither COPY nor the list of files takes a parameter."""
    return "'" + str(path).replace("'", "''") + "'"


def exact_pattern(path: Path) -> str:
    """A path as a pattern of files that only it meets: the signs that DuckDB would expand are made harmless."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def parquet_rows(files: Iterable[Path]) -> str:
    """SQL: the rows of these Parquet files, one after the other."""
    return f"read_parquet([{', '.join(map(path_literal, files))}])"
