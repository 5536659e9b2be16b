"""Links of datasets asked over time: in their cards, their columns of addresses, their documents; patience before one is broken.

Each address is asked once whatever names it, in turn with those of other hosts, more and more seldom while it fails. What a server
refuses to robots, or says is too much, is held to answer.
"""

from __future__ import annotations

import logging
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from html import unescape
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.core.progress import Progress, no_progress
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.quality.models import DatasetLink, Link, LinkAnswer
from parvis.hub.quality.selectors import published_datasets
from parvis.hub.quality.sources import ask
from parvis.hub.registry import modules
from parvis.hub.store import manifest_of

logger = logging.getLogger("parvis.quality")

MOST_OF_CARD, MOST_OF_COLUMN = 20, 5
"""Addresses of one card, and of one column of addresses: its most frequent values."""
MOST_OF_HOST = 30
"""Addresses of one host asked in a night."""
PAUSE = 1.0
"""Seconds between two questions to one host."""
SECONDS = 300.0
"""The longest time that a night's questions may take."""
EVERY = timedelta(days=7)
"""Between two questions to an address that answers."""
SOURCE_EVERY = timedelta(days=1)
"""The same for one that the data of a dataset comes from."""
WAITS = (1, 1, 2, 4, 8, 16, 30)
"""Days before an address that failed so many times is asked again."""
SLACK = timedelta(hours=1)
"""By which an address is due earlier: a night's job never begins at the same second."""
FAILURES, OVER = 3, timedelta(days=2)
"""An address is broken once it failed so many times in a row, over so long."""
MOST_ANSWERS = 30
"""Answers kept of one address."""
WORTH_JUDGING = 3
"""When so many hosts or more are asked and none answers, the fault is more likely to be this machine's."""

