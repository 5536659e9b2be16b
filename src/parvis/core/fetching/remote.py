"""One way in for every protocol: a file of elsewhere brought to a path, and the files of a folder by pattern.

Each protocol is a row of ``OVER_HTTP`` or ``TRANSPORTS``. All are behind the guard of this package: names are resolved once, the connection goes to
a checked address, everything is bounded in time, size and number, and messages hold no secret.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from parvis.core.fetching.addresses import Allowed, AllowedHosts, Resolver, allowed_hosts, resolve
from parvis.core.fetching.errors import BadLocation, FetchCut, FetchFailed, FetchTooSlow, FileChanging
from parvis.core.fetching.files import RESUME_WAITS, RESUMPTIONS, Fetched, safe_name
from parvis.core.fetching.limits import IDLE_SECONDS, TOTAL_SECONDS, Limits
from parvis.core.fetching.locations import (
    Child,
    Credentials,
    Lister,
    Location,
    Session,
    is_plain,
    iso,
    location_of,
    readable,
)
from parvis.core.fetching.receiving import Receiver
from parvis.core.fetching.transports.folder import open_folder
from parvis.core.fetching.transports.ftp import open_ftp
from parvis.core.fetching.transports.sftp import open_sftp
from parvis.core.fetching.transports.web import DavSession, S3Session, WebSession, opened
from parvis.core.progress import Progress, no_progress
from parvis.core.translation import Sentence

MOST_LOOKED = 50_000
"""Things that one listing looks at, in all its folders."""
MOST_FOLDERS = 200
MOST_ENTRIES = 1_000

type Opener[Kind] = Callable[[Location, Credentials, Limits], AbstractContextManager[Kind]]

OVER_HTTP: dict[str, Opener[WebSession]] = {
    "http": opened(WebSession),
    "https": opened(WebSession),
    "webdav": opened(DavSession),
    "webdavs": opened(DavSession),
    "s3": opened(S3Session),
}
"""How a conversation is opened, by the scheme of the address."""

TRANSPORTS: dict[str, Opener[Session]] = {"ftp": open_ftp, "ftps": open_ftp, "sftp": open_sftp}
"""The same for what is no HTTP; ``file`` besides, whose folders the operator names."""

SCHEMES = frozenset({*OVER_HTTP, *TRANSPORTS, "file"})
NOBODY = Credentials()
_PORTS = {"ftp": (21,), "ftps": (21, 990), "sftp": (22,)}
"""Ports below 1024 where the servers of a protocol are, besides those of the web."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the operator lets sources reach: hosts of the private network besides the public web, folders of this machine."""

    allowed: Allowed = field(default_factory=AllowedHosts)
    resolver: Resolver = resolve
    folders: tuple[Path, ...] = ()


PUBLIC = Reach()


def reach_of(private_hosts: Iterable[str], folders: Iterable[Path]) -> Reach:
    """What the operator's settings let sources reach; ValueError for an entry that is no host nor network."""
    return Reach(allowed_hosts(private_hosts), folders=tuple(folders))


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a folder elsewhere: its name for people, its own address, and what is told of it (``modified`` in ISO 8601).

    ``etag`` changes with the content, and is what ``fetch_any`` takes to fetch it again only then.
    """

    name: str
    location: str
    bytes: int | None = None
    modified: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Files from the newest to the oldest; ``complete`` is false when there are more than were looked at or wanted."""

    entries: tuple[Entry, ...]
    complete: bool = True
    host_key: str = ""


def fetch_any(
    location: str,
    destination: Path,
    *,
    max_bytes: int,
    credentials: Credentials = NOBODY,
    reach: Reach = PUBLIC,
    etag: str = "",
    last_modified: str = "",
    progress: Progress = no_progress,
    idle_seconds: float = IDLE_SECONDS,
    total_seconds: float = TOTAL_SECONDS,
) -> Fetched:
    """Write what is at ``location`` to the new file ``destination``, unless it is still what ``etag`` was told of.

    Nothing is left when that fails. A transfer that is cut goes on where it was while the file stays the same; a file that changes
    while it is read is refused (FileChanging): whoever leaves it there has not finished. Raises the errors of this package.
    """
    place = location_of(location, SCHEMES)
    limits = _limits(place, reach, idle_seconds, total_seconds)
    if place.scheme in OVER_HTTP:
        with OVER_HTTP[place.scheme](place, credentials, limits) as session:
            return session.fetch(
                place.path,
                destination,
                max_bytes=max_bytes,
                etag=etag,
                last_modified=last_modified,
                progress=progress,
                allowed=limits.allowed,
                resolver=limits.resolver,
                idle_seconds=idle_seconds,
                total_seconds=total_seconds,
            )
    stream = destination.open("xb")
    try:
        with stream:
            receiver = Receiver(stream, location, max_bytes, limits, progress)
            fetched = _Transfer(place, credentials, reach, limits, receiver, destination).run(etag)
        if fetched.unchanged:
            destination.unlink()
    except BaseException:
        destination.unlink(missing_ok=True)
        raise
    return fetched


