"""Loading a pack into an instance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parvis.core.errors import Forbidden
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import update_card
from parvis.hub.datastore.models import Deposit
from parvis.hub.packs import services
from parvis.hub.sites.models import SiteFace
from parvis.hub.sites.services import main_site, set_face
from parvis.hub.territories import services as territories
from parvis.packs.bundled_files import DemoPack, demo_pack, territory_rows

pytestmark = pytest.mark.django_db

CHOSEN = ("salles-yffiniac", "subventions-lot-2017")
NEAR = {"22", "46", "77", "91"}
"""Departments that the two datasets and the face of the portal name."""


@pytest.fixture(autouse=True)
def reference(monkeypatch) -> None:
    """The territories of these departments and the regions: all of France is loaded in the room of territories."""
    rows = [row for row in territory_rows() if row.department in NEAR or row.kind in ("region", "departement", "epci")]
    monkeypatch.setattr(territories, "territory_rows", lambda: iter(rows))


@pytest.fixture
def pack() -> DemoPack:
    """The demonstration, with two of its datasets only."""
    whole = demo_pack()
    chosen = tuple(row for row in whole.datasets if row.dataset_id in CHOSEN)
    assert len(chosen) == 2
    owners = {row.organisation for row in chosen} | {whole.sites[0].organisation}
    organisations = tuple(row for row in whole.organisations if row.slug in owners)
    return replace(whole, datasets=chosen, organisations=organisations, featured=(CHOSEN[1],))


def test_organisations_datasets_and_face_are_there_afterwards(pack):
    progress = []
    loaded = services.load_demo(OPERATOR, lambda done, total, title: progress.append((done, total)), pack)
    assert (sorted(loaded.imported), loaded.left, loaded.refused) == (sorted(CHOSEN), (), ())
    assert progress == [(0, 2), (1, 2)]
    lot = Dataset.objects.get(dataset_id="subventions-lot-2017")
    assert (lot.status, lot.featured, lot.organisation.name) == ("published", 1, "Département du Lot")
    assert lot.current.rows == 13
    assert lot.territories.get().code == "46"
    assert lot.organisation.territory.code == "46"
    assert lot.personal_data
    face = SiteFace.for_site(main_site())
    assert (face.name, face.territory.code) == (pack.sites[0].title, "200059228")
    assert not Deposit.objects.exists()
    assert Entry.objects.filter(action="pack.load").count() == 1


def test_loading_again_does_only_what_is_missing_and_keeps_what_people_changed(pack):
    services.load_demo(OPERATOR, pack=pack)
    lot = Dataset.objects.get(dataset_id="subventions-lot-2017")
    update_card(OPERATOR, lot, {"title": "Un autre titre"})
    Dataset.objects.filter(dataset_id="salles-yffiniac").update(current=None)
    Dataset.objects.get(dataset_id="salles-yffiniac").delete()
    loaded = services.load_demo(OPERATOR, pack=pack)
    assert (loaded.imported, loaded.left) == (("salles-yffiniac",), ("subventions-lot-2017",))
    lot.refresh_from_db()
    assert (lot.title, lot.versions.count()) == ("Un autre titre", 1)


def test_a_file_that_changed_becomes_a_new_version(pack, tmp_path):
    services.load_demo(OPERATOR, pack=pack)
    row = pack.datasets[0]
    other = tmp_path / row.file.name
    other.write_bytes(row.file.read_bytes() + b"\n")
    services.load_demo(OPERATOR, pack=replace(pack, datasets=(replace(row, file=other),)))
    assert Dataset.objects.get(dataset_id=row.dataset_id).versions.count() == 2


def test_a_refused_file_is_told_and_the_others_are_loaded(pack, tmp_path):
    empty = tmp_path / "vide.csv"
    empty.write_bytes(b"")
    first, second = pack.datasets
    loaded = services.load_demo(OPERATOR, pack=replace(pack, datasets=(replace(first, file=empty), second)))
    assert loaded.imported == (second.dataset_id,)
    ((dataset_id, error),) = loaded.refused
    assert dataset_id == first.dataset_id
    assert error.message("fr")


def test_strangers_load_nothing(pack):
    for act in (
        lambda: services.load_demo(ANONYMOUS, pack=pack),
        lambda: services.load_organisation(ANONYMOUS, pack.organisations[0]),
        lambda: set_face(ANONYMOUS, main_site(), name="X"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert not Dataset.objects.exists()
    assert not Organisation.objects.exists()
