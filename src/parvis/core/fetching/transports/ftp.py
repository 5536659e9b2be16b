"""Files over FTP, in clear or encrypted (explicit, or implicit at port 990), over the standard library's client.

It is handed a connection to the checked address, and data connections go to the very machine of that one, whatever the server says.
"""

from __future__ import annotations

import contextlib
import ftplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from parvis.core.fetching.connecting import connection
from parvis.core.fetching.errors import (
    AccessRefused,
    FetchCut,
    FetchFailed,
    FetchTooLarge,
    FetchTooSlow,
    RemoteFileMissing,
)
from parvis.core.fetching.limits import Limits, Pace
from parvis.core.fetching.locations import Child, Credentials, Location, marked, readable
from parvis.core.translation import Sentence

CHUNK = 256 * 1024
MOST_LISTING_BYTES = 16_000_000
_LEAST_DATA_PORT = 1024
_BYTES = "latin-1"
"""Each byte of a name as it is on the wire: a name in any code page comes and goes unharmed."""
_NOT_LOGGED_IN = {"332", "530", "532"}
_UNIX = re.compile(
    r"^([-dlbcps])\S{9}\S*\s+\d+\s+\S+\s+\S+\s+(\d+)\s+([A-Za-z]{3})\s+(\d{1,2})\s+(\d{4}|\d{1,2}:\d\d)\s(.+)$"
)
_DOS = re.compile(r"^(\d\d)-(\d\d)-(\d\d|\d{4})\s+(\d\d):(\d\d)\s*([AP]M)?\s+(<DIR>|\d+)\s+(.+)$")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class _Client(ftplib.FTP_TLS):
    """ftplib's client over a connection of ours."""

    trust_server_pasv_ipv4_address = False

    def begin(self, connected: socket.socket, host: str, limits: Limits) -> None:
        """Take the connection and read the welcome."""
        self.host, self.timeout, self.af = host, limits.idle, connected.family
        self.sock = connected
        self.file = connected.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()

    def makepasv(self) -> tuple[str, int]:
        """Where data comes from: the machine that is spoken with, at a port where no other service may be."""
        host, port = super().makepasv()
        if port < _LEAST_DATA_PORT:
            raise ftplib.error_proto("reserved port")  # noqa: S321
        return host, port

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """Many servers refuse data over an encrypted connection that is not of the same TLS session as the commands."""
        data, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321
        if self._prot_p:  # type: ignore[attr-defined]
            session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
            return self.context.wrap_socket(data, server_hostname=self.host, session=session), size
        return data, size


