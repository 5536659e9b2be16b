"""One request to one checked address, over urllib3, cut at its deadline however slowly the server drips."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, urlunsplit

from urllib3 import BaseHTTPResponse, HTTPHeaderDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, IncompleteRead

from parvis.core.errors import ParvisError
from parvis.core.fetching.addresses import Allowed, Resolver, ascii_host, checked_addresses, target
from parvis.core.fetching.errors import FetchCut, FetchFailed, FetchTooSlow
from parvis.core.translation import Sentence

AGENT = "Parvis"


@dataclass(frozen=True, slots=True)
class Limits:
    """Whom an exchange may reach and how long it may take: ``idle`` seconds of silence, until ``deadline`` in all."""

    allowed: Allowed
    resolver: Resolver
    idle: float
    deadline: float
    """A moment of ``time.monotonic``."""

    @property
    def seconds_left(self) -> float:
        """How long until the deadline; 0 once it has passed."""
        return max(self.deadline - time.monotonic(), 0.0)


class _Cut:
    """Ends a connection at the deadline: the time limits of sockets are those of one read, and a server may drip."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self.socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        self.expired = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Disarm, and close the socket: urllib3 lets go of it as soon as the server says that it will close."""
        self._timer.cancel()
        if self.socket is not None:
            self.socket.close()


@contextmanager
def exchange(
    method: str, parts: SplitResult, limits: Limits, headers: Mapping[str, str], body: bytes | None = None
) -> Iterator[BaseHTTPResponse]:
    """The answer of the server named in ``parts``, its body not read yet. No redirect is followed, no proxy is used.

    Raises FetchTooSlow, FetchFailed or FetchCut, also for what fails while the body is read within.
    """
    host = ascii_host(parts)
    port = parts.port or _default_port(parts)
    addresses = checked_addresses(host, port, urlunsplit(parts), limits.allowed, limits.resolver)
    cut = _Cut(limits.seconds_left)
    try:
        connection = _connected(addresses, host, port, parts.scheme.lower() == "https", limits, cut)
        try:
            sent = HTTPHeaderDict(headers)
            sent.update({"Host": _host_header(parts, host), "User-Agent": AGENT, "Connection": "close"})
            connection.request(method, target(parts), body, sent, preload_content=False)
            yield connection.getresponse()
        finally:
            connection.close()
        if cut.expired:
            raise FetchTooSlow(host=host)  # an answer without a length looks whole when it is cut
    except (OSError, http.client.HTTPException, HTTPError) as error:
        raise _explained(error, host, expired=cut.expired) from error
    finally:
        cut.close()


def _connected(addresses: list[str], host: str, port: int, secure: bool, limits: Limits, cut: _Cut) -> HTTPConnection:
    """A connection to the first checked address that answers; the certificate must be that of the name."""
    failure: Exception = OSError("no address")
    for address in addresses:
        timeout = min(limits.idle, limits.seconds_left) or 0.001  # 0 would mean a socket that does not wait at all
        connection: HTTPConnection = (
            HTTPSConnection(
                address, port, timeout=timeout, server_hostname=host, ssl_context=ssl.create_default_context()
            )
            if secure
            else HTTPConnection(address, port, timeout=timeout)
        )
        try:
            connection.connect()
        except ssl.SSLError:
            raise  # the name has answered, wrongly: another of its addresses is no cure
        except (OSError, HTTPError) as error:
            failure = error
            continue
        cut.socket = connection.sock
        if cut.expired:
            raise TimeoutError
        cut.socket.settimeout(limits.idle)
        return connection
    raise failure


def _default_port(parts: SplitResult) -> int:
    return 443 if parts.scheme.lower() == "https" else 80


def _host_header(parts: SplitResult, host: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if parts.port in (None, _default_port(parts)) else f"{name}:{parts.port}"


def _explained(error: Exception, host: str, *, expired: bool) -> ParvisError:
    """What a failure of the connection means."""
    # urllib3 wraps what the socket said, and its NewConnectionError passes for a ConnectTimeoutError.
    if expired or isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError):
        return FetchTooSlow(host=host)
    if isinstance(error.__cause__, IncompleteRead) and error.__cause__.expected:
        received, missing = int(error.__cause__.partial), int(error.__cause__.expected)
        return FetchCut(host=host, received=received, expected=received + missing)
    return FetchFailed(host=host, reason=_reason(error))


def _reason(error: BaseException) -> Sentence:
    """Why a connection failed, for anyone to read.

    The text of the system is left out: it may name an address of the network or a path of this machine.
    """
    cause = error.__cause__ if isinstance(error, HTTPError) and error.__cause__ is not None else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Sentence("son certificat n’est pas valable")
    if isinstance(cause, ssl.SSLError):
        return Sentence("la connexion chiffrée a échoué")
    if isinstance(cause, ConnectionRefusedError):
        return Sentence("la connexion a été refusée")
    if isinstance(cause, (http.client.HTTPException, HTTPError)):
        return Sentence("sa réponse n’est pas du HTTP valable")
    return Sentence("la connexion a échoué")
