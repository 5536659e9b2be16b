"""One home for the tests that serve a portal: made once by whichever process of the tests comes first, copied for each file."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from served import make_home


@pytest.fixture(scope="session")
def made_home(tmp_path_factory) -> Path:
    """The home to copy; nobody serves it."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root  # the folder of all processes of this run
    with (root / "home-to-copy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "home-to-copy" / "made").exists():
            (root / "home-to-copy").mkdir()
            make_home(root / "home-to-copy")
            (root / "home-to-copy" / "made").touch()
    return root / "home-to-copy" / "home"


@pytest.fixture(scope="module")
def home(made_home: Path, tmp_path_factory, request) -> Path:
    """A home of this file of tests alone."""
    folder = tmp_path_factory.mktemp(request.module.__name__.rpartition(".")[2])
    return shutil.copytree(made_home, folder / "home")
