"""One request of a source, sent politely: its secrets added, the address guarded, robots.txt heard, refusals told apart."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from parvis.core.children import call
from parvis.core.fetching import Answer, FetchCut, FetchFailed, FetchTooSlow, HttpStatus, UnknownHost, ask
from parvis.core.fetching.addresses import Allowed
from parvis.core.progress import Progress
from parvis.core.sources.contract import Request, Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.moved import MOVED
from parvis.hub.accounts.encryption import decrypted, encrypt
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting import hosts
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.rules import LONGEST_WISH, PURPOSE, WAITS, LostSecret, Mode, RobotsRefuse, SourceRefused
from parvis.hub.harvesting.transports import brought, is_exchange, reach_from
from parvis.hub.jobs.process_locks import process_folder

TRANSIENT = (FetchCut, FetchFailed, FetchTooSlow, UnknownHost, HttpStatus)
"""What may be otherwise in a while."""
SHORT_WAIT = timedelta(seconds=10)
"""That a server may ask for without whoever asks it being sent away."""
READ_SECONDS = 60.0
"""Of the reading of one answer in the child."""
MOST_SHORT_WAITS = 3
"""Of one request."""
_BUSY = frozenset({429, 500, 502, 503, 504})
_REFUSED = frozenset({401, 402, 403, 407, 451})


def settings_of(source: Source, since: str = "") -> Settings:
    """How the source is asked; the one file of a source that was given a name has that name."""
    options = {str(k): str(v) for k, v in source.options.items()}
    if shown_title(source) not in ("", title_of(source)) and "title" in DIALECTS[source.dialect].options:
        options.setdefault("title", source.title)
    if source.mode == Mode.MOVE:
        options[MOVED] = "1"
    return Settings(source.url, options, since)


def title_of(source: Source) -> str:
    """The name of a source that nobody named, which its datasets show: its address, less the words of its query, where keys are."""
    return source.url.partition("://")[2].partition("?")[0][:200]


def shown_title(source: Source) -> str:
    """Its name as datasets show it. A source that nobody named was once called by its whole address."""
    return title_of(source) if source.title == source.url.partition("://")[2][:200] else source.title


def sealed(secrets: Mapping[str, str]) -> str:
    """Secrets as they are stored; empty when there are none."""
    return encrypt(json.dumps(dict(secrets)), purpose=PURPOSE) if secrets else ""


def secrets_of(source: Source) -> dict[str, str]:
    """Headers that open the source, by name; LostSecret."""
    if not source.secrets:
        return {}
    text = decrypted(source.secrets, purpose=PURPOSE)
    if text is None:
        raise LostSecret
    return json.loads(text)


def send(
    source: Source,
    request: Request,
    destination: Path,
    progress: Progress,
    *,
    max_bytes: int,
    validators: Mapping[str, Any] | None = None,
    **limits: float,
) -> Answer:
    """The answer, a 200 or a 304; SourceRefused, HttpStatus, RobotsRefuse, ``hosts.ComeBackLater`` and the errors of fetching.

    A server that asks for a few seconds is given them, and asked again: nobody is told to come back for so little.
    """
    for _again in range(MOST_SHORT_WAITS):
        try:
            return _sent(source, request, destination, progress, max_bytes, validators, limits)
        except hosts.ComeBackLater as later:
            if later.moment > timezone.now() + SHORT_WAIT:
                raise  # the others are waited for by the turn that follows
    return _sent(source, request, destination, progress, max_bytes, validators, limits)


def send_twice(source: Source, request: Request, destination: Path, progress: Progress, **options: Any) -> Answer:
    """The answer, as ``send`` gives it; asked once more when it was cut, or when the server met an error of its own."""
    try:
        return send(source, request, destination, progress, **options)
    except (FetchCut, FetchFailed, HttpStatus) as error:
        if error.details.get("status", 500) not in _BUSY:
            raise
        destination.unlink(missing_ok=True)
        return send(source, request, destination, progress, **options)


def ask_and_read[T](
    source: Source,
    request: Request,
    progress: Progress,
    read: Callable[..., T],
    *words: Any,
    max_bytes: int,
    **limits: float,
) -> T:
    """What ``read`` makes of the answer, and of ``words``, in a confined child; what ``send`` raises, and what the reading does."""
    with tempfile.TemporaryDirectory(prefix="ask-", dir=process_folder()) as folder:
        answer = send(source, request, Path(folder, "answer"), progress, max_bytes=max_bytes, **limits)
        with confined(source.title, answer.path, seconds=READ_SECONDS) as (_work, permits):
            result: T = call(read, answer.path, *words, permits=permits)
            return result


def _sent(
    source: Source,
    request: Request,
    destination: Path,
    progress: Progress,
    max_bytes: int,
    validators: Mapping[str, Any] | None,
    limits: Mapping[str, float],
) -> Answer:
    """One time."""
    allowed = reach_from(source, request.url).allowed
    if not source.ignore_robots and not hosts.allowed_by_robots([request.url], progress, allowed)[0]:
        raise RobotsRefuse(host=hosts.host_of(request.url))
    try:
        with hosts.turn(request.url, progress) as beat:
            etag, own = (
                str((validators or {}).get("etag", "")),
                secrets_of(source) if is_its_own(source, request.url) else {},
            )
            if not is_exchange(request):
                return brought(
                    source, request, destination, beat, max_bytes=max_bytes, secrets=own, etag=etag, **limits
                )
            answer = ask(
                request.url,
                destination,
                method=request.method,
                headers={**request.headers, **own},
                body=request.body,
                etag=etag,
                last_modified=str((validators or {}).get("last_modified", "")),
                max_bytes=max_bytes,
                allowed=allowed,
                progress=beat,
                **limits,
            )
    except TRANSIENT:
        hosts.did_not_answer(request.url, allowed)
        raise
    return _judged(answer, request, allowed)


def is_its_own(source: Source, url: str) -> bool:
    """Whether the address is of the source's own server: what it says to ask may lead anywhere, and its key goes to it alone."""
    return _origin(url) == _origin(source.url)


def _judged(answer: Answer, request: Request, allowed: Allowed) -> Answer:
    host = hosts.host_of(request.url)
    if answer.status in (200, 304):
        hosts.answered(request.url)
        return answer
    if answer.status in _REFUSED:
        raise SourceRefused(host=host, status=answer.status)
    if answer.status in _BUSY and answer.wait is not None:
        raise hosts.ComeBackLater(hosts.put_off(request.url, min(answer.wait, LONGEST_WISH.total_seconds())))
    if answer.status == 429:
        raise hosts.ComeBackLater(hosts.put_off(request.url, WAITS[0].total_seconds()))
    if answer.status in _BUSY:
        hosts.did_not_answer(request.url, allowed)
    raise HttpStatus(host=host, status=answer.status)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()
