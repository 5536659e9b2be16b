"""Fetching a file from the public web: http and https only, public addresses only, bounded in size and time.

The name is resolved once and the connection goes to the address that was checked, so that a name which changes its answer
between the check and the connection gains nothing. Every redirect is checked again. No proxy is used.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from parvis.core.errors import OperationError, RequestError
from parvis.core.progress import Progress, no_progress

CHUNK = 256 * 1024
REDIRECTS = 5
IDLE_SECONDS = 30.0
TOTAL_SECONDS = 3600.0
AGENT = "Parvis"
_MOVED = {301, 302, 303, 307, 308}
_HIGHEST_RESERVED_PORT = 1023
_PLAIN_PORTS = {80, 443}

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Resolver = Callable[[str, int], list[str]]
type Allowed = Callable[[Address, int], bool]


class BadUrl(RequestError):
    """An address that is not one of the public web."""

    code = "fetch-url"
    fr = "L’adresse « {url} » ne peut pas être lue : {reason_fr}."
    en = "The address “{url}” cannot be read: {reason_en}."
    hint_fr = "Donnez une adresse complète, en http:// ou https://."
    hint_en = "Give a full address, starting with http:// or https://."


class PrivateAddress(RequestError):
    """An address that leads into a private network."""

    code = "fetch-private"
    # Never the address it resolves to: anyone could list the names of the inner network by asking.
    fr = "L’adresse « {url} » est refusée par sécurité : elle mène à un réseau privé ou réservé."
    en = "The address “{url}” is refused for safety: it leads to a private or reserved network."


class UnknownHost(OperationError):
    """A name without address, or without one that the public internet reaches."""

    code = "fetch-host"
    fr = "Le serveur « {host} » est introuvable sur l’internet public."
    en = "The server “{host}” cannot be found on the public internet."


class FetchFailed(OperationError):
    """The server did not give the file."""

    code = "fetch-failed"
    fr = "Le serveur « {host} » n’a pas donné le fichier : {reason_fr}."
    en = "The server “{host}” did not give the file: {reason_en}."


class HttpStatus(OperationError):
    """The server answered with an error."""

    code = "fetch-status"
    fr = "Le serveur « {host} » a répondu par une erreur {status}."
    en = "The server “{host}” answered with error {status}."


class TooManyRedirects(OperationError):
    """Sent from address to address."""

    code = "fetch-redirects"
    fr = "L’adresse « {url} » renvoie d’adresse en adresse, plus de {limit} fois."
    en = "The address “{url}” redirects more than {limit} times."


class FetchTooLarge(OperationError):
    """More bytes than allowed."""

    code = "fetch-too-large"
    fr = "Le fichier à l’adresse « {url} » dépasse la taille permise ({limit_mb} Mo)."
    en = "The file at “{url}” is larger than allowed ({limit_mb} MB)."


class FetchTooSlow(OperationError):
    """The server was silent or slow for too long."""

    code = "fetch-too-slow"
    fr = "Le serveur « {host} » a mis trop de temps à répondre."
    en = "The server “{host}” took too long to answer."


class FetchCut(OperationError):
    """The connection ended before the file."""

    code = "fetch-cut"
    fr = "La connexion avec « {host} » s’est interrompue : {received} octets reçus sur {expected}."
    en = "The connection with “{host}” was cut: {received} bytes received of {expected}."


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that came: where it stands, its name made safe, the last address, its type as told, its size in bytes."""

    path: Path
    name: str
    url: str
    media_type: str
    bytes: int
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered to what it was sent: its status, whatever it is, and the beginning of its text."""

    status: int
    text: str


def is_public(address: Address, port: int) -> bool:
    """True for an address of the public internet and a port where web servers may be."""
    embedded = _embedded(address)
    if embedded is not None:
        return is_public(embedded, port)
    public = address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
    return public and (port in _PLAIN_PORTS or port > _HIGHEST_RESERVED_PORT)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address carries: mapped, 6to4, Teredo, NAT64 or compatible."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of ``host``; OSError when it has none."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetch(
    url: str,
    destination: Path,
    *,
    max_bytes: int,
    progress: Progress = no_progress,
    allowed: Allowed = is_public,
    resolver: Resolver = resolve,
    idle_seconds: float = IDLE_SECONDS,
    total_seconds: float = TOTAL_SECONDS,
) -> Fetched:
    """Write what ``url`` gives to the new file ``destination``; nothing is left there when that fails.

    ``allowed`` says which addresses may be reached and ``resolver`` finds them: both stand here so that tests can serve
    themselves. Raises the errors of this module.
    """
    deadline = time.monotonic() + total_seconds
    current = url
    for _ in range(REDIRECTS + 1):
        parts = _check_url(current)
        with _Exchange(parts, allowed, resolver, idle_seconds, deadline) as exchange:
            response = exchange.response
            if response.status in _MOVED:
                current = urljoin(current, response.getheader("Location") or "")
                continue
            if response.status != http.client.OK:
                raise HttpStatus(host=parts.hostname, status=response.status)
            try:
                size = _save(response, destination, current, parts, max_bytes, progress)
                exchange.check_in_time()
            except BaseException:
                destination.unlink(missing_ok=True)
                raise
            return _fetched(response, destination, current, size)
    raise TooManyRedirects(url=url, limit=REDIRECTS)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    most_bytes: int,
    allowed: Allowed = is_public,
    resolver: Resolver = resolve,
    idle_seconds: float = IDLE_SECONDS,
    total_seconds: float = TOTAL_SECONDS,
) -> Answer:
    """Send ``body`` to ``url`` under the guards of ``fetch``; no redirect is followed, ``most_bytes`` of the answer are read.

    Raises the errors of this module when no answer came.
    """
    parts, deadline = _check_url(url), time.monotonic() + total_seconds
    with _Exchange(parts, allowed, resolver, idle_seconds, deadline, ("POST", dict(headers), body)) as exchange:
        text = exchange.response.read(most_bytes)
        exchange.check_in_time()
        return Answer(exchange.response.status, text.decode("utf-8", "replace"))


def _check_url(url: str) -> SplitResult:
    """The parts of ``url``, when it is a plain address of the web."""
    shown = url[:300]
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise BadUrl(
            url=shown, reason_fr="elle contient des caractères interdits", reason_en="it has forbidden characters"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrl(url=shown, reason_fr="elle est mal formée", reason_en="it is malformed") from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise BadUrl(url=shown, reason_fr="seuls http et https sont admis", reason_en="only http and https are allowed")
    if parts.username is not None or parts.password is not None:
        raise BadUrl(url=shown, reason_fr="elle contient un identifiant", reason_en="it contains a user name")
    if not parts.hostname or port == 0:
        raise BadUrl(
            url=shown, reason_fr="il y manque le nom du serveur", reason_en="the name of the server is missing"
        )
    return parts


class _Exchange:
    """One request to one checked address, cut at the deadline however slowly the server drips."""

    def __init__(
        self,
        parts: SplitResult,
        allowed: Allowed,
        resolver: Resolver,
        idle: float,
        deadline: float,
        sent: tuple[str, dict[str, str], bytes | None] = ("GET", {}, None),
    ) -> None:
        self._parts, self._idle = parts, idle
        self._method, self._headers, self._body = sent
        self._host = _ascii_host(parts)
        self._port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
        self._addresses = _checked_addresses(self._host, self._port, urlunsplit(parts), allowed, resolver)
        self._connection: http.client.HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._expired = False
        self.response: http.client.HTTPResponse
        self._timer = threading.Timer(max(deadline - time.monotonic(), 0), self._cut)
        self._timer.daemon = True

    def _cut(self) -> None:
        self._expired = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> _Exchange:
        self._timer.start()
        try:
            self._connection = self._connect()
            self._connection.putrequest(self._method, _target(self._parts), skip_accept_encoding=True)
            for name, value in (("User-Agent", AGENT), ("Accept", "*/*"), ("Accept-Encoding", "identity")):
                self._connection.putheader(name, value)
            for name, value in self._headers.items():
                self._connection.putheader(name, value)
            if self._body is not None:
                self._connection.putheader("Content-Length", str(len(self._body)))
            self._connection.putheader("Connection", "close")
            self._connection.endheaders(self._body)
            self.response = self._connection.getresponse()
            return self
        except BaseException as error:
            self._close()
            self._explain(error)
            raise

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._close()
        if error is not None:
            self._explain(error)

    def check_in_time(self) -> None:
        """FetchTooSlow when the deadline cut the answer, which looks like its end."""
        if self._expired:
            raise FetchTooSlow(host=self._host)

    def _close(self) -> None:
        self._timer.cancel()
        if self._connection is not None:
            self._connection.close()
        if self._socket is not None:
            self._socket.close()

    def _explain(self, error: BaseException) -> None:
        """Say what a failure of the connection means; anything else is left as it is."""
        lost = isinstance(error, (OSError, http.client.HTTPException, FetchCut))
        if lost and (self._expired or isinstance(error, TimeoutError)):
            raise FetchTooSlow(host=self._host) from error
        if isinstance(error, (OSError, http.client.HTTPException)):
            french, english = _reason(error)
            raise FetchFailed(host=self._host, reason_fr=french, reason_en=english) from error

    def _connect(self) -> http.client.HTTPConnection:
        """A connection to the first checked address that answers, which still tells the server the name."""
        secure = self._parts.scheme.lower() == "https"
        failure: OSError | None = None
        for address in self._addresses:
            try:
                self._socket = socket.create_connection((address, self._port), timeout=self._idle)
            except OSError as error:
                failure = error
                continue
            connection = http.client.HTTPConnection(self._host, self._port, timeout=self._idle)
            connection.default_port = 443 if secure else 80
            if secure:
                self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=self._host)
            connection.sock = self._socket
            return connection
        raise failure or OSError("no address")


def _reason(error: OSError | http.client.HTTPException) -> tuple[str, str]:
    """Why a connection failed, in French and English, for anyone to read.

    The text of the system is left out: it may name an address of the network or a path of this machine.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return "son certificat n’est pas valable", "its certificate is not valid"
    if isinstance(error, ssl.SSLError):
        return "la connexion chiffrée a échoué", "the encrypted connection failed"
    if isinstance(error, ConnectionRefusedError):
        return "la connexion a été refusée", "the connection was refused"
    if isinstance(error, http.client.HTTPException):
        return "sa réponse n’est pas du HTTP valable", "its answer is not valid HTTP"
    return "la connexion a échoué", "the connection failed"


