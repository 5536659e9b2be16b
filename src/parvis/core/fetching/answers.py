"""One request to a source: by any method, conditional, and given up as soon as it no longer advances."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import SplitResult, urljoin

from urllib3 import BaseHTTPResponse

from parvis.core.fetching.addresses import Allowed, Resolver, checked_url, is_public, resolve
from parvis.core.fetching.errors import FetchTooLarge, FetchTooSlow, TooManyRedirects
from parvis.core.fetching.exchange import Limits, exchange
from parvis.core.fetching.files import CHUNK, REDIRECTS, file_name
from parvis.core.progress import Progress, no_progress

WINDOW_SECONDS = 60.0
LEAST_BYTES = 20_000
"""A server that gives less than this in a window drips: an idle limit alone lets one byte a second last for ever."""
_MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: ``path`` holds the body of a 200 alone; ``wait`` is what ``Retry-After`` says, in seconds."""

    status: int
    path: Path
    url: str
    name: str = ""
    bytes: int = 0
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""
    wait: float | None = None


def ask(
    url: str,
    destination: Path,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    secret_headers: Mapping[str, str] | None = None,
    body: str = "",
    etag: str = "",
    last_modified: str = "",
    max_bytes: int,
    progress: Progress = no_progress,
    allowed: Allowed = is_public,
    resolver: Resolver = resolve,
    idle_seconds: float = 30.0,
    total_seconds: float = 6 * 3600.0,
    window_seconds: float = WINDOW_SECONDS,
) -> Answer:
    """Write the body of a 200 to the new file ``destination``; other statuses are told, none is an error of ours.

    Redirects are followed, each checked again; ``secret_headers`` go to the host that was named alone. Nothing is left at
    ``destination`` when it fails: FetchTooLarge, FetchTooSlow, FetchCut and the other errors of this package.
    """
    limits = Limits(allowed, resolver, idle_seconds, time.monotonic() + total_seconds)
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    sent = {
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        **(headers or {}),
        **{name: value for name, value in conditions.items() if value},
    }
    current, payload = url, body.encode() or None
    origin = _origin(checked_url(url))
    for _ in range(REDIRECTS + 1):
        parts = checked_url(current)
        secrets = dict(secret_headers or {}) if _origin(parts) == origin else {}
        try:
            with exchange(method, parts, limits, {**sent, **secrets}, payload) as response:
                if response.status in _MOVED and response.headers.get("Location"):
                    current = urljoin(current, response.headers["Location"])
                    if response.status == 303:
                        method, payload = "GET", None
                    continue
                if response.status != 200:
                    return Answer(
                        response.status, destination, current, wait=_wait(response.headers.get("Retry-After", ""))
                    )
                return _saved(response, destination, current, max_bytes, progress, window_seconds)
        except BaseException:
            destination.unlink(missing_ok=True)
            raise
    raise TooManyRedirects(url=url[:300], limit=REDIRECTS)


def _origin(parts: SplitResult) -> tuple[str, str]:
    return parts.scheme.lower(), parts.netloc.lower()


def _saved(
    response: BaseHTTPResponse, destination: Path, url: str, max_bytes: int, progress: Progress, window_seconds: float
) -> Answer:
    name = file_name(response.headers.get("Content-Disposition", ""), url)
    media_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    decoded = "Content-Encoding" in response.headers and not name.lower().endswith(".gz")
    declared = response.headers.get("Content-Length", "")
    expected = int(declared) if declared.isdecimal() and not decoded else None
    if expected is not None and expected > max_bytes:
        raise FetchTooLarge(url=url[:300], limit_mb=max_bytes // 1024**2)
    size, window_start, window_size = 0, time.monotonic(), 0
    with destination.open("xb") as stream:
        while chunk := response.read1(CHUNK, decode_content=decoded):
            size += len(chunk)
            if size > max_bytes:
                raise FetchTooLarge(url=url[:300], limit_mb=max_bytes // 1024**2)
            stream.write(chunk)
            progress("fetch", size, expected)
            now = time.monotonic()
            if now - window_start > window_seconds:
                if size - window_size < LEAST_BYTES:
                    raise FetchTooSlow(host=checked_url(url).hostname)
                window_start, window_size = now, size
    etag, last_modified = (response.headers.get(header, "") for header in ("ETag", "Last-Modified"))
    return Answer(200, destination, url, name, size, media_type, etag[:300], last_modified[:100])


def _wait(text: str) -> float | None:
    """Seconds until the moment that ``Retry-After`` says; None when it says nothing that can be read."""
    if text.strip().isdecimal():
        return float(text.strip()[:9])
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return None
