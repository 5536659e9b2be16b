"""A connection to a checked address, for protocols other than HTTP, and what its failures mean."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from parvis.core.errors import ParvisError
from parvis.core.fetching.addresses import checked_addresses
from parvis.core.fetching.errors import FetchFailed, FetchTooSlow
from parvis.core.fetching.exchange import failure_reason
from parvis.core.fetching.limits import Cut, Limits


@contextmanager
def connection(host: str, port: int, shown: str, limits: Limits) -> Iterator[tuple[socket.socket, Cut]]:
    """A socket to the first checked address of ``host`` that answers, and what ends it at the deadline.

    ``shown`` is the address in messages. Raises BadUrl, PrivateAddress, UnknownHost, FetchTooSlow, FetchFailed, also for what
    fails within.
    """
    addresses = checked_addresses(host.rstrip("."), port, shown, limits.allowed, limits.resolver)
    cut = Cut(limits.seconds_left)
    try:
        with failures_of(host, cut):
            cut.socket = _connected(addresses, port, limits)
            yield cut.socket, cut
    finally:
        cut.close()


@contextmanager
def failures_of(host: str, cut: Cut | None = None) -> Iterator[None]:
    """Say what a failure of the network within means."""
    try:
        yield
    except (OSError, EOFError) as error:
        raise explained(error, host, expired=cut is not None and cut.expired) from error


def explained(error: BaseException, host: str, *, expired: bool = False) -> ParvisError:
    """The house's error for a failure of the network."""
    if expired or isinstance(error, TimeoutError):
        return FetchTooSlow(host=host)
    return FetchFailed(host=host, reason=failure_reason(error))


def _connected(addresses: list[str], port: int, limits: Limits) -> socket.socket:
    failure: OSError = OSError("no address")
    for address in addresses:
        try:
            connected = socket.create_connection((address, port), timeout=limits.timeout)
        except OSError as error:
            failure = error
            continue
        connected.settimeout(limits.idle)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return connected
    raise failure
