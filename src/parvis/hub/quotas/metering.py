"""Counting the engine's time of each caller, giving places at its counter, stopping whoever has spent their day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import Actor
from parvis.hub.apikeys.requests import caller_of
from parvis.hub.callers import caller_address
from parvis.hub.quotas.ledger import Ledger
from parvis.hub.quotas.limits import organisation_time_spent, shared_client
from parvis.hub.quotas.places import Full, Permits, Places
from parvis.hub.quotas.rules import (
    Budget,
    Client,
    QuotaExceeded,
    TooManyAtOnce,
    advice_for,
    anonymous_name,
    quota_exceeded,
    shape_of_question,
    told,
    too_many_at_once,
)

__all__ = [
    "QuotaExceeded",
    "Spent",
    "TooManyAtOnce",
    "call_headers",
    "client_of",
    "counted_call",
    "counted_file",
    "ledger",
    "permit",
    "places",
    "spending",
]


PERMIT_WAIT = 5
"""Seconds after which a caller refused a permit is told to come back."""
FILES_WAIT = 20


class Spent:
    """What one request takes: its share of the engine's time."""

    def __init__(self, client: Client, advice: str, shared: Client | None = None) -> None:
        self.client = client
        self.shared = shared
        self.seconds = 0.0
        self._advice = advice

    def headers(self) -> dict[str, str]:
        """``X-RateLimit-…`` of a success, once the work is counted."""
        return told(self.client, *ledger().spent(self.client))

    def over[T](self, pieces: Iterable[T]) -> Metered[T]:
        """The pieces of a streamed answer, the time of making each counted, that of sending them not.

        TooManyAtOnce when the caller, or everybody, already has as many files on their way as the server can send;
        close what is returned when it is left before its end.
        """
        if not places().start_stream(self.client.name):
            _close(pieces)
            raise too_many_at_once(self.client, self._advice)
        return Metered(self, pieces)

    def count(self, seconds: float, calls: int = 0) -> None:
        """Add seconds to this request and to the caller's account."""
        self.seconds += seconds
        ledger().add(self.client, seconds, calls)
        if self.shared is not None:
            ledger().add(self.shared, seconds, calls)


class Metered[T]:
    """Pieces whose making is counted; an object, not a generator, so that it gives its place back even if never begun."""

    def __init__(self, spent: Spent, pieces: Iterable[T]) -> None:
        self._spent = spent
        self._places = places()
        self._pieces = pieces
        self._iterator = iter(pieces)
        self._open = True
        self._seconds = 0.0

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        clock = self._places.clock
        start = clock.enter()
        try:
            return next(self._iterator)
        except BaseException:
            self.close()
            raise
        finally:
            self._seconds += clock.leave(start)
            if not self._open or self._seconds >= 1:
                self._count()

    def close(self) -> None:
        """Stop the work, give the place back, count the rest; harmless when done twice."""
        self._stop()
        if self._seconds:
            self._count()

    def _count(self) -> None:
        seconds, self._seconds = self._seconds, 0.0
        self._spent.count(seconds)

    def _stop(self) -> None:
        if self._open:
            self._open = False
            self._places.end_stream(self._spent.client.name)
            _close(self._iterator)
            _close(self._pieces)

    def __del__(self) -> None:
        self._stop()  # and no database from a finaliser


@contextmanager
def spending(request: HttpRequest, actor: Actor, dataset_id: str | None = None) -> Iterator[Spent]:
    """Around the engine's work for one request.

    Before it: QuotaExceeded when the caller's budget of the day is spent (by key, else by person, else by address), or
    OrganisationTimeSpent when that of their organisation is;
    TooManyAtOnce when no place came free within a few seconds. After it, the caller's account bears its share of the
    engine's time and, the first time in a request, one call. Within another ``spending`` of the same request, nothing more.
    """
    outer = getattr(request, "_parvis_spending", None)
    if outer is not None:
        yield outer
        return
    client = client_of(request, actor)
    advice = advice_for(request.path, request.GET, anonymous=client.anonymous)
    if client.budget.is_spent(*ledger().spent(client)):
        raise quota_exceeded(client, advice, datetime.now(UTC))
    shared = shared_client(actor, client.day)
    if shared is not None and shared.budget.is_spent(*ledger().spent(shared)):
        raise organisation_time_spent(shared, datetime.now(UTC))
    turn = places().enter(client.name, _shape(request, dataset_id))
    if turn is None:
        raise too_many_at_once(client, advice)
    spent = Spent(client, advice, shared)
    first = not hasattr(request, "_parvis_called")
    request._parvis_spending, request._parvis_called = spent, True
    try:
        yield spent
    finally:
        request._parvis_spending = None
        spent.count(places().leave(turn), int(first))


