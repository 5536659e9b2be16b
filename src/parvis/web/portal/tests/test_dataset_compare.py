"""What changed from one version to the next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.versions.comparison import ComparisonTooLong
from parvis.hub.catalogue import factories
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.kinds import COMPARE
from parvis.hub.datastore.services import comparisons
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.running import claim, run
from parvis.hub.quotas import metering
from parvis.hub.quotas.ledger import Ledger
from parvis.hub.quotas.models import Usage
from parvis.hub.ui.derived import derived
from parvis.web.portal import dataset_compare

pytestmark = pytest.mark.django_db

COLUMNS = (Column("id", "Numéro", ColumnType.TEXT, annotations={"id": True}), Column("nom", "Nom", ColumnType.TEXT))


@pytest.fixture
def racks() -> tuple[Dataset, Version, Version]:
    """A dataset whose second version changes a row, takes one away and brings one."""
    dataset = factories.make_dataset(dataset_id="arceaux", title="Arceaux")
    old = dataset.current
    new = factories.make_version(dataset)
    Version.objects.filter(pk=new.pk).update(created=old.created + timedelta(days=1))
    before = [("1", "Mairie"), ("2", "Gare"), ("3", "Stade")]
    after = [("1", "Mairie"), ("2", "Gare RER"), ("4", "École")]
    make_folder(versions_folder(dataset.uid) / old.name, COLUMNS, before)
    make_folder(versions_folder(dataset.uid) / new.name, COLUMNS, after)
    dataset.current = new
    dataset.save()
    return dataset, old, new


def test_added_removed_and_changed_rows_are_shown(client, racks):
    _dataset, _old, new = racks
    html = client.get(f"/explore/dataset/arceaux/versions/{new.name}/compare/").content.decode()
    assert "<del>Gare</del>" in html
    assert "<ins>Gare RER</ins>" in html
    assert "École" in html
    assert "Stade" in html
    assert "noindex" in html


def test_the_first_version_follows_none(client, racks):
    _dataset, old, _new = racks
    assert client.get(f"/explore/dataset/arceaux/versions/{old.name}/compare/").status_code == 404


def test_the_card_links_to_what_changed_for_all_but_the_first(client, racks):
    _dataset, old, new = racks
    html = client.get("/explore/dataset/arceaux/information/").content.decode()
    assert f"/versions/{new.name}/compare/" in html
    assert f"/versions/{old.name}/compare/" not in html


@pytest.fixture
def large(racks, monkeypatch):
    """The address of a comparison that is too much for a request, in a cache and with an account of its own."""
    derived.clear()
    monkeypatch.setattr(comparisons, "AT_ONCE", 1)
    ledger = Ledger()
    monkeypatch.setattr(metering, "ledger", lambda: ledger)
    return f"/explore/dataset/arceaux/versions/{racks[2].name}/compare/"


def asked() -> QuerySet[Job]:
    """The comparisons that the worker was asked for."""
    return Job.objects.filter(kind=COMPARE)


def work() -> None:
    """What the worker does with those that wait."""
    for job in asked().filter(state=Job.State.QUEUED):
        run(claim(job.pk))


def test_a_long_comparison_is_prepared_by_a_job_that_all_readers_share(client, large):
    waiting = client.get(large)
    assert (waiting.status_code, waiting["Cache-Control"]) == (202, "no-store")
    assert '<meta http-equiv="refresh" content="3">' in waiting.content.decode()
    assert client.get(large, REMOTE_ADDR="192.0.2.9").status_code == 202
    assert asked().count() == 1
    work()
    html = client.get(large).content.decode()
    assert "<ins>Gare RER</ins>" in html
    assert "http-equiv" not in html


def test_what_the_job_takes_is_its_callers(client, large):
    client.get(large, REMOTE_ADDR="192.0.2.9")
    work()
    assert Usage.objects.get().seconds > 0
    assert asked().get().arguments["client"] == ""


def test_a_comparison_that_failed_is_told_and_not_asked_again_that_day(client, large, monkeypatch):
    def too_long(*_versions, **_bounds):
        raise ComparisonTooLong

    monkeypatch.setattr(comparisons, "compare_versions", too_long)
    client.get(large)
    work()
    failed = client.get(large)
    assert failed.status_code == 503
    assert "trop volumineuses" in failed.content.decode()
    assert asked().get().state == Job.State.FAILED
    asked().update(finished=timezone.now() - timedelta(days=2))
    assert client.get(large).status_code == 202


def test_a_comparison_that_the_cache_lost_is_made_again(client, large):
    client.get(large)
    work()
    derived.clear()
    asked().update(finished=timezone.now() - timedelta(minutes=2))
    assert client.get(large).status_code == 202
    work()
    assert client.get(large).status_code == 200


def test_one_caller_does_not_fill_the_queue(client, large, monkeypatch):
    monkeypatch.setattr(comparisons, "MOST_OF_ONE", 0)
    refused = client.get(large)
    assert (refused.status_code, refused["Retry-After"]) == (429, "10")
    monkeypatch.setattr(comparisons, "MOST_OF_ONE", 1)
    monkeypatch.setattr(comparisons, "MOST_WAITING", 0)
    assert client.get(large).status_code == 503
    assert not asked().exists()


def test_a_comparison_made_at_once_is_taken_from_the_readers_budget(client, racks, monkeypatch):
    derived.clear()
    ledger = Ledger()
    monkeypatch.setattr(metering, "ledger", lambda: ledger)
    client.get(f"/explore/dataset/arceaux/versions/{racks[2].name}/compare/")
    assert [account.pending_calls for account in ledger._accounts.values()] == [1]


def test_versions_too_large_for_a_page_say_so(client, racks, monkeypatch):
    monkeypatch.setattr(dataset_compare, "MOST_ROWS", 2)
    _dataset, _old, new = racks
    html = client.get(f"/explore/dataset/arceaux/versions/{new.name}/compare/").content.decode()
    assert "trop volumineuses" in html
