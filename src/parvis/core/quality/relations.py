"""A locked-down DuckDB over the Parquet files of versions, for measures made once at publication."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from parvis.core.staging import extension_settings, load_spatial
from parvis.core.versions.manifest import Manifest


@contextmanager
def measuring_connection(work: Path | None, memory: str, *, shapes: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own, on two threads, that spills into ``work``; ``shapes``: it will read geometries."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": 2,
        **extension_settings(),
        "preserve_insertion_order": "false",
    }
    if work is not None:
        config["temp_directory"] = str(work)
    with duckdb.connect(config=config) as connection:
        if shapes:
            load_spatial(connection)
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def relation_of(folder: Path, manifest: Manifest) -> str:
    """SQL: the rows of a version."""
    files = ", ".join("'" + str(folder / part.file).replace("'", "''") + "'" for part in manifest.parts)
    return f"read_parquet([{files}])"