def _ascii_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadUrl(
            url=urlunsplit(parts)[:300],
            reason_fr="le nom du serveur est mal formé",
            reason_en="the server name is malformed",
        ) from error


def _target(parts: SplitResult) -> str:
    """Path and query as they go on the wire."""
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return "".join(sign if sign.isascii() else "".join(f"%{byte:02X}" for byte in sign.encode()) for sign in path)


def _checked_addresses(host: str, port: int, url: str, allowed: Allowed, resolver: Resolver) -> list[str]:
    """Addresses of ``host``, all of them allowed; one that is not condemns the name.

    A name that leads inside is answered like one that does not exist: otherwise anyone could list the inner DNS.
    """
    port_is_open = port in _PLAIN_PORTS or port > _HIGHEST_RESERVED_PORT
    try:
        found = list(dict.fromkeys(resolver(host, port)))
    except (OSError, UnicodeError) as error:
        raise UnknownHost(host=host) from error
    if not found:
        raise UnknownHost(host=host)
    for text in found:
        try:
            address = ipaddress.ip_address(text.split("%")[0])
        except ValueError as error:
            raise UnknownHost(host=host) from error
        if not allowed(address, port):
            if port_is_open and not _is_literal(host):
                raise UnknownHost(host=host)  # the same answer as for no address at all
            raise PrivateAddress(url=url[:300])
    return found


