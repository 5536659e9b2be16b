"""One served instance for the cases and the clients."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.config.bench.pages import serving

DATA = Path(__file__).parent / "data"
PARVIS = str(Path(sys.executable).parent / "parvis")


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[str]:
    """The address of an instance into which both files were imported as an operator would."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("conformance") / "home"
    environment = {"PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": "", "PARVIS_BASE_URL": f"http://127.0.0.1:{port}"}
    for name in ("arbres-essai", "lieux", "collection"):
        command = [PARVIS, "import", str(DATA / f"{name}.csv"), "--metadata", str(DATA / f"{name}.json")]
        run = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        command = [PARVIS, "serve", "--port", str(port), "--workers", "1"]
        with serving(command, f"http://127.0.0.1:{port}/healthz", tmp_path_factory.mktemp("log")):
            yield f"http://127.0.0.1:{port}"
    finally:
        os.environ.clear()
        os.environ.update(before)
