"""A commune's site shows the rows that concern it at every door, and nothing of what other communes publish."""

from __future__ import annotations

import io
import json
import re

import mapbox_vector_tile
import pytest

from parvis.core.versions.manifest import MANIFEST
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import bump_revision, create_dataset
from parvis.hub.datastore import services
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.lenses import subset_of
from parvis.hub.datastore.services.imports import ask_to_count
from parvis.hub.jobs.worker import drain
from parvis.hub.pages.services import make_page
from parvis.hub.sites.menus import forget_menus
from parvis.hub.sites.selectors import lens_on
from parvis.hub.sites.services import main_site, make_site, set_face
from parvis.hub.store import manifest_of, store, stored_manifest
from parvis.hub.territories.models import Territory
from parvis.hub.territories.updates import update_territories
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

CODES = ["77251", "91228", "77296"]
HOST = "lieusaint.localhost"


def square(west: float) -> dict:
    ring = [[west, 48.5], [west + 0.1, 48.5], [west + 0.1, 48.7], [west, 48.7], [west, 48.5]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def communes(db):
    """Three communes of one intercommunal body; their contours are squares side by side."""
    names = ["Lieusaint", "Évry-Courcouronnes", "Moissy-Cramayel"]
    return [
        Territory.objects.create(
            kind="commune", code=code, name=name, folded=name.lower(), epci="200059228", contour=square(2.4 + rank / 10)
        )
        for rank, (code, name) in enumerate(zip(CODES, names, strict=True))
    ]


@pytest.fixture
def site(communes):
    return make_site(OPERATOR, communes[0], HOST, parent=main_site())


def published(dataset_id: str, text: str, organisation=None):
    dataset = create_dataset(
        OPERATOR,
        organisation or make_organisation(),
        dataset_id,
        {"title": dataset_id, "description": "Un essai de lentille.", "licence": "lov2"},
    )
    body = text.encode()
    deposit = services.open_deposit(OPERATOR, f"{dataset_id}.csv", len(body))
    services.append(OPERATOR, deposit, 0, io.BytesIO(body))
    services.run_import_here(OPERATOR, services.start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))
    return dataset


@pytest.fixture
def by_code(site):
    return published("par-code", "code_insee;n\n" + "".join(f"{CODES[n % 3]};{n}\n" for n in range(90)))


@pytest.fixture
def by_place(site):
    rows = "".join(f"Lieu {n};48.6;{2.4005 + n / 1000:.4f}\n" for n in range(250))
    return published("par-lieu", f"nom;latitude;longitude\n{rows}")


def records(client, dataset_id: str, host: str, query: str = ""):
    return client.get(f"/api/explore/v2.1/catalog/datasets/{dataset_id}/records?{query}", headers={"host": host}).json()


def test_rows_facets_and_exports_are_those_of_the_commune_on_its_site_and_all_elsewhere(client, by_code):
    assert records(client, "par-code", HOST)["total_count"] == 30
    assert records(client, "par-code", "localhost")["total_count"] == 90
    sums = records(client, "par-code", HOST, "select=sum(n) as s&limit=1")["results"]
    assert sums == [{"s": sum(range(0, 90, 3))}]
    for address in (
        "/api/explore/v2.1/catalog/datasets/par-code/exports/csv",
        "/explore/dataset/par-code/download/?format=csv",
    ):
        answer = client.get(address, headers={"host": HOST})
        body = answer.content if not answer.streaming else b"".join(answer.streaming_content)
        lines = body.decode("utf-8-sig").strip().split("\n")
        assert len(lines) == 31, address
        assert all(line.startswith("77251") for line in lines[1:])
    facets = client.get(
        "/api/explore/v2.1/catalog/datasets/par-code/facets?facet=code_insee", headers={"host": HOST}
    ).json()
    assert [(row["name"], row["count"]) for row in facets["facets"][0]["facets"]] == [("77251", 30)]


def test_files_made_ahead_hold_every_row_and_are_not_given_on_the_site_of_a_commune(client, by_code):
    drain()
    address = "/api/explore/v2.1/catalog/datasets/par-code/exports/csv"
    whole = client.get(address, headers={"host": "localhost"})
    assert b"".join(whole.streaming_content).count(b"\n") == 91
    cut = client.get(address, headers={"host": HOST})
    assert b"".join(cut.streaming_content).count(b"\n") == 31


def test_places_are_cut_by_the_contour(client, by_place):
    assert records(client, "par-lieu", HOST)["total_count"] == 100
    assert records(client, "par-lieu", "localhost")["total_count"] == 250


