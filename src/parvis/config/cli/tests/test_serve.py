"""``parvis serve``, for real: it answers, does background work, and leaves no process behind however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

pytestmark = pytest.mark.slow

PATIENCE = 120
ENQUEUE = """
import django; django.setup()
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.services import deposit_original, run_import, start_import
dataset = Dataset.objects.select_related("current", "organisation").get()
deposit = deposit_original(OPERATOR, dataset, dataset.current)
run_import(OPERATOR, start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))
"""


class Portal:
    """A served instance and every process of it."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {**os.environ, "PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": ""}
        self.environment.pop("PYTHONWARNINGS", None)
        self.process: subprocess.Popen[bytes] | None = None

    def parvis(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "parvis.config.cli.main", *map(str, words)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def start(self) -> None:
        command = [sys.executable, "-m", "parvis.config.cli.main", "serve", "--port", str(self.port), "--workers", "1"]
        self.process = subprocess.Popen(command, env=self.environment)
        until(self.answers)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz") as answer:
                return answer.status == 200
        except (URLError, ConnectionError):
            return False

    def family(self) -> list[int]:
        """The numbers of the processes that were started by this one, by any of them, and still live."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(stat.parent.name)] = int(fields[1])
        found = [self.process.pid]
        for number in found:
            found += [child for child, parent in parents.items() if parent == number]
        return found[1:]


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; an error after two minutes."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.1)


def lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("serve")
    source = folder / "places.csv"
    source.write_text("code;places\n01234;12\n02345;7\n", encoding="utf-8")
    run = Portal(folder / "home").parvis("import", source)
    assert run.returncode == 0, run.stderr
    return folder / "home"


@pytest.fixture
def portal(home) -> Iterator[Portal]:
    made = Portal(home)
    made.start()
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.wait()


def test_it_serves_works_in_the_background_and_stops_when_asked(portal):
    address = f"http://127.0.0.1:{portal.port}"
    with urllib.request.urlopen(f"{address}/explore/dataset/places/table/") as answer:
        assert "01234" in answer.read().decode()
    environment = {**portal.environment, "DJANGO_SETTINGS_MODULE": "parvis.config.settings"}
    subprocess.run([sys.executable, "-c", ENQUEUE], env=environment, check=True)
    until(lambda: portal.parvis("datasets", "versions", "places").stdout.count("\n") == 2)
    family = portal.family()
    assert len(family) == 3  # a web process, a worker for each queue
    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(PATIENCE) == 0
    assert [number for number in family if lives(number)] == []


def test_its_processes_end_when_it_is_killed(portal):
    until(lambda: len(portal.family()) == 3)
    family = portal.family()
    portal.process.kill()
    portal.process.wait()
    until(lambda: not any(map(lives, family)))


def test_a_worker_that_dies_is_replaced(portal):
    until(lambda: len(portal.family()) == 3)
    worker = next(n for n in portal.family() if b"parvis.config.worker" in Path(f"/proc/{n}/cmdline").read_bytes())
    os.kill(worker, signal.SIGKILL)
    until(lambda: worker not in portal.family() and len(portal.family()) == 3)
    assert portal.answers()


def test_scripts_leave_compressed_from_the_first_start_on(portal, home):
    script = next((home / "static" / "parvis" / "dist" / "assets").glob("main-*.js")).name
    address = f"http://127.0.0.1:{portal.port}/static/parvis/dist/assets/{script}"
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": "br"})) as answer:
        assert answer.headers["Content-Encoding"] == "br"
