"""A real demonstration portal: the wheel alone in an environment of its own, the real commands, a fresh home, a real server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis.config.bench.pages import serving

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"
RELOADS = 'http-equiv="refresh"'
"""What a home has while the portal is being filled."""


def run(*command: object, **options) -> str:
    """What a command says; its failure is that of the test."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--wheel", "--quiet", "--out-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def parvis(wheel, tmp_path_factory) -> Path:
    """The command that the wheel installs, without this checkout."""
    folder = tmp_path_factory.mktemp("installed")
    python = folder / "venv" / "bin" / "python"
    run(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv")
    run(UV, "pip", "install", "--quiet", "--python", python, "--constraint", _pins(folder), wheel)
    return folder / "venv" / "bin" / "parvis"


def _pins(folder: Path) -> Path:
    """The versions of the lock, without hashes (the wheel itself has none)."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line.split(" \\")[0].strip() for line in lines if "==" in line and not line.startswith(" ")]
    path = folder / "pins.txt"
    path.write_text("\n".join(pins))
    return path


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What a visitor saw of ``parvis demo`` on a new machine, once every two seconds from its first answer on, until all was in."""

    environment: dict[str, str]
    homes: tuple[str, ...]
    explorers: tuple[str, ...]
    printed: str


@pytest.fixture(scope="session")
def first_start(parvis, tmp_path_factory) -> FirstStart:
    """The demonstration as it is first loaded, by the command that serves it meanwhile."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    environment = {
        **os.environ,
        "HOME": str(folder),
        "PARVIS_HOME": str(folder / "home"),
        "PARVIS_DATABASE_URL": "",
        "PYTHONDONTWRITEBYTECODE": "",  # each command would compile all libraries again
    }
    address, homes, explorers = f"http://127.0.0.1:{port}", [], []
    command = ["env", "-C", str(folder), str(parvis), "demo", "--port", str(port), "--workers", "1"]
    with serving(command, address, folder, environment=environment):
        while not homes or RELOADS in homes[-1]:
            homes.append(read(address))
            explorers.append(read(f"{address}/explore/"))
            time.sleep(2)
    return FirstStart(environment, tuple(homes), tuple(explorers), (folder / "server.log").read_text("utf-8"))


def read(url: str) -> str:
    """The page at this address."""
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode()


@pytest.fixture(scope="session")
def demo_environment(first_start) -> dict[str, str]:
    """The environment of an instance into which ``parvis demo`` loaded the demonstration."""
    return first_start.environment


@pytest.fixture(scope="session")
def portal(parvis, demo_environment, tmp_path_factory) -> Iterator[str]:
    """The address of ``parvis serve`` on that instance."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    before = dict(os.environ)
    os.environ.update({**demo_environment, "PARVIS_BASE_URL": address})
    try:
        command = [str(parvis), "serve", "--port", str(port), "--workers", "1"]
        with serving(command, f"{address}/healthz", tmp_path_factory.mktemp("log")):
            yield address
    finally:
        os.environ.clear()
        os.environ.update(before)
