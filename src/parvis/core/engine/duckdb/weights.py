"""How heavy the rows of a version are, as the files tell: how many may be held at a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.engine.contract import Source

HELD = 64 * 1024 * 1024
"""Bytes of rows held at a time while a file is written: cells may be megabytes long."""


def rows_within(source: Source, folder: Path, rows: int) -> int:
    """At most ``rows``, fewer when so many of this version would be more than HELD bytes."""
    files = tuple(part.file for part in source.manifest.parts)
    return max(1, min(rows, HELD // max(_row_bytes(str(folder), files), 1)))


@lru_cache(maxsize=1024)
def _row_bytes(folder: str, files: tuple[str, ...]) -> int:
    """Mean bytes of a row, uncompressed; 0 when it cannot be told. Versions never change, so it is asked once."""
    rows = size = 0
    try:
        for file in files:
            metadata = pq.read_metadata(f"{folder}/{file}")
            rows += metadata.num_rows
            size += sum(metadata.row_group(rank).total_byte_size for rank in range(metadata.num_row_groups))
    except (OSError, pa.ArrowException):
        return 0  # the engine itself says what is wrong with the files
    return size // max(rows, 1)
