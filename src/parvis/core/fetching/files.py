"""Files of the public web, brought to a path."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from urllib3 import BaseHTTPResponse

from parvis.core.fetching.addresses import Allowed, Resolver, is_public, resolve
from parvis.core.fetching.errors import FetchCut, FetchFailed, FetchTooSlow, HttpStatus
from parvis.core.fetching.limits import IDLE_SECONDS, TOTAL_SECONDS, Limits
from parvis.core.fetching.receiving import Receiver
from parvis.core.fetching.requests import CHANGELESS, Question, answered, retry_after
from parvis.core.progress import Progress, no_progress
from parvis.core.translation import Sentence

RESUMPTIONS = 20
"""Times a download that was cut goes on where it was, when it came further each time."""
RESUME_WAITS = (0.5, 2.0, 5.0, 15.0)
"""Seconds before each new try of a server that gives nothing more; then it is given up."""

_LONGEST_NUMBER = 18
"""Digits of a length that are read: it is beyond every bound by then, and Python refuses to read thousands."""
_COMPRESSED = {"application/gzip", "application/x-gzip"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that came: where it stands, its name made safe, the last address, its type as told, its size in bytes.

    ``digest`` is the SHA-256 of what was written. ``unchanged``: the server says that it is still what ``etag`` or
    ``last_modified`` told of, and nothing was written. ``host_key`` is that of an SSH server, to be given again next time.
    """

    path: Path
    name: str
    url: str
    media_type: str
    bytes: int
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    unchanged: bool = False
    host_key: str = ""


def fetch(
    url: str,
    destination: Path,
    *,
    max_bytes: int,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | Callable[[], Mapping[str, str]] = CHANGELESS,
    etag: str = "",
    last_modified: str = "",
    progress: Progress = no_progress,
    allowed: Allowed = is_public,
    resolver: Resolver = resolve,
    idle_seconds: float = IDLE_SECONDS,
    total_seconds: float = TOTAL_SECONDS,
) -> Fetched:
    """Write what ``url`` gives to the new file ``destination``; nothing is left there when that fails or nothing changed.

    ``max_bytes`` bounds the file as written: what comes compressed is written out in full. ``etag`` and ``last_modified`` are
    those of what was fetched before. ``headers`` go to the origin of ``url`` alone, never where it redirects to elsewhere;
    a function makes those that are signed with the hour. A download that is cut goes on where it was, if the file is still the
    same. ``idle_seconds`` bounds silence and stalls, ``total_seconds`` the whole. ``allowed`` says which addresses may be
    reached and ``resolver`` finds them. Raises the errors of this package.
    """
    limits = Limits(allowed, resolver, idle_seconds, time.monotonic() + total_seconds)
    question = Question(url, method, body, headers, etag, last_modified)
    stream = destination.open("xb")
    try:
        with stream:
            result = _Download(question, limits, Receiver(stream, url, max_bytes, limits, progress), destination).run()
        if result.unchanged:
            destination.unlink()
    except BaseException:
        destination.unlink(missing_ok=True)
        raise
    return result


