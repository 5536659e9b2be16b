"""Connections, at the level of the system: how long they may stay without a byte going through, how they are cut."""

from __future__ import annotations

import os
import resource
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from parvis.hub.callers import network_of

CONNECTIONS = 4_000
"""Open at once in one web process: one that waits costs a few kilobytes and no thread."""
OTHER_FILES = 1_000
"""Files of versions, of the database, of bodies on their way."""
STALLED_SECONDS = 30
"""Time after which the system itself ends a connection whose reader takes nothing."""


def most_connections() -> int:
    """What one web process may have open at once: each connection is a file, and it has others."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if soft < 0 else max(64, min(CONNECTIONS, soft - OTHER_FILES))


def allow_connections() -> int:
    """Take as many open files as the system lets; ``most_connections`` then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    file_limit = CONNECTIONS + OTHER_FILES
    if 0 <= soft < file_limit:  # below 0: there is no limit
        resource.setrlimit(resource.RLIMIT_NOFILE, (file_limit if hard < 0 else min(hard, file_limit), hard))
    return most_connections()


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
    return listening


def relieve(most: int, trusted: Callable[[str], bool]) -> int:
    """Once half of the connections that a process may have are open, cut those of an address beyond a quarter; how many.

    The server itself counts none by address, and would then accept nobody else. Proxies of ours stand for many people.
    """
    if len(list(Path("/dev/fd").iterdir())) <= most // 2:
        return 0
    number, counted = 0, Counter[str]()
    for connection in _sockets():
        with connection:
            try:
                address = str(connection.getpeername()[0])
            except (OSError, IndexError):  # it listens, or is of another family
                continue
            counted[network_of(address)] += 1
            if counted[network_of(address)] > most // 4 and not trusted(address):
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                    number += 1
    return number


def cut(peer: tuple[str, int]) -> bool:
    """End the connection of this process with that peer, without its usual courtesies; False when there is none.

    The server alone would keep it, and what it was given to send, until the system gives up on a reader who takes nothing.
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
