"""The pages of a dataset whose card is in several languages, its Croissant, what search engines of data are told, the sitemap."""

from __future__ import annotations

import hashlib
import json
import re
from xml.etree import ElementTree

import pytest
import rdflib

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import unpublish, update_card
from parvis.hub.catalogue.translating import update_card_in_languages
from parvis.hub.datastore.services.prepared_files import prepare
from parvis.hub.maps.factories import make_trees
from parvis.hub.search.datasets import document_of
from parvis.hub.ui.tests.markup import tight
from parvis.web.portal import sitemap

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

SCHEMA = rdflib.Namespace("https://schema.org/")
CROISSANT = rdflib.Namespace("http://mlcommons.org/croissant/")
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def trees() -> Dataset:
    dataset = make_trees([(2.4, 48.6), (2.5, 48.7)], dataset_id="arbres", title="Arbres remarquables")
    fields = {"espece": {"label": "Espèce"}, "hauteur": {"label": "Hauteur"}}
    update_card(OPERATOR, dataset, {"description": "<p>Un.</p>", "keywords": ["arbre"], "fields": fields})
    Dataset.objects.filter(pk=dataset.pk).update(issued=dataset.created, data_modified=dataset.created)
    dataset.refresh_from_db()
    english = {"title": "Remarkable trees", "keywords": ["tree"], "fields": {"espece": {"label": "Species"}}}
    return update_card_in_languages(OPERATOR, dataset, {"translations": {"en": english}})


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return tight(answer.content.decode())


def test_a_page_in_english_says_what_is_translated_and_marks_what_is_not(client, trees):
    html = page(client, "/en/explore/dataset/arbres/information/")
    assert re.search(r"<h1 ?>Remarkable trees</h1>", html)
    assert '<div class="prose" lang="fr">' in html
    assert re.search(r"<span ?>Species</span>", html)
    assert '<span lang="fr">Hauteur</span>' in html
    assert "Card in" not in html
    make_trees([(2.4, 48.6)], dataset_id="bancs", title="Bancs")
    html = page(client, "/en/explore/dataset/bancs/information/")
    assert '<h1 lang="fr">Bancs</h1>' in html
    assert "<li>Card in french</li>" in html
    french = page(client, "/explore/dataset/arbres/information/")
    assert re.search(r"<h1 ?>Arbres remarquables</h1>", french)
    assert "Species" not in french
    assert "Species" in page(client, "/en/explore/dataset/arbres/table/")


def test_a_dataset_is_found_by_its_words_in_each_language(trees):
    document = document_of(trees)
    assert (document.title, document.titles) == ("Arbres remarquables", ("Remarkable trees",))
    assert {"arbre", "tree"} <= set(document.keywords)
    assert {"Espèce", "Species"} <= set(document.columns)
    assert document.facets["mot-cle"] == ("arbre",)


def structured(client, address: str) -> dict:
    html = client.get(address).content.decode()
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])


def graph_of(body: dict, context: dict) -> rdflib.Graph:
    return rdflib.Graph().parse(data=json.dumps({**body, "@context": context}), format="json-ld")


def test_search_engines_of_data_find_all_that_they_advise(client, trees):
    body = structured(client, "/explore/dataset/arbres/information/")
    graph = graph_of(body, {"@vocab": str(SCHEMA)})
    (node,) = graph.subjects(rdflib.RDF.type, SCHEMA.Dataset)
    advised = "name description license creator distribution spatialCoverage variableMeasured isAccessibleForFree identifier version"
    for name in (
        *advised.split(),
        "includedInDataCatalog",
        "url",
        "keywords",
        "datePublished",
        "dateModified",
        "inLanguage",
    ):
        assert list(graph.objects(node, SCHEMA[name])), name
    assert 50 <= len(body["description"]) <= 5_000
    assert {row["encodingFormat"] for row in body["distribution"]} >= {
        "text/csv",
        "application/json",
        "application/geo+json",
    }
    (table,) = [row for row in body["distribution"] if row["encodingFormat"] == "text/csv"]
    sent = client.get(table["contentUrl"].removeprefix("http://127.0.0.1:8000"))
    assert sent["Content-Type"].startswith("text/csv")
    assert len(b"".join(sent.streaming_content).splitlines()) == 3
    south, west, north, east = map(float, body["spatialCoverage"][0]["geo"]["box"].split())
    assert (south, west, north, east) == (48.6, 2.4, 48.7, 2.5)
    english = structured(client, "/en/explore/dataset/arbres/information/")
    assert english["name"] == "Remarkable trees"
    assert "Species" in [row["name"] for row in english["variableMeasured"]]


def test_a_description_cannot_close_the_structured_data(client, trees):
    hostile = "</script><!--<script>alert(1)//" * 3
    Dataset.objects.filter(pk=trees.pk).update(title=hostile, translations={"en": {"title": hostile}})
    for address in ("/explore/dataset/arbres/information/", "/en/explore/dataset/arbres/information/"):
        assert structured(client, address)["name"] == hostile