class _Download:
    """One file, in as many answers as it takes."""

    def __init__(self, question: Question, limits: Limits, receiver: Receiver, destination: Path) -> None:
        self._question, self._limits, self._receiver, self._destination = question, limits, receiver, destination
        self._validator = ""
        self._facts = Fetched(destination, "", question.url, "", 0)

    def run(self) -> Fetched:
        """Ask, and ask for the rest while that brings more."""
        waits, reached = iter(RESUME_WAITS), 0
        for _ in range(RESUMPTIONS):
            try:
                return self._asked_once()
            except (FetchCut, FetchFailed, FetchTooSlow) as error:
                if self._receiver.size > reached:
                    waits, reached = iter(RESUME_WAITS), self._receiver.size
                wait = next(waits, None) if self._validator and self._limits.seconds_left else None
                if wait is None and reached and isinstance(error, FetchCut):
                    self._receiver.require_whole(str(error.details["host"]))  # tells of the file, not of its last part
                if wait is None:
                    raise
                time.sleep(min(wait, self._limits.seconds_left))
        return self._asked_once()

    def _asked_once(self) -> Fetched:
        with answered(self._question, self._limits, self._range()) as (response, url):
            host = urlsplit(url).hostname
            if response.status == 304 and self._question.is_conditional:
                return Fetched(
                    self._destination,
                    file_name("", url),
                    url,
                    "",
                    0,
                    response.headers.get("ETag", self._question.etag),
                    response.headers.get("Last-Modified", self._question.last_modified),
                    unchanged=True,
                )
            if response.status == 206 and self._validator:
                self._require_the_rest(response, str(host))
            elif response.status in (200, 207):
                self._begin(response, url)
            else:
                raise HttpStatus(host=host, status=response.status, retry_after=retry_after(response))
            self._receive(response)
        return self._done()

    def _range(self) -> dict[str, str]:
        """The headers that ask for what is missing, if the file is still the one that began."""
        return {"Range": f"bytes={self._receiver.size}-", "If-Range": self._validator} if self._validator else {}

    def _begin(self, response: BaseHTTPResponse, url: str) -> None:
        """A whole answer: what came of a former one is forgotten."""
        name = file_name(response.headers.get("Content-Disposition", ""), url)
        media_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
        etag, last_modified = (response.headers.get(header, "") for header in ("ETag", "Last-Modified"))
        # Servers often call a file that is itself compressed compressed once more, and it is not.
        compressed = name.lower().endswith(".gz") or media_type in _COMPRESSED
        self._decoded = "Content-Encoding" in response.headers and not compressed
        self._encoded = "Content-Encoding" in response.headers
        declared = response.headers.get("Content-Length", "")[:_LONGEST_NUMBER]
        self._receiver.begin(int(declared) if declared.isdecimal() and not self._decoded else None)
        self._facts = Fetched(self._destination, name, url, media_type, 0, etag, last_modified)
        strong = etag if etag and not etag.startswith("W/") else "" if etag else last_modified
        ranges = response.headers.get("Accept-Ranges", "bytes").lower() == "bytes"
        self._validator = strong if ranges and not self._decoded and self._question.method == "GET" else ""

    def _require_the_rest(self, response: BaseHTTPResponse, host: str) -> None:
        """Refuse a part that does not begin where the former one ended, or is of another file."""
        match = re.fullmatch(r"bytes (\d{1,18})-\d+/(\d{1,18}|\*)", response.headers.get("Content-Range", "").strip())
        etag = response.headers.get("ETag", self._facts.etag)
        total = None if match is None or match[2] == "*" else int(match[2])
        same = etag == self._facts.etag and self._encoded == ("Content-Encoding" in response.headers)
        fits = match is not None and int(match[1]) == self._receiver.size and same
        if not fits or (total and self._receiver.expected and total != self._receiver.expected):
            self._validator = ""
            raise FetchFailed(host=host, reason=Sentence("la suite n’est pas celle du fichier commencé"))

    def _receive(self, response: BaseHTTPResponse) -> None:
        self._receiver.resume()
        while chunk := response.read1(Receiver.CHUNK, decode_content=self._decoded):
            self._receiver.write(chunk)

    def _done(self) -> Fetched:
        facts, receiver = self._facts, self._receiver
        receiver.require_whole(str(urlsplit(facts.url).hostname))
        return Fetched(
            facts.path,
            facts.name,
            facts.url,
            facts.media_type,
            receiver.size,
            facts.etag,
            facts.last_modified,
            receiver.digest,
        )


def file_name(disposition: str, url: str) -> str:
    """A plain file name from the answer's ``Content-Disposition``, else from the address: no folder, no control sign."""
    message = Message()
    message["Content-Disposition"] = disposition.replace("\r", " ").replace("\n", " ") or "attachment"
    declared = message.get_filename() or ""
    with contextlib.suppress(UnicodeError):
        declared = declared.encode("latin-1").decode("utf-8")  # servers write plain UTF-8 where the rule wants RFC 5987
    return safe_name(declared or unquote(urlsplit(url).path))


def safe_name(path: str) -> str:
    """The last part of a path as a plain file name: no folder, no control sign, neither empty nor long."""
    name = PurePosixPath(path.replace("\\", "/")).name
    name = re.sub(r"[\x00-\x1f\x7f<>:\"/|?*\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "_", name).strip(" .")
    return name[-150:] or "fichier"
