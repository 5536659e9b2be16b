"""From a CSV to a published, queryable version: time and memory, beside DuckDB alone and sqlite-utils."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import duckdb

from parvis.config.bench.figures import Figure, timed
from parvis.config.bench.sample import write_sample

# In a process of its own, so that the peak of memory is that of the import and nothing else.
_CHILD = """
import json, resource, sys, time
from pathlib import Path
from parvis.core.ingest import ingest
start = time.perf_counter()
folder = Path(sys.argv[2])
manifest = ingest(Path(sys.argv[1]), name="mesure.csv", destination=folder / "versions", work=folder / "work")
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "megabytes": peak, "rows": manifest.rows, "version": manifest.version}))
"""


def import_figures(folder: Path, rows: int) -> tuple[list[Figure], Path]:
    """Figures of one import of ``rows`` rows, and the folder of the version it wrote."""
    sample = folder / "mesure.csv"
    size = write_sample(sample, rows)
    label = f"import, {rows:,} lignes, {size / 1e6:.0f} Mo".replace(",", " ")
    # Ours and the peer in turn, the best of each: the machine's speed drifts.
    ours = min((_ours(sample, folder / f"ours-{turn}") for turn in range(2)), key=lambda run: run["seconds"])
    duck = timed(lambda: _duckdb_alone(sample, folder / "duckdb.parquet"), repeat=2)[0]
    figures = [
        Figure("import", label, "s", ours["seconds"], "DuckDB seul", duck, 2.5),
        Figure("import", "mémoire au plus fort", "Mo", ours["megabytes"], budget=1024),
    ]
    peer = _sqlite_utils(sample, folder)
    if peer is not None:
        figures.append(Figure("import", label, "s", ours["seconds"], "sqlite-utils", peer))
    return figures, Path(ours["folder"]) / "versions" / ours["version"]


def _ours(sample: Path, folder: Path) -> dict:
    folder.mkdir()
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, str(sample), str(folder)], capture_output=True, text=True, check=True
    )
    return {**json.loads(run.stdout.splitlines()[-1]), "folder": str(folder)}


def _duckdb_alone(sample: Path, target: Path) -> None:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(f"COPY (FROM read_csv('{sample}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _sqlite_utils(sample: Path, folder: Path) -> float | None:
    command = shutil.which("sqlite-utils", path=str(Path(sys.executable).parent))
    if command is None:
        return None
    start = perf_counter()
    subprocess.run(
        [command, "insert", str(folder / "mesure.db"), "mesure", str(sample), "--csv", "--detect-types"],
        check=True,
        capture_output=True,
    )
    return perf_counter() - start
