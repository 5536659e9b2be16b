"""From a CSV to a published, queryable version: time and memory, beside DuckDB alone and sqlite-utils."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from parvis.config.bench.figures import Figure, turns_for
from parvis.config.bench.sample import write_sample

TURNS = 3
"""Ours and each peer run in turn so many times and medians are compared: the machine's speed drifts."""

# Each runs in a process of its own, so that time and peak of memory are those of the work and nothing else.
_START = """
import json, re, sys, time
from pathlib import Path
from parvis.core.unused import leave_pandas_out
leave_pandas_out()
source, folder = Path(sys.argv[1]), Path(sys.argv[2])
"""
_END = """
# Not getrusage: the peak it tells is that of the process which started this one, where it was higher.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
facts = {"seconds": time.perf_counter() - start, "processor": time.process_time() - busy, "megabytes": peak}
print(json.dumps({**facts, "version": version}))
"""
CLOCKS = "start, busy, version = time.perf_counter(), time.process_time(), ''\n"
OURS = f"""
from parvis.core.ingest import ingest
{CLOCKS}
manifest = ingest(source, name=source.name, destination=folder / "versions", work=folder / "work")
version = manifest.version
"""
# The same Parquet as ours: types that DuckDB finds, a point made of two columns, the order of the Hilbert curve.
_TYPED = f"""
import duckdb
from parvis.core.connections import load_spatial
{CLOCKS}
with duckdb.connect(config={{"threads": 2}}) as connection:
    load_spatial(connection)
    connection.execute(
        f"CREATE TABLE rows AS SELECT *, ST_Point(longitude, latitude) AS geo_point_2d FROM read_csv('{{source}}')"
    )
    west, south, east, north = connection.execute(
        "SELECT min(longitude), min(latitude), max(longitude), max(latitude) FROM rows"
    ).fetchone()
    box = f"{{{{'min_x': {{west}}, 'min_y': {{south}}, 'max_x': {{east}}, 'max_y': {{north}}}}}}::BOX_2D"
    target = folder / "typed.parquet"
    connection.execute(
        f"COPY (FROM rows ORDER BY ST_Hilbert(geo_point_2d, {{box}})) TO '{{target}}' "
        "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"
    )
"""
_PLAIN = f"""
import duckdb
{CLOCKS}
with duckdb.connect(config={{"threads": 2}}) as connection:
    connection.execute(f"COPY (FROM read_csv('{{source}}')) TO '{{folder / 'plain.parquet'}}' (FORMAT parquet, COMPRESSION zstd)")
"""


def import_figures(folder: Path, rows: int) -> tuple[list[Figure], Path]:
    """Figures of one import of ``rows`` rows, and the folder of the version it wrote."""
    sample = folder / "mesure.csv"
    size = write_sample(sample, rows)
    label = f"{rows:,} lignes, {size / 1e6:.0f} Mo".replace(",", "\u202f")
    runs: dict[str, list[dict[str, Any]]] = {OURS: [], _TYPED: [], _PLAIN: []}
    for turn in range(turns_for(TURNS, rows)):
        for rank, (work, done) in enumerate(runs.items()):
            done.append(alone(work, sample, folder / f"import-{turn}-{rank}"))
    parvis_run, typed, plain = (_median(done) for done in runs.values())
    typed_name = "DuckDB, même Parquet : types, point, ordre"
    figures = [
        Figure("import", f"{label}, processeur", "s", parvis_run["processor"], typed_name, typed["processor"], 2.5),
        Figure("import", f"{label}, durée", "s", parvis_run["seconds"], typed_name, typed["seconds"]),
        Figure("import", f"{label}, durée", "s", parvis_run["seconds"], "DuckDB, read_csv → Parquet", plain["seconds"]),
        Figure("import", "mémoire au plus fort", "Mo", parvis_run["megabytes"], budget=1024),
    ]
    peer = _sqlite_utils(sample, folder)
    if peer is not None:
        figures.append(Figure("import", f"{label}, durée", "s", parvis_run["seconds"], "sqlite-utils", peer))
    last = runs[OURS][-1]
    return figures, Path(last["folder"]) / "versions" / last["version"]


def alone(work: str, sample: Path, folder: Path, *arguments: str) -> dict[str, Any]:
    """Seconds, seconds of processor and peak of memory of ``work`` in a new process."""
    folder.mkdir()
    program = _START + work + _END
    run = subprocess.run(
        [sys.executable, "-c", program, str(sample), str(folder), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return {**json.loads(run.stdout.splitlines()[-1]), "folder": str(folder)}


def _median(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Median times; the highest peak of memory."""
    facts = {key: statistics.median(run[key] for run in runs) for key in ("seconds", "processor")}
    return {**facts, "megabytes": max(run["megabytes"] for run in runs)}


def _sqlite_utils(sample: Path, folder: Path) -> float | None:
    command = shutil.which("sqlite-utils", path=str(Path(sys.executable).parent))
    if command is None:
        return None
    start = perf_counter()
    subprocess.run(
        [command, "insert", str(folder / "mesure.db"), "mesure", str(sample), "--csv"],
        check=True,
        capture_output=True,
    )
    return perf_counter() - start
