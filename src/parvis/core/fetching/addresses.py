"""Which addresses may be reached: those of the public web, checked after the name is resolved and before anything is sent."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from parvis.core.fetching.errors import BadUrl, PrivateAddress, UnknownHost
from parvis.core.translation import Sentence

_HIGHEST_RESERVED_PORT = 1023
_LEAST_FREE_PORT = _HIGHEST_RESERVED_PORT + 1
_PLAIN_PORTS = {80, 443}
_INNER_ENDINGS = (".local", ".lan", ".internal", ".localhost", ".home.arpa")
"""Ends of names that are of one house alone (RFC 6761, 6762, 8375)."""

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Resolver = Callable[[str, int], list[str]]
type Allowed = Callable[[Address, int], bool]


def is_public(address: Address, port: int) -> bool:
    """True for an address of the public internet and a port where web servers may be."""
    embedded = _embedded(address)
    if embedded is not None:
        return is_public(embedded, port)
    public = address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
    return public and (port in _PLAIN_PORTS or port > _HIGHEST_RESERVED_PORT)


type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The public web, and hosts of the private network that the operator lists by name or by network, at a port or at any.

    A listed name is trusted wherever it leads; a listed network whatever name leads there. ``ports`` are those below 1024 where
    the servers of one protocol are, besides those of the web. It is an ``Allowed`` that knows no name; ``of`` gives that of one.
    """

    names: frozenset[tuple[str, int | None]] = frozenset()
    networks: tuple[tuple[Network, int | None], ...] = ()
    ports: frozenset[int] = frozenset()

    def __call__(self, address: Address, port: int) -> bool:
        """Whether ``address`` is public or in a listed network."""
        listed = any(address in network and place in (None, port) for network, place in self.networks)
        return listed or is_public(address, _LEAST_FREE_PORT if port in self.ports else port)

    def of(self, host: str) -> Allowed:
        """The same for what is reached under the name ``host``."""
        places = {place for name, place in self.names if name == host.lower()}
        return (lambda address, port: bool(places & {None, port}) or self(address, port)) if places else self

    def names_it(self, host: str) -> bool:
        """Whether the operator lists ``host`` by its name, at whatever port."""
        return any(name == host.lower() for name, _port in self.names)

    def lists(self, host: str, port: int) -> bool:
        """Whether the operator listed ``host`` itself: by its name, or by its address in a network."""
        if any(name == host.lower() and place in (None, port) for name, place in self.names):
            return True
        try:
            address = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return False
        return any(address in network and place in (None, port) for network, place in self.networks)

    def at(self, *ports: int) -> AllowedHosts:
        """The same, where servers are at ``ports`` too."""
        return AllowedHosts(self.names, self.networks, self.ports | frozenset(ports))

    def public(self) -> AllowedHosts:
        """The public web alone: for where another server sends us, which is not for it to choose in the private network."""
        return AllowedHosts(ports=self.ports)


def allowed_hosts(entries: Iterable[str]) -> AllowedHosts:
    """What entries such as ``nas.ville.lan``, ``nas.ville.lan:22``, ``10.2.0.0/24`` or ``[fd00::/8]:21`` allow; ValueError."""
    names, networks = set(), []
    for entry in entries:
        head, colon, last = entry.strip().rpartition(":")
        has_port = bool(colon) and last.isdecimal() and (head.startswith("[") or ":" not in head)
        host, port = (head if has_port else entry.strip()).strip("[]"), int(last) if has_port else None
        if not host or (port is not None and not 0 < port < 65_536):
            raise ValueError(entry)
        try:
            networks.append((ipaddress.ip_network(host, strict=False), port))
        except ValueError:
            if "/" in host or not any(sign.isalpha() for sign in host):
                raise
            names.add((host.lower().rstrip("."), port))
    return AllowedHosts(frozenset(names), tuple(networks))


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


