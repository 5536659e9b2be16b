"""Real commands on a home: each in a process of its own, or several in one process, which loads Parvis once for all of them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parvis.config.cli.main import main

UMASK = 0o022
"""That of most machines."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command."""

    returncode: int
    stdout: str
    stderr: str


def parvis(home: Path, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command, in a process of its own."""
    return _started([sys.executable, "-m", "parvis.config.cli.main", *map(str, words)], home, settings)


def in_one_process(home: Path, *acts: Sequence[object] | str, **settings: str) -> list[Outcome]:
    """Commands (their words) and scripts that the instance runs (a text), one after the other; what became of each."""
    lines = [act if isinstance(act, str) else [str(word) for word in act] for act in acts]
    run = _started([sys.executable, __file__, json.dumps(lines)], home, settings)
    assert run.returncode == 0, run.stderr
    return [Outcome(*values) for values in json.loads(run.stdout)]


def _started(command: list[str], home: Path, settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PARVIS_HOME": str(home), "PARVIS_DATABASE_URL": "", **settings}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, umask=UMASK)


def _outcome(act: list[str] | str) -> tuple[int, str, str]:
    """In the process started: run one of them."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        if isinstance(act, str):
            opening = "from parvis.config.cli.instance import open_instance; open_instance(may_create=False)\n"
            exec(opening + act, {})
            status = 0
        else:
            status = main(act)
    return status, output.getvalue(), errors.getvalue()


if __name__ == "__main__":
    print(json.dumps([_outcome(act) for act in json.loads(sys.argv[1])]))
