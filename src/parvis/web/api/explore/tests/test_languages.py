"""Cards in several languages on every door of the API: ``lang``, the catalogue, exports with labels, DCAT, ISO, Records."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
import rdflib

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import update_card
from parvis.hub.catalogue.translating import update_card_in_languages
from parvis.hub.maps.factories import make_trees

pytestmark = pytest.mark.django_db

API = "/api/explore/v2.1/catalog"
ENGLISH = {
    "title": "Zelkova and other trees",
    "description": "<p>One &amp; all.</p>",
    "keywords": ["tree"],
    "fields": {"espece": {"label": "Species", "description": "Its kind."}},
}
DCT, DCAT = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"
ISO = {"gmd": "http://www.isotc211.org/2005/gmd", "gco": "http://www.isotc211.org/2005/gco"}


@pytest.fixture
def trees() -> Dataset:
    dataset = make_trees([(2.4, 48.6)], dataset_id="arbres", title="Arbres")
    update_card(
        OPERATOR,
        dataset,
        {"description": "<p>Un.</p>", "keywords": ["arbre"], "fields": {"espece": {"label": "Espèce"}}},
    )
    update_card_in_languages(OPERATOR, dataset, {"translations": {"en": ENGLISH}})
    make_trees([(2.4, 48.6)], dataset_id="bancs", title="Bancs")
    return dataset


def got(client, address: str, **query: str):
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return answer


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_object_of_a_dataset_is_in_the_language_that_is_asked(client, trees):
    french, english, german = (got(client, f"{API}/datasets/arbres", lang=lang).json() for lang in ("fr", "en", "de"))
    for row, title, label in (
        (french, "Arbres", "Espèce"),
        (english, ENGLISH["title"], "Species"),
        (german, "Arbres", "Espèce"),
    ):
        assert row["metas"]["default"]["title"] == title
        assert {field["name"]: field["label"] for field in row["fields"]}["espece"] == label
        assert row["metas"]["default"]["metadata_languages"] == ["fr", "en"]
    assert english["metas"]["default"]["keyword"] == ["tree"]
    assert got(client, f"{API}/datasets/bancs", lang="en").json()["metas"]["default"]["title"] == "Bancs"


def test_the_catalogue_is_searched_and_sorted_in_the_language_that_is_asked(client, trees):
    def titles(**query):
        return [row["title"] for row in got(client, f"{API}/datasets", select="title", **query).json()["results"]]

    assert titles(order_by="title", lang="fr") == ["Arbres", "Bancs"]
    assert titles(order_by="title", lang="en") == ["Bancs", ENGLISH["title"]]
    assert titles(where='search("zelkova")', lang="en") == [ENGLISH["title"]]


def test_titles_of_columns_of_a_file_are_in_the_language_that_is_asked(client, trees):
    def header(**query):
        return (
            body_of(got(client, f"{API}/datasets/arbres/exports/csv", use_labels="true", **query))
            .decode("utf-8-sig")
            .split("\r\n")[0]
        )

    assert "Species" in header(lang="en")
    assert "Espèce" in header(lang="fr")
    assert "Espèce" in header(lang="es")


def test_a_graph_says_everything_in_each_language_that_of_the_card_first(client, trees):
    for lang in ("fr", "en"):
        text = body_of(got(client, f"{API}/exports/ttl", where='dataset_id="arbres"', lang=lang)).decode()
        graph = rdflib.Graph().parse(data=text, format="turtle")
        (node,) = graph.subjects(rdflib.RDF.type, rdflib.URIRef(f"{DCAT}Dataset"))

        def words(name, graph=graph, node=node):
            return {(str(text), text.language) for text in graph.objects(node, rdflib.URIRef(name))}

        assert words(f"{DCT}title") == {("Arbres", "fr"), (ENGLISH["title"], "en")}
        assert words(f"{DCT}description") == {("<p>Un.</p>", "fr"), (ENGLISH["description"], "en")}
        assert words(f"{DCAT}keyword") == {("arbre", "fr"), ("tree", "en")}
        assert text.index('"Arbres"@fr') < text.index(f'"{ENGLISH["title"]}"@en')


def test_a_record_of_iso_19139_has_its_other_languages_as_locales(client, trees):
    query = {"service": "CSW", "version": "2.0.2", "request": "GetRecordById", "elementSetName": "full", "id": "arbres"}
    root = ElementTree.fromstring(got(client, "/csw", **query, outputSchema=ISO["gmd"]).content)
    title = root.find(".//gmd:identificationInfo//gmd:citation//gmd:title", ISO)
    assert title.find("gco:CharacterString", ISO).text == "Arbres"
    localised = title.find(".//gmd:LocalisedCharacterString", ISO)
    locale = root.find(".//gmd:PT_Locale", ISO)
    assert (localised.text, localised.get("locale")) == (ENGLISH["title"], f"#{locale.get('id')}")
    assert locale.find(".//gmd:LanguageCode", ISO).get("codeListValue") == "eng"
    abstract = root.find(".//gmd:abstract//gmd:LocalisedCharacterString", ISO)
    assert abstract.text == "One & all."
    for language in ({"lang": "fr"}, {"lang": "en"}, {"LANGUAGE": "eng"}):
        root = ElementTree.fromstring(got(client, "/csw", **query, **language, outputSchema=ISO["gmd"]).content)
        words = [node.text for node in root.findall(".//gmd:keyword/gco:CharacterString", ISO)]
        assert words[0] == "arbre", language


@pytest.mark.parametrize(
    ("query", "header", "title", "language"),
    [
        ({}, "", "Arbres", "fr"),
        ({}, "en-GB,fr;q=0.5", ENGLISH["title"], "en"),
        ({"lang": "en"}, "fr", ENGLISH["title"], "en"),
        ({}, "ja", "Arbres", "fr"),
    ],
)
def test_a_record_is_in_the_language_that_its_reader_asks(client, trees, query, header, title, language):
    address = "/ogc/collections/catalogue/items/arbres"
    body = client.get(address, {"f": "json", **query}, headers={"Accept-Language": header}).json()["properties"]
    assert (body["title"], body["language"]) == (title, {"code": language})
    assert body["languages"] == [{"code": "fr"}, {"code": "en"}]


def test_nothing_is_said_of_translations_that_do_not_exist(client, trees):
    row = got(client, f"{API}/datasets/bancs", include_app_metas="true").json()
    assert row["metas"]["parvis"]["translations"] is None
    assert "translations" not in json.dumps(got(client, f"{API}/datasets/arbres").json())
