"""Every way in takes the engine's time from the caller's budget, and says 429 with a time to come back once it is spent."""

from __future__ import annotations

import pytest

from parvis.core.engine.plans import Count
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.datastore.selectors import engine, source_of
from parvis.hub.maps.factories import make_trees
from parvis.hub.quotas import metering
from parvis.hub.quotas.ledger import Ledger
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.store import store
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

PLACES = [(2.40 + n / 1000, 48.60) for n in range(60)]
WAYS_IN = [
    "/explore/dataset/foret/table/",
    "/explore/dataset/foret/map/",
    "/explore/dataset/foret/export/",
    "/api/explore/v2.1/catalog/datasets/foret/records?limit=3",
    "/ogc/collections/foret/items?limit=3",
    "/odata/foret/foret?$top=3",
    "/tiles/foret/6/33/22.mvt",
]


@pytest.fixture(autouse=True)
def own_ledger(monkeypatch):
    """Accounts of the test alone."""
    ledger = Ledger()
    monkeypatch.setattr(metering, "ledger", lambda: ledger)
    return ledger


@pytest.fixture
def trees():
    return make_trees(PLACES, dataset_id="foret")


def spent_calls(ledger: Ledger) -> int:
    return sum(account.written_calls + account.pending_calls for account in ledger._accounts.values())


@pytest.mark.parametrize("address", WAYS_IN)
def test_the_engine_is_the_callers_wherever_they_come_in(client, trees, own_ledger, address):
    assert client.get(address).status_code in (200, 204)
    assert spent_calls(own_ledger) == 1
    assert sum(account.pending for account in own_ledger._accounts.values()) > 0


@pytest.mark.parametrize("address", WAYS_IN)
def test_whoever_has_spent_their_day_is_told_when_to_come_back(client, trees, settings, address):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    assert client.get("/explore/dataset/foret/table/?q=tilleul").status_code == 200
    refused = client.get(address)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "no-store" in refused["Cache-Control"]


def test_what_comes_from_memory_costs_nothing(client, trees, own_ledger, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    for _time in range(3):
        assert client.get("/explore/dataset/foret/table/").status_code == 200
    assert spent_calls(own_ledger) == 1


def test_a_person_spends_their_own_budget_whatever_their_address(client, trees, own_ledger):
    client.force_login(make_member(make_organisation(), Role.READER))
    client.get("/explore/dataset/foret/table/")
    assert {name.partition("-")[0] for _day, name in own_ledger._accounts} == {"person", "org"}


@pytest.fixture
def commune(trees):
    """The site of a commune in whose contour half of the trees stand."""
    west, east = 2.40, 2.4295
    square = [[west, 48.5], [east, 48.5], [east, 48.7], [west, 48.7], [west, 48.5]]
    contour = {"type": "Polygon", "coordinates": [square]}
    territory = Territory.objects.create(kind="commune", code="91340", name="Lisses", folded="lisses", contour=contour)
    make_site(OPERATOR, territory, "lisses.localhost", parent=main_site())
    return {"host": "lisses.localhost"}


def test_the_rows_of_a_commune_are_written_at_the_expense_of_whoever_comes_first(client, commune, own_ledger):
    address = "/explore/dataset/foret/information/"
    assert client.get(address, headers=commune).status_code == 200
    assert spent_calls(own_ledger) == 1
    seconds = sum(account.pending for account in own_ledger._accounts.values())
    assert seconds > 0
    assert client.get(address, headers=commune).status_code == 200  # they are there
    assert (spent_calls(own_ledger), sum(row.pending for row in own_ledger._accounts.values())) == (1, seconds)


def test_the_rows_of_a_commune_are_not_written_for_whoever_has_spent_their_day(client, trees, commune, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    assert client.get("/explore/dataset/foret/table/?q=tilleul").status_code == 200
    for address in ("/explore/dataset/foret/map/", "/explore/dataset/foret/information/", WAYS_IN[-1]):
        refused = client.get(address, headers=commune)
        assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert list(store().walk(f"datasets/{trees.uid}/lenses")) == []


def test_what_no_request_asks_is_nobodys(trees, own_ledger):
    assert engine().value(source_of(trees), Count()) == 60
    assert not own_ledger._accounts
