"""A process that pushes batches and says which ones are acknowledged; ``test_log`` kills it."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from parvis.core.rowlog.batches import Content, Head
from parvis.core.rowlog.log import Entry, RowLog
from parvis.core.store.folder import FolderStore


def push(home: str, name: str, threads: int) -> None:
    """Push until killed, from several threads, each batch under a name of its own; write each name once it is kept."""
    log = RowLog(FolderStore(Path(home)), "datasets/jeu/rowlog", segment=4_000)

    def work(thread: int) -> None:
        for number in range(1_000_000):
            token = f"{name}-{thread}-{number}"
            body = (token + ".") * (number % 7 + 1)
            log.append(Entry(Head(0, 0.0, put=1, caller="a", token=token, digest="d"), Content(body.encode())))
            sys.stdout.write(token + "\n")
            sys.stdout.flush()

    for thread in range(threads):
        threading.Thread(target=work, args=(thread,)).start()


if __name__ == "__main__":
    push(sys.argv[1], sys.argv[2], int(sys.argv[3]))
