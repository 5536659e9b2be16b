"""A real demonstration portal: the real commands, a fresh home, a real server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.config.bench.pages import serving

PARVIS = str(Path(sys.executable).parent / "parvis")


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def demo_environment(tmp_path_factory) -> dict[str, str]:
    """The environment of an instance into which ``parvis demo`` loaded the demonstration."""
    home = tmp_path_factory.mktemp("demo") / "home"
    environment = {**os.environ, "PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": ""}
    run = subprocess.run([PARVIS, "demo", "--no-serve"], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return environment


@pytest.fixture(scope="session")
def portal(demo_environment, tmp_path_factory) -> Iterator[str]:
    """The address of ``parvis serve`` on that instance."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    before = dict(os.environ)
    os.environ.update({**demo_environment, "PARVIS_BASE_URL": address})
    try:
        command = [PARVIS, "serve", "--port", str(port), "--workers", "1"]
        with serving(command, f"{address}/healthz", tmp_path_factory.mktemp("log")):
            yield address
    finally:
        os.environ.clear()
        os.environ.update(before)
