"""The objects of the catalogue kept by a worker: a process that starts reads them, and makes those that changed since."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import CatalogueState, Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import publish as publish_again
from parvis.hub.catalogue.services import unpublish, update_card
from parvis.hub.jobs.models import Job
from parvis.hub.store import store
from parvis.web.api.explore import catalogue_kept, catalogue_store
from parvis.web.api.explore.catalogue_stock import Stock
from parvis.web.api.explore.catalogue_store import CatalogueStore, are_kept_stocks_old, keep_stocks
from parvis.web.api.explore.tasks import ask_for_stocks
from parvis.web.api.explore.tests.objects_made import note_objects

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Whatever an earlier test kept is gone."""
    store().delete("catalogue")


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The identifiers of the datasets whose objects are made."""
    return note_objects(monkeypatch)


@pytest.fixture
def three(publish) -> dict[str, Dataset]:
    """Three datasets, one of which is announced to those who may not read it."""
    rows = {name: publish(dataset_id=name, title=name.capitalize()) for name in ("arbres", "bancs", "stades")}
    Dataset.objects.filter(dataset_id="bancs").update(access=Access.RESTRICTED, announced=True)
    return rows


def as_told(stock: Stock) -> list[object]:
    """All that a stock says, whatever it is made of."""
    objects = {key: (entry.unpacked(), entry.custom, entry.has_extent) for key, entry in stock.entries.items()}
    tables = [(rows.table.to_pylist(), dict(rows.rank)) for rows in (stock.rows, stock.reserved)]
    return [stock.revision, list(objects.items()), tables]


def anew(monkeypatch) -> Stock:
    """The stock of a process that makes everything."""
    with monkeypatch.context() as patch:
        patch.setattr(catalogue_store, "kept_stock", lambda _lang, _stamps: Stock())
        return CatalogueStore("fr").latest()


def test_a_process_that_starts_has_what_was_kept_and_makes_nothing(three, made, monkeypatch):
    keep_stocks()
    made.clear()
    stock = CatalogueStore("fr").latest()
    assert made == []
    assert as_told(stock) == as_told(anew(monkeypatch))
    assert len(stock.entries) == 3
    assert stock.reserved.table.num_rows == 1


def test_what_changed_came_or_went_since_is_made_again_and_nothing_else(three, made, monkeypatch, publish):
    keep_stocks()
    update_card(OPERATOR, three["arbres"], {"title": "Vieux arbres"})
    unpublish(OPERATOR, three["stades"])
    publish(dataset_id="fontaines", title="Fontaines")
    made.clear()
    stock = CatalogueStore("fr").latest()
    assert sorted(made) == ["arbres", "fontaines"]
    expected = anew(monkeypatch)
    assert [entry.unpacked() for entry in stock.entries.values()] == [e.unpacked() for e in expected.entries.values()]
    assert stock.rows.table.to_pylist() == expected.rows.table.to_pylist()
    assert [entry.dataset_id for entry in stock.entries.values()] == ["bancs", "fontaines", "arbres"]


def test_a_dataset_of_a_restored_backup_is_made_again_though_its_stamp_is_old(three, made):
    """The catalogue's mark may have passed the one that was kept: each dataset tells by itself whether it is the same."""
    keep_stocks()
    made.clear()
    kept_at = catalogue_kept.kept_revision("fr")
    Dataset.objects.filter(dataset_id="arbres").update(title="Un autre", stamp=1)
    CatalogueState.objects.update(revision=kept_at + 5)
    stock = CatalogueStore("fr").latest()
    assert made == ["arbres"]
    assert "Un autre" in {entry.unpacked()["metas"]["default"]["title"] for entry in stock.entries.values()}


def test_what_another_release_or_other_settings_made_is_left_aside(three, made, monkeypatch):
    keep_stocks()
    monkeypatch.setattr(catalogue_kept, "made_by", lambda: "another release")
    made.clear()
    CatalogueStore("fr").latest()
    assert sorted(made) == ["arbres", "bancs", "stades"]
    assert catalogue_kept.kept_revision("fr") == 0


@pytest.mark.parametrize("content", [b"", b"not Arrow at all", None])
def test_what_cannot_be_read_is_made_again(three, made, content):
    keep_stocks()
    with store().open("catalogue/fr") as stream:
        whole = stream.read()
    store().put("catalogue/fr", whole[: len(whole) // 2] if content is None else content)
    made.clear()
    assert len(CatalogueStore("fr").latest().entries) == 3
    assert sorted(made) == ["arbres", "bancs", "stades"]


def test_the_background_is_asked_only_where_a_process_would_have_much_to_make(three, monkeypatch, work):
    assert ask_for_stocks() is None
    monkeypatch.setattr(catalogue_store, "MOST_BEHIND", 2)
    assert ask_for_stocks() is not None
    work()
    assert Job.objects.get(kind="explore.keep-catalogue").state == Job.State.DONE
    assert not are_kept_stocks_old()
    assert ask_for_stocks() is None
    for dataset in three.values():
        unpublish(OPERATOR, dataset)
        publish_again(OPERATOR, dataset)
    assert ask_for_stocks() is not None


def test_an_empty_catalogue_is_not_kept(db):
    keep_stocks()
    assert not store().exists("catalogue/fr")
