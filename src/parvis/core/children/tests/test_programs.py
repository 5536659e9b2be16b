"""A program of the machine reaches what it is permitted, and is gone with all it started."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from parvis.core.children import Permits, ReadingFailed, ReadingTooLarge, ReadingTooLong, can_confine
from parvis.core.children.programs import run_program

pytestmark = pytest.mark.skipif(not can_confine(), reason="never on a Linux that has Landlock")


def run(folder: Path, script: str, *read: Path, seconds: float = 20.0, disk: int = 10_000_000) -> Path:
    """The folder in which a script of bash was run."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    run_program(["/bin/bash", "-c", script], Permits("acte.doc", read, (scratch,), seconds, 500_000_000, disk))
    return scratch


def test_it_reads_what_is_permitted_runs_others_and_writes_in_its_folder(tmp_path):
    source = tmp_path / "acte.doc"
    source.write_text("délibération", encoding="utf-8")
    scratch = run(tmp_path, f"cat {source} | tr a-z A-Z > out && echo $HOME > home", source)
    assert (scratch / "out").read_text(encoding="utf-8") == "DéLIBéRATION"
    assert (scratch / "home").read_text(encoding="utf-8").strip() == str(scratch)


@pytest.mark.parametrize(
    "script", ["cat /etc/passwd", "cat {other}", "echo more >> {other}", "rm {other}", "exit 3", "sudo true"]
)
def test_it_reaches_no_other_file_and_its_failure_is_told(tmp_path, script):
    other = tmp_path / "other"
    other.write_text("secret", encoding="utf-8")
    with pytest.raises(ReadingFailed, match=r"acte\.doc"):
        run(tmp_path, script.format(other=other))
    assert other.read_text(encoding="utf-8") == "secret"


@pytest.mark.parametrize(("kind", "way"), [(socket.SOCK_STREAM, "tcp"), (socket.SOCK_DGRAM, "udp")])
def test_it_has_no_network(tmp_path, kind, way):
    with socket.socket(socket.AF_INET, kind) as listening:
        listening.bind(("127.0.0.1", 0))
        if way == "tcp":
            listening.listen()
        listening.settimeout(0.2)
        with pytest.raises(ReadingFailed):
            run(tmp_path, f"echo hello > /dev/{way}/127.0.0.1/{listening.getsockname()[1]}")
        with pytest.raises(TimeoutError):
            listening.accept() if way == "tcp" else listening.recv(10)


def test_it_is_ended_at_its_time_with_all_it_started(tmp_path):
    with pytest.raises(ReadingTooLong):
        run(tmp_path, "(while true; do date > beat; sleep 0.05; done) & wait", seconds=1.0)
    beat = tmp_path / "scratch" / "beat"
    last = beat.stat().st_mtime_ns
    time.sleep(0.3)
    assert beat.stat().st_mtime_ns == last


def test_it_is_ended_when_it_writes_too_much(tmp_path):
    with pytest.raises(ReadingTooLarge):
        run(tmp_path, "for n in 1 2 3 4 5; do head -c 900000 /dev/zero > $n; done; sleep 20", disk=2_000_000)
