"""The pages of a dataset: card, downloads, API, for whom and at which address."""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import rename_dataset, unpublish, withhold_original
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.maps.factories import make_trees
from parvis.hub.quotas.concurrency import PERMITS
from parvis.hub.ui.tests.markup import tight
from parvis.hub.ui.tests.queries import queries_of

pytestmark = pytest.mark.django_db

TABS = ("information", "table", "map", "export", "api")


@pytest.fixture
def trees() -> Dataset:
    return make_trees([(2.4 + n / 100, 48.6) for n in range(30)], dataset_id="arbres", title="Arbres remarquables")


def _page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return tight(answer.content.decode())


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_answers_and_says_where_it_is(client, trees, tab):
    html = _page(client, f"/explore/dataset/arbres/{tab}/")
    assert f'rel="canonical" href="http://127.0.0.1:8000/explore/dataset/arbres/{tab}/"' in html
    assert len(re.findall(r'aria-current="page">(?:Informations|Tableau|Carte|Télécharger|API)<', html)) == 1


def test_the_bare_address_leads_to_the_card(client, trees):
    answer = client.get("/explore/dataset/arbres/")
    assert (answer.status_code, answer["Location"]) == (302, "/explore/dataset/arbres/information/")


@pytest.mark.parametrize("tab", TABS)
def test_a_renamed_dataset_redirects_for_ever_with_its_filters(client, trees, tab):
    rename_dataset(OPERATOR, trees, "arbres-remarquables")
    answer = client.get(f"/explore/dataset/arbres/{tab}/?q=x")
    assert answer.status_code == 301
    assert answer["Location"] == f"/explore/dataset/arbres-remarquables/{tab}/?q=x"


