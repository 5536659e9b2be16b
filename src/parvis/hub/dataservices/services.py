"""Reading what a service says of itself, and asking whether it answers."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.utils import timezone

from parvis.core.children import call
from parvis.core.errors import ParvisError
from parvis.core.fetching import FetchTooLarge, HttpStatus, fetch
from parvis.core.sources.service_descriptions import ServiceDescription, read_service_description
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.rules import DOWN_AFTER, NoAddressToRead
from parvis.hub.datastore.confined import confined
from parvis.hub.jobs.process_locks import process_folder

MOST_BYTES = 20_000_000
"""Of a description, which capabilities of large services come near."""
SECONDS = 20.0
"""The longest time that fetching one may take, and then reading it."""
SIGN_BYTES, SIGN_SECONDS = 65_536, 20.0
"""What is read of a service to know that it answers."""
_ACCEPT = {
    "Accept": "application/json, application/vnd.oai.openapi+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
}


def read_description(address: str) -> ServiceDescription:
    """What the document at an address says of a service; the errors of fetching and of reading, NoAddressToRead."""
    if not address.strip():
        raise NoAddressToRead
    with tempfile.TemporaryDirectory(prefix="service-", dir=process_folder()) as folder:
        answer = Path(folder, "answer")
        fetch(
            address.strip(),
            answer,
            max_bytes=MOST_BYTES,
            headers=_ACCEPT,
            idle_seconds=SECONDS / 2,
            total_seconds=SECONDS,
        )
        with confined(address, answer, seconds=SECONDS) as (_work, permits):
            return call(read_service_description, answer, address.strip(), permits=permits)


def check(service: DataService) -> bool:
    """Ask a service whether it answers, and note it; whether it does."""
    alive = answers(service)
    now = timezone.now()
    failures = 0 if alive else service.failures + 1
    down_since = (service.down_since or now) if failures >= DOWN_AFTER else None
    # Somebody may have changed its addresses meanwhile, or another worker asked it: nothing is noted of what was not asked.
    same = DataService.objects.filter(pk=service.pk, checked=service.checked, failures=service.failures)
    same.filter(endpoints=service.endpoints).update(checked=now, failures=failures, down_since=down_since)
    return alive


def answers(service: DataService) -> bool:
    """Whether its description is there, else whether one of its addresses has a server that speaks: the bare address of a service
    often has nothing to say, and says so."""
    if service.description_address and _speaks(_error_of(service.description_address), missing=False):
        return True
    return any(_speaks(_error_of(address), missing=True) for address in service.endpoints)


def _speaks(error: ParvisError | None, *, missing: bool) -> bool:
    """Whether a server is there that answers; ``missing`` says that an address without anything will do."""
    if isinstance(error, HttpStatus):
        status = int(str(error.details.get("status", 500)))
        return status < 500 and (missing or status not in (404, 410))
    return error is None or isinstance(error, FetchTooLarge)


def _error_of(address: str) -> ParvisError | None:
    with tempfile.TemporaryDirectory(prefix="service-", dir=process_folder()) as folder:
        try:
            fetch(
                address,
                Path(folder, "answer"),
                max_bytes=SIGN_BYTES,
                idle_seconds=SIGN_SECONDS / 2,
                total_seconds=SIGN_SECONDS,
            )
        except ParvisError as error:
            return error
    return None