def looks_public(host: str) -> bool:
    """Whether a host is of the public web by what it is called, nobody being asked: who answers for a name may say another address
    the next minute."""
    name = host.rstrip(".").lower()
    try:
        return is_public(ipaddress.ip_address(name), 443)
    except ValueError:
        return "." in name and not name.endswith(_INNER_ENDINGS)


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of ``host``; OSError when it has none."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def without_secrets(url: str) -> str:
    """An address as messages may show it: neither who asks, nor the values of its query, where keys are."""
    head, mark, query = re.sub(r"//[^/@?#]*@", "//", url).partition("?")
    return (head + mark + re.sub(r"=[^&#]*", "=…", query))[:300]


def checked_url(url: str) -> SplitResult:
    """The parts of ``url``, when it is a plain address of the web."""
    shown = without_secrets(url)
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise BadUrl(url=shown, reason=Sentence("elle contient des caractères interdits"))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrl(url=shown, reason=Sentence("elle est mal formée")) from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise BadUrl(url=shown, reason=Sentence("seuls http et https sont admis"))
    if parts.username is not None or parts.password is not None:
        raise BadUrl(url=shown, reason=Sentence("elle contient un identifiant"))
    if not parts.hostname or port == 0:
        raise BadUrl(url=shown, reason=Sentence("il y manque le nom du serveur"))
    return parts


def ascii_host(parts: SplitResult) -> str:
    """The name of the server as it goes on the wire, without the dot of the root; BadUrl when it cannot."""
    host = (parts.hostname or "").rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BadUrl(
            url=without_secrets(urlunsplit(parts)),
            reason=Sentence("le nom du serveur est mal formé"),
        ) from error


def target(parts: SplitResult) -> str:
    """Path and query as they go on the wire."""
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return "".join(sign if sign.isascii() else "".join(f"%{byte:02X}" for byte in sign.encode()) for sign in path)


def checked_addresses(host: str, port: int, url: str, allowed: Allowed, resolver: Resolver) -> list[str]:
    """Addresses of ``host``, all of them allowed; one that is not condemns the name.

    A name that leads inside is answered like one that does not exist: otherwise anyone could list the inner DNS.
    """
    judge = allowed.of(host) if isinstance(allowed, AllowedHosts) else allowed
    port_is_open = port in _PLAIN_PORTS or port > _HIGHEST_RESERVED_PORT
    try:
        addresses = list(dict.fromkeys(resolver(host, port)))
    except (OSError, UnicodeError) as error:
        raise UnknownHost(host=host) from error
    if not addresses:
        raise UnknownHost(host=host)
    for text in addresses:
        try:
            address = ipaddress.ip_address(text.split("%")[0])
        except ValueError as error:
            raise UnknownHost(host=host) from error
        if not judge(address, port):
            if port_is_open and not _is_literal(host):
                raise UnknownHost(host=host)  # the same answer as for no address at all
            raise PrivateAddress(url=without_secrets(url))
    return addresses


def require_public_url(url: str) -> None:
    """BadUrl or PrivateAddress for an address that shows by itself that it would not be called, whenever it were.

    No name is resolved: what it leads to is judged at each call, and telling it now would let anyone list the inner DNS.
    """
    parts = checked_url(url)
    host, port = ascii_host(parts), parts.port or (443 if parts.scheme.lower() == "https" else 80)
    port_is_open = port in _PLAIN_PORTS or port > _HIGHEST_RESERVED_PORT
    if port_is_open and not _is_literal(host):
        return
    try:
        addresses = resolve(host, port) if port_is_open else []
    except (OSError, UnicodeError):
        addresses = []
    if not addresses or not all(is_public(ipaddress.ip_address(text.split("%")[0]), port) for text in addresses):
        raise PrivateAddress(url=without_secrets(url))


def _is_literal(host: str) -> bool:
    """True when the caller wrote the address itself, in whatever spelling a resolver takes, or ``localhost``."""
    if host.lower().rpartition(".")[2] == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(host.strip("[]").split("%")[0]))
    return not any(sign.isalpha() for sign in host.rpartition(".")[2].lower().removeprefix("0x"))
