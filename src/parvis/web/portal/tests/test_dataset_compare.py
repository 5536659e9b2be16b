"""What changed from one version to the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.hub.catalogue import factories
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.folders import versions_folder
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


def test_versions_too_large_for_a_page_say_so(client, racks, monkeypatch):
    monkeypatch.setattr(dataset_compare, "MOST_ROWS", 2)
    _dataset, _old, new = racks
    html = client.get(f"/explore/dataset/arceaux/versions/{new.name}/compare/").content.decode()
    assert "trop volumineuses" in html
