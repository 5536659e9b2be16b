"""OGC API – Records, asked by OWSLib and by browsers."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from owslib.ogcapi.records import Records

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import rename_dataset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("datasets_alone")]
HERE = "/ogc/collections/catalogue"


def body(answer) -> dict:
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def ids(client, **query) -> list[str]:
    return [row["id"] for row in body(client.get(f"{HERE}/items", query))["features"]]


def test_owslib_finds_the_catalogue_and_reads_its_records(wire, shown):
    service = Records("http://testserver/ogc")
    assert service.records() == ["catalogue"]
    assert "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core" in service.conformance()["conformsTo"]
    page = service.collection_items("catalogue", q="arbre", limit=2)
    assert (page["numberMatched"], page["numberReturned"]) == (1, 1)
    record = service.collection_item("catalogue", "arbres")
    assert (record["type"], record["id"], record["time"]) == (
        "Feature",
        "arbres",
        {"interval": ["2020-01-01", "2024-12-31"]},
    )
    assert record["geometry"]["coordinates"][0][0] == [2.4, 48.6]
    properties = record["properties"]
    assert (properties["type"], properties["title"]) == ("dataset", "Arbres d’alignement")
    assert properties["contacts"][0]["emails"] == [{"value": "sig@evry.example"}]
    assert properties["themes"][0]["concepts"][0]["id"] == "ENVI"
    assert {"CSV", "GeoJSON"} <= {row["name"] for row in properties["formats"]}
    ways = {row["rel"]: row for row in record["links"]}
    assert {"self", "alternate", "describedby", "enclosure", "service", "collection"} <= set(ways)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["arbres", "budget", "ecoles"]),
        ({"q": "comptes,ECOLE"}, ["budget", "ecoles"]),
        ({"q": "100%"}, []),
        ({"bbox": "2,48,3,49"}, ["arbres"]),
        ({"bbox": "-10,40,0,41"}, []),
        ({"datetime": "2025-01-01/.."}, ["budget", "ecoles"]),
        ({"datetime": "2024-12-31T12:00:00Z"}, ["arbres", "budget", "ecoles"]),
        ({"ids": "ecoles,budget,rien"}, ["budget", "ecoles"]),
        ({"externalIds": "http://testserver/explore/dataset/budget/"}, ["budget"]),
        ({"type": "dataset,service"}, ["arbres", "budget", "ecoles"]),
        ({"type": "service"}, []),
        ({"keywords": "M57"}, ["budget"]),
        ({"title": "Écoles", "language": "fr"}, ["ecoles"]),
        ({"sortby": "-id"}, ["ecoles", "budget", "arbres"]),
        ({"filter": "subject = 'M57' OR title LIKE 'Éc%'"}, ["budget", "ecoles"]),
        ({"limit": "1", "offset": "1"}, ["budget"]),
    ],
)
def test_parameters_keep_the_records_that_they_should(client, shown, query, expected):
    assert ids(client, **query) == expected


@pytest.mark.parametrize(
    "query",
    [
        {"colour": "x"},
        {"bbox": "1,2"},
        {"datetime": "hier"},
        {"limit": "0"},
        {"sortby": "colour"},
        {"filter": "((("},
        {"offset": "-1"},
    ],
)
def test_what_makes_no_sense_is_refused(client, shown, query):
    answer = client.get(f"{HERE}/items", query)
    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "InvalidParameterValue")


def test_pages_follow_one_another(client, shown):
    seen, address = [], f"{HERE}/items?limit=2"
    while address:
        page = body(client.get(address))
        seen += [row["id"] for row in page["features"]]
        address = next((row["href"] for row in page["links"] if row["rel"] == "next"), None)
    assert seen == ["arbres", "budget", "ecoles"]


def test_an_answer_that_the_client_has_is_not_sent_again(client, shown):
    tag = client.get(f"{HERE}/items")["ETag"]
    assert client.get(f"{HERE}/items", headers={"If-None-Match": tag}).status_code == 304


def test_a_renamed_dataset_redirects_and_what_is_hidden_does_not_exist(client, shown):
    make_dataset(dataset_id="secret", access=Access.INTERNAL)
    make_dataset(dataset_id="brouillon", status=Status.DRAFT)
    rename_dataset(OPERATOR, shown, "arbres-de-rue")
    assert client.get(f"{HERE}/items/arbres")["Location"] == f"{HERE}/items/arbres-de-rue"
    assert [client.get(f"{HERE}/items/{name}").status_code for name in ("secret", "brouillon", "rien")] == [404] * 3
    assert ids(client) == ["arbres-de-rue", "budget", "ecoles"]


def test_a_dataset_called_like_the_collection_is_a_record_of_it(client, shown):
    make_dataset(dataset_id="catalogue", title="Un catalogue")
    assert body(client.get(HERE))["itemType"] == "record"
    assert body(client.get(f"{HERE}/items/catalogue"))["properties"]["title"] == "Un catalogue"


def test_what_is_claimed_is_there(client, shown):
    """Classes of the approved standard (20-004r1), and what each asks besides answering questions."""
    claimed = {
        row.rpartition("/")[2] for row in body(client.get("/ogc/conformance"))["conformsTo"] if "records-1" in row
    }
    assert {"searchable-catalog", "records-api", "record-collection", "record-core-query-parameters", "json"} <= claimed
    response = client.get(HERE, headers={"Accept": "application/ogc-catalog+json"})
    assert response["Content-Type"] == "application/ogc-catalog+json"
    collection = body(response)
    assert (collection["type"], collection["itemType"]) == ("Collection", "record")
    for field in collection["defaultSortOrder"]:
        assert field["field"] in body(client.get(f"{HERE}/sortables"))["properties"]
    assert [row["id"] for row in body(client.get(f"{HERE}/items"))["features"]] == ids(client, sortby="title")
    record = body(client.get(f"{HERE}/items/arbres"))
    for document, profile in ((collection, "ogc-catalog"), (record, "ogc-record")):
        ways = {row["rel"]: row["href"] for row in document["links"]}
        assert ways["profile"] == f"http://www.opengis.net/def/profile/OGC/0/{profile}"
        assert {"self", "alternate"} <= ways.keys()
    assert client.get(HERE)["Content-Type"] == "application/json"


def test_people_read_the_same(client, shown):
    page = BeautifulSoup(client.get(f"{HERE}/items", {"f": "html", "q": "arbre"}).content, "html.parser")
    assert "1 fiche répond" in page.get_text()
    way = page.find("a", string="Arbres d’alignement")["href"]
    record = BeautifulSoup(client.get(way).content, "html.parser")
    assert "Les arbres des rues" in record.get_text()
    for address in (HERE, f"{HERE}/queryables", f"{HERE}/sortables"):
        assert client.get(address, {"f": "html"}).status_code == 200
        assert body(client.get(address))
    described = body(client.get("/ogc/api?f=json"))["paths"]
    assert {"/collections/catalogue/items", "/collections/catalogue/sortables"} <= set(described)
