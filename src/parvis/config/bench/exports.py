"""Whole exports in every format: time, first byte and peak of memory, each in a process of its own; Datasette's CSV beside."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parvis.config.bench.datasette import serve_command
from parvis.config.bench.figures import Figure
from parvis.config.bench.pages import free_port, serving
from parvis.core.explore import formats_for
from parvis.core.versions.manifest import read_manifest

MOST_ROWS = 1_000_000
PATIENCE = 900
"""Seconds after which a format is given up."""

_MEMORY = "256MB"
"""What DuckDB may use: rows are streamed, so it needs little."""

_ALONE = """
import json, re, sys, time
from pathlib import Path
from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.explore import ExploreRequest, export
from parvis.core.versions.manifest import read_manifest
folder, name, memory, rows = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
source = Source(str(folder.absolute()), read_manifest(folder))
engine = DuckDBEngine(folder.parent.parent, memory=memory, threads=2)
# Formats load their libraries at first use: that of a portal has long been done.
sum(map(len, export(engine, source, name, ExploreRequest(limit=1))))
# Not getrusage: the peak it tells is that of the process which started this one, where it was higher.
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before = peak()
start, busy = time.perf_counter(), time.process_time()
pieces = export(engine, source, name, ExploreRequest(limit=int(rows)), seconds=600)
size = len(next(pieces))
first = time.perf_counter() - start
size += sum(map(len, pieces))
facts = {"seconds": time.perf_counter() - start, "processor": time.process_time() - busy, "first": first, "peak": peak(), "added": peak() - before, "bytes": size}
print(json.dumps(facts), flush=True)
engine.close()
"""


def export_figures(
    version: Path, folder: Path, database: Path | None = None, formats: Sequence[str] = ()
) -> list[Figure]:
    """Seconds, first byte and memory of each format (all, or those named) on the version in this folder, at most a million rows of it."""
    manifest = read_manifest(version)
    rows = min(manifest.rows, MOST_ROWS)
    peer = _datasette(folder, database, rows == manifest.rows) if database else None
    tenth = 0.1 if rows >= MOST_ROWS else None
    figures = []
    possible = [row.name for row in formats_for(has_geometry=manifest.shape.geometry is not None)]
    for name in (one for one in possible if not formats or one in formats):
        figures += _figures(name, _alone(version, name, rows), peer if name == "csv" else None, tenth)
    return figures


def _figures(name: str, facts: dict[str, Any], peer: dict[str, float] | None, tenth: float | None) -> list[Figure]:
    label = f"{name}, {facts['bytes'] / 1e6:.0f} Mo"
    first = 100 if name == "csv" else None
    figures = [
        Figure("export", label, "s", facts["seconds"]),
        Figure("export", f"{label}, premier octet", "ms", facts["first"] * 1000, budget=first),
        Figure("export", f"{label}, mémoire au plus fort", "Mo", facts["peak"]),
    ]
    if peer:
        figures.append(Figure("export", label, "s", facts["seconds"], "Datasette", peer["seconds"], tenth))
        taken = facts["processor"], "Datasette", peer["processor"]
        figures.append(Figure("export", f"{label}, processeur", "s", *taken, tenth))
        figures.append(
            Figure("export", f"{label}, mémoire au plus fort", "Mo", facts["peak"], "Datasette", peer["peak"])
        )
    return figures


def _alone(version: Path, name: str, rows: int) -> dict[str, Any]:
    command = [sys.executable, "-c", _ALONE, str(version), name, _MEMORY, str(rows)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    if run.returncode:
        raise RuntimeError(f"export {name}: {run.stderr.strip()[-2000:]}")
    facts: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return facts


def _datasette(folder: Path, database: Path, whole: bool) -> dict[str, float] | None:
    """Seconds, those of processor and peak of memory of Datasette's CSV of the whole table; None when it is not installed or rows are left out."""
    command = serve_command(database, port := free_port())
    if not command or not whole:
        return None
    address = f"http://127.0.0.1:{port}"
    with serving(command, f"{address}/-/versions.json", folder) as server:
        start, busy = time.perf_counter(), server.busy()
        with urllib.request.urlopen(f"{address}/mesure/mesure.csv?_stream=on&_size=max") as answer:  # noqa: S310 our own address
            while answer.read(1 << 20):
                pass
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "processor": server.busy() - busy, "peak": server.peak()}