def _is_literal(host: str) -> bool:
    """True when the caller wrote the address itself, in whatever spelling a resolver takes, or ``localhost``."""
    if host.lower().rpartition(".")[2] == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(host.strip("[]").split("%")[0]))
    return not any(sign.isalpha() for sign in host.rpartition(".")[2].lower().removeprefix("0x"))


def _save(
    response: http.client.HTTPResponse,
    destination: Path,
    url: str,
    parts: SplitResult,
    max_bytes: int,
    progress: Progress,
) -> int:
    """Stream the body to ``destination``; the number of bytes."""
    expected = response.length
    if expected is not None and expected > max_bytes:
        raise FetchTooLarge(url=url[:300], limit_mb=max_bytes // 1024**2)
    size = 0
    with destination.open("xb") as stream:
        while chunk := response.read1(CHUNK):
            size += len(chunk)
            if size > max_bytes:
                raise FetchTooLarge(url=url[:300], limit_mb=max_bytes // 1024**2)
            stream.write(chunk)
            progress("fetch", size, expected)
    if expected is not None and size != expected:
        raise FetchCut(host=parts.hostname, received=size, expected=expected)
    return size


def _fetched(response: http.client.HTTPResponse, destination: Path, url: str, size: int) -> Fetched:
    return Fetched(
        destination,
        file_name(response.getheader("Content-Disposition") or "", url),
        url,
        (response.getheader("Content-Type") or "").split(";")[0].strip().lower(),
        size,
        response.getheader("ETag") or "",
        response.getheader("Last-Modified") or "",
    )


def file_name(disposition: str, url: str) -> str:
    """A plain file name from the answer's ``Content-Disposition``, else from the address: no folder, no control sign."""
    message = Message()
    message["Content-Disposition"] = disposition.replace("\r", " ").replace("\n", " ") or "attachment"
    told = message.get_filename() or ""
    with contextlib.suppress(UnicodeError):
        told = told.encode("latin-1").decode("utf-8")  # servers write plain UTF-8 where the rule wants RFC 5987
    path = unquote(urlsplit(url).path)
    name = PurePosixPath((told or path).replace("\\", "/")).name
    name = re.sub(r"[\x00-\x1f\x7f<>:\"/|?*\u202a-\u202e\u2066-\u2069]", "_", name).strip(" .")
    return name[-150:] or "fichier"