def list_any(
    pattern: str,
    *,
    credentials: Credentials = NOBODY,
    reach: Reach = PUBLIC,
    most: int = MOST_ENTRIES,
    idle_seconds: float = IDLE_SECONDS,
    total_seconds: float = 300.0,
) -> Listing:
    """The files that ``pattern`` matches, newest first, ``most`` at most: an address whose path has ``*``, ``?`` or ``[…]``.

    A pattern stays within one folder's names: ``/depots/*/*.csv`` looks into each folder of ``/depots``. Hidden files are left out,
    and so are names that are paths. A path that ends with a bar is all files of that folder. Raises the errors of this package.
    """
    place = location_of(pattern, SCHEMES)
    limits = _limits(place, reach, idle_seconds, total_seconds)
    with _lister(place, credentials, reach, limits) as session:
        walk = _Walk(session, limits)
        path = place.path if not place.path.endswith("/") else f"{place.path}*"
        newest = heapq.nlargest(most + 1, walk.files(path), key=lambda file: (file[1].modified or 0, file[0]))
        entries = tuple(
            Entry(readable(child.name), place.at(path), child.bytes, iso(child.modified), child.etag)
            for path, child in newest[:most]
        )
        return Listing(entries, walk.complete and len(newest) <= most, session.host_key)


def _limits(place: Location, reach: Reach, idle_seconds: float, total_seconds: float) -> Limits:
    ports = _PORTS.get(place.scheme, ())
    allowed = reach.allowed.at(*ports) if isinstance(reach.allowed, AllowedHosts) else reach.allowed
    return Limits(allowed, reach.resolver, idle_seconds, time.monotonic() + total_seconds)


def _opened(place: Location, credentials: Credentials, reach: Reach, limits: Limits) -> AbstractContextManager[Session]:
    if place.scheme == "file":
        return open_folder(place, reach.folders)
    return TRANSPORTS[place.scheme](place, credentials, limits)


def _lister(place: Location, credentials: Credentials, reach: Reach, limits: Limits) -> AbstractContextManager[Lister]:
    if place.scheme in OVER_HTTP:
        return OVER_HTTP[place.scheme](place, credentials, limits)
    return _opened(place, credentials, reach, limits)


class _Transfer:
    """One file over a protocol that is no HTTP, in as many conversations as it takes."""

    def __init__(
        self,
        place: Location,
        credentials: Credentials,
        reach: Reach,
        limits: Limits,
        receiver: Receiver,
        destination: Path,
    ) -> None:
        self._place, self._credentials, self._reach, self._limits = place, credentials, reach, limits
        self._receiver, self._destination = receiver, destination
        self._first: Child | None = None

    def run(self, etag: str) -> Fetched:
        """Read, and read on while that brings more."""
        waits, reached = iter(RESUME_WAITS), 0
        for _ in range(RESUMPTIONS):
            try:
                return self._asked_once(etag)
            except (FetchCut, FetchFailed, FetchTooSlow):
                if self._receiver.size > reached:
                    waits, reached = iter(RESUME_WAITS), self._receiver.size
                wait = next(waits, None) if self._first is not None and self._limits.seconds_left else None
                if wait is None:
                    raise
                time.sleep(min(wait, self._limits.seconds_left))
        return self._asked_once(etag)

    def _asked_once(self, etag: str) -> Fetched:
        path, receiver = self._place.path, self._receiver
        with _opened(self._place, self._credentials, self._reach, self._limits) as session:
            state = session.status(path)
            if etag and state.etag == etag:
                return self._fetched(state, session, unchanged=True)
            if self._first is None or not state.etag or state.etag != self._first.etag:
                self._first = state
                receiver.begin(state.bytes)
            receiver.resume()
            changing = FileChanging(host=self._place.host or "localhost", name=readable(state.name))

            def write(chunk: bytes) -> None:
                if state.bytes is not None and receiver.size + len(chunk) > state.bytes:
                    raise changing  # who writes faster than we read would keep us here for ever
                receiver.write(chunk)

            session.read(path, receiver.size, write)
            if session.status(path).etag != state.etag:
                raise changing
            receiver.require_whole(self._place.host)
            return self._fetched(state, session)

    def _fetched(self, state: Child, session: Session, *, unchanged: bool = False) -> Fetched:
        size, digest = (0, "") if unchanged else (self._receiver.size, self._receiver.digest)
        name = safe_name(readable(state.name))
        return Fetched(
            self._destination,
            name,
            self._place.text,
            "",
            size,
            state.etag,
            iso(state.modified),
            digest,
            unchanged,
            session.host_key,
        )


class _Walk:
    """The files that a pattern matches, folder by folder, until enough was looked at."""

    def __init__(self, session: Lister, limits: Limits) -> None:
        self._session, self._limits = session, limits
        self._folders, self._looked = 0, 0
        self.complete = True

    def files(self, pattern: str) -> Iterator[tuple[str, Child]]:
        """Paths and what they are."""
        segments = pattern.split("/")
        plain = next((number for number, segment in enumerate(segments) if set(segment) & set("*?[")), None)
        if plain is None:
            raise BadLocation(url=pattern[:300], reason=Sentence("il y manque un motif, comme *.csv"))
        yield from self._below("/".join(segments[:plain]), segments[plain:])

    def _below(self, folder: str, segments: list[str]) -> Iterator[tuple[str, Child]]:
        if self._folders >= MOST_FOLDERS:
            self.complete = False
            return
        self._folders += 1
        head, *rest = segments
        if rest and not set(head) & set("*?["):
            yield from self._below(f"{folder}/{head}", rest)
            return
        for child in self._session.children(folder or "/"):
            self._looked += 1
            if self._looked > MOST_LOOKED or not self._limits.seconds_left:
                self.complete = False
                return
            if is_plain(child.name) and _matches(readable(child.name), readable(head)):
                if rest and child.is_folder:
                    yield from self._below(f"{folder}/{child.name}", rest)
                elif not rest and not child.is_folder:
                    yield f"{folder}/{child.name}", child


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) and (pattern.startswith(".") or not name.startswith("."))
