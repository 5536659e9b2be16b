"""Whether children are confined on this machine, found by trying: what ``parvis doctor`` tells."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Proof:
    """What a child could not do, of what it must not: read the machine's files, reach the network, start processes."""

    files: bool
    network: bool
    processes: bool


def prove() -> Proof:
    """Try all three; to be called in a child that is given nothing."""
    return Proof(_refused(_read), _refused(_connect), _refused(_fork))


def _refused(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except OSError:
        return True
    return False


def _read() -> None:
    Path("/etc/passwd").read_bytes()


def _connect() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