def test_the_same_tile_holds_other_rows_on_the_site_of_each_commune(client, communes, by_place):
    make_site(OPERATOR, communes[1], "evry.localhost", parent=main_site())
    tiles = {
        host: client.get("/tiles/par-lieu/8/129/88.mvt", headers={"host": host}).content
        for host in (HOST, "evry.localhost", "localhost")
    }
    counts = {host: decoded_count(tile) for host, tile in tiles.items()}
    assert counts == {HOST: 100, "evry.localhost": 100, "localhost": 250}
    assert tiles[HOST] != tiles["evry.localhost"]


def decoded_count(tile: bytes) -> int:
    layers = mapbox_vector_tile.decode(tile).values()
    return sum(feature["properties"].get("n", 1) for layer in layers for feature in layer["features"])


def test_former_identifiers_versions_and_older_apis_look_through_the_same_lens(client, by_code):
    name = by_code.versions.get().name
    assert records(client, "par-code", HOST, f"version={name}")["total_count"] == 30
    old = client.get("/api/records/1.0/search/?dataset=par-code&rows=0", headers={"host": HOST}).json()
    assert old["nhits"] == 30
    answer = client.get("/api/parvis/v1/sql", {"q": 'SELECT count(*) AS n FROM "par-code"'}, headers={"host": HOST})
    assert answer.status_code == 200, answer.content
    assert json.loads(b"".join(answer.streaming_content))["results"] == [{"n": 30}]


def test_the_page_says_how_many_rows_of_how_many_concern_the_commune(client, by_code):
    html = tight(client.get("/explore/dataset/par-code/table/", headers={"host": HOST}).content.decode())
    assert "30 lignes sur 90 concernent Lieusaint" in html
    assert "concernent Lieusaint" not in tight(
        client.get("/explore/dataset/par-code/table/", headers={"host": "localhost"}).content.decode()
    )


def test_two_versions_are_compared_in_the_rows_that_concern_the_commune(client, by_code):
    body = ("code_insee;n\n" + "".join(f"{CODES[n % 3]};{n}\n" for n in range(10, 95))).encode()
    deposit = services.open_deposit(OPERATOR, "par-code.csv", len(body))
    services.append(OPERATOR, deposit, 0, io.BytesIO(body))
    services.run_import_here(OPERATOR, services.start_import(OPERATOR, deposit=deposit, dataset=by_code, publish=True))
    by_code.refresh_from_db()
    address = f"/explore/dataset/par-code/versions/{by_code.current.name}/compare/"
    # added, removed, changed, unchanged: each of 90, 91… counts for the first, each of 0, 1… for the second
    for host, figures in (("localhost", ["5", "10", "0", "80"]), (HOST, ["2", "4", "0", "26"])) * 2:
        page = tight(client.get(address, headers={"host": host}).content.decode())
        assert re.findall(r'lignes [a-zé]+</dt><dd><a class="trail"[^>]*>(\d+)<', page) == figures, host


def test_the_number_of_rows_that_each_door_tells_is_that_of_the_commune(client, by_code):
    ask_to_count(None)
    drain()
    body = client.get("/api/explore/v2.1/catalog/datasets/par-code", headers={"host": HOST}).json()
    assert body["metas"]["default"]["records_count"] == 30
    card = tight(client.get("/explore/dataset/par-code/information/", headers={"host": HOST}).content.decode())
    assert re.findall(r"(\d+)</a>\s+lignes · par-code.csv", card) == ["30"]
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search_datasets", "arguments": {}}}
    headers = {"host": HOST, "accept": "application/json, text/event-stream"}
    reply = client.post("/mcp", call, content_type="application/json", headers=headers).content.decode()
    assert re.findall(r'"rows\W+(\d+)', reply)[0] == "30"


def test_lists_are_ordered_by_the_rows_that_concern_the_commune(client, by_code, by_place):
    published("peu", "code_insee;n\n" + "77251;1\n" * 40)
    ask_to_count(None)
    drain()
    for host, order in (("localhost", ["par-lieu", "par-code", "peu"]), (HOST, ["par-lieu", "peu", "par-code"])):
        page = tight(client.get("/explore/?tri=taille", headers={"host": host}).content.decode())
        assert list(dict.fromkeys(re.findall(r'<h\d><a href="/explore/dataset/([\w-]+)/', page))) == order, host


