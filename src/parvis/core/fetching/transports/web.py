"""Files and folders over HTTP: pages that list a folder, WebDAV, and S3, all by the one guarded exchange.

What servers answer of a folder goes to a file, and is read from there in a confined child.
"""

from __future__ import annotations

import base64
import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

from parvis.core.children import Permits, call
from parvis.core.fetching.errors import AccessRefused, HttpStatus, RemoteFileMissing
from parvis.core.fetching.files import Fetched, fetch
from parvis.core.fetching.limits import Limits
from parvis.core.fetching.listings import MOST_BYTES, Records, read_links, read_records
from parvis.core.fetching.locations import Child, Credentials, Location, encoded
from parvis.core.fetching.transports.signing import signed

READ_SECONDS = 30.0
READ_MEMORY = 500_000_000
MOST_PAGES = 100
"""Of a listing of S3, a thousand files each."""
_PROPERTIES = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>'
    b"<resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop></propfind>"
)


@dataclass(slots=True)
class WebSession:
    """A server of the web, and who asks."""

    location: Location
    credentials: Credentials
    limits: Limits
    host_key: str = field(default="", init=False)

    @property
    def host(self) -> str:
        """The server as messages name it."""
        return urlsplit(self.url("/")).hostname or ""

    def url(self, path: str) -> str:
        """The address of a path over HTTP."""
        return _plain(self.location, path)

    def headers(self, _method: str, _url: str) -> Mapping[str, str]:
        """What says who asks."""
        if self.credentials.token:
            return {"Authorization": f"Bearer {self.credentials.token}"}
        if self.credentials.username:
            pair = f"{self.credentials.username}:{self.credentials.password}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        return {}

    def children(self, folder: str) -> Iterator[Child]:
        """Links of the page that lead right below it: neither sizes nor moments."""
        url = self.url(folder.rstrip("/") + "/")
        with self.answer("GET", url) as (page, address):
            links = call(read_links, page, self.host, permits=self._permits(page))
        here = urlsplit(address)
        seen = set()
        for link in links:
            with contextlib.suppress(ValueError):
                name, is_folder = _below(here, urlsplit(urljoin(address, link)))
                if name and name not in seen:
                    seen.add(name)
                    yield Child(name, is_folder)

    def fetch(self, path: str, destination: Path, **options: object) -> Fetched:
        """The file itself; ``options`` are those of ``files.fetch``."""
        url = self.url(path)
        with self._refusals(path):
            return fetch(url, destination, headers=lambda: self.headers("GET", url), **options)  # type: ignore[arg-type]

    @contextmanager
    def answer(
        self, method: str, url: str, body: bytes | None = None, extra: Mapping[str, str] | None = None
    ) -> Iterator[tuple[Path, str]]:
        """What the server says, in a file that goes away, and the address that said it."""
        with tempfile.TemporaryDirectory(prefix="listing-") as folder, self._refusals(urlsplit(url).path):
            fetched = fetch(
                url,
                Path(folder, "answer"),
                max_bytes=MOST_BYTES,
                method=method,
                body=body,
                headers=lambda: {**self.headers(method, url), **(extra or {})},
                allowed=self.limits.allowed,
                resolver=self.limits.resolver,
                idle_seconds=self.limits.idle,
                total_seconds=self.limits.seconds_left,
            )
            yield fetched.path, fetched.url

    def records(self, page: Path, *elements: str) -> Records:
        """The elements of an answer in XML."""
        return call(read_records, page, elements, self.host, permits=self._permits(page))

    def _permits(self, page: Path) -> Permits:
        return Permits(self.host, (page,), seconds=READ_SECONDS, memory=READ_MEMORY)

    @contextmanager
    def _refusals(self, path: str) -> Iterator[None]:
        try:
            yield
        except HttpStatus as error:
            status = error.details.get("status")
            if status == 401 or (status == 403 and self.credentials != Credentials()):
                raise AccessRefused(host=self.host) from error
            if status in (404, 410):
                raise RemoteFileMissing(host=self.host, name=path[:300]) from error
            raise


