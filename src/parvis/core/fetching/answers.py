"""One request to a source, whose answer is told whatever it is: a status is no error until somebody judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parvis.core.fetching.addresses import Allowed, Resolver, is_public, resolve
from parvis.core.fetching.errors import HttpStatus
from parvis.core.fetching.files import fetch
from parvis.core.fetching.limits import IDLE_SECONDS
from parvis.core.progress import Progress, no_progress

NOT_MODIFIED = 304


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
    body: str = "",
    etag: str = "",
    last_modified: str = "",
    max_bytes: int,
    progress: Progress = no_progress,
    allowed: Allowed = is_public,
    resolver: Resolver = resolve,
    idle_seconds: float = IDLE_SECONDS,
    total_seconds: float = 6 * 3600.0,
) -> Answer:
    """Write the body of a 200 to the new file ``destination``; other statuses are told, none is an error of ours.

    ``headers`` go to the origin that was named alone. Nothing is left at ``destination`` when it fails: FetchTooLarge, FetchTooSlow,
    FetchCut and the other errors of this package.
    """
    try:
        fetched = fetch(
            url,
            destination,
            max_bytes=max_bytes,
            method=method,
            body=body.encode() or None,
            headers=headers or {},
            etag=etag,
            last_modified=last_modified,
            progress=progress,
            allowed=allowed,
            resolver=resolver,
            idle_seconds=idle_seconds,
            total_seconds=total_seconds,
        )
    except HttpStatus as error:
        wait = error.details.get("retry_after")
        waits = float(wait) if isinstance(wait, int | float) else None
        return Answer(int(str(error.details["status"])), destination, url, wait=waits)
    return Answer(
        NOT_MODIFIED if fetched.unchanged else 200,
        fetched.path,
        fetched.url,
        fetched.name,
        fetched.bytes,
        fetched.media_type,
        fetched.etag[:300],
        fetched.last_modified[:100],
    )
