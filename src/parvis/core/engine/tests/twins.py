"""The same rows in two engines: one that has them loaded, and one that reads their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.ingest import ingest


@contextmanager
def twins(
    root: Path, headers: str, rows: Sequence[Sequence[object]], room: str = "hot"
) -> Iterator[tuple[DuckDBEngine, DuckDBEngine, Source]]:
    """The engine that has them loaded in that room, the other one, and the version that both read."""
    lines = [headers, *(",".join(map(str, row)) for row in rows)]
    (root / "lignes.csv").write_text("\n".join(lines), encoding="utf-8")
    manifest = ingest(root / "lignes.csv", name="lignes.csv", destination=root / "d", work=root / "work")
    source = Source(str(root / "d" / manifest.version), manifest)
    on_disk = {"loaded": 0, "disk": 10**9} if room == "disk" else {}
    loaded, files = DuckDBEngine(root, **on_disk), DuckDBEngine(root, loaded=0)
    assert loaded.warm(source)
    assert loaded._hot._loaded[source.key].room.database == room
    yield loaded, files, source
    loaded.close()
    files.close()
