"""A dataset's whole life where files are objects and no folder is shared: nothing on the way counts on the store being a folder."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image as Pillow
from wagtail.images import get_image_model

from parvis.core.store.tests.copies import ObjectStore
from parvis.core.versions.manifest import MANIFEST
from parvis.hub import store as stores
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore import selectors, services
from parvis.hub.datastore.services import prune_versions, recover
from parvis.hub.jobs.worker import drain
from parvis.hub.quality.services import measure
from parvis.hub.store import store, version_name

pytestmark = pytest.mark.django_db

BEFORE = "code;nom;places\n91228;Évry;12\n91286;Grigny;7\n"
AFTER = "code;nom;places\n91228;Évry;15\n91286;Grigny;7\n91477;Palaiseau;3\n"
API = "/api/explore/v2.1/catalog/datasets/places"
OF_THE_MACHINE = {"cache", "running", "work", "static"}


@pytest.fixture(autouse=True)
def objects(settings, tmp_path, monkeypatch) -> ObjectStore:
    """An instance whose files are objects."""
    settings.PARVIS_HOME = tmp_path / "home"
    settings.PARVIS_HOME.mkdir()
    made = ObjectStore(tmp_path / "objects", tmp_path / "copies")
    monkeypatch.setitem(stores.KINDS, "objects", lambda _url, _home: made)
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": "objects://ville"}
    selectors.engine.cache_clear()
    yield made
    if selectors.engine.cache_info().currsize:
        selectors.engine().close()
    selectors.engine.cache_clear()


@pytest.fixture
def dataset(town) -> Dataset:
    """A draft, not yet anything to read."""
    card = {"title": "Places", "description": "<p>Les places de stationnement par commune.</p>"}
    return create_dataset(actor_of(town.steward), town.organisation, "places", card)


def publish(town, dataset: Dataset, text: str) -> Dataset:
    """Receive a file in two pieces, make a version of it and publish it."""
    actor, body = actor_of(town.steward), text.encode()
    deposit = services.open_deposit(actor, "places.csv", len(body))
    services.append(actor, deposit, 0, io.BytesIO(body[:10]))
    services.append(actor, deposit, 10, io.BytesIO(body[10:]))
    imported = services.start_import(actor, deposit=deposit, dataset=dataset, publish=True)
    services.run_import(actor, imported)
    drain()
    imported.refresh_from_db()
    assert (imported.state, imported.error) == ("done", None)
    return Dataset.objects.select_related("current").get(pk=dataset.pk)


def body_of(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_dataset_lives_its_whole_life_among_objects(town, dataset, objects, settings):
    first = publish(town, dataset, BEFORE).current
    visitor = Client()
    rows = visitor.get(f"{API}/records?order_by=code").json()["results"]
    assert [(row["code"], row["places"]) for row in rows] == [("91228", 12), ("91286", 7)]
    files = store().children(f"datasets/{dataset.uid}/prepared/{first.name}")
    assert [file.rpartition(".")[2] for file in files].count("xlsx") == 1
    ranged = visitor.get(f"{API}/exports/csv", headers={"Range": "bytes=0-3", "Accept-Encoding": "identity"})
    assert (ranged.status_code, b"".join(ranged.streaming_content)) == (206, "\ufeffc".encode())
    original = visitor.get(f"/explore/dataset/places/versions/{first.name}/original/")
    assert body_of(original).decode() == BEFORE
    assert measure(first) is not None

    second = publish(town, dataset, AFTER).current
    assert visitor.get(f"{API}/records?where=code%3D'91477'").json()["total_count"] == 1
    compared = visitor.get(f"/explore/dataset/places/versions/{second.name}/compare/")
    assert "Palaiseau" in body_of(compared).decode()

    prune_versions(OPERATOR, dataset, keep=1)
    assert store().children(f"datasets/{dataset.uid}/versions") == [second.name]
    assert store().children(f"datasets/{dataset.uid}/prepared") == [second.name]
    assert store().children("deposits") == []
    assert {path.name for path in settings.PARVIS_HOME.iterdir()} <= OF_THE_MACHINE


def test_what_killed_processes_left_among_objects_is_put_in_order(town, dataset):
    current = publish(town, dataset, BEFORE).current
    half = version_name(dataset.uid, "20260101t000000-aaaaaa")
    store().put(f"{half}/part-0.parquet", b"PAR1")
    store().put("deposits/sans-ligne/file", b"code")
    recovered = recover()
    assert set(recovered.removed) >= {half, "deposits/sans-ligne"}
    assert store().exists(f"{version_name(dataset.uid, current.name)}/{MANIFEST}")
    assert (store().children("deposits"), list(store().walk(half))) == ([], [])


def test_a_strangers_file_is_checked_and_its_report_read_among_objects(town):
    visitor = Client()
    sent = io.BytesIO(b"nom_station,id\n,1\n")
    sent.name = "bornes.csv"
    response = visitor.post("/valider/", {"fichier": sent, "schema": "etalab/schema-irve-statique"}, follow=True)
    address = response.redirect_chain[-1][0]
    assert b"ligne" in body_of(visitor.get(f"{address}rapport.csv")).lower()
    (token,) = store().children("checks")
    assert token in address
    visitor.post(f"{address}supprimer/")
    assert store().children("checks") == []


def test_a_picture_is_sent_drawn_smaller_and_read_among_objects(town, settings):
    stream = io.BytesIO()
    Pillow.new("RGB", (300, 200), (9, 120, 40)).save(stream, "JPEG")
    image = get_image_model().objects.create(title="Place", file=ContentFile(stream.getvalue(), "place.jpg"))
    rendition = image.get_rendition("width-100")
    name = Path(rendition.file.name).name
    shown = Pillow.open(io.BytesIO(body_of(Client().get(f"/media/images/{name}"))))
    assert shown.size == (100, 66)
    assert store().exists(f"media/{rendition.file.name}")
    assert not (settings.PARVIS_HOME / "media").exists()
