"""Asking the national service: few addresses at a time, one batch after the other, again after a while when it cannot answer.

Each batch is remembered as soon as it is answered: what is interrupted goes on from there, and the next delivery asks what is new.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from parvis.core.children import Permits, ReadingFailed, call
from parvis.core.errors import OperationError, RequestError
from parvis.core.fetching import Answer, ask
from parvis.core.fetching.addresses import allowed_hosts
from parvis.core.fetching.errors import FetchCut, FetchFailed, FetchTooLarge, FetchTooSlow, UnknownHost
from parvis.core.progress import Progress, no_progress
from parvis.core.transforms.preparation.national import Parts, address_key, question, read_answers
from parvis.core.translation import gettext_noop
from parvis.hub.geocoding.models import GeocodedAddress
from parvis.hub.jobs.process_locks import process_folder

BATCH = 500
"""Addresses in one request: a batch that is lost is little, and the service takes thousands."""
ATTEMPTS = 6
LONGEST_PAUSE = 60.0
PAUSE = 0.2
"""Seconds between two requests: five a second at most, where the service allows fifty."""
MOST_BYTES = 20_000_000
SECONDS = 120.0
REMEMBERED = timedelta(days=180)
_KEYS = 500
_BOUNDARY = "parvis-3f0c5e2b7d"
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_TRANSIENT = (FetchCut, FetchFailed, FetchTooSlow, UnknownHost)


class NoGeocodingService(RequestError):
    """A step asks the national service and the instance has none."""

    code: ClassVar[str] = "geocoding-none"
    sentence: ClassVar[str] = gettext_noop("Ce portail n’envoie d’adresses à aucun service de géocodage.")
    advice: ClassVar[str] = gettext_noop(
        "Choisissez les adresses chargées sur ce portail, ou demandez que PARVIS_GEOCODING_API soit réglé."
    )


class GeocodingUnavailable(OperationError):
    """The service did not answer, however often it was asked."""

    code: ClassVar[str] = "geocoding-unavailable"
    wait: ClassVar[int] = 600
    sentence: ClassVar[str] = gettext_noop("Le service de géocodage {host} ne répond pas ({reason}).")
    advice: ClassVar[str] = gettext_noop(
        "Recommencez plus tard : les adresses déjà trouvées sont gardées, seules les autres seront demandées."
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of addresses, by their keys: the attributes of a place, None where nothing was found, nothing in the attributes of one
    to which no answer came. ``is_partial``: some were not asked on purpose."""

    places: dict[str, dict[str, str] | None] = field(default_factory=dict)
    is_partial: bool = False


def require_service() -> str:
    """The address of the service; NoGeocodingService."""
    address: str = settings.PARVIS["PARVIS_GEOCODING_API"]
    if not address:
        raise NoGeocodingService
    return address


def answers_for(addresses: Sequence[Parts], *, most: int | None = None, progress: Progress = no_progress) -> Answers:
    """What the service says of these addresses, asked of it where it is not remembered: ``most`` of them when that is given."""
    address = require_service()
    by_key = {address_key(parts): parts for parts in addresses}
    GeocodedAddress.objects.filter(asked__lt=timezone.now() - REMEMBERED).delete()
    places = _remembered(list(by_key))
    missing = [key for key in by_key if key not in places]
    batch = missing if most is None else missing[:most]
    for start in range(0, len(batch), BATCH):
        progress("geocode", start, len(batch))
        keys = batch[start : start + BATCH]
        answers = _ask(address, [by_key[key] for key in keys])
        fresh = {key: answers[rank] for rank, key in enumerate(keys) if rank in answers}
        GeocodedAddress.objects.bulk_create(
            [GeocodedAddress(key=key, place=place) for key, place in fresh.items()], ignore_conflicts=True
        )
        places |= fresh
        places |= {key: {} for key in keys if key not in fresh}
    progress("geocode", len(batch), len(batch))
    return Answers(places, len(batch) < len(missing))


