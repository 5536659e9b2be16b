"""Counting the engine's time of each caller, giving places at its counter, stopping anyone who has spent their day.

Each request has an account (``paying``, set by a middleware), and the engine's face enters it for each statement that is
really computed (``working``), so that no way in can forget to. Anyone who has no account is not counted: jobs, commands.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import Actor
from parvis.hub.apikeys.requests import actor_of_request, caller_of, shows_key
from parvis.hub.callers import caller_address
from parvis.hub.quotas.concurrency import ConcurrencyLimiter, Full, Permit, Permits
from parvis.hub.quotas.ledger import Ledger
from parvis.hub.quotas.limits import organisation_time_spent, shared_client
from parvis.hub.quotas.rules import (
    Budget,
    Client,
    QuotaExceeded,
    Refusal,
    TooManyAtOnce,
    advice_for,
    anonymous_name,
    quota_exceeded,
    quota_headers,
    shape_of_question,
    too_many_at_once,
)

__all__ = [
    "Account",
    "QuotaExceeded",
    "TooManyAtOnce",
    "account_of",
    "call_headers",
    "client_of",
    "counted_file",
    "current_account",
    "ledger",
    "limiter",
    "paying",
    "permit",
    "waiting",
    "working",
]


PERMIT_WAIT = 5
"""Seconds after which a caller refused a permit is told to come back."""
FILES_WAIT = 20


class Account:
    """What one request takes of the engine's time; shared by the threads that work for it.

    Whose budget it is taken from is looked up when something first costs: an answer from a cache asks nobody.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._turn: Permit | None = None
        self._working = 0
        self._unwritten = (0.0, 0)
        self._called = False
        self.seconds = 0.0
        self.refused: Refusal | None = None
        """Why the engine was refused to this request, when it was: anyone who shows a page may swallow the error."""

    @cached_property
    def client(self) -> Client:
        """Whose budget it is."""
        if _is_nobody(self._request):
            return _anonymous(self._request.META)
        return client_of(self._request, actor_of_request(self._request))

    @cached_property
    def shared(self) -> Client | None:
        """The account of their organisation, when its time is limited."""
        if self.client.anonymous:
            return None
        return shared_client(actor_of_request(self._request), self.client.day)

    @cached_property
    def _advice(self) -> str:
        return advice_for(self._request.path, self._request.GET, anonymous=self.client.anonymous)

    def identify(self) -> None:
        """Look up now whose budget it is, and what is left of it, before other threads work: this may ask the database."""
        for client in filter(None, (self.client, self.shared)):
            ledger().spent(client)

    @contextmanager
    def working(self, subject: str = "") -> Iterator[Account]:
        """Around the engine's work for this request; ``subject`` names the rows that are asked.

        Before it: QuotaExceeded when the caller's budget of the day is spent (by key, else by person, else by address), or
        OrganisationTimeSpent when that of their organisation is; TooManyAtOnce when no place came free within a few
        seconds. After it, the account has its share of the engine's time and, the first time in a request, one call.
        Work within work, or beside it in another thread of the same request, takes no second place.
        """
        with self._lock:
            if not self._working:
                self._turn = self._begin(subject)
            self._working += 1
        try:
            yield self
        finally:
            with self._lock:
                self._working -= 1
                if not self._working and self._turn is not None:
                    self._count(limiter().leave(self._turn))
            if threading.get_ident() == self._thread:
                self.settle()

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Around a call that may need no engine: one more on the account, once, whether the engine works within or not.

        QuotaExceeded, OrganisationTimeSpent when the budget of the day is spent.
        """
        self._require_budget()
        try:
            yield
        finally:
            with self._lock:
                if not self._called:
                    self._count(0.0)
            self.settle()

    @contextmanager
    def waiting(self, kind: str, busy: ParvisError) -> Iterator[None]:
        """Around a wait for somebody else's server: one call, and one permit of that kind; the place at the engine is another's from
        here on, since nothing more is asked of it.

        QuotaExceeded, OrganisationTimeSpent; TooManyAtOnce for who holds all that one may, ``busy`` when all are taken.
        """
        with self._lock:
            turn, self._turn = self._turn, None
            if turn is not None:
                self._count(limiter().leave(turn))
        with self.calling(), _permitted_to(self.client, kind, busy):
            yield

    def _begin(self, subject: str) -> Permit:
        if self.refused is not None:
            raise self.refused  # once is enough: threads of one page would wait for a place one after the other
        try:
            if not self._called:  # an answer that was begun is not cut in its midst
                self._require_budget()
            turn = limiter().enter(self.client.name, _shape(self._request, subject))
            if turn is None:
                raise too_many_at_once(self.client, self._advice)
        except Refusal as refusal:
            self.refused = refusal
            raise
        return turn

    def _require_budget(self) -> None:
        if self.client.budget.is_spent(*ledger().spent(self.client)):
            raise quota_exceeded(self.client, self._advice, datetime.now(UTC))
        if self.shared is not None and self.shared.budget.is_spent(*ledger().spent(self.shared)):
            raise organisation_time_spent(self.shared, datetime.now(UTC))

    def _count(self, seconds: float) -> None:
        written, calls = self._unwritten
        self._unwritten = (written + seconds, calls + (not self._called))
        self.seconds += seconds
        self._called = True

    def settle(self) -> None:
        """Have the ledger know what was taken, which may write to the database: from the thread of the request alone."""
        with self._lock:
            (seconds, calls), self._unwritten = self._unwritten, (0.0, 0)
        if seconds or calls:
            self._bear(seconds, calls)

    def _bear(self, seconds: float, calls: int = 0) -> None:
        for client in filter(None, (self.client, self.shared)):
            ledger().add(client, seconds, calls)

    def count(self, seconds: float) -> None:
        """Add seconds to this request and to the caller's account."""
        self.seconds += seconds
        self._bear(seconds)

    def headers(self) -> dict[str, str]:
        """``X-RateLimit-…`` of a success, once the work is counted."""
        return quota_headers(self.client, *ledger().spent(self.client))

    def over[T](self, pieces: Iterable[T]) -> Metered[T]:
        """The pieces of a streamed answer, the time of making each counted, that of sending them not.

        TooManyAtOnce when the caller, or everybody, already has as many files on their way as the server can send;
        close what is returned when it is left before its end.
        """
        if not limiter().start_stream(self.client.name):
            _close(pieces)
            raise too_many_at_once(self.client, self._advice)
        return Metered(self, pieces)


