"""The whole instance as open files (``parvis export-all``), a first time and again, beside copying the very files that it writes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from parvis.config.bench.figures import Figure

SUBJECT = "tout exporter"
PEER = "cp des mêmes fichiers"

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
    start = time.perf_counter()
    shutil.copytree(target, folder / "copie")
    copying = time.perf_counter() - start
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    label = f"{size / 1e6:.0f} Mo"
    return [
        Figure(SUBJECT, f"{label}, la première fois", "s", first["seconds"], PEER, copying),
        Figure(SUBJECT, f"{label}, sans rien de nouveau", "s", again["seconds"], PEER, copying),
        Figure(SUBJECT, f"{label}, mémoire au plus fort", "Mo", first["peak"]),
    ]


def _alone(target: Path, environment: Mapping[str, str]) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-c", _ALONE, str(target)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    facts: dict[str, float] = json.loads(run.stdout.splitlines()[-1]) if run.stdout else {"status": run.returncode}
    if facts["status"]:
        raise RuntimeError(f"parvis export-all: {run.stdout}{run.stderr}".strip())
    return facts
