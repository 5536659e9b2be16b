"""Imports the same dataset again and again in a child process, until somebody kills it: run by the kill test.

``python importer.py SMALL.csv LARGE.csv``: for each line on its standard input, forks a child that imports both files in
turn without end, beginning with the one whose rank the line tells, prints the child's number, waits for its death, prints ``dead``. Django
is loaded once, and so is what reads files, so that a hundred kills do not cost a hundred starts; the child opens its own database and its
own engine, and has a fork server of its own.
"""

from __future__ import annotations

import itertools
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
django.setup()

from parvis.core.children import calls, forkserver, preload  # noqa: E402 after Django
from parvis.hub.accounts.rules import OPERATOR  # noqa: E402 models need Django
from parvis.hub.catalogue.models import Dataset  # noqa: E402
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import  # noqa: E402
from parvis.hub.registry import modules  # noqa: E402

modules()  # and all that listens to changes: else each child would load it
for name in (*preload.AT_ONCE, preload.PREPARATION):
    preload.load(name)


def start_server() -> None:
    """Give this process the fork server that ``calls`` would start by ``exec``: one of its own, which ends as that one does."""
    parent_end, child_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        parent_end.close()
        _serve(child_end)
    child_end.close()
    server = calls._Server.of_this_process()
    server._control, server._process = parent_end, _Forked()


class _Forked:
    """What ``calls`` asks of the process of its server."""

    def poll(self) -> int | None:
        """None while it is there, as it is until this process is killed."""
        return None


def _serve(control: socket.socket) -> NoReturn:
    os.setsid()
    os.dup2(control.fileno(), 0)
    control.close()
    try:
        forkserver.main()
    finally:
        os._exit(0)


def import_once(path: Path) -> str:
    """Replace the published rows of the dataset ``cible``."""
    deposit = deposit_file(OPERATOR, path)
    dataset = Dataset.objects.get(dataset_id="cible")
    return run_import_here(
        OPERATOR, start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True)
    ).version_name


def main(paths: list[Path]) -> None:
    """Fork an importing child for each line read."""
    for line in sys.stdin:
        first = int(line)
        child = os.fork()
        if child == 0:
            start_server()
            for path in itertools.cycle((*paths[first:], *paths[:first])):
                import_once(path)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


if __name__ == "__main__":
    main([Path(word) for word in sys.argv[1:]])