class FtpSession:
    """A conversation with an FTP server."""

    host_key = ""

    def __init__(self, client: _Client, host: str, limits: Limits) -> None:
        self._client, self._host, self._limits = client, host, limits

    def children(self, folder: str) -> Iterator[Child]:
        """What the server lists, as machines do (RFC 3659), else as ``ls`` or Windows do."""
        path = _on_wire(folder)
        try:
            lines, read_line = self._lines(f"MLSD {path}"), _of_machine
        except ftplib.error_perm as error:
            if str(error)[:3] not in ("500", "501", "502", "504"):
                raise self._refused(error, folder) from error
            try:
                lines, read_line = self._lines(f"LIST {path}" if path not in (".", "") else "LIST"), _of_people
            except ftplib.error_perm as refusal:
                raise self._refused(refusal, folder) from refusal
        for line in lines:
            child = read_line(line)
            if child is not None:
                yield child

    def status(self, path: str) -> Child:
        """Size and moment, as far as the server tells them."""
        wire, size, modified = _on_wire(path), None, None
        self._client.voidcmd("TYPE I")
        with contextlib.suppress(ftplib.error_perm):
            size = self._client.size(wire)
        with contextlib.suppress(ftplib.error_perm, ValueError, IndexError):
            modified = _moment(self._client.voidcmd(f"MDTM {wire}").split()[1])
        return Child(path.rpartition("/")[2], False, size, modified, marked(size, modified))

    def read(self, path: str, offset: int, write: Callable[[bytes], None]) -> None:
        """The bytes of the file."""
        self._client.voidcmd("TYPE I")
        try:
            data, _size = self._client.ntransfercmd(f"RETR {_on_wire(path)}", offset or None)
        except ftplib.error_perm as error:
            raise self._refused(error, path) from error
        with data:
            while chunk := data.recv(CHUNK):
                write(chunk)
        self._client.voidresp()

    def _lines(self, command: str) -> list[str]:
        """The lines of a listing, bounded whole and in the speed at which they come."""
        self._client.voidcmd("TYPE A")
        parts, total, pace = [], 0, Pace(self._limits.idle)
        data, _size = self._client.ntransfercmd(command)
        with data:
            while chunk := data.recv(CHUNK):
                total += len(chunk)
                parts.append(chunk)
                if total > MOST_LISTING_BYTES:
                    raise FetchTooLarge(url=self._host, limit_mb=MOST_LISTING_BYTES // 1_000_000)
                if pace.is_stalled(len(chunk)) or not self._limits.seconds_left:
                    raise FetchTooSlow(host=self._host)
        self._client.voidresp()
        return b"".join(parts).decode("utf-8", "surrogateescape").splitlines()

    def _refused(self, error: ftplib.error_perm, path: str) -> Exception:
        if str(error)[:3] in _NOT_LOGGED_IN:
            return AccessRefused(host=self._host)
        return RemoteFileMissing(host=self._host, name=readable(path))


@contextmanager
def open_ftp(location: Location, credentials: Credentials, limits: Limits) -> Iterator[FtpSession]:
    """A conversation with the server, as the person or as anyone."""
    host = location.host
    with connection(host, location.port, location.text[:300], limits) as (connected, cut):
        client = _Client(context=ssl.create_default_context(), encoding=_BYTES)
        try:
            if location.is_implicit_tls:
                connected = cut.socket = client.context.wrap_socket(connected, server_hostname=host)
            client.begin(connected, host, limits)
            if location.scheme == "ftps" and not location.is_implicit_tls:
                client.auth()
                cut.socket = client.sock
            _log_in(client, location, credentials)
            yield FtpSession(client, host, limits)
        except ftplib.error_temp as error:
            raise (
                FetchCut(host=host, received="?", expected="?") if str(error)[:3] == "426" else _failed(host)
            ) from error
        except (ftplib.Error, UnicodeError) as error:
            raise _failed(host) from error
        finally:
            client.close()


def _log_in(client: _Client, location: Location, credentials: Credentials) -> None:
    try:
        client.login(credentials.username or "anonymous", credentials.password or "anonymous@", secure=False)
        if location.scheme == "ftps":
            client.prot_p()
    except ftplib.error_perm as error:
        if str(error)[:3] in _NOT_LOGGED_IN:
            raise AccessRefused(host=location.host) from error
        raise


def _failed(host: str) -> FetchFailed:
    return FetchFailed(host=host, reason=Sentence("il a refusé une commande FTP"))


def _on_wire(path: str) -> str:
    """A path as ftplib sends it: from the folder where one arrives, unless it begins with two bars (RFC 1738)."""
    relative = path.removeprefix("/") or "."
    relative = f"./{relative}" if relative.startswith("-") else relative  # which ``LIST`` would take for an option
    return relative.encode("utf-8", "surrogateescape").decode(_BYTES)


def _moment(text: str) -> float:
    return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()


def _of_machine(line: str) -> Child | None:
    facts_text, _, name = line.partition(" ")
    facts = dict(fact.lower().partition("=")[::2] for fact in facts_text.split(";") if fact)
    kind = facts.get("type", "file")
    if kind in ("cdir", "pdir") or not name:
        return None
    size = int(facts["size"][:18]) if facts.get("size", "").isdecimal() else None
    try:
        modified = _moment(facts["modify"])
    except (KeyError, ValueError):
        modified = None
    return Child(name, kind == "dir", size, modified, marked(size, modified))


def _of_people(line: str) -> Child | None:
    try:
        if match := _UNIX.match(line):
            modified = _day(match[3], int(match[4]), match[5])
            name = match[6].partition(" -> ")[0] if match[1] == "l" else match[6]
            size = int(match[2][:18]) if match[1] == "-" else None
            return Child(name, match[1] == "d", size, modified) if match[1] in "-dl" else None
        if match := _DOS.match(line):
            month, day, year, hour, minute = (int(match[number]) for number in range(1, 6))
            hour = hour % 12 + 12 * (match[6] == "PM") if match[6] else hour
            year += (1900 if year >= 70 else 2000) if year < 100 else 0
            is_folder = match[7] == "<DIR>"
            size = None if is_folder else int(match[7][:18])
            return Child(match[8], is_folder, size, datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())
    except (ValueError, OverflowError):
        return None
    return None


def _day(month: str, day: int, year_or_time: str) -> float | None:
    """``ls`` leaves the year out of the last six months; servers tell their own time, taken for UTC."""
    if month.lower() not in _MONTHS:
        return None
    number, now = _MONTHS.index(month.lower()) + 1, datetime.now(UTC)
    if ":" not in year_or_time:
        return datetime(int(year_or_time), number, day, tzinfo=UTC).timestamp()
    hour, minute = (int(part) for part in year_or_time.split(":"))
    moment = datetime(now.year, number, day, hour, minute, tzinfo=UTC)
    return (moment.replace(year=now.year - 1) if moment > now + timedelta(days=1) else moment).timestamp()
