"""Whole files made ahead: which, when, and what becomes of them."""

from __future__ import annotations

import gzip
from pathlib import PurePosixPath

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.core.explore import ExploreRequest, export
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import unpublish, update_card
from parvis.hub.datastore import selectors
from parvis.hub.datastore.factories import prepared_folder, versions_folder, work_folder
from parvis.hub.datastore.kinds import PREPARE
from parvis.hub.datastore.prepared import PLAIN, PORTAL, ready
from parvis.hub.datastore.services import (
    ask_for_missing,
    ask_to_prepare,
    forget_prepared,
    prepare,
    prepared_files,
    prune_versions,
)
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.worker import drain
from parvis.hub.store import store

pytestmark = pytest.mark.django_db
COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("vu", "Vu le", ColumnType.DATETIME),
    Column("point", "Point", ColumnType.GEO_POINT),
)


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.PARVIS_HOME = tmp_path
    (tmp_path / "datasets").mkdir()
    selectors.engine.cache_clear()
    yield
    if selectors.engine.cache_info().currsize:
        selectors.engine().close()
    selectors.engine.cache_clear()


@pytest.fixture
def dataset() -> Dataset:
    made = make_dataset(make_organisation("Ville"), dataset_id="lieux")
    make_version(
        versions_folder(made.uid) / made.current.name, COLUMNS, [["Évry", "2024-07-01T10:00:00Z", "POINT(2 48)"]]
    )
    return made


def shape(dataset):
    return selectors.shape_of(dataset, dataset.current)


def found(dataset, name, request):
    return ready(dataset, dataset.current, shape(dataset), name, request)


def content_of(name):
    with store().open(name) as stream:
        return stream.read()


def test_each_file_is_the_export_it_stands_for(dataset):
    made = prepare(dataset)
    assert sorted(PurePosixPath(name).suffix for name in made) == [".csv", ".csv", ".geojson", ".parquet", ".xlsx"]
    source = selectors.described_source(dataset, dataset.current)
    for name, request in (("csv", PORTAL), ("csv", PLAIN), ("geojson", PLAIN), ("parquet", PLAIN)):
        file = found(dataset, name, request)
        content = b"".join(export(selectors.engine(), source, name, request))
        assert content_of(file.name) == content
        if file.packed:
            assert gzip.decompress(content_of(file.packed)) == content
    text = content_of(found(dataset, "csv", PORTAL).name).decode("utf-8-sig")
    assert text.startswith("Nom;Vu le;Point\r\n")
    assert "2024-07-01T12:00:00+02:00" in text


@pytest.mark.parametrize(
    ("name", "pairs", "is_there"),
    [
        ("csv", [], True),
        ("csv", [("lang", "en"), ("limit", "-1"), ("parquet_compression", "zstd"), ("compressed", "true")], True),
        ("csv", [("timezone", "Europe/Paris"), ("use_labels", "true")], True),
        ("csv", [("timezone", "Europe/Berlin"), ("use_labels", "true")], False),
        ("csv", [("timezone", "Europe/Paris")], False),
        ("csv", [("where", "nom = 'x'")], False),
        ("csv", [("select", "nom")], False),
        ("csv", [("delimiter", ",")], False),
        ("csv", [("limit", "1")], False),
        ("csv", [("offset", "1")], False),
        ("csv", [("refine", "nom:Évry")], False),
        ("csv", [("order_by", "nom")], False),
        ("geojson", [("delimiter", ",")], True),
        ("geojson", [("epsg", "2154")], False),
        ("parquet", [("parquet_compression", "zstd")], False),
        ("json", [], False),
    ],
)
def test_a_file_is_taken_only_for_what_it_holds(dataset, name, pairs, is_there):
    prepare(dataset)
    assert (found(dataset, name, ExploreRequest.from_query(pairs)) is not None) is is_there


def test_run_again_nothing_is_written_again(dataset):
    assert prepare(dataset)
    before = {path: path.stat().st_mtime_ns for path in prepared_folder(dataset, dataset.current).iterdir()}
    assert prepare(dataset) == []
    assert {path: path.stat().st_mtime_ns for path in prepared_folder(dataset, dataset.current).iterdir()} == before


def test_another_label_makes_another_file_and_the_former_is_never_taken(dataset):
    prepare(dataset)
    before = found(dataset, "csv", PORTAL).name
    update_card(OPERATOR, dataset, {"fields": {"nom": {"label": "Appellation"}}})
    dataset = Dataset.objects.select_related("current").get(pk=dataset.pk)
    assert found(dataset, "csv", PORTAL) is None
    drain()
    after = found(dataset, "csv", PORTAL).name
    assert content_of(after).decode("utf-8-sig").startswith("Appellation;")
    assert not store().exists(before)


def test_what_an_interrupted_writing_left_is_not_served_and_goes(dataset, monkeypatch):
    folder = prepared_folder(dataset, dataset.current)
    folder.mkdir(parents=True)
    (folder / "x.partial").write_bytes(b"half")
    assert found(dataset, "csv", PLAIN) is None

    class Killed(BaseException):
        pass

    def stop(stage, done, total=None):
        if len(list(folder.iterdir())) > 3:
            raise Killed

    with pytest.raises(Killed):
        prepare(dataset, stop)
    assert not list(folder.glob("*.partial"))
    assert not list(work_folder().glob("*/prepared-*"))
    assert all(path.stat().st_size for path in folder.iterdir())
    prepare(dataset)
    assert found(dataset, "parquet", PLAIN)


def test_files_go_with_their_version(dataset):
    prepare(dataset)
    old = prepared_folder(dataset, dataset.current)
    other = dataset.versions.create(name="20990101T000000-bbbb", rows=0, columns=3, bytes=1, original="a", format="csv")
    make_version(versions_folder(dataset.uid) / other.name, COLUMNS, [])
    dataset.current = other
    dataset.save()
    prune_versions(OPERATOR, dataset, keep=1)
    assert not old.exists()
    prepare(dataset)
    assert prepared_folder(dataset, other).is_dir()
    forget_prepared(dataset)
    assert not prepared_folder(dataset, other).exists()


def test_publication_asks_for_the_files_once(dataset):
    assert not Job.objects.filter(kind=PREPARE).exists()
    dataset.save()
    dataset.save()
    assert Job.objects.filter(kind=PREPARE).count() == 1
    drain()
    assert Job.objects.get(kind=PREPARE).state == Job.State.DONE
    assert found(dataset, "csv", PLAIN)
    assert ask_to_prepare(dataset) is None
    forget_prepared(dataset)
    ask_for_missing()
    drain()
    assert found(dataset, "csv", PLAIN)


def test_nothing_is_made_for_what_is_not_published(dataset):
    unpublish(OPERATOR, dataset)
    assert ask_to_prepare(dataset) is None
    assert not Job.objects.filter(kind=PREPARE, state=Job.State.QUEUED).exists()


def test_a_full_disk_leaves_nothing_and_says_so(dataset, monkeypatch):
    monkeypatch.setattr(prepared_files, "FREE_MARGIN", 10**18)
    with pytest.raises(prepared_files.DiskFull):
        prepare(dataset)
    assert not prepared_folder(dataset, dataset.current).exists()
    assert not list(work_folder().glob("*/prepared-*"))
