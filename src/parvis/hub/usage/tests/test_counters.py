"""Counts are right with many threads, survive a database that does not answer, and hold nothing about anybody."""

from __future__ import annotations

import io
import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.datastore import services
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory
from parvis.hub.usage import counters
from parvis.hub.usage.counters import Counters
from parvis.hub.usage.models import Count, VainWords
from parvis.hub.usage.rules import Nature, Seen, Subject
from parvis.hub.usage.services import add_counts, fold_months
from parvis.hub.usage.sites import forget_hosts

pytestmark = pytest.mark.django_db

VIEW = Seen(Nature.VIEW, Subject.DATASET, "arbres")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def counted(monkeypatch):
    """The counters of the process, new, and a function that writes them and gives what is known."""
    fresh = Counters()
    monkeypatch.setattr(counters, "counters", lambda: fresh)
    forget_hosts()

    def known(**filters):
        assert fresh.write()
        return {
            (row.nature, row.subject, row.name, row.detail, row.robots): row.count
            for row in Count.objects.filter(**filters)
        }

    return known


def publish_trees() -> None:
    """A dataset with its rows, published."""
    dataset = make_dataset(dataset_id="arbres")
    body = b"essence;hauteur\nOrme;12\nTilleul;9\n"
    deposit = services.open_deposit(OPERATOR, "arbres.csv", len(body))
    services.append(OPERATOR, deposit, 0, io.BytesIO(body))
    services.run_import_here(OPERATOR, services.start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))


def test_what_is_read_is_counted_by_day_and_site(counted):
    publish_trees()
    browser = Client()
    for path in (
        "/explore/",
        "/explore/dataset/arbres/information/",
        "/explore/dataset/arbres/quality/",
        "/explore/dataset/rien/",
    ):
        browser.get(path)
    browser.head("/explore/")
    assert counted(site=main_site().pk, day=timezone.localdate()) == {
        ("view", "portal", "explorer", "", False): 1,
        ("view", "dataset", "arbres", "", False): 2,
    }


def test_robots_are_apart_and_signed_in_people_are_not_counted(counted):
    browser = Client()
    browser.get("/explore/", headers={"user-agent": "Googlebot/2.1"})
    browser.get("/explore/", headers={"sec-purpose": "prefetch"})
    browser.force_login(make_person("redac@evry.example"))
    browser.get("/explore/")
    assert counted() == {("view", "portal", "explorer", "", True): 1}


def test_the_portals_own_calls_are_not_those_of_reusers(counted):
    browser = Client()
    browser.get("/api/explore/v2.1/catalog/datasets")
    browser.get("/api/explore/v2.1/catalog/datasets", headers={"sec-fetch-site": "same-origin"})
    assert counted() == {("call", "portal", "", "explore-v2.1", False): 1}


def test_a_search_without_result_is_counted_and_its_words_wait(counted):
    for rank in range(3):
        Client(REMOTE_ADDR=f"192.0.2.{rank}").get("/explore/?q=compostage", headers={"user-agent": FIREFOX})
        Client(REMOTE_ADDR=f"192.0.2.{rank}").get("/explore/?q=Jean+Dupont")
        if rank == 1:
            assert counted(nature="unanswered") == {("unanswered", "portal", "", "", False): 4}
            assert not VainWords.objects.exists()
    counted()
    assert [(row.words, row.count) for row in VainWords.objects.all()] == [("compostage", 3)]


def test_nothing_kept_says_anything_of_a_visitor(counted):
    Client(REMOTE_ADDR="192.0.2.99").get(
        "/explore/?q=compostage", headers={"user-agent": FIREFOX, "cookie": "a=visiteur"}
    )
    counted()
    stored = " ".join(str(vars(row)) for model in (Count, VainWords) for row in model.objects.all())
    assert stored
    assert not any(word in stored for word in ("192.0.2", "Firefox", "visiteur", "compostage"))
    assert {field.name for field in Count._meta.get_fields()} == {
        "id", "day", "site", "nature", "subject", "name", "detail", "robots", "count"}  # fmt: skip


def test_many_threads_lose_nothing():
    own = Counters()
    threads = [threading.Thread(target=lambda: [own.count(1, VIEW) for _n in range(500)]) for _t in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    own.write()
    assert Count.objects.get(name="arbres").count == 4000


def test_two_processes_add_up():
    for own in (Counters(), Counters()):
        own.count(1, VIEW)
        own.write()
    assert Count.objects.get(name="arbres").count == 2


def test_counts_wait_while_the_database_does_not_answer(monkeypatch):
    own = Counters()
    own.count(1, VIEW)

    def refused(*_args):
        raise DatabaseError("absente")

    with monkeypatch.context() as patch:
        patch.setattr(counters, "add_counts", refused)
        assert own.write() is False
    own.count(1, VIEW)
    assert own.write() is True
    assert Count.objects.get(name="arbres").count == 2


def test_old_days_become_months_without_losing_any_twice_without_harm():
    today = date(2026, 11, 25)
    old = [date(2025, 3, day) for day in (1, 2, 30)]
    add_counts(
        {(day, 1, VIEW, False): 5 for day in (*old, today)}, {(old[0], 1, "compostage"): 3, (today, 1, "tri"): 3}
    )
    for _again in range(2):
        fold_months(today)
        assert list(Count.objects.order_by("day").values_list("day", "count")) == [(date(2025, 3, 1), 15), (today, 5)]
        assert list(VainWords.objects.values_list("words", flat=True)) == ["tri"]


def test_recent_days_stay_days():
    today = date(2026, 11, 25)
    add_counts({(today - timedelta(days=300), 1, VIEW, False): 5}, {})
    fold_months(today)
    assert Count.objects.get().day == today - timedelta(days=300)


def test_each_site_is_counted_apart_by_host_name_and_by_prefix(counted):
    commune = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    site = make_site(OPERATOR, commune, "lieusaint.localhost", parent=main_site(), prefix="lieusaint")
    Client(headers={"host": "lieusaint.localhost"}).get("/explore/")
    Client().get("/lieusaint/explore/")
    Client().get("/explore/")
    assert counted(site=site.pk) == {("view", "portal", "explorer", "", False): 2}
    assert counted(site=main_site().pk) == {("view", "portal", "explorer", "", False): 1}
