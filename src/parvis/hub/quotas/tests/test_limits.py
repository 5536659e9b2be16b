"""The engine's time of an organisation: added up over its people and keys, refused once it is spent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.requests import Caller
from parvis.hub.quotas import metering
from parvis.hub.quotas.ledger import Ledger
from parvis.hub.quotas.limits import OrganisationTimeSpent, account_name, forget_limits, organisation_of
from parvis.hub.quotas.metering import paying, working
from parvis.hub.quotas.rules import Refusal
from parvis.hub.quotas.services import set_limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(monkeypatch):
    fresh = Ledger()
    monkeypatch.setattr(metering, "ledger", lambda: fresh)
    forget_limits()
    yield fresh
    forget_limits()


@pytest.fixture
def colleagues():
    owner = make_organisation("Lieusaint")
    people = [make_member(owner, Role.READER, email=f"p{rank}@lieusaint.example", password=None) for rank in range(2)]
    return owner, [actor_of(person) for person in people]


def ask(actor, seconds: float = 0.0):
    request = RequestFactory().get("/api/")
    request._parvis_caller = (None, Caller(actor))
    with paying(request) as account, working():
        pass
    account.count(seconds)
    return account


def test_what_colleagues_take_is_taken_from_one_budget(colleagues):
    owner, (first, second) = colleagues
    set_limits(OPERATOR, owner, {"seconds": 10})
    ask(first, 6)
    ask(second, 6)
    with pytest.raises(OrganisationTimeSpent) as refused:
        ask(first)
    assert isinstance(refused.value, Refusal)
    assert int(refused.value.headers()["Retry-After"]) > 0
    ask(ANONYMOUS)


def test_without_a_limit_it_is_counted_and_never_refused(colleagues, own_ledger):
    owner, (first, _second) = colleagues
    ask(first, 5_000)
    ask(first)
    own_ledger.write()
    spent = metering.shared_client(first, datetime.now(UTC).date())
    assert spent.name == account_name(owner.pk)
    assert own_ledger.spent(spent)[0] >= 5_000


def test_nobody_s_and_the_operator_s_time_is_of_no_organisation():
    assert organisation_of(ANONYMOUS) is None
    assert organisation_of(OPERATOR) is None


def test_a_limit_taken_away_opens_again_at_once(colleagues):
    owner, (first, _second) = colleagues
    set_limits(OPERATOR, owner, {"seconds": 1})
    ask(first, 2)
    with pytest.raises(OrganisationTimeSpent):
        ask(first)
    set_limits(OPERATOR, owner, {})
    ask(first)
