"""The rows of a version as DuckDB's SQL, for work done beside the engine."""

from __future__ import annotations

from pathlib import Path

from parvis.core.connections import parquet_rows
from parvis.core.versions.manifest import Manifest


def relation_of(folder: Path, manifest: Manifest) -> str:
    """SQL: the rows of a version, as its parts hold them."""
    return parquet_rows(folder / part.file for part in manifest.parts)
