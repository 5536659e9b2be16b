"""Where files of elsewhere are, in one form for every protocol, who asks for them, and what a folder there has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Protocol
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlsplit

from parvis.core.fetching.addresses import without_secrets
from parvis.core.fetching.errors import BadLocation
from parvis.core.translation import Sentence

DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21, "ftps": 21, "sftp": 22, "webdav": 80, "webdavs": 443, "s3": 443}
_WITH_QUERY = {"http", "https", "webdav", "webdavs", "s3"}
_LONGEST = 2_000
_LONGEST_NAME = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Location:
    """An address taken apart. ``path`` is decoded, with what is no UTF-8 escaped as Python does for names of files."""

    text: str
    scheme: str
    host: str
    port: int
    path: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_implicit_tls(self) -> bool:
        """Whether FTP is encrypted from the first byte, as at its port of old."""
        return self.scheme == "ftps" and self.port == 990

    def at(self, path: str) -> str:
        """The address of another path of the same server."""
        head, _, rest = self.text.partition("://")
        query = f"?{rest.partition('?')[2]}" if self.scheme in _WITH_QUERY and "?" in rest else ""
        return f"{head}://{rest.partition('/')[0].partition('?')[0]}{quote(encoded(path), safe='/~')}{query}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks. Secrets are left out of what is printed.

    ``token`` is a bearer's; with S3 ``username`` and ``password`` are the key and its secret, ``token`` that of a session.
    ``private_key`` is in OpenSSH's or PEM's form, ``password`` its passphrase then. ``host_key`` is that of the SSH server as it
    was at first (``Fetched.host_key``): another one is refused.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    host_key: str = ""


@dataclass(frozen=True, slots=True)
class Child:
    """One thing of a folder elsewhere; ``etag`` changes with its content, ``modified`` is in seconds of the epoch."""

    name: str
    is_folder: bool = False
    bytes: int | None = None
    modified: float | None = None
    etag: str = ""


class Lister(Protocol):
    """A conversation with one server."""

    host_key: str
    """What identifies an SSH server, empty elsewhere."""

    def children(self, folder: str) -> Iterator[Child]:
        """What is in a folder."""


class Session(Lister, Protocol):
    """One whose files are read by it, and not by HTTP."""

    def status(self, path: str) -> Child:
        """What a file is now; RemoteFileMissing."""

    def read(self, path: str, offset: int, write: Callable[[bytes], None]) -> None:
        """Hand the bytes of a file over, from ``offset`` on."""


def location_of(text: str, schemes: frozenset[str]) -> Location:
    """``text`` taken apart; BadLocation for another scheme, secrets in it, a path that climbs or a sign that no path has."""
    scheme, separator, rest = text.partition("://")
    scheme = scheme.lower()
    if len(text) > _LONGEST or _CONTROL.search(text) or "\\" in text:
        raise _bad(text, Sentence("elle contient des caractères interdits"))
    if not separator or scheme not in schemes:
        raise _bad(text, Sentence("ce protocole n’est pas admis"))
    query = ""
    if scheme in _WITH_QUERY:
        rest, _, query = rest.partition("#")[0].partition("?")
    server, slash, path = rest.partition("/")
    try:
        parts = urlsplit(f"//{server}")
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS.get(scheme, 0)
    except ValueError as error:
        raise _bad(text, Sentence("elle est mal formée")) from error
    if parts.username is not None or parts.password is not None:
        raise _bad(text, Sentence("elle contient un identifiant"))
    if not host and scheme != "file":
        raise _bad(text, Sentence("il y manque le nom du serveur"))
    decoded_path = unquote_to_bytes(slash + path).decode("utf-8", "surrogateescape")
    if _CONTROL.search(decoded_path) or any(segment in (".", "..") for segment in decoded_path.split("/")):
        raise _bad(text, Sentence("son chemin remonte ou contient des caractères interdits"))
    return Location(text, scheme, host, port, decoded_path or "/", MappingProxyType(dict(parse_qsl(query))))


def encoded(path: str) -> bytes:
    """The bytes of a path, those that are no UTF-8 included."""
    return path.encode("utf-8", "surrogateescape")


def readable(name: str) -> str:
    """A name for people: old servers write it in the code page of Windows."""
    try:
        text = encoded(name).decode("utf-8")
    except UnicodeDecodeError:
        text = encoded(name).decode("cp1252", "replace")
    return unicodedata.normalize("NFC", text)


def is_plain(name: str) -> bool:
    """Whether a server's name for something of a folder is one: no path, no control sign, not too long."""
    return (
        name not in ("", ".", "..")
        and "/" not in name
        and not _CONTROL.search(name)
        and len(name.encode("utf-8", "surrogateescape")) <= _LONGEST_NAME
    )


def iso(modified: float | None) -> str:
    """A moment in ISO 8601, UTC; empty when it is not known."""
    if modified is None:
        return ""
    try:
        return datetime.fromtimestamp(modified, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""


def marked(size: int | None, modified: float | None) -> str:
    """What stands for an ETag where there is none: size and moment; empty when either is not known."""
    return "" if size is None or modified is None else f'"{size}-{modified:.0f}"'


def _bad(text: str, reason: Sentence) -> BadLocation:
    return BadLocation(url=without_secrets(text), reason=reason)
