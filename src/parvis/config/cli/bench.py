"""``parvis bench``: the published benchmark, with its peers when they are installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from parvis.config.bench.figures import Figure, as_json, machine, table
from parvis.config.bench.imports import import_figures
from parvis.config.bench.pages import datasette_figures, free_port, page_figures, serving
from parvis.config.bench.queries import query_figures
from parvis.config.bench.tiles import tile_figures

PARVIS = str(Path(sys.executable).parent / "parvis")


def run(args: Namespace) -> int:
    """Measure in a temporary folder, print a table (or JSON); 1 when a budget of the design is not kept."""
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as name:
        folder = Path(name)
        figures, version = import_figures(folder, args.rows)
        figures += query_figures(version)
        figures += tile_figures(version)
        figures += _served(folder)
    if args.json:
        print(json.dumps({"machine": machine(), "figures": as_json(figures)}, ensure_ascii=False))
    else:
        print(machine())
        print(table(figures))
    return 1 if any(figure.within is False for figure in figures) else 0


def _served(folder: Path) -> list[Figure]:
    """Start of ``parvis serve`` on an instance holding the measured file, its pages, and Datasette's answer."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    os.environ.update({"PARVIS_HOME": str(folder / "home"), "PARVIS_DATABASE_URL": "", "PARVIS_BASE_URL": address})
    _must_run([PARVIS, "init"])
    _must_run([PARVIS, "import", str(folder / "mesure.csv"), "--id", "mesure"])
    command = [PARVIS, "serve", "--port", str(port)]
    with serving(command, f"{address}/healthz", folder):
        pass  # The first start collects static files; an existing home is what is measured.
    with serving(command, f"{address}/healthz", folder) as start:
        figures = page_figures(address, "mesure")
    return [
        Figure("départ", "parvis serve, instance existante", "s", start, budget=4),
        *figures,
        *datasette_figures(folder, folder / "mesure.db", figures),
    ]


def _must_run(command: list[str]) -> None:
    """Run to the end; RuntimeError with what it said when it failed."""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)}: {run.stderr.strip()}")
