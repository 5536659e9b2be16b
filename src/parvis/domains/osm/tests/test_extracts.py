"""Extracts received in the back office: read in a child, a dataset of their own under ODbL, brought up to date by changes."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.core.osm.errors import UnreadableExtract
from parvis.core.osm.factories import features_of, saint_etienne, write_pbf
from parvis.core.progress import no_progress
from parvis.domains.osm.extracts import receive_extract
from parvis.domains.osm.models import Conflation
from parvis.domains.osm.rows import objects_of
from parvis.domains.osm.rules import ExtractShrank
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.models import Deposit
from parvis.hub.datastore.services import deposit_file
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.running import run_job
from parvis.hub.jobs.services import run_here
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db
WEST = {"type": "Polygon", "coordinates": [[[4.3, 45.4], [4.38, 45.4], [4.38, 45.5], [4.3, 45.5], [4.3, 45.4]]]}


@pytest.fixture
def owner(home):
    place = Territory.objects.create(kind="commune", code="42218", name="Saint-Étienne", contour=WEST)
    return make_organisation("Saint-Étienne", territory=place)


def order(owner, **changes):
    facts = {
        "theme": "stationnement-velo",
        "territory": "",
        "organisation": owner.slug,
        "identifier": "osm-velo",
        "dataset": "",
    }
    return {**facts, **changes}


def receive(actor, path, facts) -> Dataset:
    return receive_extract(actor, str(deposit_file(actor, path).pk), facts, no_progress)


@pytest.fixture
def pbf(tmp_path):
    write_pbf(tmp_path / "loire.osm.pbf", features_of(saint_etienne()))
    return tmp_path / "loire.osm.pbf"


def keys(dataset: Dataset) -> dict[str, tuple[dict[str, str], int]]:
    return {row.key: (row.tags, row.version) for row in objects_of(dataset, dataset.current)}


def test_an_extract_is_a_dataset_under_odbl(owner, pbf):
    dataset = receive(OPERATOR, pbf, order(owner))
    assert (dataset.licence, dataset.status, dataset.current.rows) == ("odbl", "published", 204)
    assert "contributeurs d’OpenStreetMap" in dataset.source
    assert keys(dataset) == {f.key: (dict(f.tags), 3) for f in features_of(saint_etienne())}
    assert not Deposit.objects.exists()


def test_a_territory_keeps_what_is_within_its_contour(owner, pbf):
    dataset = receive(OPERATOR, pbf, order(owner, territory="commune:42218"))
    within = {f.key for f in features_of(saint_etienne()) if 4.3 < f.longitude < 4.38 and 45.4 < f.latitude < 45.5}
    assert keys(dataset).keys() == within
    assert 0 < len(within) < 204


def test_changes_bring_it_up_to_date(owner, pbf, tmp_path):
    dataset = receive(OPERATOR, pbf, order(owner))
    gone, moved, *_rest = sorted(key for key in keys(dataset) if key[0] == "n")
    way = min(key for key in keys(dataset) if key[0] == "w")
    (tmp_path / "jour.osc").write_text(
        f"""<osmChange version="0.6">
        <delete><node id="{gone[1:]}" version="4" timestamp="2026-01-01T00:00:00Z"/></delete>
        <modify><node id="{moved[1:]}" version="4" lat="45.4" lon="4.4" timestamp="2026-01-01T00:00:00Z">
          <tag k="amenity" v="bicycle_parking"/><tag k="capacity" v="99"/></node>
        <way id="{way[1:]}" version="4" timestamp="2026-01-01T00:00:00Z"><nd ref="5"/>
          <tag k="amenity" v="bicycle_parking"/></way>
        <node id="77" version="2" lat="45.4" lon="4.4"><tag k="amenity" v="bench"/></node></modify>
        <create><node id="88" version="1" lat="45.41" lon="4.41"><tag k="amenity" v="bicycle_parking"/></node></create>
        </osmChange>""",
        encoding="utf-8",
    )
    before = {row.key: (row.longitude, row.latitude) for row in objects_of(dataset, dataset.current)}
    dataset = receive(OPERATOR, tmp_path / "jour.osc", order(owner, dataset="osm-velo"))
    after = {
        row.key: ((row.longitude, row.latitude), row.tags, row.version) for row in objects_of(dataset, dataset.current)
    }
    assert gone not in after
    assert "n77" not in after
    assert after[moved] == ((4.4, 45.4), {"amenity": "bicycle_parking", "capacity": "99"}, 4)
    assert after[way] == (before[way], {"amenity": "bicycle_parking"}, 4)
    assert after["n88"][2] == 1
    assert len(after) == 204


def test_changes_of_the_whole_world_leave_a_dataset_in_its_territory(owner, pbf, tmp_path):
    dataset = receive(OPERATOR, pbf, order(owner, territory="commune:42218"))
    before = keys(dataset).keys()
    tag = '<tag k="amenity" v="bicycle_parking"/>'
    (tmp_path / "monde.osc").write_text(
        f"""<osmChange version="0.6"><create><node id="8" version="1" lat="48" lon="2">{tag}</node>
        <node id="9" version="1" lat="45.45" lon="4.35">{tag}</node></create></osmChange>""",
        encoding="utf-8",
    )
    assert keys(receive(OPERATOR, tmp_path / "monde.osc", order(owner, dataset="osm-velo"))).keys() == before | {"n9"}


@pytest.mark.parametrize(
    "body", [b"<osmChange version='0.6'><delete><node id=", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18"]
)
def test_a_broken_update_loses_nothing(owner, pbf, tmp_path, body):
    dataset = receive(OPERATOR, pbf, order(owner))
    version, before = dataset.current.name, keys(dataset)
    (tmp_path / "casse").write_bytes(body)
    with pytest.raises(UnreadableExtract):
        receive(OPERATOR, tmp_path / "casse", order(owner, dataset="osm-velo"))
    dataset.refresh_from_db()
    assert (dataset.current.name, keys(dataset)) == (version, before)
    assert not Deposit.objects.exists()


def test_a_file_cut_where_nothing_shows_it_replaces_nothing_unless_somebody_says_so(owner, pbf, tmp_path):
    dataset = receive(OPERATOR, pbf, order(owner))
    before, some = keys(dataset), features_of(saint_etienne())[:40]
    write_pbf(tmp_path / "peu.osm.pbf", some)
    with pytest.raises(ExtractShrank) as refusal:
        receive(OPERATOR, tmp_path / "peu.osm.pbf", order(owner, dataset="osm-velo"))
    assert "40 objets" in str(refusal.value)
    assert "204" in str(refusal.value)
    dataset.refresh_from_db()
    assert keys(dataset) == before
    dataset = receive(OPERATOR, tmp_path / "peu.osm.pbf", order(owner, dataset="osm-velo", may_shrink=True))
    assert keys(dataset).keys() == {feature.key for feature in some}


def test_an_answer_of_overpass_is_read(owner, tmp_path):
    elements = [
        {"type": "node", "id": 1, "lat": 45.4, "lon": 4.3, "tags": {"amenity": "bicycle_parking"}, "version": 2},
        {"type": "way", "id": 2, "center": {"lat": 45.5, "lon": 4.4}, "tags": {"amenity": "bicycle_parking"}},
        {"type": "way", "id": 3, "tags": {"amenity": "bicycle_parking"}},
        {"type": "node", "id": 4, "lat": 45.4, "lon": 4.3, "tags": {"amenity": "bench"}},
    ]
    (tmp_path / "overpass.json").write_text(json.dumps({"version": 0.6, "elements": elements}), encoding="utf-8")
    assert keys(receive(OPERATOR, tmp_path / "overpass.json", order(owner))).keys() == {"n1", "w2"}


def test_it_is_received_by_a_form_and_read_by_a_job(client, owner, pbf):
    person = make_member(owner, Role.STEWARD)
    client.force_login(person)
    page = client.get("/admin/openstreetmap-extraits/")
    assert page.status_code == 200
    assert "Stationnements vélo" in page.content.decode()
    facts = {
        **order(owner, identifier="", territory="commune:42218"),
        "file": SimpleUploadedFile("loire.osm.pbf", pbf.read_bytes()),
    }
    assert client.post("/admin/openstreetmap-extraits/", facts).status_code == 302
    job = Job.objects.get(kind="osm.extract")
    run_here(actor_of(person), job.kind, **job.arguments)
    assert Dataset.objects.get(dataset_id="osm-stationnement-velo").current.rows > 0
    again = client.post("/admin/openstreetmap-extraits/", {**facts, "file": SimpleUploadedFile("a.pbf", b"x")})
    assert again.status_code == 422
    assert "Cet identifiant est pris" in again.content.decode()


def test_what_became_of_a_file_is_told_to_who_gave_it(client, owner, pbf):
    person = make_member(owner, Role.STEWARD)
    client.force_login(person)
    for name, body in (("coupe.osm.pbf", pbf.read_bytes()[:900]), ("loire.osm.pbf", pbf.read_bytes())):
        facts = {**order(owner, identifier=f"osm-{name[:5]}"), "file": SimpleUploadedFile(name, body)}
        assert client.post("/admin/openstreetmap-extraits/", facts)["Location"] == "/admin/openstreetmap-extraits/"
    for job in Job.objects.filter(kind="osm.extract").order_by("pk"):
        run_job.call(job.pk)
    page = client.get("/admin/openstreetmap-extraits/").content.decode()
    assert "« coupe.osm.pbf » n’est pas un extrait" in page
    assert '/explore/dataset/osm-loire/"' in page
    client.force_login(make_member(owner, Role.STEWARD, email="autre@lieusaint.example"))
    assert "coupe.osm.pbf" not in client.get("/admin/openstreetmap-extraits/").content.decode()


def test_who_writes_for_nobody_receives_nothing(client, owner):
    assert client.get("/admin/openstreetmap-extraits/").status_code == 302
    client.force_login(make_member(owner, Role.READER))
    assert client.post("/admin/openstreetmap-extraits/", {}).status_code in (302, 403)


def test_a_conflation_is_written_with_the_mapping_of_its_theme(client, owner, pbf, tmp_path):
    receive(OPERATOR, pbf, order(owner))
    receive(OPERATOR, pbf, order(owner, identifier="osm-autre"))
    client.force_login(make_member(owner, Role.STEWARD))
    facts = {"organisation": owner.pk, "title": "Vélos", "dataset_id": "osm-autre", "osm_dataset_id": "osm-velo"}
    facts |= {
        "theme": "stationnement-velo",
        "mapping": "",
        "key_columns": "",
        "comment": "",
        "hashtag": "",
        "source": "",
    }
    assert client.post("/admin/openstreetmap/add/", facts).status_code == 302
    conflation = Conflation.objects.get()
    assert conflation.described.distance == 50
    broken = client.post(f"/admin/openstreetmap/edit/{conflation.pk}/", {**facts, "mapping": "distance = 'loin'"})
    assert broken.status_code in (200, 422)
    assert "La correspondance avec OpenStreetMap ne va pas" in broken.content.decode()
    assert "pas encore comparé" in client.get("/admin/openstreetmap/").content.decode()
    client.post("/admin/openstreetmap/", {"rapprochement": conflation.slug})
    assert Job.objects.filter(kind="osm.compare").count() == 1