_current: ContextVar[Account | None] = ContextVar("parvis_account", default=None)


def current_account() -> Account | None:
    """Whose request is being answered here; None outside of requests."""
    return _current.get()


def account_of(request: HttpRequest) -> Account:
    """The account of a request, the same however often one asks."""
    account: Account | None = getattr(request, "_parvis_account", None)
    if account is None:
        account = request._parvis_account = Account(request)
    return account


@contextmanager
def paying(request: HttpRequest) -> Iterator[Account]:
    """What the engine computes within the block, here or in threads that have this context, is taken from the request's account."""
    account = account_of(request)
    token = _current.set(account)
    try:
        yield account
    finally:
        _current.reset(token)
        account.settle()


@contextmanager
def working(subject: str = "") -> Iterator[None]:
    """Around work that costs what the engine's does, for whom the context says; uncounted when it says nobody."""
    account = _current.get()
    if account is None:
        yield
    else:
        with account.working(subject):
            yield


@contextmanager
def waiting(kind: str, busy: ParvisError) -> Iterator[None]:
    """Around a wait for somebody else's server, for whom the context says; unbounded when it says nobody."""
    account = _current.get()
    if account is None:
        yield
    else:
        with account.waiting(kind, busy):
            yield


class Metered[T]:
    """Pieces whose making is counted; an object, not a generator, so that it gives its place back even if never begun."""

    def __init__(self, account: Account, pieces: Iterable[T]) -> None:
        self._account = account
        self._places = limiter()
        self._pieces = pieces
        self._iterator = iter(pieces)
        self._open = True
        self._seconds = 0.0

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        clock = self._places.clock
        start = clock.enter()
        token = _current.set(None)  # what is asked of the engine meanwhile is in this time already
        try:
            return next(self._iterator)
        except BaseException:
            self.close()
            raise
        finally:
            _current.reset(token)
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
        self._account.count(seconds)

    def _stop(self) -> None:
        if self._open:
            self._open = False
            self._places.end_stream(self._account.client.name)
            _close(self._iterator)
            _close(self._pieces)

    def __del__(self) -> None:
        self._stop()  # and no database from a finaliser


