"""``/api/records/1.0/search/`` and one record."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest

from parvis.hub.catalogue.rules import Access

pytestmark = pytest.mark.django_db
SEARCH = "/api/records/1.0/search/?dataset=arbres-essai"


def refs(body):
    return [record["fields"]["ref"] for record in body["records"]]


def test_a_page_has_its_count_its_parameters_and_its_records(ask, trees):
    body = ask(f"{SEARCH}&rows=1&sort=-ref")
    record = body["records"][0]
    assert body["nhits"] == 6
    assert body["parameters"] == {
        "dataset": "arbres-essai",
        "rows": 1,
        "start": 0,
        "format": "json",
        "timezone": "UTC",
        "sort": ["-ref"],
    }
    assert record["datasetid"] == "arbres-essai"
    assert re.fullmatch(r"[0-9a-f]{40}", record["recordid"])
    assert record["fields"] == {
        "ref": "A1",
        "essence": "Érable",
        "quartier": "Nord",
        "hauteur": 12.5,
        "plantation": "1998-03-02",
        "remarquable": True,
        "usages": "ombre;abri",
        "position": [48.45, 1.48],
    }
    assert record["geometry"] == {"type": "Point", "coordinates": [1.48, 48.45]}
    assert record["record_timestamp"].startswith("20")
    assert "facet_groups" not in body


def test_what_has_no_value_is_left_out(ask, trees):
    record = ask(f"{SEARCH}&q=ref:A5")["records"][0]
    assert set(record["fields"]) == {"ref", "essence", "hauteur", "plantation", "remarquable", "usages"}
    assert "geometry" not in record


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", ["A1", "A2", "A3", "A4", "A5", "A6"]),
        ("&q=erable", ["A1", "A3", "A6"]),
        ("&q=erable&q=hauteur>13", ["A6"]),
        ("&q.mine=erable&q.other=nord", ["A1"]),
        ("&q=erable&rq=nord", ["A1"]),
        ("&refine.essence=Tilleul", ["A2", "A5"]),
        ("&refine.essence=Tilleul&refine.quartier=Nord", ["A2"]),
        ("&refine.essence=Tilleul&refine.essence=Platane", []),
        ("&refine.essence=Tilleul&refine.essence=Platane&disjunctive.essence=true", ["A2", "A4", "A5"]),
        ("&refine.usages=abri&refine.usages=mémoire", ["A1", "A4", "A5"]),
        ("&refine.plantation=2012/02", ["A3"]),
        ("&exclude.essence=Érable", ["A2", "A4", "A5"]),
        ("&exclude.essence=Érable&exclude.essence=Tilleul", ["A4"]),
        ("&geofilter.distance=48.45,1.48,700", ["A1", "A6"]),
        ("&geofilter.polygon=(48.425,1.49),(48.435,1.49),(48.435,1.51),(48.425,1.51)", ["A4"]),
        ("&geofilter.bbox=48.455,1.4,48.5,1.6", ["A2"]),
        ("&sort=hauteur", ["A4", "A6", "A1", "A2", "A5", "A3"]),
        ("&sort=-hauteur", ["A5", "A2", "A1", "A6", "A4", "A3"]),
        ("&sort=essence,-hauteur", ["A5", "A2", "A4", "A1", "A6", "A3"]),
        ("&sort=record_timestamp", ["A1", "A2", "A3", "A4", "A5", "A6"]),
        ("&rows=2&start=3", ["A4", "A5"]),
        ("&q=&nope=1", ["A1", "A2", "A3", "A4", "A5", "A6"]),
    ],
)
def test_parameters_choose_and_order_records(ask, trees, parameters, expected):
    body = ask(SEARCH + quote(parameters, safe="&=,./()"))
    assert refs(body) == expected
    assert body["nhits"] == (6 if "rows=" in parameters else len(expected))


def test_rows_may_be_many_or_none(ask, trees):
    assert ask(f"{SEARCH}&rows=0")["records"] == []
    assert ask(f"{SEARCH}&rows=0")["nhits"] == 6
    assert len(ask(f"{SEARCH}&rows=10000")["records"]) == 6


def test_fields_are_chosen(ask, trees):
    assert ask(f"{SEARCH}&fields=ref,position&q=A1")["records"][0]["fields"] == {"ref": "A1", "position": [48.45, 1.48]}
    assert "geometry" not in ask(f"{SEARCH}&fields=ref&q=A1")["records"][0]


def test_facets_come_with_their_paths_and_states(ask, trees):
    body = ask(f"{SEARCH}&rows=0&facet=essence&facet=plantation&refine.plantation=2012&facet=quartier")
    groups = {group["name"]: group["facets"] for group in body["facet_groups"]}
    assert groups["essence"] == [{"name": "Érable", "path": "Érable", "count": 1, "state": "displayed"}]
    assert groups["plantation"] == [
        {
            "name": "2012",
            "path": "2012",
            "count": 1,
            "state": "refined",
            "facets": [{"name": "02", "path": "2012/02", "count": 1, "state": "displayed"}],
        }
    ]
    assert body["parameters"]["refine"] == {"plantation": "2012"}
    assert body["parameters"]["facet"] == ["essence", "plantation", "quartier"]


def test_a_disjunctive_facet_keeps_its_other_values(ask, trees):
    body = ask(f"{SEARCH}&rows=0&facet=essence&disjunctive.essence=true&refine.essence=Platane")
    states = {value["name"]: value["state"] for value in body["facet_groups"][0]["facets"]}
    assert states == {"Érable": "displayed", "Tilleul": "displayed", "Platane": "refined"}
    assert body["parameters"]["disjunctive"] == {"essence": True}


def test_facets_of_nothing_are_none(ask, trees):
    assert ask(f"{SEARCH}&facet=essence&q=jamais")["facet_groups"] == []


def test_the_same_may_be_posted(client, trees):
    response = client.post("/api/records/1.0/search/", {"dataset": "arbres-essai", "q": "erable", "rows": "1"})
    assert response.status_code == 200
    assert (response.json()["nhits"], len(response.json()["records"])) == (3, 1)
    assert "ETag" not in response
    assert response["Cache-Control"] == "no-store"
    mixed = client.post(f"{SEARCH}&refine.quartier=Nord", {"q": "erable"})
    assert mixed.json()["nhits"] == 1


def test_a_script_may_ask(client, trees):
    response = client.get(f"{SEARCH}&rows=0&format=jsonp&callback=angular.callbacks._0")
    assert response["Content-Type"] == "application/javascript; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    text = response.content.decode()
    assert text.startswith("/**/angular.callbacks._0({") and text.endswith("});")
    assert json.loads(text[len("/**/angular.callbacks._0(") : -2])["nhits"] == 6


@pytest.mark.parametrize("callback", ["", "a b", "alert(1)//", "a;b", "<b>", "a" * 200, "a.", "1a", "é"])
def test_a_callback_is_the_name_of_a_function_and_nothing_else(client, trees, callback):
    response = client.get(SEARCH, {"dataset": "arbres-essai", "format": "jsonp", "callback": callback})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"


def test_a_script_never_reads_in_the_name_of_a_session(client, publish, admin_client):
    publish(dataset_id="secret", access=Access.RESTRICTED)
    address = "/api/records/1.0/search/?dataset=secret"
    assert admin_client.get(address).status_code == 200
    assert admin_client.get(f"{address}&format=jsonp&callback=f").status_code == 404
    assert client.get(address).status_code == 404


def test_nor_on_a_private_portal(settings, trees, admin_client):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    assert admin_client.get(SEARCH).status_code == 200
    assert admin_client.get(f"{SEARCH}&format=jsonp&callback=f").status_code == 401


def test_pretty_print_indents(client, trees):
    assert client.get(f"{SEARCH}&rows=0&pretty_print=true").content.decode().startswith('{\n  "nhits"')


def test_a_search_as_geojson(client, trees):
    response = client.get(f"{SEARCH}&format=geojson&rows=1&sort=hauteur")
    body = json.loads(b"".join(response.streaming_content))
    assert body["type"] == "FeatureCollection"
    assert [feature["geometry"] for feature in body["features"]] == [{"type": "Point", "coordinates": [1.5, 48.43]}]


@pytest.mark.parametrize(
    ("address", "status", "text"),
    [
        ("/api/records/1.0/search/", 400, "dataset"),
        ("/api/records/1.0/search/?dataset=jamais", 404, "jamais"),
        (f"{SEARCH}&rows=10001", 400, "rows"),
        (f"{SEARCH}&rows=100&start=9901", 400, "rows"),
        (f"{SEARCH}&rows=x", 400, "rows"),
        (f"{SEARCH}&start=-1", 400, "start"),
        (f"{SEARCH}&q=(erable", 400, "q"),
        (f"{SEARCH}&q=nope:1", 400, "nope"),
        (f"{SEARCH}&fields=nope", 400, "nope"),
        (f"{SEARCH}&sort=nope", 400, "nope"),
        (f"{SEARCH}&facet=nope", 400, "nope"),
        (f"{SEARCH}&refine.nope=1", 400, "nope"),
        (f"{SEARCH}&timezone=Mars/Nord", 400, "Mars/Nord"),
        (f"{SEARCH}&format=pdf", 400, "pdf"),
        (f"{SEARCH}&geofilter.distance=ici", 400, "ici"),
        ("/api/records/1.0/nope/", 404, ""),
        ("/api/records/1.0/", 404, ""),
    ],
)
def test_errors_say_what_is_wrong_under_both_names(client, trees, address, status, text):
    response = client.get(address)
    assert response.status_code == status
    assert response.json()["error"] == response.json()["message"]
    assert text in response.json()["error"]
    assert response["Access-Control-Allow-Origin"] == "*"


def test_preflights_are_answered(client, trees):
    response = client.options(SEARCH)
    assert response.status_code == 200
    assert "ODS-Widgets-Version" in response["Access-Control-Allow-Headers"]


def test_one_record_is_read_by_its_identifier(ask, client, trees):
    record = ask(f"{SEARCH}&q=A4")["records"][0]
    assert ask(f"/api/datasets/1.0/arbres-essai/records/{record['recordid']}/") == record
    assert ask(f"{SEARCH}&q=recordid:'{record['recordid']}'")["records"] == [record]
    present = ask("/api/explore/v2.1/catalog/datasets/arbres-essai/records?where=ref='A4'&include_app_metas=true")
    assert present["results"][0]["_id"] == record["recordid"]
    for wrong in ("0" * 40, "nope", record["recordid"][:-1] + "f"):
        response = client.get(f"/api/datasets/1.0/arbres-essai/records/{wrong}")
        assert (response.status_code, wrong in response.json()["error"]) == (404, True)


def test_an_unchanged_answer_is_not_sent_again(client, trees):
    first = client.get(SEARCH)
    assert client.get(SEARCH, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert "ETag" not in client.get(f"{SEARCH}&q=plantation<%23now()")
