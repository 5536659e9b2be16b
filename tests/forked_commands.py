"""``parvis`` on one home: each command is a process, forked from one that has loaded Parvis, so that ten do not cost ten starts.

``python forked_commands.py``: for each line on its standard input, a JSON object with ``words`` and ``file_bytes`` (the largest file that
the command may write), runs the command and prints its status, its output and its errors as JSON. The home is that of the environment.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import subprocess
import sys
import tempfile
from typing import NoReturn

from django.db import connections

from parvis.config.cli.instance import open_instance
from parvis.config.cli.main import main
from parvis.hub.registry import modules

FAILED = 70
"""Status of a command that raised."""


class Commands:
    """Runs the commands of the home that the environment names, which it opens or creates."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", __file__],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: object, file_bytes: int = resource.RLIM_INFINITY) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        order = {"words": [str(word) for word in words], "file_bytes": file_bytes}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return subprocess.CompletedProcess(order["words"], *json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End what they are forked from."""
        self._process.stdin.close()
        assert self._process.wait() == 0
        self._process.stdout.close()


def serve() -> None:
    """Open the home, then fork a process for each line read; it ends as the command does."""
    open_instance(may_create=True)
    modules()
    connections.close_all()
    for line in sys.stdin:
        order = json.loads(line)
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
            child = os.fork()
            if child == 0:
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_bytes"], order["file_bytes"]))
                _run(order["words"])
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            output.seek(0)
            errors.seek(0)
            print(json.dumps([status, output.read(), errors.read()]), flush=True)


def _run(words: list[str]) -> NoReturn:
    """The command, then what it does when it ends, but for threads of C++ that only the first process has: they would be waited for."""
    status = FAILED
    try:
        status = main(words)
        atexit._run_exitfuncs()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()
