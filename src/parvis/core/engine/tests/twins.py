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
    root: Path, headers: str, rows: Sequence[Sequence[object]]
) -> Iterator[tuple[DuckDBEngine, DuckDBEngine, Source]]:
    """The engine that has them loaded, the other one, and the version that both read."""
    lines = [headers, *(",".join(map(str, row)) for row in rows)]
    (root / "lignes.csv").write_text("\n".join(lines), encoding="utf-8")
    manifest = ingest(root / "lignes.csv", name="lignes.csv", destination=root / "d", work=root / "work")
    source = Source(str(root / "d" / manifest.version), manifest)
    loaded, files = DuckDBEngine(root), DuckDBEngine(root, loaded=0)
    assert loaded.warm(source)
    yield loaded, files, source
    loaded.close()
    files.close()