@contextmanager
def counted_call(request: HttpRequest, actor: Actor) -> Iterator[None]:
    """Around a call that may need no engine: one more on the caller's account, once, whether ``spending`` is met within or not.

    QuotaExceeded when the caller's budget of the day is spent.
    """
    client = client_of(request, actor)
    if client.budget.is_spent(*ledger().spent(client)):
        raise quota_exceeded(
            client, advice_for(request.path, request.GET, anonymous=client.anonymous), datetime.now(UTC)
        )
    try:
        yield
    finally:
        if not hasattr(request, "_parvis_called"):
            request._parvis_called = True
            ledger().add(client, 0.0)


@contextmanager
def permit(
    request: HttpRequest, actor: Actor, kind: str, busy: ParvisError, permits: Permits | None = None
) -> Iterator[None]:
    """One permit of a kind (``places.PERMITS``); TooManyAtOnce for who holds all that one may, ``busy`` when all are taken."""
    name = _permitted(request, actor, kind, busy, permits)
    try:
        yield
    finally:
        places().give_back(kind, name)


def counted_file[R: StreamingHttpResponse](request: HttpRequest, actor: Actor, response: R) -> R:
    """A file to send, counted until it is sent or its reader has left; TooManyAtOnce when too many are on their way."""
    try:
        name = _permitted(request, actor, "files", too_many_at_once(client_of(request, actor), "", FILES_WAIT))
    except ParvisError:
        for close in response._resource_closers:  # its own ``close`` would also end the request, which goes on
            close()
        raise
    # Django closes with the response whatever is in this list, and has no other way to add to it.
    response._resource_closers.append(lambda: places().give_back("files", name))
    return response


def _permitted(request: HttpRequest, actor: Actor, kind: str, busy: ParvisError, permits: Permits | None = None) -> str:
    client = client_of(request, actor)
    full = places().take(kind, client.name, permits)
    if full is Full.OF_ONE:
        raise too_many_at_once(client, "", PERMIT_WAIT)
    if full is Full.IN_ALL:
        raise busy
    return client.name


def call_headers(environ: Mapping[str, Any]) -> dict[str, str] | None:
    """Count one call of an anonymous caller answered without the engine; its headers, or None when the budget is spent.

    For whoever answers before Django; takes the WSGI environment.
    """
    client = _anonymous(environ)
    if client.budget.is_spent(*ledger().spent(client)):
        return None
    ledger().add(client, 0.0)
    return told(client, *ledger().spent(client))


def client_of(request: HttpRequest, actor: Actor) -> Client:
    """Whose budget a request is taken from: its key's, else the person's of the session, else its address's."""
    key_id = caller_of(request).key_id
    if key_id is None and actor.person_id is None:
        return _anonymous(request.META)
    name = f"key-{key_id}" if key_id is not None else f"person-{actor.person_id}"
    return Client(name, datetime.now(UTC).date(), _budget("KEY"), anonymous=False)


def _anonymous(environ: Mapping[str, Any]) -> Client:
    day = datetime.now(UTC).date()
    name = anonymous_name(caller_address(environ), day, settings.SECRET_KEY)
    return Client(name, day, _budget("ANONYMOUS"))


def _budget(kind: str) -> Budget:
    chosen = settings.PARVIS
    return Budget(chosen[f"PARVIS_QUOTA_{kind}_SECONDS"], chosen[f"PARVIS_QUOTA_{kind}_CALLS"])


def _shape(request: HttpRequest, dataset_id: str | None) -> str:
    pairs = ((name, value) for name, values in request.GET.lists() for value in values)
    return shape_of_question(request.path, dataset_id or "", pairs)


def _close(pieces: object) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()


@lru_cache(maxsize=1)
def ledger() -> Ledger:
    """The accounts of this process."""
    return Ledger()


@lru_cache(maxsize=1)
def places() -> Places:
    """The counter of this process."""
    return Places()
