"""What a web process makes ready while it starts."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from parvis.config.serving import warmup
from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.store import store
from parvis.web.api.explore import catalogue_store
from parvis.web.api.explore.catalogue_store import CatalogueStore
from parvis.web.api.explore.tests.objects_made import note_objects

pytestmark = pytest.mark.django_db
COLUMNS = [Column("nom", "nom", ColumnType.TEXT)]


@pytest.fixture
def three() -> None:
    """Three published datasets, of which nothing is kept."""
    store().delete("catalogue")
    for name in ("arbres", "bancs", "stades"):
        dataset = make_dataset(dataset_id=name, title=name.capitalize())
        make_version(versions_folder(dataset.uid) / dataset.current.name, COLUMNS, [["a"]])


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The identifiers of the datasets whose objects are made."""
    return note_objects(monkeypatch)


@pytest.fixture
def starting(monkeypatch) -> CatalogueStore:
    """The objects of a web process that starts; it waits without a pause for what a worker makes."""
    objects = CatalogueStore("fr")
    monkeypatch.setattr(warmup, "store_of", lambda _lang: objects)
    monkeypatch.setattr(warmup, "_PAUSE", 0)
    monkeypatch.setattr(warmup.connection, "close", lambda: None)
    return objects


def test_a_web_process_that_starts_has_its_objects_before_anybody_asks(three, starting, made):
    warmup.make_ready()
    assert sorted(made) == ["arbres", "bancs", "stades"]
    made.clear()
    assert len(starting.latest().entries) == 3
    assert made == []


def test_a_web_process_that_starts_leaves_many_objects_to_a_worker(three, starting, made, monkeypatch):
    monkeypatch.setattr(catalogue_store, "MOST_BEHIND", 2)
    warmup.make_ready()
    assert made == []


def test_a_start_is_never_stopped_by_what_cannot_be_read(starting, monkeypatch):
    def fails(*_given):
        raise OperationalError

    monkeypatch.setattr(warmup, "search_everything", fails)
    warmup.make_ready()