def _remembered(keys: Sequence[str]) -> dict[str, dict[str, str] | None]:
    places: dict[str, dict[str, str] | None] = {}
    for start in range(0, len(keys), _KEYS):
        rows = GeocodedAddress.objects.filter(key__in=keys[start : start + _KEYS])
        places |= dict(rows.values_list("key", "place"))
    return places


def _ask(address: str, rows: Sequence[Parts]) -> dict[int, dict[str, str] | None]:
    """The answers by the rank of the address; what a whole batch is refused for is looked for by halves."""
    answers: dict[int, dict[str, str] | None] = {}
    ranks = list(range(len(rows)))
    for attempt in range(2):  # what a body that was cut left out is asked once more
        left = [rank for rank in ranks if rank not in answers]
        if not left or (attempt and len(left) == len(ranks)):
            break
        again = [rows[rank] for rank in left]
        answers |= {left[rank]: place for rank, place in _batch(address, again).items()}
    return answers


def _batch(address: str, rows: Sequence[Parts]) -> dict[int, dict[str, str] | None]:
    status, answers = _answered(address, rows)
    if status == 200:
        return answers
    if len(rows) == 1:
        return {}  # the service takes all but this one
    half = len(rows) // 2
    first, second = _batch(address, rows[:half]), _batch(address, rows[half:])
    return first | {rank + half: place for rank, place in second.items()}


def _answered(address: str, rows: Sequence[Parts]) -> tuple[int, dict[int, dict[str, str] | None]]:
    """The status of the last answer and what it says; GeocodingUnavailable after as many attempts as are made."""
    host = urlsplit(address).hostname or ""
    reason = ""
    for pause in _pauses():
        time.sleep(pause)
        with tempfile.TemporaryDirectory(prefix="geocode-", dir=process_folder()) as folder:
            path = Path(folder, "reponses.csv")
            try:
                answer = _send(address, rows, path)
            except _TRANSIENT as error:
                reason = error.message()
                continue
            if answer.status == 200:
                return 200, _read(path, len(rows))
        if answer.status not in _BUSY:
            if answer.status in (401, 403, 404):
                raise GeocodingUnavailable(host=host, reason=f"HTTP {answer.status}")
            return answer.status, {}
        reason = f"HTTP {answer.status}"
        time.sleep(min(answer.wait or 0.0, LONGEST_PAUSE))
    raise GeocodingUnavailable(host=host, reason=reason)


def _pauses() -> Iterator[float]:
    yield PAUSE
    for attempt in range(ATTEMPTS - 1):
        yield min(PAUSE * 5 * 2**attempt, LONGEST_PAUSE)


def _send(address: str, rows: Sequence[Parts], path: Path) -> Answer:
    parts = urlsplit(address)
    # Who runs the instance named this host: it may be a server of their own network, and no other one there.
    allowed = allowed_hosts([f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)])
    fields = [("columns", "adresse")] + ([("citycode", "codeinsee")] if any(row[3] for row in rows) else [])
    pieces = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    ]
    pieces.append(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="data"; filename="adresses.csv"\r\n'
        f"Content-Type: text/csv; charset=utf-8\r\n\r\n{question(rows)}\r\n--{_BOUNDARY}--\r\n"
    )
    return ask(
        address, path, method="POST", headers={"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}", "Accept": "text/csv"},
        body="".join(pieces), max_bytes=MOST_BYTES, allowed=allowed.of(str(parts.hostname)), total_seconds=SECONDS,
    )  # fmt: skip


def _read(path: Path, count: int) -> dict[int, dict[str, str] | None]:
    """What an answer says, read in a confined child as any received file; nothing when it cannot be read."""
    permits = Permits("adresses.csv", (path,), (), SECONDS, 2_000_000_000, MOST_BYTES)
    try:
        rows: list[list[Any]] = call(read_answers, path, count, permits=permits)
    except (ReadingFailed, FetchTooLarge):
        return {}
    return {int(rank): place for rank, place in rows}