def test_counts_in_lists_come_from_one_pass_made_in_the_background(client, by_code, by_place):
    ask_to_count(None)
    drain()
    by_code.refresh_from_db()
    assert by_code.current.rows_by_commune == {"commune:77251": 30}
    html = tight(client.get("/explore/", headers={"host": HOST}).content.decode())
    assert "30 lignes" in html
    assert "100 lignes" in html
    assert "90 lignes" not in html


def test_a_version_that_cannot_be_counted_keeps_no_other_from_being(client, by_code, by_place):
    by_code.refresh_from_db()
    (versions_folder(by_code.uid) / by_code.current.name / MANIFEST).unlink()
    job = ask_to_count(None)
    drain()
    job.refresh_from_db()
    by_place.refresh_from_db()
    assert job.state == "failed"
    assert by_place.current.rows_by_commune["commune:77251"] == 100


def test_lists_leave_out_what_holds_no_row_about_the_commune(client, site):
    published("ailleurs", "code_insee;n\n91228;1\n77296;2\n")
    ask_to_count(None)
    drain()
    assert "ailleurs" not in client.get("/explore/", headers={"host": HOST}).content.decode()
    listed = client.get("/api/explore/v2.1/catalog/datasets", headers={"host": HOST}).json()
    assert listed["total_count"] == 0
    assert records(client, "ailleurs", HOST)["total_count"] == 0
    assert "ailleurs" in client.get("/explore/", headers={"host": "localhost"}).content.decode()


def about(dataset, **place):
    """The same dataset, whose card declares a territory."""
    territory, _new = Territory.objects.get_or_create(
        **place, defaults={"name": place["code"], "folded": place["code"], "department": "77", "region": "11"}
    )
    dataset.territories.add(territory)
    bump_revision(dataset)
    return dataset


def listed(client, address: str = "/explore/") -> list[str]:
    """The datasets of a list of the commune's site, in their order."""
    page = tight(client.get(address, headers={"host": HOST}).content.decode())
    return list(dict.fromkeys(re.findall(r'<h\d><a href="/explore/dataset/([\w-]+)/', page)))


def test_what_is_about_another_department_is_on_no_list_of_the_commune(client, communes, site, by_code):
    communes[0].department, communes[0].region = "77", "11"
    communes[0].save()
    about(published("nievre", "mot;n\nun;1\n"), kind="departement", code="58")
    about(published("seine-et-marne", "mot;n\nun;1\n"), kind="departement", code="77")
    about(published("ile-de-france", "mot;n\nun;1\n"), kind="region", code="11")
    published("partout", "mot;n\nun;1\n")
    about(by_code, kind="departement", code="58")  # its rows know better than its card
    ask_to_count(None)
    drain()
    lists = (listed(client), listed(client, "/explore/?tri=titre"), listed(client, "/explore/?q=lentille"))
    assert lists[0] == ["par-code", "seine-et-marne", "ile-de-france", "partout"]
    assert set(lists[1]) == set(lists[2]) == set(lists[0])
    catalogue = client.get("/api/explore/v2.1/catalog/datasets", headers={"host": HOST}).json()
    assert {row["dataset_id"] for row in catalogue["results"]} == set(lists[0])
    assert "nievre" in client.get("/explore/").content.decode()


def test_what_declares_no_place_is_about_the_place_of_its_publisher(client, communes, site):
    nievre = Territory.objects.create(kind="departement", code="58", name="Nièvre", folded="nievre")
    published("leurs-aides", "mot;n\nun;1\n", make_organisation(territory=nievre))
    drain()
    assert listed(client) == []


def test_a_menu_of_a_commune_has_no_entry_that_leads_to_an_empty_list(client, communes, site):
    def entries():
        forget_menus()
        page = client.get("/explore/", headers={"host": HOST}).content.decode()
        return re.search(r'<nav class="site-nav".*?</nav>', page, re.DOTALL)[0]

    assert "/pages/" not in entries()
    assert "/cartes/" not in entries()
    assert 'href="/agenda/"' not in entries()
    make_page(OPERATOR, site, "velo", "Le vélo", [{"type": "text", "value": "<p>Du texte.</p>"}])
    assert "/pages/" in entries()
    assert "/pages/" in client.get("/explore/").content.decode()


