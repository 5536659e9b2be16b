"""Published clients, unchanged, find here what they find on the portals they were written for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parent / "clients"
NODE = str(Path(sys.executable).parent / "node")


@pytest.mark.parametrize(
    ("program", "script"),
    [
        (NODE, "explore.mjs"),
        (sys.executable, "portalkit_client.py"),
        (sys.executable, "odsclient_client.py"),
        (sys.executable, "gdal_arrow.py"),
    ],
)
def test_a_published_client_works_unchanged(served: str, program: str, script: str):
    # Not this process's environment: what Parvis sets there to close its own GDAL is nobody else's.
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
        "PORTAL": served
    }
    run = subprocess.run(
        [program, CLIENTS / script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
