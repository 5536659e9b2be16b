"""Files of the public web, brought to a path."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ProtocolError

from parvis.core.fetching.addresses import Allowed, Resolver, checked_url, is_public, resolve
from parvis.core.fetching.errors import FetchFailed, FetchTooLarge, HttpStatus, TooManyRedirects
from parvis.core.fetching.exchange import Limits, exchange
from parvis.core.progress import Progress, no_progress

CHUNK = 256 * 1024
REDIRECTS = 5
IDLE_SECONDS = 30.0
TOTAL_SECONDS = 3600.0
RETRY_WAITS = (0.5, 1.0)
"""Seconds before each new try of a server that hung up or said that it is busy. urllib3's own ``Retry`` is on its pool,
which would resolve the name again and read the refused answer to its end."""

_HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip"}
_MOVED = {301, 302, 303, 307, 308}
_BUSY = {502, 503, 504}
_COMPRESSED = {"application/gzip", "application/x-gzip"}


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

    ``max_bytes`` bounds the file as written: what comes compressed is written out in full. ``allowed`` says which addresses
    may be reached and ``resolver`` finds them: both are here so that tests can serve themselves. Raises the errors of
    this package.
    """
    limits = Limits(allowed, resolver, idle_seconds, time.monotonic() + total_seconds)
    current = url
    for _ in range(REDIRECTS + 1):
        parts = checked_url(current)
        try:
            with _answer(parts, limits) as response:
                if response.status in _MOVED:
                    current = urljoin(current, response.headers.get("Location", ""))
                    continue
                if response.status != 200:
                    raise HttpStatus(host=parts.hostname, status=response.status)
                return _saved(response, destination, current, max_bytes, progress)
        except BaseException:
            destination.unlink(missing_ok=True)
            raise
    raise TooManyRedirects(url=url, limit=REDIRECTS)


@contextmanager
def _answer(parts: SplitResult, limits: Limits) -> Iterator[BaseHTTPResponse]:
    """What the server answers, asked again a little later when it hung up or is busy."""
    with contextlib.ExitStack() as stack:
        for wait in RETRY_WAITS:
            try:
                response = stack.enter_context(exchange("GET", parts, limits, _HEADERS))
                if response.status not in _BUSY:
                    break
                stack.close()
            except FetchFailed as error:
                if not isinstance(error.__cause__, (ProtocolError, ConnectionResetError)):
                    raise
            time.sleep(min(wait, limits.seconds_left))
        else:
            response = stack.enter_context(exchange("GET", parts, limits, _HEADERS))
        yield response


def _saved(response: BaseHTTPResponse, destination: Path, url: str, max_bytes: int, progress: Progress) -> Fetched:
    """Stream the body to ``destination``."""
    name = file_name(response.headers.get("Content-Disposition", ""), url)
    media_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    # Servers often call a file that is itself compressed compressed once more, and it is not.
    compressed = name.lower().endswith(".gz") or media_type in _COMPRESSED
    decoded = "Content-Encoding" in response.headers and not compressed
    declared = response.headers.get("Content-Length", "")
    expected = int(declared) if declared.isdecimal() and not decoded else None
    if expected is not None and expected > max_bytes:
        raise FetchTooLarge(url=url[:300], limit_mb=max_bytes // 1024**2)
    size = 0
    with destination.open("xb") as stream:
        while chunk := response.read1(CHUNK, decode_content=decoded):
            size += len(chunk)
            if size > max_bytes:
                raise FetchTooLarge(url=url[:300], limit_mb=max_bytes // 1024**2)
            stream.write(chunk)
            progress("fetch", size, expected)
    etag, last_modified = (response.headers.get(header, "") for header in ("ETag", "Last-Modified"))
    return Fetched(destination, name, url, media_type, size, etag, last_modified)


def file_name(disposition: str, url: str) -> str:
    """A plain file name from the answer's ``Content-Disposition``, else from the address: no folder, no control sign."""
    message = Message()
    message["Content-Disposition"] = disposition.replace("\r", " ").replace("\n", " ") or "attachment"
    declared = message.get_filename() or ""
    with contextlib.suppress(UnicodeError):
        declared = declared.encode("latin-1").decode("utf-8")  # servers write plain UTF-8 where the rule wants RFC 5987
    path = unquote(urlsplit(url).path)
    name = PurePosixPath((declared or path).replace("\\", "/")).name
    name = re.sub(r"[\x00-\x1f\x7f<>:\"/|?*\u202a-\u202e\u2066-\u2069]", "_", name).strip(" .")
    return name[-150:] or "fichier"