DOCUMENT = "attachment:"
"""Begins what stands for a document of ours."""
SOURCE, CARD, ATTACHMENT, COLUMN = "source", "card", "document", "column:"
_ALIVE = frozenset({401, 402, 403, 405, 406, 429, 451})
"""Statuses by which a server answers that it will not answer a program."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]+")


def addresses_in(text: str) -> list[str]:
    """The addresses that a text, or some HTML, has; without what follows them in a sentence."""
    return list(dict.fromkeys(address.rstrip(".,;:!?)»") for address in _ADDRESS.findall(unescape(text))))


def links_of(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Each address of a dataset, and where it is."""
    texts = (dataset.description, dataset.ip_note, dataset.personal_data, *_texts(dataset.custom))
    card = dict.fromkeys(address for text in texts for address in addresses_in(text or ""))
    for module in modules():
        card |= dict.fromkeys(module.dataset_links(dataset) if module.dataset_links is not None else ())
    yield from ((address, CARD) for address in list(card)[:MOST_OF_CARD])
    for attachment in dataset.attachments.all():
        yield f"{DOCUMENT}{attachment.pk}", ATTACHMENT
    try:
        manifest = manifest_of(dataset.uid, dataset.current.name)
    except NotFound:
        return
    for column in manifest.shape:
        if column.kind == "url" and column.name in manifest.profile:
            values = [str(value) for value, _count in manifest.profile[column.name].top]
            yield from ((value, f"{COLUMN}{column.label}") for value in values[:MOST_OF_COLUMN] if _is_address(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner)


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and len(text) <= 1000


def gather(progress: Progress = no_progress) -> int:
    """Note which addresses published datasets have now, and forget those that none has; how many there are."""
    seen: set[int] = set()
    for rank, dataset in enumerate(published_datasets().prefetch_related("attachments")):
        progress("links", rank)
        seen.add(dataset.pk)
        pairs = {(address[:1000], place[:120]) for address, place in links_of(dataset)}
        former = {
            (row.link.url, row.place): row.pk for row in dataset.links.exclude(place=SOURCE).select_related("link")
        }
        DatasetLink.objects.filter(pk__in=[key for pair, key in former.items() if pair not in pairs]).delete()
        for address, place in pairs - former.keys():
            DatasetLink.objects.get_or_create(dataset=dataset, link=link_to(address), place=place)
    DatasetLink.objects.exclude(dataset__in=seen).delete()
    Link.objects.filter(places=None).delete()
    return Link.objects.count()


def link_to(address: str) -> Link:
    """The row of an address."""
    at_once = timezone.now() - SLACK
    return Link.objects.get_or_create(digest=_digest(address), defaults={"url": address, "due": at_once})[0]


def _digest(address: str) -> str:
    return sha256(address[:1000].encode()).hexdigest()


def check_links(now: datetime | None = None, progress: Progress = no_progress) -> int:
    """Ask the addresses that are due, hosts in turn; how many were asked. Nothing is written when nobody answers."""
    if not settings.PARVIS["PARVIS_SOURCE_CHECKS"]:
        return 0
    now = now or timezone.now()
    gather(progress)
    by_host: dict[str, list[Link]] = defaultdict(list)
    due = Link.objects.filter(due__lte=now).exclude(places__place=SOURCE).order_by("due", "pk")
    for link in due.iterator():
        host = urlsplit(link.url).hostname or ""
        if len(by_host[host]) < MOST_OF_HOST:
            by_host[host].append(link)
    answers: dict[int, tuple[Link, dict[str, Any] | None]] = {}
    asked_at: dict[str, float] = {}
    end = time.monotonic() + SECONDS
    for link in filter(None, chain.from_iterable(zip_longest(*by_host.values()))):
        if time.monotonic() > end:
            break
        host = urlsplit(link.url).hostname or ""
        if host:
            time.sleep(max(0.0, asked_at.get(host, 0.0) + PAUSE - time.monotonic()))
            asked_at[host] = time.monotonic()
        progress("links", len(answers))
        answers[link.pk] = (link, _answer_of(link.url))
    outside = {urlsplit(link.url).hostname: error for link, error in answers.values() if not link.is_document}
    if len(outside) >= WORTH_JUDGING and all(outside.values()):
        logger.warning("none of %s hosts answers: this machine is probably cut off", len(outside))
        return 0
    for link, error in answers.values():
        note(link, error, now)
    return len(answers)


def _answer_of(url: str) -> dict[str, Any] | None:
    if url.startswith(DOCUMENT):
        document = Attachment.every.filter(pk=url.removeprefix(DOCUMENT)).first()
        lost = document is not None and not document.file.storage.exists(document.file.name)
        return {"code": "document-lost", "message": "", "hint": ""} if lost else None
    error = ask(url, process_folder())
    values = ((error or {}).get("sentence") or {}).get("values") or {}
    return None if values.get("status") in _ALIVE else error


def due_sources(addresses: Iterable[str], now: datetime) -> set[str]:
    """Those of the addresses that are to be asked now: all that are new, and each other in its turn."""
    address_by_digest = {_digest(address): address for address in addresses}
    later = Link.objects.filter(digest__in=address_by_digest, places__place=SOURCE, due__gt=now)
    waiting = set(later.values_list("digest", flat=True))
    return {address for digest, address in address_by_digest.items() if digest not in waiting}


def note_sources(addresses: Mapping[int, str], answers: Mapping[str, dict[str, Any] | None], now: datetime) -> None:
    """Keep what addresses of sources answered, named by dataset, beside the other links of their datasets."""
    DatasetLink.objects.filter(place=SOURCE).exclude(dataset__in=addresses).delete()
    for key, address in addresses.items():
        if address in answers:
            link = link_to(address[:1000])
            DatasetLink.objects.filter(dataset=key, place=SOURCE).exclude(link=link).delete()
            DatasetLink.objects.get_or_create(dataset_id=key, link=link, place=SOURCE)
    for address, error in answers.items():
        note(link_to(address[:1000]), error, now, SOURCE_EVERY)


def note(link: Link, error: dict[str, Any] | None, now: datetime, every: timedelta = EVERY) -> None:
    """Keep an answer, and reckon when the address is asked next and whether it is broken; ``every`` is for one that answers."""
    with transaction.atomic():
        LinkAnswer.objects.create(link=link, at=now, error=str((error or {}).get("code", ""))[:40])
        old = link.answers.values_list("pk", flat=True)[MOST_ANSWERS:]
        LinkAnswer.objects.filter(pk__in=list(old)).delete()
        link.checked, link.error = now, error
        if error is None:
            link.failures, link.failing_since, link.broken, link.due = 0, None, False, now + every - SLACK
        else:
            link.failures += 1
            link.failing_since = link.failing_since or now
            link.broken = link.failures >= FAILURES and now - link.failing_since >= OVER - SLACK
            link.due = now + timedelta(days=WAITS[min(link.failures, len(WAITS)) - 1]) - SLACK
        link.save()


def broken_links(datasets: Iterable[Dataset] | QuerySet[Dataset]) -> QuerySet[DatasetLink]:
    """Where broken addresses are, but for sources, which are told of apart."""
    rows = DatasetLink.objects.select_related("dataset", "link").filter(link__broken=True, dataset__in=datasets)
    return rows.exclude(place=SOURCE).order_by("link__failing_since", "pk")


def links_managed_by(actor: Actor) -> QuerySet[DatasetLink]:
    """Those of the datasets that the actor edits which failed last, the longest first; broken or not yet."""
    keys = datasets_managed_by(actor).order_by().values("pk")
    rows = DatasetLink.objects.select_related("dataset", "link").filter(dataset__in=keys, link__failures__gt=0)
    return rows.order_by("-link__broken", "link__failing_since", "pk")