@pytest.mark.parametrize("tab", [*TABS, "versions/{version}/original", "versions/{version}/compare"])
def test_what_the_reader_may_not_see_does_not_exist(client, trees, tab):
    address = f"/explore/dataset/arbres/{tab.format(version=trees.current.name)}/"
    Dataset.objects.filter(pk=trees.pk).update(access=Access.INTERNAL)
    hidden = client.get(address)
    missing = client.get(address.replace("arbres", "jamais-vu"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content.decode().replace("arbres", "jamais-vu") == missing.content.decode()
    if tab in TABS:
        client.force_login(make_member(trees.organisation, Role.READER))
        assert client.get(address).status_code == 200


def test_a_former_name_does_not_betray_what_is_hidden(client, trees):
    rename_dataset(OPERATOR, trees, "secret")
    Dataset.objects.filter(pk=trees.pk).update(access=Access.INTERNAL)
    assert client.get("/explore/dataset/arbres/information/").status_code == 404


def test_an_unpublished_dataset_has_no_page(client, trees):
    unpublish(OPERATOR, trees)
    assert client.get("/explore/dataset/arbres/information/").status_code == 404


def test_the_card_shows_columns_licence_and_structured_data(client, trees):
    html = _page(client, "/explore/dataset/arbres/information/")
    assert "Espèce" in html
    assert "Licence Ouverte 2.0" in html
    assert "Citer la source et la date de mise à jour." in html
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    body = json.loads(match[1])
    assert (body["@type"], body["name"]) == ("Dataset", "Arbres remarquables")


def test_a_title_cannot_close_the_structured_data(client, trees):
    Dataset.objects.filter(pk=trees.pk).update(title="</script><script>alert(1)</script>")
    html = _page(client, "/explore/dataset/arbres/information/")
    assert "<script>alert" not in html


def test_refused_lines_and_emptied_cells_are_counted_and_can_be_fetched(client, trees):
    version = trees.current
    version.rejects, version.aside, version.nulled = 5, 3, 1
    version.save()
    folder = versions_folder(trees.uid) / version.name
    rows = {"line": [7, 9], "reason": ["too-many-cells"] * 2, "content": ["=1;2", "é;ù"]}
    pq.write_table(pa.table(rows), folder / "rejects.parquet")
    html = _page(client, "/explore/dataset/arbres/information/")
    assert "2 lignes du fichier n’ont pas pu devenir des lignes du tableau" in html
    assert "3 lignes autour du tableau (titre, notes, total) ont été mises à part." in html
    answer = client.get(f"/explore/dataset/arbres/versions/{version.name}/ecartees.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines() == [
        "ligne;motif;code;contenu",
        '7;plus de cellules que l’en-tête;too-many-cells;"=1;2"',
        '9;plus de cellules que l’en-tête;too-many-cells;"é;ù"',
    ]
    assert client.get(f"/explore/dataset/arbres/versions/{version.name}/videes.csv").status_code == 404
    assert client.get(f"/explore/dataset/arbres/versions/{version.name}/manifest.csv").status_code == 404


def test_files_on_their_way_to_one_caller_are_counted_until_they_are_read(client, trees):
    folder = versions_folder(trees.uid) / trees.current.name
    source = folder / json.loads((folder / "manifest.json").read_text())["original"]["file"]
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(b"code\n")
    address = f"/explore/dataset/arbres/versions/{trees.current.name}/original/"
    answers = [client.get(address) for _rank in range(PERMITS["files"].of_one)]
    refused = client.get(address)
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert Client(REMOTE_ADDR="192.0.2.7").get(address).status_code == 200
    for answer in answers:
        assert b"".join(answer.streaming_content) == b"code\n"  # and closes it
    assert client.get(address).status_code == 200


def test_the_original_comes_back_byte_for_byte_as_a_download(client, trees):
    folder = versions_folder(trees.uid) / trees.current.name / "original"
    source = next(folder.iterdir(), None) if folder.is_dir() else None
    if source is None:
        name = json.loads((folder.parent / "manifest.json").read_text())["original"]["file"]
        source = folder.parent / name
        source.parent.mkdir(exist_ok=True)
        source.write_bytes(b"\xff\xfea\x00")
    answer = client.get(f"/explore/dataset/arbres/versions/{trees.current.name}/original/")
    assert b"".join(answer.streaming_content) == source.read_bytes()
    assert answer["Content-Disposition"].startswith("attachment")


def test_other_catalogues_are_told_the_checksum_of_the_original_at_an_address_that_stays(client, trees):
    content = b"code;espece\n1;Tilleul\n"
    path = versions_folder(trees.uid) / trees.current.name / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["original"] |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    source = path.parent / manifest["original"]["file"]
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(content)
    path.write_text(json.dumps(manifest))
    address = "/explore/dataset/arbres/original/"
    assert address not in client.get("/catalog.ttl").content.decode()  # nobody looked for persons in it yet
    assert b"".join(client.get(address).streaming_content) == content
    graph = client.get("/catalog.ttl").content.decode()
    assert f"<http://testserver{address}> a dcat:Distribution" in graph
    assert manifest["original"]["sha256"] in graph
    withhold_original(OPERATOR, trees)
    assert client.get(address).status_code == 403
    assert address not in client.get("/catalog.ttl").content.decode()


def test_a_version_that_noted_no_size_says_that_of_its_file(client, trees):
    path = versions_folder(trees.uid) / trees.current.name / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["original"]["bytes"] = 31_514
    path.write_text(json.dumps(manifest))
    assert trees.current.original_bytes is None
    versions = _page(client, "/explore/dataset/arbres/information/").split('id="versions"')[1]
    assert "(32\N{NO-BREAK SPACE}ko)" in versions


def test_the_version_of_another_dataset_is_not_served(client, trees):
    other = make_trees([(2.0, 48.0)], dataset_id="autres", title="Autres arbres")
    assert client.get(f"/explore/dataset/arbres/versions/{other.current.name}/original/").status_code == 404
    assert client.get(f"/explore/dataset/arbres/table/?version={other.current.name}").status_code == 404


def test_every_format_is_offered_with_its_size_and_keeps_the_filters(client, trees):
    html = _page(client, "/explore/dataset/arbres/export/")
    titled = "?lang=fr&amp;timezone=Europe%2FParis&amp;use_labels=true"
    for name in ("csv", "xlsx", "ods"):
        assert f'href="/api/explore/v2.1/catalog/datasets/arbres/exports/{name}{titled}"' in html
    for name in ("json", "jsonl", "geojson", "parquet", "gpkg", "shp", "kml", "gpx", "fgb", "turtle", "jsonld"):
        assert f'href="/api/explore/v2.1/catalog/datasets/arbres/exports/{name}"' in html
    filtered = _page(client, "/explore/dataset/arbres/export/?colonne=hauteur&op=min&valeur=1,5")
    assert "exports/csv?where=%60hauteur%60+%3E%3D+1.5&amp;lang=fr" in filtered
    assert 'exports/gpkg?where=%60hauteur%60+%3E%3D+1.5"' in filtered


def test_the_address_of_every_format_offered_answers(client, trees):
    html = _page(client, "/explore/dataset/arbres/export/")
    addresses = [unescape(a) for a in re.findall(r'href="([^"]*/exports/[^"]*)"', html)]
    assert len(addresses) > 12
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b"".join(answer.streaming_content), address


def test_the_english_page_tells_when_to_take_each_format(client, trees):
    html = tight(client.get("/explore/dataset/arbres/export/", headers={"accept-language": "en"}).content.decode())
    assert "For a spreadsheet or a program." in html
    assert "names of 10 characters" in html
    assert "Pour une carte" not in html


def test_the_api_page_gives_requests_over_this_datasets_columns(client, trees):
    html = _page(client, "/explore/dataset/arbres/api/")
    assert "http://127.0.0.1:8000/api/explore/v2.1/catalog/datasets/arbres/records" in html
    assert "curl --get" in html
    assert "hauteur" in html


def test_the_number_of_queries_of_the_card_is_small(client, trees):
    client.get("/explore/dataset/arbres/information/")
    # One of them asks for services that serve it, one for what was counted before it moved here.
    assert queries_of(client, "/explore/dataset/arbres/information/") <= 21


def test_the_map_page_lists_the_first_places_each_with_its_row(client):
    make_trees([(2.4 + rank / 1000, 48.6) for rank in range(60)], dataset_id="foret")
    html = _page(client, "/explore/dataset/foret/map/")
    rows = re.findall(r'<li><a href="([^"]*op=egal[^"]*)" rel="nofollow">(Arbre n° \d+)</a>', html)
    assert [name for _address, name in rows] == [f"Arbre n° {rank}" for rank in range(1, 51)]
    assert "Les 50 premiers sont ici." in html
    assert "Arbre n° 1<" in _page(client, unescape(rows[0][0]))
    assert "Arbre n° 2<" not in _page(client, unescape(rows[0][0]))
