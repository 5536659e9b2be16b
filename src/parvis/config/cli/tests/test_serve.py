"""``parvis serve``, for real: it answers, does background work, and leaves no process behind however it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from served import PATIENCE, Portal, command_of, lives, served_again, until

pytestmark = pytest.mark.slow

FORK_SERVER = b"parvis.core.children.forkserver"
WHOLE = (2, 3)
"""How many processes a portal has: one of the web, a worker for each queue, of which that of imports may rest."""
IMPORT_IN_THE_BACKGROUND = """
import time
from parvis.config.cli.instance import open_instance
open_instance(may_create=False)
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.services import deposit_original, run_import, start_import
dataset = Dataset.objects.select_related("current", "organisation").get()
deposit = deposit_original(OPERATOR, dataset, dataset.current)
run_import(OPERATOR, start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))
while dataset.versions.count() < 2:
    time.sleep(0.1)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("serve")
    source = folder / "places.csv"
    source.write_text("code;places\n01234;12\n02345;7\n", encoding="utf-8")
    run = Portal(folder / "home").parvis("import", source)
    assert run.returncode == 0, run.stderr
    return folder / "home"


@pytest.fixture(scope="module")
def ask(home) -> Iterator[Callable[[], Portal]]:
    with served_again(home, workers=1) as asked_for:
        yield asked_for


@pytest.fixture
def portal(ask) -> Portal:
    """Each test leaves it whole, or ended."""
    made = ask()
    until(lambda: len(kept_up(made)) in WHOLE)
    return made


def kept_up(portal: Portal) -> list[int]:
    """The processes that are there whatever happens; those that read strangers' files come and go."""
    return [number for number in portal.children() if FORK_SERVER not in command_of(number)]


def sockets_of(number: int) -> set[str]:
    opened = set()
    for path in Path(f"/proc/{number}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            opened.add(str(path.readlink()))
    return {name for name in opened if name.startswith("socket:")}


def test_scripts_leave_compressed_from_the_first_start_on(portal, home):
    script = next((home / "static" / "parvis" / "dist" / "assets").glob("main-*.js")).name
    address = f"http://127.0.0.1:{portal.port}/static/parvis/dist/assets/{script}"
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": "br"})) as answer:
        assert answer.headers["Content-Encoding"] == "br"


def test_a_worker_that_dies_is_replaced_and_the_next_does_not_hold_the_address(portal):
    before = portal.workers()
    os.kill(before[0], signal.SIGKILL)
    until(lambda: before[0] not in portal.children() and set(portal.workers()) - set(before))
    assert portal.is_healthy()
    assert sockets_of(portal.web_processes()[0]) & sockets_of(portal.process.pid)
    (replacement,) = set(portal.workers()) - set(before)
    until(lambda: not sockets_of(replacement) & sockets_of(portal.process.pid))


def test_it_serves_works_in_the_background_and_stops_when_asked(portal):
    address = f"http://127.0.0.1:{portal.port}"
    with urllib.request.urlopen(f"{address}/explore/dataset/places/table/") as answer:
        assert "01234" in answer.read().decode()
    subprocess.run(
        [sys.executable, "-c", IMPORT_IN_THE_BACKGROUND], env=portal.environment, check=True, timeout=PATIENCE
    )
    assert portal.parvis("datasets", "versions", "places").stdout.count("\n") == 2
    family = portal.children()
    assert len(kept_up(portal)) in WHOLE
    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(PATIENCE) == 0
    assert [number for number in family if lives(number)] == []


def test_its_processes_end_when_it_is_killed(portal):
    family = portal.children()
    portal.process.kill()
    portal.process.wait()
    until(lambda: not any(map(lives, family)))
