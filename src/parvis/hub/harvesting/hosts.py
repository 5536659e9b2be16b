"""Politeness: a server is asked one thing at a time, whoever asks, with a pause, as its robots.txt says, and later when it says so."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from parvis.core.children import call
from parvis.core.errors import ParvisError
from parvis.core.fetching import ask
from parvis.core.fetching.addresses import Allowed
from parvis.core.fetching.exchange import AGENT
from parvis.core.progress import Progress
from parvis.core.sources.robots import read_rules
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.models import Host
from parvis.hub.harvesting.rules import DOWN_AFTER, WAITS
from parvis.hub.jobs.process_locks import process_folder

LEASE = timedelta(minutes=2)
"""A request in hand holds its server for this long after it last advanced: who is killed lets go of it."""
LONGEST_SLEEP = 20.0
"""Seconds that a process sleeps for its turn; beyond, the run gives the worker back."""
_ROBOTS_BYTES = 500_000
_ROBOTS_FOR = timedelta(days=1)


class ComeBackLater(Exception):
    """The server is busy, or asked to be left alone until ``moment``; nothing was done."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(str(moment))
        self.moment = moment


class HostIsDown(ComeBackLater):
    """So many requests in a row had no answer that the server is left alone for a while."""

    def __init__(self, moment: datetime, host: str) -> None:
        super().__init__(moment)
        self.host = host


