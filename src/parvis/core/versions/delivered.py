"""A version as its source delivered it, without what contributions changed: a derived version, like a subset."""

from __future__ import annotations

from pathlib import Path

from parvis.core.connections import opened, parquet_rows, path_literal
from parvis.core.versions.folders import new_folder
from parvis.core.versions.manifest import Manifest, read_manifest, write_manifest
from parvis.core.versions.relations import relation_of
from parvis.core.versions.subsets import PARQUET, PART, described
from parvis.core.versions.writer import DELIVERED, LINE, ROW

OVERLAY = "overlay"
"""The name of the merge in the lineage of a manifest."""


def is_overlaid(manifest: Manifest) -> bool:
    """Whether contributions changed something of that version."""
    return any(step.get("name") == OVERLAY and step.get("details", {}).get("applied") for step in manifest.lineage)


def write_delivered(
    folder: Path, destination: Path, name: str, *, memory: str = "256MB", seconds: float = 600.0
) -> Manifest:
    """Write the rows of the version in ``folder`` as they were delivered to ``destination/name``, whole or not at all.

    Rows have the order of the source, and their line in it. WriteFailed when the machine could not, or not within ``seconds``;
    AlreadyWritten when another process was first.
    """
    manifest = read_manifest(folder)
    step = next(step for step in manifest.lineage if step.get("name") == OVERLAY)
    last_line = int(step["details"]["last_line"])
    with new_folder(destination, name) as target, opened(memory, seconds=seconds) as connection:
        rows = f"SELECT * EXCLUDE ({ROW}) FROM {relation_of(folder, manifest)} WHERE {LINE} <= {last_line}"
        if (folder / DELIVERED).exists():
            changed = parquet_rows([folder / DELIVERED])
            rows = (
                f"SELECT * FROM ({rows}) ANTI JOIN (SELECT {LINE} FROM {changed}) USING ({LINE}) "
                f"UNION ALL BY NAME SELECT * FROM {changed}"
            )
        part = target / PART
        ranked = f"SELECT row_number() OVER (ORDER BY {LINE}) AS {ROW}, * FROM ({rows}) ORDER BY {ROW}"
        connection.execute(f"COPY ({ranked}) TO {path_literal(part)} {PARQUET}")
        delivered = described(connection, manifest, part)
        write_manifest(target, delivered)
    return delivered
