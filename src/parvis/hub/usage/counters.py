"""Counting in memory, writing every few seconds, from one thread of each web process.

A process that is killed loses what it counted since it last wrote: ``WRITE_SECONDS`` at most. One that is stopped writes first.
While the database does not answer, counts wait in memory, for ``MOST_KEYS`` different things; beyond that new things are not
counted, which is logged.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import Counter
from datetime import date, datetime, timedelta
from functools import lru_cache
from multiprocessing.util import Finalize
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest
from django.utils import timezone

from parvis.hub.callers import caller_address
from parvis.hub.usage.addresses import seen_at
from parvis.hub.usage.failed_searches import Waiting, keepable
from parvis.hub.usage.rules import COUNTED_STATUS, Nature, Seen, Subject, is_robot
from parvis.hub.usage.services import Key, WordsKey, add_counts
from parvis.hub.usage.sites import site_key_of, site_key_of_host

log = logging.getLogger(__name__)

WRITE_SECONDS = 5.0
MOST_KEYS = 50_000


class Counters:
    """The counts of one process not yet written; safe with any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._counts: Counter[Key] = Counter()
        self._words: Counter[WordsKey] = Counter()
        self._waiting = Waiting()
        self._day = date.min
        self._midnight = 0.0

    def count(self, site: int, seen: Seen, *, robots: bool = False) -> None:
        """Count it once, today."""
        with self._lock:
            key = (self._today(), site, seen, robots)
            if key in self._counts or len(self._counts) < MOST_KEYS:
                self._counts[key] += 1

    def typed(self, site: int, words: str, address: str) -> None:
        """Note words that found nothing; they are counted once several addresses have typed them today."""
        with self._lock:
            day = self._today()
        times = self._waiting.typed(day, site, words, address)
        if times:
            with self._lock:
                self._words[day, site, words] += times

    def write(self) -> bool:
        """Write what is pending; False when the database does not take it: it is then tried again later."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, Counter()
                words, self._words = self._words, Counter()
            if not counts and not words:
                return True
            try:
                add_counts(counts, words)
            except DatabaseError as error:
                log.warning("usage not written yet: %s", error)
                with self._lock:
                    self._counts.update(counts)
                    self._words.update(words)
                return False
            if len(counts) >= MOST_KEYS:
                log.warning("usage: more than %s different things waited, others were not counted", MOST_KEYS)
            return True

    def _today(self) -> date:
        """The day in the instance's time zone, looked up again at midnight."""
        now = time.time()
        if now >= self._midnight:
            local = timezone.localtime()
            self._day = local.date()
            start = datetime.combine(self._day + timedelta(days=1), datetime.min.time(), local.tzinfo)
            self._midnight = min(start.timestamp(), now + 3600)
        return self._day


@lru_cache(maxsize=1)
def counters() -> Counters:
    """The counters of this process."""
    return Counters()


def count_answer(request: HttpRequest, status: int) -> None:
    """Count what was answered to a request, if it is of what is counted.

    Not counted: the portal's own pages when they call its API, pages read by somebody who is signed in (who prepares them, and
    sees what is not public: so names of pages are those of public ones), pages that a browser fetches ahead, questions by HEAD.
    """
    if request.method != "GET" and not (
        request.method == "POST" and request.path_info.startswith(("/api/", "/csw", "/mcp"))
    ):
        return
    environ = request.META
    seen = _counted(environ, request.path_info, status)
    if seen is None:
        return
    if settings.SESSION_COOKIE_NAME in request.COOKIES and (
        seen.nature is Nature.VIEW or seen.subject != Subject.DATASET
    ):
        return
    counters().count(site_key_of(request), seen, robots=is_robot(environ.get("HTTP_USER_AGENT", "")))


def count_cached(environ: dict[str, Any], status: int) -> None:
    """The same for an answer given before Django; takes the WSGI environment."""
    seen = _counted(environ, environ.get("PATH_INFO", ""), status)
    if seen is not None:
        site = site_key_of_host(environ.get("HTTP_HOST", ""))
        counters().count(site, seen, robots=is_robot(environ.get("HTTP_USER_AGENT", "")))


def _counted(environ: dict[str, Any], path: str, status: int) -> Seen | None:
    seen = seen_at(path, environ.get("QUERY_STRING", ""))
    if seen is None or status not in COUNTED_STATUS[seen.nature]:
        return None
    if seen.nature is Nature.CALL and environ.get("HTTP_SEC_FETCH_SITE") == "same-origin":
        return None
    if "prefetch" in environ.get("HTTP_SEC_PURPOSE", environ.get("HTTP_PURPOSE", "")):
        return None
    return seen


def count_search(request: HttpRequest, text: str, hits: int) -> None:
    """Count a search in the catalogue; its words are looked at only when it found nothing (see ``failed_searches``)."""
    if not text or is_robot(request.META.get("HTTP_USER_AGENT", "")):
        return
    site = site_key_of(request)
    counters().count(site, Seen(Nature.SEARCH, Subject.PORTAL))
    if hits:
        return
    counters().count(site, Seen(Nature.UNANSWERED, Subject.PORTAL))
    words = keepable(text)
    if words:
        counters().typed(site, words, caller_address(request.META))


def keep_writing() -> None:
    """Write every few seconds from now on, and when this process ends; for the web process, once."""
    threading.Thread(target=_write_again_and_again, name="usage", daemon=True).start()
    atexit.register(_write_last)
    Finalize(None, _write_last, exitpriority=10)  # a process forked by the server ends without ``atexit``


def _write_again_and_again() -> None:
    while True:
        time.sleep(WRITE_SECONDS)
        counters().write()
        connections.close_all()


def _write_last() -> None:
    counters().write()
    connections.close_all()
