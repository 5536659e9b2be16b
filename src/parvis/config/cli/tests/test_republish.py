"""``parvis republish`` tells where a sending stands, what it would do field by field, and does it."""

from __future__ import annotations

import functools

import pytest
from django.utils import timezone

from parvis.core.fetching import send
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.republication import rules, udata
from parvis.hub.republication.factories import make_portal
from parvis.hub.republication.models import Portal
from parvis.hub.republication.package import Document, Package
from parvis.hub.republication.tests.udata_server import API_KEY, SLUG, running


@pytest.fixture
def there(monkeypatch):
    file = Document(key="f", title="Tableau", url="https://x.example/t.csv", format="csv")
    wish = Package(key="a", page="https://x.example/a/", title="Arceaux", description="Relevés.", documents=(file,))
    monkeypatch.setattr("parvis.hub.republication.selection.packages_of", lambda organisation: iter([wish]))
    monkeypatch.setattr(rules, "PAUSE", 0)
    monkeypatch.setattr(udata, "send", functools.partial(send, allowed=lambda _address, _port: True))
    with running() as server:
        yield server


def test_it_tries_then_sends_then_tells(parvis, there):
    organisation = make_organisation("Ville", slug="ville")
    assert parvis("republish", "status", "ville").status == 1
    make_portal(organisation, there.url, API_KEY, SLUG)
    trial = parvis("republish", "dry-run", "ville")
    assert trial.status == 0 and "créé         Arceaux" in trial.out and "title : « » → « Arceaux »" in trial.out
    assert there.state.writes == []
    assert parvis("republish", "send", "Ville").status == 0
    (item,) = parvis("republish", "status", "ville", "--json").facts["items"]
    assert (item["outcome"], item["proof"]["differences"]) == ("created", [])
    there.state.member = False
    failed = parvis("republish", "send", "ville")
    assert failed.status == 2 and "ne fait pas partie" in failed.out and API_KEY not in failed.out


def test_it_says_so_when_another_sending_is_under_way_or_was_just_killed(parvis, there):
    portal = make_portal(make_organisation("Ville", slug="ville"), there.url, API_KEY, SLUG)
    Portal.objects.filter(pk=portal.pk).update(holder="x", busy_until=timezone.now() + rules.LEASE)
    refused = parvis("republish", "send", "ville")
    assert refused.status != 0 and "déjà en cours" in refused.err and there.state.writes == []
    Portal.objects.filter(pk=portal.pk).update(busy_until=timezone.now() - rules.LEASE)
    assert parvis("republish", "send", "ville").status == 0


def test_a_sending_that_somebody_stopped_says_so_and_may_still_be_tried(parvis, there):
    make_portal(make_organisation("Ville", slug="ville"), there.url, API_KEY, SLUG, active=False)
    refused = parvis("republish", "send", "ville")
    assert refused.status != 0 and "est arrêté" in refused.err and there.state.requests == []
    assert "créé         Arceaux" in parvis("republish", "dry-run", "ville").out
    assert there.state.writes == []
