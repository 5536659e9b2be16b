"""One served instance for the cases and the clients."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis.config.bench.pages import serving

DATA = Path(__file__).parent / "data"
PARVIS = str(Path(sys.executable).parent / "parvis")


@dataclass(frozen=True, slots=True)
class Home:
    """An instance into which the files were imported as an operator would, and what starts it."""

    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this instance."""
        address = f"http://127.0.0.1:{self.port}"
        return {
            "PARVIS_HOME": str(self.folder),
            "PARVIS_DATABASE_URL": "",
            "PARVIS_BASE_URL": address,
            "PARVIS_SOURCES_PRIVATE_HOSTS": f"127.0.0.1:{self.port}",  # it may be a source of itself
            "PARVIS_SOURCES_PAUSE": "0",
        }


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Home:
    """The instance, not yet served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Home(tmp_path_factory.mktemp("conformance") / "home", probe.getsockname()[1])
    for name in ("arbres-essai", "lieux", "collection"):
        command = [PARVIS, "import", str(DATA / f"{name}.csv"), "--metadata", str(DATA / f"{name}.json")]
        run = subprocess.run(
            command, env={**os.environ, **made.environment}, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr
    return made


WRITER = """
import io, json, sys
from contextlib import redirect_stdout
from parvis.config.cli.main import main

def run(*words):
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(words) == 0, words
    return json.loads(out.getvalue())

file, dataset_id, organisation = sys.argv[1:]
person = f"{dataset_id}@essais.example"
run("import", file, "--id", dataset_id, "--organisation", organisation, "--json")
run("user", "add", person, "--superuser", "--json")
words = ("--person", person, "--scope", "administer", "--organisation", organisation, "--expires", "9", "--json")
print(run("key", "create", "--name", "une", *words)["key"])
"""


@pytest.fixture(scope="session")
def writer(home: Home) -> str:
    """A key that administers an organisation of its own, where there is one dataset: what they write, other tests do not read."""
    return _writer(home, "ecrit", "Essais")


@pytest.fixture(scope="session")
def asker(home: Home) -> str:
    """The same elsewhere, for questions at random: nobody can tell what they leave of it."""
    return _writer(home, "demande", "Questions")


def _writer(home: Home, dataset_id: str, organisation: str) -> str:
    command = [sys.executable, "-c", WRITER, str(DATA / "lieux.csv"), dataset_id, organisation]
    run = subprocess.run(command, env={**os.environ, **home.environment}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1]


@pytest.fixture(scope="session")
def served(home: Home, tmp_path_factory) -> Iterator[str]:
    """The address of the instance."""
    before = dict(os.environ)
    os.environ.update(home.environment)
    try:
        command = [PARVIS, "serve", "--port", str(home.port), "--workers", "1"]
        with serving(command, f"http://127.0.0.1:{home.port}/healthz", tmp_path_factory.mktemp("log")):
            yield f"http://127.0.0.1:{home.port}"
    finally:
        os.environ.clear()
        os.environ.update(before)
