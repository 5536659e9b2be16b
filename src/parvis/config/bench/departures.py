"""The whole instance as open files (``parvis export-all``), a first time and again.

Beside them: copying the very files that it writes, which is the least that any disk asks; DuckDB alone writing the same rows in the same
formats; the digests of all of it, which is what it takes to know that nothing changed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from parvis.config.bench.figures import Figure, timed
from parvis.core.connections import connect, path_literal

SUBJECT = "tout exporter"
COPIED, WRITTEN, READ = "cp des mêmes fichiers", "DuckDB seul, mêmes lignes et formats", "sha256 des mêmes fichiers"
DRIVERS = {"geojson": "GeoJSON", "gpkg": "GPKG"}

_ALONE = """
import json, re, sys, time
from pathlib import Path
from parvis.config.cli.main import main
start = time.perf_counter()
status = main(["export-all", sys.argv[1], "--json"])
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps({"status": status, "seconds": time.perf_counter() - start, "peak": peak}))
"""


def departure_figures(folder: Path, environment: Mapping[str, str]) -> list[Figure]:
    """Seconds of the first export of a home and of the one that follows, which finds nothing to write; memory at its highest."""
    target = folder / "tout"
    first, again = _alone(target, environment), _alone(target, environment)
    copying = timed(lambda: shutil.copytree(target, folder / "copie"))[0]
    writing = timed(lambda: _written_by_duckdb(target, folder / "duckdb"))[0]
    files = [path for path in target.rglob("*") if path.is_file()]
    reading = timed(lambda: [_digest(path) for path in files])[0]
    size = sum(path.stat().st_size for path in files)
    label = f"{size / 1e6:.0f} Mo"
    return [
        Figure(SUBJECT, f"{label}, la première fois", "s", first["seconds"], COPIED, copying),
        Figure(SUBJECT, f"{label}, la première fois", "s", first["seconds"], WRITTEN, writing),
        Figure(SUBJECT, f"{label}, sans rien de nouveau", "s", again["seconds"], READ, reading),
        Figure(SUBJECT, f"{label}, mémoire au plus fort", "Mo", first["peak"]),
    ]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _written_by_duckdb(target: Path, folder: Path) -> None:
    folder.mkdir()
    with connect("1GB") as connection:
        for rank, source in enumerate(sorted(target.glob("jeux/*/donnees.parquet"))):
            rows = f"(SELECT * FROM {path_literal(source)})"
            for form in ("csv", "parquet", *DRIVERS):
                if not source.with_suffix(f".{form}").exists():
                    continue
                options = f"FORMAT gdal, DRIVER '{DRIVERS[form]}'" if form in DRIVERS else f"FORMAT {form}"
                connection.execute(f"COPY {rows} TO {path_literal(folder / f'{rank}.{form}')} ({options})")


def _alone(target: Path, environment: Mapping[str, str]) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-c", _ALONE, str(target)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    facts: dict[str, float] = json.loads(run.stdout.splitlines()[-1]) if run.stdout else {"status": run.returncode}
    if facts["status"]:
        raise RuntimeError(f"parvis export-all: {run.stdout}{run.stderr}".strip())
    return facts