def test_a_territory_tells_its_site_its_datasets_and_its_acts_and_its_site_leads_back(client, communes, site, by_code):
    ask_to_count(None)
    drain()
    make_page(OPERATOR, site, "velo", "Le vélo", [{"type": "text", "value": "<p>Du texte.</p>"}])
    page = tight(client.get("/territoires/77251/").content.decode())
    assert f'<a href="http://{HOST}:8000/">' in page
    assert f'<a href="http://{HOST}:8000/pages/velo/">Le vélo</a>' in page
    assert "/explore/dataset/par-code/" in page
    Territory.objects.create(kind="epci", code="200059228", name="Grand Paris Sud", folded="grand paris sud")
    whole = tight(client.get("/territoires/200059228/").content.decode())
    assert f'href="http://{HOST}:8000/">son site' in whole
    home = tight(client.get("/", headers={"host": HOST}).content.decode())
    assert 'rel="up" href="http://127.0.0.1:8000/"' in home
    assert 'href="/territoires/77251/"' in home


def test_pages_of_communes_without_a_site_list_the_datasets_that_have_a_row_about_them(client, communes):
    place = Territory.objects.create(kind="epci", code="200059228", name="Grand Paris Sud", folded="grand paris sud")
    set_face(OPERATOR, main_site(), name="Grand Paris Sud", territory=place)
    published("deux-communes", "code_insee;n\n91228;1\n77296;2\n", make_organisation(territory=place))
    published("sans-lieu", "mot;n\nun;1\n", make_organisation(territory=place))
    ask_to_count(None)
    drain()

    def lists(address):
        about, _heading, around = tight(client.get(address).content.decode()).partition("Sur un territoire plus large")
        return [re.findall(r'<h\d><a href="/explore/dataset/([\w-]+)/', part) for part in (about, around)]

    assert lists("/territoires/91228/") == [["deux-communes"], ["sans-lieu"]]
    assert lists("/territoires/77251/") == [[], ["sans-lieu", "deux-communes"]]
    assert lists("/territoires/200059228/") == [["sans-lieu", "deux-communes"], []]


def test_the_home_page_adds_up_the_rows_that_concern_the_commune(client, by_code, by_place):
    ask_to_count(None)
    drain()
    html = tight(client.get("/", headers={"host": HOST}).content.decode())
    assert ">130<" in html


def test_what_the_commune_publishes_is_whole_on_its_site_and_absent_from_its_neighbours(client, communes, site):
    own = make_organisation(territory=communes[0])
    published("a-elle", "code_insee;n\n91228;1\n77251;2\n", own)
    make_site(OPERATOR, communes[1], "evry.localhost", parent=main_site())
    assert records(client, "a-elle", HOST)["total_count"] == 2
    assert records(client, "a-elle", "localhost")["total_count"] == 2
    for address in (
        "/api/explore/v2.1/catalog/datasets/a-elle/records",
        "/api/explore/v2.1/catalog/datasets/a-elle",
        "/explore/dataset/a-elle/table/",
        "/tiles/a-elle/layer.json",
    ):
        assert client.get(address, headers={"host": "evry.localhost"}).status_code == 404, address
    catalogue = client.get("/api/explore/v2.1/catalog/datasets", headers={"host": "evry.localhost"}).json()
    assert "a-elle" not in json.dumps(catalogue)


def test_a_table_without_any_place_is_shown_whole_and_says_so(client, site):
    published("sans-lieu", "mot;n\nun;1\ndeux;2\n")
    html = tight(client.get("/explore/dataset/sans-lieu/table/", headers={"host": HOST}).content.decode())
    assert "elles sont toutes montrées" in html
    assert records(client, "sans-lieu", HOST)["total_count"] == 2


def test_the_back_office_sees_every_row_whatever_the_host(client, by_code, admin_client):
    html = tight(admin_client.get("/admin/jeux/par-code/versions/", headers={"host": HOST}).content.decode())
    assert "90" in html


def test_a_commune_that_is_drawn_anew_is_shown_the_rows_of_its_new_contour(
    communes, django_capture_on_commit_callbacks
):
    dataset = published("lieux", "nom;latitude;longitude\na;48.6;2.45\nb;48.6;2.75\nc;48.6;2.76\n")
    dataset.refresh_from_db()
    manifest = manifest_of(dataset.uid, dataset.current.name)

    def rows_seen():
        subset = subset_of(dataset, dataset.current, manifest, lens_on(communes[0]))
        return stored_manifest(store(), subset).rows

    assert rows_seen() == 1
    drawn = {"code": CODES[0], "name": "Lieusaint", "geometry": square(2.7)}
    with django_capture_on_commit_callbacks(execute=True):
        update_territories(OPERATOR, "contours", [drawn], source="COMMUNE.gpkg", revision="2027")
    assert rows_seen() == 2