@contextmanager
def permit(
    request: HttpRequest, actor: Actor, kind: str, busy: ParvisError, permits: Permits | None = None
) -> Iterator[None]:
    """One permit of a kind (``places.PERMITS``); TooManyAtOnce for who holds all that one may, ``busy`` when all are taken."""
    with _permitted_to(client_of(request, actor), kind, busy, permits):
        yield


@contextmanager
def _permitted_to(client: Client, kind: str, busy: ParvisError, permits: Permits | None = None) -> Iterator[None]:
    _take_permit(client, kind, busy, permits)
    try:
        yield
    finally:
        limiter().give_back(kind, client.name)


def counted_file[R: StreamingHttpResponse](request: HttpRequest, actor: Actor, response: R) -> R:
    """A file to send, counted until it is sent or its reader has left; TooManyAtOnce when too many are on their way."""
    try:
        name = _permitted(request, actor, "files", too_many_at_once(client_of(request, actor), "", FILES_WAIT))
    except ParvisError:
        for close in response._resource_closers:  # its own ``close`` would also end the request, which goes on
            close()
        raise
    # Django closes with the response whatever is in this list, and has no other way to add to it.
    response._resource_closers.append(lambda: limiter().give_back("files", name))
    return response


def _permitted(request: HttpRequest, actor: Actor, kind: str, busy: ParvisError) -> str:
    client = client_of(request, actor)
    _take_permit(client, kind, busy)
    return client.name


def _take_permit(client: Client, kind: str, busy: ParvisError, permits: Permits | None = None) -> None:
    full = limiter().take(kind, client.name, permits)
    if full is Full.OF_ONE:
        raise too_many_at_once(client, "", PERMIT_WAIT)
    if full is Full.IN_ALL:
        raise busy


def call_headers(environ: Mapping[str, Any]) -> dict[str, str] | None:
    """Count one call of an anonymous caller answered without the engine; its headers, or None when the budget is spent.

    For anyone who answers before Django; takes the WSGI environment.
    """
    client = _anonymous(environ)
    if client.budget.is_spent(*ledger().spent(client)):
        return None
    ledger().add(client, 0.0)
    return quota_headers(client, *ledger().spent(client))


def client_of(request: HttpRequest, actor: Actor) -> Client:
    """Whose budget a request is taken from: its key's, else the person's of the session, else its address's."""
    key_id = caller_of(request).key_id
    if key_id is None and actor.person_id is None:
        return _anonymous(request.META)
    name = f"key-{key_id}" if key_id is not None else f"person-{actor.person_id}"
    return Client(name, datetime.now(UTC).date(), _budget("KEY"), anonymous=False)


def _is_nobody(request: HttpRequest) -> bool:
    """Whether a request has neither key nor session.

    Told by its cookies alone: once a session is read, Django has the answer vary with cookies, and what is the same for all
    (a tile of the base map) is then stored once for each reader by the caches in between.
    """
    session = getattr(request, "session", None)
    return session is not None and session.session_key is None and not shows_key(request)


def _anonymous(environ: Mapping[str, Any]) -> Client:
    day = datetime.now(UTC).date()
    name = anonymous_name(caller_address(environ), day, settings.SECRET_KEY)
    return Client(name, day, _budget("ANONYMOUS"))


def _budget(kind: str) -> Budget:
    chosen = settings.PARVIS
    return Budget(chosen[f"PARVIS_QUOTA_{kind}_SECONDS"], chosen[f"PARVIS_QUOTA_{kind}_CALLS"])


def _shape(request: HttpRequest, subject: str) -> str:
    pairs = ((name, value) for name, values in request.GET.lists() for value in values)
    return shape_of_question(request.path, subject, pairs)


def _close(pieces: object) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()


@lru_cache(maxsize=1)
def ledger() -> Ledger:
    """The accounts of this process."""
    return Ledger()


@lru_cache(maxsize=1)
def limiter() -> ConcurrencyLimiter:
    """The counter of this process."""
    return ConcurrencyLimiter()