class DavSession(WebSession):
    """A WebDAV server, such as that of a Nextcloud."""

    def children(self, folder: str) -> Iterator[Child]:
        """What the server knows of the folder, one level deep."""
        url = self.url(folder.rstrip("/") + "/")
        extra = {"Depth": "1", "Content-Type": "application/xml"}
        with self.answer("PROPFIND", url, _PROPERTIES, extra) as (page, address):
            rows = self.records(page, "response").rows
        here = urlsplit(address)
        for row in rows:
            with contextlib.suppress(ValueError):
                name, _ = _below(here, urlsplit(urljoin(address, row.get("href", ""))), any_host=True)
                if name:
                    yield _child(name, row, "getcontentlength", "getlastmodified", "getetag", "collection" in row)


class S3Session(WebSession):
    """A bucket of Amazon's S3, or of what speaks as it does: ``endpoint`` and ``region`` are options of the address."""

    def url(self, path: str) -> str:
        """The object by its path, bucket first, which every server understands."""
        region = self.location.options.get("region", "us-east-1")
        endpoint = self.location.options.get("endpoint") or f"https://s3.{region}.amazonaws.com"
        return f"{endpoint.rstrip('/')}/{self.location.host}{quote(encoded(path), safe='/~')}"

    def headers(self, method: str, url: str) -> Mapping[str, str]:
        """The signature of this very request, which holds for some minutes; none without a key."""
        region = self.location.options.get("region", "us-east-1")
        return signed(method, url, self.credentials, region) if self.credentials.username else {}

    def children(self, folder: str) -> Iterator[Child]:
        """Keys and prefixes right below the folder, page after page."""
        prefix, token = folder.strip("/") + "/" if folder.strip("/") else "", ""
        for _ in range(MOST_PAGES):
            query = {"delimiter": "/", "list-type": "2", "prefix": prefix}
            if token:
                query["continuation-token"] = token
            text = "&".join(f"{name}={quote(encoded(value), safe='~')}" for name, value in sorted(query.items()))
            with self.answer("GET", f"{self.url('')}?{text}") as (page, _address):
                records = self.records(page, "Contents", "CommonPrefixes")
            for row in records.rows:
                key = row.get("Key") or row.get("Prefix", "")
                name = key.removeprefix(prefix)
                if key.startswith(prefix) and name:
                    is_folder = row["is"] == "CommonPrefixes"
                    yield _child(
                        name.rstrip("/") if is_folder else name, row, "Size", "LastModified", "ETag", is_folder
                    )
            token = records.facts.get("NextContinuationToken", "")
            if not token:
                return


def _child(name: str, row: Mapping[str, str], size: str, modified: str, etag: str, is_folder: bool) -> Child:
    text, mark = row.get(size, ""), row.get(etag, "")
    if mark and not mark.startswith(('"', "W/")):
        mark = f'"{mark}"'  # as the same server writes it when the file is asked for
    moment = None
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        moment = _moment(row.get(modified, ""))
    return Child(name, is_folder, int(text[:18]) if text.isdecimal() else None, moment, mark)


def _moment(text: str) -> float | None:
    if not text:
        return None
    return (datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)).timestamp()


def _below(here: SplitResult, place: SplitResult, any_host: bool = False) -> tuple[str, bool]:
    """The name of ``place`` when it is right below the folder ``here``, and whether it is a folder; an empty name otherwise.

    The address that a server writes of its own files is often that of another name of it: only the path counts there.
    """
    folder, path = (unquote_to_bytes(parts.path).decode("utf-8", "surrogateescape") for parts in (here, place))
    if not folder.endswith("/"):
        folder = folder.rpartition("/")[0] + "/"
    if (not any_host and here[:2] != place[:2]) or place.query or not path.startswith(folder):
        return "", False
    name = path.removeprefix(folder)
    is_folder = name.endswith("/")
    return ("", False) if "/" in name.rstrip("/") else (name.rstrip("/"), is_folder)


def _plain(location: Location, path: str) -> str:
    text = location.at(path)
    scheme, _, rest = text.partition("://")
    return f"{ {'webdav': 'http', 'webdavs': 'https'}.get(scheme.lower(), scheme.lower()) }://{rest}"


def opened(
    kind: type[WebSession],
) -> Callable[[Location, Credentials, Limits], contextlib.AbstractContextManager[WebSession]]:
    """What opens a conversation of a kind: nothing is sent until something is asked."""

    @contextmanager
    def open_web(location: Location, credentials: Credentials, limits: Limits) -> Iterator[WebSession]:
        yield kind(location, credentials, limits)

    return open_web