def host_of(url: str) -> str:
    """The server of an address, as its turns are counted."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()[:300]


@contextmanager
def turn(url: str, progress: Progress) -> Iterator[Progress]:
    """The right to ask the server of ``url`` one thing; a progress to call while it answers. ComeBackLater."""
    host = _host(url)
    deadline = time.monotonic() + LONGEST_SLEEP
    while not _take(host):
        host.refresh_from_db()
        moment = max(filter(None, (host.busy_until, host.free_from)), default=timezone.now())
        wait = (moment - timezone.now()).total_seconds()
        # A server in the hands of another process is free sooner than its lease says.
        if host.free_from is not None and (host.free_from - timezone.now()).total_seconds() > LONGEST_SLEEP:
            raise _later(host, host.free_from)
        if time.monotonic() > deadline:
            raise ComeBackLater(timezone.now() + timedelta(minutes=1))
        progress("wait", 0)
        time.sleep(min(max(wait, 0.01), 0.25))
    try:
        yield _Beat(host, progress)
    finally:
        pause = timedelta(seconds=max(host.pause, settings.PARVIS["PARVIS_SOURCES_PAUSE"]))
        free_from = timezone.now() + pause
        Host.objects.filter(pk=host.pk).update(busy_until=None)
        Host.objects.filter(Q(free_from=None) | Q(free_from__lt=free_from), pk=host.pk).update(free_from=free_from)


def put_off(url: str, seconds: float) -> datetime:
    """Leave the server alone for so long; until when."""
    moment = timezone.now() + timedelta(seconds=seconds)
    Host.objects.filter(pk=_host(url).pk).update(free_from=moment)
    return moment


def answered(url: str) -> None:
    """The server lives."""
    Host.objects.filter(name=host_of(url), failures__gt=0).update(failures=0)


def did_not_answer(url: str, allowed: Allowed) -> None:
    """One more request without an answer; HostIsDown when it is one too many and the server answers nothing else either: the others
    would only wait in vain."""
    host = _host(url)
    Host.objects.filter(pk=host.pk).update(failures=F("failures") + 1)
    host.refresh_from_db()
    if host.failures < DOWN_AFTER:
        return
    if _lives(url, allowed):
        Host.objects.filter(pk=host.pk).update(failures=0)
    else:
        raise HostIsDown(put_off(url, WAITS[0].total_seconds()), host.name)


def _lives(url: str, allowed: Allowed) -> bool:
    """Whether the server answers anything at all: five of its files may be broken, and the sixth well."""
    scheme = urlsplit(url).scheme.lower()
    if scheme not in ("http", "https"):
        return False
    with tempfile.TemporaryDirectory(prefix="alive-", dir=process_folder()) as folder:
        try:
            ask(
                f"{scheme}://{host_of(url)}/robots.txt",
                Path(folder, "robots.txt"),
                max_bytes=_ROBOTS_BYTES,
                allowed=allowed,
                idle_seconds=5,
                total_seconds=10,
            )
        except ParvisError:
            return False
    return True


def _later(host: Host, moment: datetime) -> ComeBackLater:
    return HostIsDown(moment, host.name) if host.failures >= DOWN_AFTER else ComeBackLater(moment)


def allowed_by_robots(urls: Sequence[str], progress: Progress, allowed: Allowed) -> list[bool]:
    """Whether the robots.txt of each address's server lets us ask for it. What cannot be read forbids nothing; ``allowed`` says which
    servers may be reached for it."""
    verdicts = dict.fromkeys(urls, True)
    by_host: dict[str, list[str]] = {}
    for url in verdicts:
        if url.startswith(("http://", "https://")):
            by_host.setdefault(f"{urlsplit(url).scheme}://{host_of(url)}", []).append(url)
    for origin, addresses in by_host.items():
        text = _robots(origin, progress, allowed)
        if text.strip():
            verdicts |= _judged(origin, text, addresses)
    return [verdicts[url] for url in urls]


def _judged(origin: str, text: str, addresses: list[str]) -> dict[str, bool]:
    with tempfile.TemporaryDirectory(prefix="robots-", dir=process_folder()) as folder:
        path = Path(folder, "robots.txt")
        path.write_text(text, encoding="utf-8")
        try:
            with confined("robots.txt", path, seconds=20) as (_work, permits):
                rules = call(read_rules, path, AGENT, addresses, permits=permits)
        except ParvisError:
            return {}
    Host.objects.filter(name=host_of(origin)).update(pause=rules.pause)
    return dict(zip(addresses, rules.allowed, strict=False))


def _robots(origin: str, progress: Progress, allowed: Allowed) -> str:
    """The file, asked for once a day."""
    host = _host(origin)
    now = timezone.now()
    if host.robots_read is not None and host.robots_read > now - _ROBOTS_FOR:
        return host.robots
    text = ""
    with tempfile.TemporaryDirectory(prefix="robots-", dir=process_folder()) as folder, turn(origin, progress) as beat:
        try:
            answer = ask(
                f"{origin}/robots.txt",
                Path(folder, "robots.txt"),
                max_bytes=_ROBOTS_BYTES,
                allowed=allowed,
                progress=beat,
                idle_seconds=10,
                total_seconds=30,
            )
            # Many servers answer any address with a page.
            if answer.status == 200 and answer.media_type in ("", "text/plain"):
                text = answer.path.read_text(encoding="utf-8", errors="replace").replace("\0", "")
        except ParvisError:
            text = ""
    Host.objects.filter(pk=host.pk).update(robots=text, robots_read=now, pause=0)
    return text


def _host(url: str) -> Host:
    return Host.objects.get_or_create(name=host_of(url))[0]


def _take(host: Host) -> bool:
    now = timezone.now()
    idle = Q(busy_until=None) | Q(busy_until__lt=now)
    rested = Q(free_from=None) | Q(free_from__lte=now)
    return bool(Host.objects.filter(idle, rested, pk=host.pk).update(busy_until=now + LEASE))


class _Beat:
    """A progress that keeps the turn while the answer advances."""

    def __init__(self, host: Host, progress: Progress) -> None:
        self._host, self._progress, self._written = host, progress, time.monotonic()

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        if time.monotonic() - self._written > LEASE.total_seconds() / 4:
            self._written = time.monotonic()
            Host.objects.filter(pk=self._host.pk).update(busy_until=timezone.now() + LEASE)
        self._progress(stage, done, total)
