"""One served instance that holds the three datasets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuzzing.rows import (
    ASKED,
    HIDDEN,
    HIDDEN_MARK,
    HIDDEN_TITLE,
    NEIGHBOUR,
    NEIGHBOUR_MARK,
    made_rows,
    marked,
    sidecar,
    table,
)
from parvis.config.bench.pages import serving

PARVIS = str(Path(sys.executable).parent / "parvis")
_DATASETS = (
    (ASKED, "Marchés inventés", made_rows(), "public"),
    (NEIGHBOUR, "Voisinage", marked(NEIGHBOUR_MARK), "public"),
    (HIDDEN, HIDDEN_TITLE, marked(HIDDEN_MARK), "restricted"),
)


@pytest.fixture(scope="session")
def instance(tmp_path_factory) -> Iterator[tuple[str, int]]:
    """Host and port of ``parvis serve`` on an instance whose callers have no budget to spend."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("fuzzing")
    environment = {
        **os.environ,
        "PARVIS_HOME": str(folder / "home"),
        "PARVIS_DATABASE_URL": "",
        "PARVIS_BASE_URL": f"http://127.0.0.1:{port}",
        "PARVIS_QUOTA_ANONYMOUS_SECONDS": "1000000",
        "PARVIS_QUOTA_ANONYMOUS_CALLS": "1000000000",
    }
    for dataset_id, title, rows, access in _DATASETS:
        (folder / f"{dataset_id}.csv").write_text(table(rows), encoding="utf-8")
        (folder / f"{dataset_id}.json").write_text(sidecar(dataset_id, title), encoding="utf-8")
        command = [PARVIS, "import", str(folder / f"{dataset_id}.csv"), "--access", access]
        command += ["--metadata", str(folder / f"{dataset_id}.json")]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        command = [PARVIS, "serve", "--port", str(port), "--workers", "1"]
        with serving(command, f"http://127.0.0.1:{port}/healthz", folder):
            yield "127.0.0.1", port
    finally:
        os.environ.clear()
        os.environ.update(before)
