"""Imports killed at any instant: the old version or the new one is served whole, and the instance starts cleanly."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from forked_commands import Commands

pytestmark = pytest.mark.slow

KILLS = 100
LARGE, SMALL = 3_000, 1_000
IMPORTER = Path(__file__).with_name("importer.py")

# What a fresh process sees: reads every row of the served version through the engine, checks the digests of its files,
# puts the home in order, and tells what is left on the disk beside its own engine's folder.
INSPECT = """
import hashlib, json, os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
django.setup()
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.factories import deposits_folder, versions_folder, work_folder
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.datastore.services import recover
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import this_process
from parvis.hub.store import store
import sys
for line in sys.stdin:
    dataset = Dataset.objects.select_related("current").get(dataset_id="cible")
    source = source_of(dataset)
    statement = HandWritten("SELECT count(*) AS n, sum(rang)::BIGINT AS s, count(DISTINCT code) AS c FROM rows", ())
    read = [row for batch in engine().stream(source, statement) for row in batch.to_pylist()]
    recover()
    known = set(dataset.versions.values_list("name", flat=True))
    folder = store().local(source.key)
    parts = {p.file: hashlib.sha256((folder / p.file).read_bytes()).hexdigest() == p.sha256 for p in source.manifest.parts}
    original = folder / source.manifest.original.file
    print(json.dumps({
        "rows": read[0]["n"], "sum": read[0]["s"], "distinct": read[0]["c"], "said": dataset.current.rows,
        "parts": parts, "original": hashlib.sha256(original.read_bytes()).hexdigest(),
        "status": dataset.status,
        "folders": sorted(path.name for path in versions_folder(dataset.uid).iterdir()), "known": sorted(known),
        "work": [str(path) for path in work_folder().glob("*/*") if path.parent.name != this_process()],
        "deposits": len(list(deposits_folder().iterdir())), "deposit_rows": Deposit.objects.count(),
        "at_work": Import.objects.filter(state__in=("waiting", "writing", "examining")).exclude(job=None).count(),
        "running": Job.objects.filter(state="running").count(),
        "finished": Import.objects.filter(state="done").count(),
    }), flush=True)
"""


@dataclass
class Instance:
    """A home with one published dataset, and two files to put in it in turn."""

    environment: dict[str, str]
    command: Commands
    small: Path
    large: Path

    def files(self) -> dict[int, str]:
        """For each file, its rows and the digest of its bytes."""
        return {
            SMALL: hashlib.sha256(self.small.read_bytes()).hexdigest(),
            LARGE: hashlib.sha256(self.large.read_bytes()).hexdigest(),
        }


def write_rows(path: Path, rows: int) -> Path:
    lines = [f"{rank:05d};Rue n° {rank};{rank}\n" for rank in range(1, rows + 1)]
    path.write_text("code;voie;rang\n" + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def instance(tmp_path_factory) -> Iterator[Instance]:
    folder = tmp_path_factory.mktemp("killed")
    environment = {
        **os.environ,
        "PARVIS_HOME": str(folder / "home"),
        "PARVIS_DATABASE_URL": "",
        "PARVIS_VERSIONS_KEPT": "3",
    }
    small, large = write_rows(folder / "petit.csv", SMALL), write_rows(folder / "grand.csv", LARGE)
    with closing(Commands(environment)) as command:
        run = command("import", small, "--id", "cible")
        assert run.returncode == 0, run.stderr
        yield Instance(environment, command, small, large)


class Importer:
    """Starts processes that import without end."""

    def __init__(self, instance: Instance) -> None:
        command = [sys.executable, str(IMPORTER), str(instance.small), str(instance.large)]
        self._process = subprocess.Popen(
            command, env=instance.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, first: int = 0) -> int:
        """A new importing process, beginning with the file of that rank; its number."""
        self._process.stdin.write(f"{first}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def kill(self, number: int) -> None:
        """Kill it, without warning, and wait until it is gone."""
        os.kill(number, signal.SIGKILL)
        assert self._process.stdout.readline() == "dead\n"

    def close(self) -> None:
        self._process.stdin.close()
        assert self._process.wait() == 0
        self._process.stdout.close()


class Inspector:
    """One process that looks at the home when asked, so that a hundred looks do not cost a hundred starts."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", INSPECT], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def look(self) -> dict:
        """What is served and what is left."""
        self._process.stdin.write("look\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        assert self._process.wait() == 0
        self._process.stdout.close()


@pytest.fixture(scope="module")
def inspector(instance) -> Iterator[Inspector]:
    made = Inspector(instance.environment)
    yield made
    made.close()


def check_whole(seen: dict, files: dict[int, str]) -> None:
    """The version served is one of the two files, to the last row, and nothing else is left."""
    rows = seen["rows"]
    assert seen["status"] == "published"
    assert rows in files
    assert seen["said"] == rows
    assert seen["distinct"] == rows
    assert seen["sum"] == rows * (rows + 1) // 2
    assert seen["original"] == files[rows]
    assert all(seen["parts"].values())
    assert seen["folders"] == seen["known"]
    assert seen["work"] == []
    assert seen["deposits"] == seen["deposit_rows"] == 0
    assert seen["at_work"] == seen["running"] == 0


@pytest.fixture
def importer(instance) -> Iterator[Importer]:
    made = Importer(instance)
    yield made
    made.close()


def test_a_hundred_kills_at_random_instants_never_tear_the_data(instance, importer, inspector):
    chance = random.Random(20261125)
    files, served, finished = instance.files(), set(), set()
    for kill in range(KILLS):
        if kill % 20 == 0:  # a machine that does something else as well is slower now and then
            longest = seconds_of_an_import(importer, inspector)
        child = importer.start(first=kill % 2)
        time.sleep(chance.uniform(0, longest))
        importer.kill(child)
        seen = inspector.look()
        check_whole(seen, files)
        served.add(seen["rows"])
        finished.add(seen["finished"])
    assert served == set(files)
    assert len(finished) < KILLS  # some kills fell in the midst of an import…
    assert len(finished) > KILLS // 10  # … and some after at least one
    for path, rows in ((instance.small, SMALL), (instance.large, LARGE)):
        run = instance.command("import", path, "--id", "cible")
        assert run.returncode == 0, run.stderr
        assert inspector.look()["rows"] == rows


def seconds_of_an_import(importer: Importer, inspector: Inspector) -> float:
    """A little longer than one import takes here, from the start of its process."""
    before, start = inspector.look()["finished"], time.perf_counter()
    child = importer.start()
    while inspector.look()["finished"] == before:
        time.sleep(0.05)
    spent = 1.25 * (time.perf_counter() - start)
    importer.kill(child)
    inspector.look()
    return spent


def test_a_disk_that_fills_leaves_the_former_version_and_nothing_else(instance, inspector):
    before = inspector.look()
    big = write_rows(instance.large.with_name("enorme.csv"), 200_000)
    for limit in (50_000, 300_000, 1_000_000, 3_000_000, 4_200_000):
        run = instance.command("import", big, "--id", "cible", file_bytes=limit)
        assert run.returncode == 2, (limit, run.stdout, run.stderr)
        assert "Traceback" not in run.stderr
        assert "Erreur" in run.stderr
        seen = inspector.look()
        check_whole(seen, instance.files())
        assert (seen["rows"], seen["folders"]) == (before["rows"], before["folders"])
    run = instance.command("import", instance.small, "--id", "cible")
    assert run.returncode == 0, run.stderr
