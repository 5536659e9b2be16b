"""A request and the answer to it, wherever it is redirected to: what goes along, what stays, and how long a busy server is waited for."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from urllib.parse import SplitResult, urljoin

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ProtocolError

from parvis.core.fetching.addresses import AllowedHosts, ascii_host, checked_url, without_secrets
from parvis.core.fetching.errors import BadUrl, FetchFailed, HttpStatus, TooManyRedirects
from parvis.core.fetching.exchange import default_port, exchange
from parvis.core.fetching.limits import Limits
from parvis.core.translation import Sentence

REDIRECTS = 5
RETRY_WAITS = (0.5, 1.0)
"""Seconds before each new try of a server that hung up or said that it is busy. urllib3's own ``Retry`` is on its pool,
which would resolve the name again and read the refused answer to its end."""
LONGEST_RETRY = 5
"""Seconds that a busy server may ask to be waited for here; longer waits are the caller's to keep."""
CHANGELESS: Mapping[str, str] = MappingProxyType({})

_MOVED = {301, 302, 303, 307, 308}
_PLAIN = {"GET", "HEAD"}
_BUSY = {502, 503, 504}
_FOR_ANYONE = {"accept", "accept-language"}
"""Headers that say nothing of who asks: the only ones that follow a redirect to another origin, where keys come in any header."""
_MOST_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the validators of what was fetched before."""

    url: str
    method: str
    body: bytes | None
    headers: Mapping[str, str] | Callable[[], Mapping[str, str]]
    etag: str = ""
    last_modified: str = ""

    @property
    def is_conditional(self) -> bool:
        """Whether the server may answer that nothing changed."""
        return bool(self.etag or self.last_modified)

    def fields(self) -> dict[str, str]:
        """The headers to send."""
        own = self.headers() if callable(self.headers) else self.headers
        fields = {"Accept": "*/*", "Accept-Encoding": "gzip", **own}
        if self.etag:
            fields["If-None-Match"] = self.etag
        if self.last_modified:
            fields["If-Modified-Since"] = self.last_modified
        return fields


@contextmanager
def answered(
    question: Question, limits: Limits, ranges: Mapping[str, str] = CHANGELESS
) -> Iterator[tuple[BaseHTTPResponse, str]]:
    """The answer that no redirect follows, its body not read yet, and the address that gave it.

    With ``ranges``, the rest of a file that began: no validator goes then, which could say that nothing changed.
    """
    url, method, body = question.url, question.method, question.body
    fields = {**(replace(question, etag="", last_modified="") if ranges else question).fields(), **ranges}
    if ranges:
        fields["Accept-Encoding"] = "identity"
    for _ in range(REDIRECTS + 1):
        parts = checked_url(url)
        with _patiently(method, parts, limits, fields, body) as response:
            if response.status not in _MOVED or not response.headers.get("Location"):
                yield response, url
                return
            url, status = _joined(url, response.headers["Location"]), response.status
        following, stays = checked_url(url), _same_origin(parts, checked_url(url))
        if method not in _PLAIN and (status == 303 or (method == "POST" and status in (301, 302))):
            method, body = "GET", None
            fields = {name: value for name, value in fields.items() if name.lower() != "content-type"}
        elif method not in _PLAIN and not stays:
            raise HttpStatus(
                host=parts.hostname, status=status
            )  # what is sent goes where the caller says, nowhere else
        if not stays:
            kept_for_all = {"accept-encoding", "if-none-match", "if-modified-since", "range", "if-range", *_FOR_ANYONE}
            fields = {name: value for name, value in fields.items() if name.lower() in kept_for_all}
        if isinstance(limits.allowed, AllowedHosts) and ascii_host(parts) != ascii_host(following):
            limits = replace(limits, allowed=limits.allowed.public())
    raise TooManyRedirects(url=without_secrets(question.url), limit=REDIRECTS)


def _joined(url: str, location: str) -> str:
    """Where a redirect leads; BadUrl when nobody can tell."""
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise BadUrl(url=without_secrets(location), reason=Sentence("elle est mal formée")) from error


def retry_after(response: BaseHTTPResponse) -> int | None:
    """Seconds after which the server wants to be asked again, from ``Retry-After`` in either of its forms."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return min(int(text[:9]), _MOST_SECONDS)
    with contextlib.suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)
        return max(0, min(int(seconds.total_seconds()), _MOST_SECONDS))
    return None


@contextmanager
def _patiently(
    method: str, parts: SplitResult, limits: Limits, fields: Mapping[str, str], body: bytes | None
) -> Iterator[BaseHTTPResponse]:
    """What the server answers, asked again a little later when it hung up or is busy, unless it wants a longer wait."""
    with contextlib.ExitStack() as stack:
        for wait in RETRY_WAITS:
            pause: float = wait
            try:
                response = stack.enter_context(exchange(method, parts, limits, fields, body))
                wanted_wait = retry_after(response)
                if response.status not in _BUSY or (wanted_wait or 0) > LONGEST_RETRY:
                    break
                pause = max(wait, wanted_wait or 0)
                stack.close()
            except FetchFailed as error:
                if not isinstance(error.__cause__, (ProtocolError, ConnectionResetError)):
                    raise
            time.sleep(min(pause, limits.seconds_left))
        else:
            response = stack.enter_context(exchange(method, parts, limits, fields, body))
        yield response


def _same_origin(former: SplitResult, following: SplitResult) -> bool:
    """The same server by the same protocol, or by its encrypted form."""
    origins = [
        (parts.scheme.lower(), ascii_host(parts), parts.port or default_port(parts)) for parts in (former, following)
    ]
    return origins[0] == origins[1] or (
        origins[0][1] == origins[1][1] and (origins[0][::2], origins[1][::2]) == (("http", 80), ("https", 443))
    )
