"""What the system tells of the memory of a machine and of the processes of a portal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from parvis.config.serving.memory import Machine, family, machine, name_of, portal_of, shares

NAMED = """
import os, sys, time
from parvis.config.serving.supervision import name_process
block = bytearray(50_000_000)
if not os.fork():
    name_process("parvis-heavy")
    print(os.getpid(), flush=True)
time.sleep(60)
"""


def system(root, group: dict[str, str]):
    """The files of a machine of 4 GB, half free, and of its container."""
    (root / "proc").mkdir()
    (root / "proc/meminfo").write_text("MemTotal:  4000000 kB\nMemFree:  10 kB\nMemAvailable:  2000000 kB\n")
    (root / "sys/fs/cgroup").mkdir(parents=True)
    for name, text in group.items():
        (root / "sys/fs/cgroup" / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ({}, Machine(4_096_000_000, 2_048_000_000)),
        ({"memory.max": "max\n", "memory.current": "5\n"}, Machine(4_096_000_000, 2_048_000_000)),
        ({"memory.max": "1000000000\n", "memory.current": "900000000\n"}, Machine(1_000_000_000, 100_000_000)),
        ({"memory.max": "8000000000\n", "memory.current": "0\n"}, Machine(4_096_000_000, 2_048_000_000)),
    ],
)
def test_a_machine_has_what_its_container_leaves_it(tmp_path, group, expected):
    assert machine(system(tmp_path, group)) == expected


def test_a_system_that_tells_nothing_has_no_memory_known(tmp_path):
    assert machine(tmp_path) is None


@pytest.mark.skipif(sys.platform != "linux", reason="never: Linux alone tells the memory of processes")
def test_the_processes_of_a_portal_are_told_by_role():
    with subprocess.Popen([sys.executable, "-c", NAMED], stdout=subprocess.PIPE, text=True) as process:
        worker = int(process.stdout.readline())
        try:
            assert name_of(worker) == "parvis-heavy"
            assert sorted(family(process.pid)) == sorted([process.pid, worker])
            assert portal_of([os.getpid(), worker]) == process.pid
            assert portal_of([os.getpid()]) is None
            size_by_role = shares(process.pid)
            assert set(size_by_role) == {"parent", "parvis-heavy"}
            assert 50_000_000 < sum(size_by_role.values()) < 300_000_000
        finally:
            os.kill(worker, 9)
            process.kill()
    assert shares(process.pid) == {}


ARENAS = """
import ctypes, threading
from parvis.config.serving.memory import share_arena
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
SHARE
met = threading.Barrier(6)
def take():
    met.wait()
    library.malloc(5_000)
    met.wait()
threads = [threading.Thread(target=take) for _turn in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
"""


def test_threads_share_one_arena_of_the_c_library():
    def arenas(share: str) -> int:
        command = [sys.executable, "-c", ARENAS.replace("SHARE", share)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.count("<heap nr=")

    assert arenas("share_arena()") == 1
    assert arenas("") > 1
