"""One served instance that holds the three datasets."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuzzing.within import environment_of, fill
from parvis.config.bench.pages import serving

PARVIS = str(Path(sys.executable).parent / "parvis")


@pytest.fixture(scope="session")
def instance(tmp_path_factory) -> Iterator[tuple[str, int]]:
    """Host and port of ``parvis serve`` on an instance whose callers have no budget to spend."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("fuzzing")
    environment = {**environment_of(folder), "PARVIS_BASE_URL": f"http://127.0.0.1:{port}"}
    fill(folder, environment)
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        command = [PARVIS, "serve", "--port", str(port), "--workers", "1"]
        with serving(command, f"http://127.0.0.1:{port}/healthz", folder):
            yield "127.0.0.1", port
    finally:
        os.environ.clear()
        os.environ.update(before)
