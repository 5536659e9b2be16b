"""One request to one checked address, over urllib3, cut at its deadline however slowly the server drips."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import SplitResult, urlunsplit

from urllib3 import BaseHTTPResponse, HTTPHeaderDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, IncompleteRead

from parvis.core.errors import ParvisError
from parvis.core.fetching.addresses import ascii_host, checked_addresses, target
from parvis.core.fetching.errors import BadHeader, FetchCut, FetchFailed, FetchTooSlow
from parvis.core.fetching.limits import Cut, Limits
from parvis.core.translation import Sentence

AGENT = "Parvis"
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@contextmanager
def exchange(
    method: str, parts: SplitResult, limits: Limits, headers: Mapping[str, str], body: bytes | None = None
) -> Iterator[BaseHTTPResponse]:
    """The answer of the server named in ``parts``, its body not read yet. No redirect is followed, no proxy is used.

    Raises BadHeader, FetchTooSlow, FetchFailed or FetchCut, the last three also for what fails while the body is read within.
    """
    require_sendable(headers)
    host = ascii_host(parts)
    port = parts.port or default_port(parts)
    addresses = checked_addresses(host, port, urlunsplit(parts), limits.allowed, limits.resolver)
    cut = Cut(limits.seconds_left)
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


def require_sendable(headers: Mapping[str, str]) -> None:
    """BadHeader for a name or a value that HTTP cannot carry: an accent beyond Latin-1, a line that ends and begins another header."""
    for name, value in headers.items():
        if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
            raise BadHeader(name=name[:60])


def _connected(addresses: list[str], host: str, port: int, secure: bool, limits: Limits, cut: Cut) -> HTTPConnection:
    """A connection to the first checked address that answers; the certificate must be that of the name."""
    failure: Exception = OSError("no address")
    for address in addresses:
        timeout = limits.timeout
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


def default_port(parts: SplitResult) -> int:
    """The port of the scheme."""
    return 443 if parts.scheme.lower() == "https" else 80


def _host_header(parts: SplitResult, host: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if parts.port in (None, default_port(parts)) else f"{name}:{parts.port}"


def _explained(error: Exception, host: str, *, expired: bool) -> ParvisError:
    """What a failure of the connection means."""
    # urllib3 wraps what the socket said, and its NewConnectionError passes for a ConnectTimeoutError.
    if expired or isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError):
        return FetchTooSlow(host=host)
    if isinstance(error.__cause__, IncompleteRead) and error.__cause__.expected:
        received, missing = int(error.__cause__.partial), int(error.__cause__.expected)
        return FetchCut(host=host, received=received, expected=received + missing)
    return FetchFailed(host=host, reason=failure_reason(error))


def failure_reason(error: BaseException) -> Sentence:
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
