"""The locks of the operating system, tried in a process of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

_TRY = """
import os, socket, sys
from pathlib import Path
from parvis.core.children import confinement
inside, outside = Path(sys.argv[1]), Path(sys.argv[2])
if not confinement.confine([Path(sys.prefix), Path("/usr")], [inside]):
    print("no landlock"); sys.exit()
(inside / "a").write_text("x"); assert (inside / "a").read_text() == "x"; (inside / "a").unlink()
def refused(work):
    try:
        work()
    except PermissionError:
        return True
    return False
print(
    refused(lambda: (outside / "secret").read_text()),
    refused(lambda: (outside / "new").write_text("x")),
    refused(lambda: (inside / ".." / outside.name / "secret").read_text()),
    refused(lambda: os.listdir(outside)),
    refused(lambda: (outside / "secret").unlink()),
    refused(lambda: os.symlink(outside / "secret", inside / "link")),
    refused(lambda: socket.create_connection(("127.0.0.1", 9))),
    refused(lambda: os.execv("/bin/true", ["true"])),
)
"""


def test_a_confined_process_reaches_neither_files_nor_network_nor_programs(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("x")
    run = subprocess.run([sys.executable, "-c", _TRY, inside, outside], capture_output=True, text=True, check=True)
    if run.stdout.strip() == "no landlock":
        pytest.skip("this kernel has no Landlock")
    assert run.stdout.split() == ["True"] * 8, run.stdout


_LIMIT = """
import resource
from parvis.core.children import confinement
confinement.limit_resources(1_000)
confinement.limit_memory(50_000_000)
try:
    bytearray(200_000_000)
except MemoryError:
    print("memory")
try:
    with open("big", "wb") as stream:
        stream.write(b"x" * 10_000)
except OSError as error:
    print(error.strerror)
confinement.allow_processor(0)
while True:
    pass
"""


def test_memory_files_and_processor_are_bounded(tmp_path):
    run = subprocess.run([sys.executable, "-c", _LIMIT], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout.split("\n") == ["memory", "File too large", ""], run.stderr
    assert run.returncode == -24  # SIGXCPU
