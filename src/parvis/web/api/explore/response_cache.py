"""Public answers given again before Django is asked: for readers without key, session or cookie, in tens of microseconds.

Only what a view declared the same for everybody is kept (``answers.PUBLIC``), as it went out, middleware included. The stamp
of the dataset that it is about, or the mark of the catalogue when it is about more, is read from the database at each request:
what is withdrawn or replaced stops being answered in every process as soon as the change is written, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection

from parvis.core.caches import ByteLRUCache
from parvis.hub.caches import room_of
from parvis.hub.catalogue.selectors import catalogue_revision, dataset_stamp
from parvis.hub.quotas.metering import call_headers
from parvis.hub.usage.counters import count_cached
from parvis.web.api.explore.answers import PUBLIC, WHOLE, Mark

type Headers = list[tuple[str, str]]
type Environment = dict[str, Any]
type Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]

_PREFIX = "/api/"
_PERSONAL = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")
_NAMED_KEYS = ("key", "token", "%")
"""Parts of a query that may be a key (``apikey``, ``access_token``), written plainly or not, are looked at by Django."""

_OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding", "content-disposition"})
_OF_THE_CALLER = "x-ratelimit-"


@dataclass(frozen=True, slots=True)
class _Answer:
    mark: Mark
    headers: Headers
    tag: str
    body: bytes | None
    """None when only the validator is known, from an answer that had no body."""

    @property
    def size(self) -> int:
        return len(self.body or b"") + sum(len(name) + len(value) for name, value in self.headers)


class ResponseCache:
    """A WSGI application before another: gives again what is kept, else asks, and keeps what may be."""

    def __init__(self, application: Application, room: int | None = None) -> None:
        self._application = application
        self._kept: ByteLRUCache[_Answer] = ByteLRUCache(room or room_of("answers"))

    def __call__(self, environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if not _is_anybody(environ):
            return self._application(environ, start_response)
        key = _key(environ)
        entry = self._kept.get(key)
        mark = _mark(entry.mark[0] if entry else "")
        if mark is None:
            return self._application(environ, start_response)
        if_none_match = environ.get("HTTP_IF_NONE_MATCH", "")
        is_known = bool(if_none_match) and entry is not None and entry.tag in if_none_match
        if entry is None or entry.mark != mark or (entry.body is None and not is_known):
            return self._asked(environ, start_response, key)
        account = call_headers(environ)
        if account is None:  # the caller's day is spent: Django says so
            return self._application(environ, start_response)
        headers = entry.headers + list(account.items())
        count_cached(environ, 304 if is_known else 200)
        if is_known:
            start_response("304 Not Modified", [row for row in headers if row[0].lower() not in _OF_THE_BODY])
            return [b""]
        start_response("200 OK", headers)
        return [entry.body or b""]

    def _asked(self, environ: Environment, start_response: Callable[..., Any], key: tuple[str, ...]) -> Iterable[bytes]:
        headers: Headers = []
        whole = _mark("")  # read before what may rest on it is computed; views do the same with stamps

        def noting(status: str, response_headers: Headers, *rest: Any) -> Any:
            headers[:] = response_headers
            return start_response(status, response_headers, *rest)

        response = self._application(environ, noting)
        status = getattr(response, "status_code", None)
        declared: Mark | None = environ.get(PUBLIC)
        mark = whole if declared == WHOLE else declared
        if mark is not None and status in (200, 304) and not getattr(response, "streaming", True):
            body = getattr(response, "content", b"") if status == 200 else None
            self._keep(key, mark, headers, body)
        return response

    def _keep(self, key: tuple[str, ...], mark: Mark, headers: Headers, body: bytes | None) -> None:
        named = {name.lower(): value for name, value in headers}
        tag = named.get("etag", "").removeprefix("W/")
        if tag and "set-cookie" not in named:
            lasting = [row for row in headers if not row[0].lower().startswith(_OF_THE_CALLER)]
            answer = _Answer(mark, lasting, tag, body)
            self._kept.put(key, answer, answer.size + sum(map(len, key)))


def _is_anybody(environ: Environment) -> bool:
    """Whether nothing in the request says who asks."""
    if environ["REQUEST_METHOD"] != "GET" or not environ.get("PATH_INFO", "").startswith(_PREFIX):
        return False
    if any(environ.get(name) for name in _PERSONAL):
        return False
    query = environ.get("QUERY_STRING", "").lower()
    return not any(part in query for part in _NAMED_KEYS) or _bears_no_key(query)


def _bears_no_key(query: str) -> bool:
    """A slower look: names of parameters written plainly, and none of a key."""
    names = [part.partition("=")[0] for part in query.split("&")]
    return not any("key" in name or "token" in name or "%" in name for name in names)


def _key(environ: Environment) -> tuple[str, ...]:
    return (
        environ.get("HTTP_HOST", ""),
        environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        "gzip" if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else "",
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
    )


def _mark(dataset_id: str) -> Mark | None:
    """The state of the dataset, of the catalogue when none is named, that kept answers are true of; None when the database does not
    tell: Django says why."""
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()  # Django does it only for the requests it sees
        return dataset_id, (dataset_stamp(dataset_id) or 0) if dataset_id else catalogue_revision()
    except DatabaseError:
        return None
