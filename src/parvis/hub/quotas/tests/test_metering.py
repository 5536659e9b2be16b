"""Around the work of a request."""

import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.services import create_key
from parvis.hub.quotas import metering
from parvis.hub.quotas.concurrency import Bounds, ConcurrencyLimiter
from parvis.hub.quotas.metering import (
    QuotaExceeded,
    TooManyAtOnce,
    call_headers,
    client_of,
    current_account,
    paying,
    working,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_accounts(settings):
    """No account, and budgets of three calls."""
    settings.PARVIS = {
        **settings.PARVIS,
        "PARVIS_QUOTA_ANONYMOUS_CALLS": 3,
        "PARVIS_QUOTA_KEY_CALLS": 5,
    }
    cached = (metering.ledger, metering.limiter)
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


def request(address="203.0.113.9", path="/api/x", **extra):
    return RequestFactory().get(path, REMOTE_ADDR=address, **extra)


def ask(http_request):
    with paying(http_request) as account, working("rows"):
        pass
    return account


def test_the_budget_of_an_address_stops_it_and_nobody_else():
    left = [ask(request()).headers()["X-RateLimit-Remaining"] for _n in range(3)]
    assert left == ["2", "1", "0"]
    with pytest.raises(QuotaExceeded) as refused:
        ask(request())
    assert refused.value.body()["errorcode"] == 10005
    assert refused.value.body()["call_limit"] == 3
    ask(request("203.0.113.10"))


def test_a_header_that_strangers_write_changes_no_account(settings):
    for n in range(3):
        ask(request(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}"))
    with pytest.raises(QuotaExceeded):
        ask(request(HTTP_X_FORWARDED_FOR="198.51.100.77"))


def test_a_key_has_its_own_budget_wherever_it_calls_from():
    person = make_member(make_organisation(), Role.READER)
    _key, secret = create_key(actor_of(person), person, "script")
    for n in range(5):
        http_request = request(f"203.0.113.{n}", path=f"/?apikey={secret}")
        ask(http_request)
    http_request = request(path=f"/?apikey={secret}")
    with pytest.raises(QuotaExceeded) as refused:
        ask(http_request)
    assert refused.value.body()["errorcode"] == 10002
    ask(request())


def test_seconds_count_and_a_question_within_another_does_not_count_twice(settings):
    http_request = request()
    with paying(http_request) as account, working(), working():
        assert len(metering.limiter()._state.running) == 1
    assert metering.ledger().spent(client_of(http_request, ANONYMOUS))[1] == 1
    assert ask(http_request) is account
    assert metering.ledger().spent(client_of(http_request, ANONYMOUS))[1] == 1
    assert 0 < account.seconds < 5
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_SECONDS": account.seconds / 2}
    with pytest.raises(QuotaExceeded):
        ask(request())


def test_the_work_of_a_request_that_fails_is_counted_too():
    http_request = request()
    with pytest.raises(ZeroDivisionError), paying(http_request), working():
        raise ZeroDivisionError
    assert metering.ledger().spent(client_of(http_request, ANONYMOUS))[1] == 1
    assert not metering.limiter()._state.running


def test_no_place_means_a_refusal_with_advice(monkeypatch):
    monkeypatch.setattr(metering, "limiter", lambda counter=ConcurrencyLimiter(Bounds(of_one=1, seconds=0)): counter)
    with paying(request(path="/a")), working(), pytest.raises(TooManyAtOnce) as refused:
        ask(request(path="/b"))
    assert refused.value.status == 429
    assert "one after the other" in refused.value.body()["advice"]
    ask(request(path="/b"))


def test_streams_are_counted_while_they_are_made_and_give_their_place_back_however_they_end(monkeypatch):
    monkeypatch.setattr(metering, "limiter", lambda counter=ConcurrencyLimiter(Bounds(streams_of_one=2)): counter)
    closed = []

    def pieces():
        try:
            yield from (b"a", b"b", b"c")
        finally:
            closed.append(1)

    spent = ask(request())
    before = spent.seconds
    assert list(spent.over(pieces())) == [b"a", b"b", b"c"]
    assert spent.seconds > before
    begun, never_begun = spent.over(pieces()), spent.over(pieces())
    next(begun)
    with pytest.raises(TooManyAtOnce):
        spent.over(pieces())
    begun.close()
    begun.close()
    never_begun.close()
    assert metering.limiter()._state.permits == []
    assert len(closed) == 2
    dropped = spent.over(pieces())
    del dropped
    assert metering.limiter()._state.permits == []


def test_threads_that_work_for_one_request_take_one_place_and_are_counted_once():
    http_request = request()
    with paying(http_request) as account:
        account.identify()
        together = threading.Barrier(3)

        def work():
            with working():
                together.wait(5)
                return len(metering.limiter()._state.running)

        with ThreadPoolExecutor(3) as pool:
            running = [pool.submit(contextvars.copy_context().run, work) for _n in range(3)]
    assert [future.result() for future in running] == [1, 1, 1]
    assert metering.ledger().spent(client_of(http_request, ANONYMOUS))[1] == 1


def test_work_that_is_nobodys_request_is_not_counted():
    assert current_account() is None
    with working():
        assert not metering.limiter()._state.running


def test_what_is_asked_of_the_engine_while_a_file_is_made_is_counted_once():
    def pieces():
        with working():
            yield len(metering.limiter()._state.running)

    with paying(request()) as account:
        assert list(account.over(pieces())) == [0]


def test_calls_answered_before_django_are_counted_with_the_same_account():
    environ = {"REMOTE_ADDR": "203.0.113.9"}
    ask(request())
    assert call_headers(environ)["X-RateLimit-Remaining"] == "1"
    assert call_headers(environ)["X-RateLimit-Remaining"] == "0"
    assert call_headers(environ) is None
    with pytest.raises(QuotaExceeded):
        ask(request())
