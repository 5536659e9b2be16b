"""``/api/datasets/1.0/``: the catalogue and one dataset."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access

pytestmark = pytest.mark.django_db
SEARCH = "/api/datasets/1.0/search/"


def ids(body):
    return [row["datasetid"] for row in body["datasets"]]


def test_a_dataset_has_its_metadata_in_one_level_and_its_annotations_in_a_list(ask, trees):
    body = ask("/api/datasets/1.0/arbres-essai/?extrametas=true&interopmetas=true&assetmetas=true&source=")
    assert body["datasetid"] == "arbres-essai"
    assert body["metas"]["title"] == "Arbres d’essai"
    assert body["metas"]["records_count"] == 6
    assert body["metas"]["keyword"] == ["arbre", "été"]
    assert None not in body["metas"].values()
    assert body["basic_metas"]["title"] == "Arbres d’essai"
    assert body["interop_metas"]["dcat"]["creator"] == "Ville d’Évry"
    assert body["extra_metas"]["visualization"] == {}
    assert (body["has_records"], body["data_visible"]) == (True, True)
    assert body["features"] == ["analyze", "timeserie", "geo"]
    assert (body["attachments"], body["alternative_exports"]) == ([], [])
    fields = {field["name"]: field for field in body["fields"]}
    assert fields["ref"] == {"name": "ref", "label": "Référence", "type": "text"}
    assert fields["usages"]["annotations"] == [
        {"name": "multivalued", "args": [";"]},
        {"name": "facet"},
        {"name": "disjunctive"},
    ]
    assert {"name": "unit", "args": ["m"]} in fields["hauteur"]["annotations"]


def test_the_catalogue_is_searched(ask, publish, trees):
    publish(dataset_id="equipements", title="Équipements sportifs", themes=["education"])
    assert sorted(ids(ask(SEARCH))) == ["arbres-essai", "equipements"]
    assert ids(ask(f"{SEARCH}?q=arbres")) == ["arbres-essai"]
    assert ids(ask(f"{SEARCH}?q=title:essai AND records_count>=6")) == ["arbres-essai"]
    assert ids(ask(f"{SEARCH}?q=datasetid:equipements")) == ["equipements"]
    assert ids(ask(f"{SEARCH}?refine.keyword=arbre")) == ["arbres-essai"]
    assert ids(ask(f"{SEARCH}?exclude.keyword=arbre")) == ["equipements"]
    assert ids(ask(f"{SEARCH}?rows=1&sort=-title")) == ["arbres-essai"]
    body = ask(f"{SEARCH}?rows=0&facet=keyword&facet=publisher")
    assert (body["nhits"], body["datasets"]) == (2, [])
    groups = {group["name"]: group["facets"] for group in body["facet_groups"]}
    assert {"name": "arbre", "path": "arbre", "count": 1, "state": "displayed"} in groups["keyword"]
    assert "source" not in body["parameters"]


def test_harvesters_get_interoperability_metadata_when_they_ask(ask, trees):
    body = ask(f"{SEARCH}?start=0&rows=50&interopmetas=true&refine.publisher=Ville d’Évry")
    assert body["datasets"][0]["interop_metas"]["dcat"]["creator"] == "Ville d’Évry"
    assert "interop_metas" not in ask(SEARCH)["datasets"][0]
    assert "basic_metas" in ask(SEARCH)["datasets"][0]


def test_the_catalogue_as_csv(client, trees):
    text = b"".join(client.get(f"{SEARCH}?format=csv&fields=datasetid,title").streaming_content).decode()
    assert text == "datasetid;title\r\narbres-essai;Arbres d’essai\r\n"


def test_what_the_caller_may_not_see_does_not_exist(client, ask, publish):
    publish(dataset_id="secret", access=Access.RESTRICTED)
    assert ask(SEARCH)["nhits"] == 0
    for path in ("", "/records/x", "/attachments/x", "/files/x"):
        assert client.get(f"/api/datasets/1.0/secret{path}").status_code == 404
    for name in ("search", "download", "analyze", "geocluster", "geopreview", "geopolygon", "boundingbox"):
        assert client.get(f"/api/records/1.0/{name}/?dataset=secret&y.s.func=COUNT").status_code == 404


def test_an_unknown_dataset_is_told(client, db):
    response = client.get("/api/datasets/1.0/jamais/")
    assert response.status_code == 404
    assert "jamais" in response.json()["error"]


def test_a_dataset_announced_is_described_and_not_read(client, ask, trees):
    set_access(OPERATOR, trees, Access.INTERNAL, [], [], announced=True)
    body = ask("/api/datasets/1.0/arbres-essai/")
    assert body["data_visible"] is False
    assert "records_count" not in body["metas"]
    assert [row["data_visible"] for row in ask(SEARCH)["datasets"]] == [False]
    for name in ("search", "download", "analyze", "geocluster", "geopreview", "geopolygon", "boundingbox"):
        response = client.get(f"/api/records/1.0/{name}/?dataset=arbres-essai&y.s.func=COUNT&clusterprecision=3")
        assert (response.status_code, response.json()["error_code"]) == (403, "ForbiddenAccess")
    assert client.get("/explore/dataset/arbres-essai/download/").status_code == 403
    assert client.get("/api/explore/v2.0/catalog/datasets/arbres-essai/aggregates?select=count(*)").status_code == 403


def test_a_key_opens_what_it_may_and_a_wrong_one_nothing(client, trees):
    for headers, query in (({"authorization": "Apikey fausse"}, ""), ({}, "?apikey=fausse")):
        response = client.get(f"{SEARCH}{query}", headers=headers)
        assert response.status_code == 401
        assert response.json()["error"]
    assert client.post("/api/records/1.0/search/", {"dataset": "arbres-essai", "apikey": "fausse"}).status_code == 401
