"""Connections, at the level of the system: how long they may stay without a byte going through, how they are cut."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

STALLED_SECONDS = 30
"""Time after which the system itself ends a connection whose reader takes nothing."""


def listen(host: str, port: int, backlog: int) -> socket.socket:
    """The socket that all web processes accept from.

    One for all, rather than one for each (``SO_REUSEPORT``): connections that wait in the queue of a process that died or
    froze would be lost. Those accepted inherit the time-out: nothing above them can tell that a small answer, handed to the
    system whole, is never read.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if sys.platform == "linux":
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_SECONDS * 1000)
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, STALLED_SECONDS)
        listening.bind((host, port))
        listening.listen(backlog)
    except BaseException:
        listening.close()
        raise
    listening.set_inheritable(True)
    return listening


def cut(peer: tuple[str, int]) -> bool:
    """End the connection of this process with that peer, without its usual courtesies; False when there is none.

    The server would end an answer left in the middle as one that is whole (the last chunk of a chunked body): who reads
    a file must see that it was cut.
    """
    for connection in _sockets():
        with connection:
            try:
                if connection.getpeername()[:2] == peer:
                    connection.shutdown(socket.SHUT_RDWR)
                    return True
            except OSError:
                continue
    return False


def _sockets() -> Iterator[socket.socket]:
    """Copies of the sockets of this process."""
    for path in list(Path("/dev/fd").iterdir()):
        try:
            copy = os.dup(int(path.name))
        except OSError:
            continue
        try:
            yield socket.socket(fileno=copy)
        except OSError:  # not a socket
            os.close(copy)