def test_croissant_describes_the_very_bytes_of_its_files(client, trees):
    prepare(trees)
    answer = client.get("/explore/dataset/arbres/croissant.json")
    assert answer["Content-Type"].startswith("application/ld+json")
    body = answer.json()
    assert body["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    files = {row["@id"]: row for row in body["distribution"]}
    for name in ("parquet", "csv"):
        sent = client.get(files[name]["contentUrl"].removeprefix("http://127.0.0.1:8000"))
        content = b"".join(sent.streaming_content)
        assert hashlib.sha256(content).hexdigest() == files[name]["sha256"]
        assert files[name]["contentSize"] == f"{len(content)} B"
    assert body["isLiveDataset"] is False
    html = page(client, "/explore/dataset/arbres/information/")
    assert 'type="application/ld+json" title="Croissant 1.0" href="/explore/dataset/arbres/croissant.json"' in html


def test_croissant_is_read_as_rdf_each_field_from_a_file_that_is_there(client, trees):
    body = client.get("/explore/dataset/arbres/croissant.json").json()
    graph = rdflib.Graph().parse(data=json.dumps(body), format="json-ld", base="http://127.0.0.1:8000/")
    fields = list(graph.subjects(rdflib.RDF.type, CROISSANT.Field))
    sets = list(graph.subjects(rdflib.RDF.type, CROISSANT.RecordSet))
    files = set(graph.subjects(rdflib.RDF.type, CROISSANT.FileObject))
    assert len(sets) == 1
    assert set(graph.objects(sets[0], CROISSANT.field)) == set(fields) != set()
    types = set()
    for field in fields:
        (source,) = graph.objects(field, CROISSANT.source)
        assert set(graph.objects(source, CROISSANT.fileObject)) <= files
        types |= set(graph.objects(field, CROISSANT.dataType))
    assert types <= {SCHEMA[name] for name in ("Text", "Integer", "Float", "Boolean", "Date", "DateTime")}
    assert body["version"] == "1.0.0"
    assert body["citeAs"].startswith("@misc{arbres, title={Arbres remarquables}")
    assert client.get("/en/explore/dataset/arbres/croissant.json").json()["@context"]["@language"] == "en"


def test_croissant_is_for_those_who_may_read_the_rows(client, trees):
    Dataset.objects.filter(pk=trees.pk).update(access=Access.RESTRICTED, announced=True)
    assert client.get("/explore/dataset/arbres/croissant.json").status_code in (403, 404)
    unpublish(OPERATOR, trees)
    assert client.get("/explore/dataset/arbres/croissant.json").status_code == 404


def addresses_of(client, address: str) -> list[str]:
    root = ElementTree.fromstring(client.get(address).content)
    return [loc.text for loc in root.findall("*/s:loc", SITEMAP)]


def test_a_sitemap_says_when_a_page_changed_and_its_address_in_each_language(client, trees):
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    (entry,) = [
        row
        for row in root.findall("s:url", SITEMAP)
        if row.findtext("s:loc", "", SITEMAP).endswith("/arbres/information/")
    ]
    trees.refresh_from_db()
    latest = max(filter(None, (trees.modified, trees.data_modified))).replace(microsecond=0)
    assert entry.findtext("s:lastmod", "", SITEMAP) == latest.astimezone().isoformat()
    links = {row.get("hreflang"): row.get("href") for row in entry.findall("x:link", SITEMAP)}
    base = "http://127.0.0.1:8000"
    path = "/explore/dataset/arbres/information/"
    assert links == {"fr": base + path, "en": f"{base}/en{path}", "x-default": base + path}


def test_a_large_sitemap_is_an_index_of_files_that_hold_each_address_once(client, trees, monkeypatch):
    for n in range(6):
        make_trees([(2.4, 48.6)], dataset_id=f"jeu-{n}", title=f"Jeu {n}")
    closed = make_trees([(2.4, 48.6)], dataset_id="ferme", title="Fermé")
    Dataset.objects.filter(pk=closed.pk).update(access=Access.RESTRICTED)
    whole = addresses_of(client, "/sitemap.xml")
    monkeypatch.setattr(sitemap, "PAGE", 3)
    files = addresses_of(client, "/sitemap.xml")
    assert all(re.search(r"/sitemap-[a-z]+-\d+\.xml$", name) for name in files)
    parts = [addresses_of(client, name.removeprefix("http://127.0.0.1:8000")) for name in files]
    assert max(map(len, parts)) <= 3
    together = [address for part in parts for address in part]
    assert sorted(together) == sorted(whole)
    assert len(set(together)) == len(together)
    assert not any("ferme" in address for address in together)
    for address in ("/sitemap-jeux-9.xml", "/sitemap-jeux-0.xml", "/sitemap-rien-1.xml"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("asking", ["header", "parameter"])
def test_programs_that_read_tables_and_places_get_the_words_of_their_language(client, trees, asking):
    def ask(address: str, language: str):
        if asking == "parameter":
            return client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
        return client.get(address, headers={"Accept-Language": f"{language}-GB,fr;q=0.4"})

    for language, title, species in (("en", "Remarkable trees", "Species"), ("fr", "Arbres remarquables", "Espèce")):
        collection = ask("/ogc/collections/arbres?f=json", language).json()
        assert collection["title"] == title
        assert title in {row["title"] for row in ask("/ogc/collections?f=json", language).json()["collections"]}
        assert title in ask("/ogc/collections/arbres/items?f=json", language).getvalue().decode()
        assert title in {row.get("title") for row in ask("/odata/?$format=json", language).json()["value"]}
        described = ask("/odata/arbres/$metadata", language).content.decode()
        assert f'String="{title}"' in described
        assert f'String="{species}"' in described
    assert ask("/ogc/collections/arbres?f=json", "de").json()["title"] == "Arbres remarquables"
