"""Version 2.0: former shapes, aggregates, links always, the word that it is deprecated."""

from __future__ import annotations

import json
import re

import pytest

from parvis.hub.catalogue.rules import Access

pytestmark = pytest.mark.django_db
V2 = "/api/explore/v2.0"
TREES = f"{V2}/catalog/datasets/arbres-essai"


def test_records_are_wrapped_with_their_links_and_technical_fields(ask, trees):
    body = ask(f"{TREES}/records?limit=1&order_by=ref&select=ref,hauteur")
    assert body["total_count"] == 6
    assert {"self", "first", "next"} <= {link["rel"] for link in body["links"]}
    (row,) = body["records"]
    assert row["record"]["fields"] == {"ref": "A1", "hauteur": 12.5}
    assert re.fullmatch(r"[0-9a-f]{40}", row["record"]["id"])
    assert row["record"]["size"] > 0
    assert row["record"]["timestamp"]
    assert all("/api/explore/v2.0/" in link["href"] for link in body["links"] + row["links"])
    again = ask(f"{TREES}/records/{row['record']['id']}")
    assert again["record"]["fields"]["ref"] == "A1"


def test_datasets_are_wrapped(ask, trees):
    body = ask(f"{V2}/catalog/datasets?where=dataset_id='arbres-essai'")
    assert (body["total_count"], len(body["datasets"])) == (1, 1)
    assert body["datasets"][0]["dataset"]["dataset_id"] == "arbres-essai"
    assert body["datasets"][0]["links"]
    wrapped = ask(TREES)
    assert wrapped["dataset"]["metas"]["default"]["title"] == "Arbres d’essai"
    assert "_links" not in wrapped["dataset"]
    assert wrapped["links"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select=count(*) as n", [{"n": 6}]),
        ("select=sum(hauteur)", [{"sum(hauteur)": 64.75}]),
        ("select=count(*) as n&where=essence='Jamais'", [{"n": 0}]),
        ("select=avg(hauteur) as m&where=essence='Jamais'", [{"m": None}]),
        (
            "select=essence,count(*) as n&group_by=essence&order_by=n desc",
            [{"essence": "Érable", "n": 3}, {"essence": "Tilleul", "n": 2}, {"essence": "Platane", "n": 1}],
        ),
        ("select=count(*) as n&group_by=quartier&where=ref in ('A5','A6')", [{"quartier": "Centre", "n": 1}]),
        (
            "select=count(*) as n&group_by=year(plantation)&where=plantation > date'2011'",
            [{"year(plantation)": "2012", "n": 1}, {"year(plantation)": "2019", "n": 1}],
        ),
        ("select=count(*) as n&group_by=plantation&where=ref='A3'", [{"plantation": 1329177600000, "n": 1}]),
        (
            "select=count(*) as n&group_by=essence&group_by=quartier&where=quartier='Nord'",
            [{"essence": "Érable", "quartier": "Nord", "n": 1}, {"essence": "Tilleul", "quartier": "Nord", "n": 1}],
        ),
    ],
)
def test_aggregates(ask, trees, query, expected):
    actual = ask(f"{TREES}/aggregates?{query}")["aggregations"]
    assert actual == expected


def test_the_catalogue_has_aggregates_too(ask, trees):
    assert ask(f"{V2}/catalog/aggregates?select=count(*) as n")["aggregations"] == [{"n": 1}]


def test_every_answer_says_that_the_version_is_deprecated(client, trees):
    for path in ("", "/", "/catalog", "/catalog/datasets", "/catalog/datasets/arbres-essai/records", "/nope"):
        response = client.get(V2 + path)
        assert response["ODS-Explore-API-Deprecation"].startswith("EXPLORE_API_V2_0: "), path
        assert 'rel="successor-version"' in response["Link"]
    assert "ODS-Explore-API-Deprecation" not in client.get("/api/explore/v2.1/catalog/datasets")


def test_the_short_prefix_is_the_same_version(ask, trees):
    body = ask("/api/v2/catalog/datasets/arbres-essai/records/?limit=1")
    assert len(body["records"]) == 1
    assert all("/api/v2/" in link["href"] for link in body["records"][0]["links"])


def test_exports_have_the_defaults_of_their_time(client, trees):
    text = b"".join(client.get(f"{TREES}/exports/csv?select=ref&limit=1").streaming_content)
    assert text == b"ref\r\nA1\r\n"
    marked = b"".join(client.get(f"{TREES}/exports/csv?select=ref&limit=1&with_bom=true").streaming_content)
    assert marked.startswith(b"\xef\xbb\xbf")
    assert client.get(f"{TREES}/exports/xls")["Content-Disposition"].endswith('.xlsx"')


def test_errors_are_those_of_the_present_version(client, trees):
    response = client.get(f"{TREES}/records?where=nope>1")
    assert (response.status_code, response.json()["error_code"]) == (400, "ODSQLError")
    assert client.get(f"{TREES}/aggregates?select=nope(").json()["error_code"] == "ODSQLSyntaxError"
    assert client.get(f"{V2}/catalog/datasets/jamais/records").status_code == 404


def test_what_the_caller_may_not_see_does_not_exist(client, publish):
    publish(dataset_id="secret", access=Access.RESTRICTED)
    for path in (
        "",
        "/records",
        "/records/x",
        "/aggregates?select=count(*)",
        "/facets",
        "/exports/csv",
        "/attachments",
    ):
        assert client.get(f"{V2}/catalog/datasets/secret{path}").status_code == 404
    assert client.get(f"{V2}/catalog/datasets").json()["total_count"] == 0


def test_parts_of_dates_are_texts(ask, trees):
    body = ask(f"{TREES}/records?select=ref, year(plantation) as an, month(plantation), hauteur&order_by=ref&limit=1")
    fields = body["records"][0]["record"]["fields"]
    assert fields == {"ref": "A1", "an": "1998", "month(plantation)": "3", "hauteur": 12.5}
    answer = ask(f"{TREES}/records/{body['records'][0]['record']['id']}?select=year(plantation)")
    assert answer["record"]["fields"] == {"year(plantation)": "1998"}


def test_dates_in_geojson_are_milliseconds(client, trees):
    address = f"{TREES}/exports/geojson?select=ref,plantation,position&order_by=ref&limit=1"
    (feature,) = json.loads(b"".join(client.get(address).streaming_content))["features"]
    assert feature["properties"] == {"ref": "A1", "plantation": 888796800000}
    (feature,) = json.loads(b"".join(client.get(address.replace("v2.0", "v2.1")).streaming_content))["features"]
    assert feature["properties"] == {"ref": "A1", "plantation": "1998-03-02"}


def rows(body):
    return [row["record"]["fields"] for row in body["records"]]


def test_technical_fields_are_asked_by_their_names(ask, trees):
    (row,) = ask(f"{TREES}/records?limit=1&order_by=ref")["records"]
    record = row["record"]
    named = "select=ref,datasetid,recordid,record_timestamp,record_size"
    actual = rows(ask(f"{TREES}/records?{named}&where=recordid='{record['id']}' and datasetid='arbres-essai'"))
    assert actual == [
        {
            "ref": "A1",
            "datasetid": "arbres-essai",
            "recordid": record["id"],
            "record_timestamp": record["timestamp"],
            "record_size": record["size"],
        }
    ]
    sizes = [row["record_size"] for row in rows(ask(f"{TREES}/records?select=record_size&order_by=record_size desc"))]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) > 1
    assert rows(ask(f"{TREES}/records?select=ref&where=record_timestamp < date'2020'")) == []
    assert ask(f"{TREES}/records/{record['id']}?select=recordid")["record"]["fields"] == {"recordid": record["id"]}


def test_technical_fields_are_counted_grouped_and_exported(ask, client, trees):
    counted = ask(f"{TREES}/aggregates?select=count(distinct recordid) as n, max(record_size) as m")["aggregations"]
    assert counted[0]["n"] == 6
    assert counted[0]["m"] > 0
    grouped = ask(f"{TREES}/aggregates?select=count(*) as n&group_by=datasetid")["aggregations"]
    assert grouped == [{"datasetid": "arbres-essai", "n": 6}]
    refused = client.get(f"{TREES}/records?select=*&group_by=record_size&order_by=recordid")
    assert refused.status_code == 400
    assert "recordid" in refused.json()["message"]
    exported = client.get(f"{TREES}/exports/csv?select=ref,datasetid&order_by=ref&limit=1")
    assert exported.getvalue().decode() == "ref;datasetid\r\nA1;arbres-essai\r\n"


def test_technical_fields_are_no_part_of_a_whole_row_nor_of_the_present_version(ask, client, trees):
    (row,) = rows(ask(f"{TREES}/records?limit=1"))
    assert "recordid" not in row
    assert client.get("/api/explore/v2.1/catalog/datasets/arbres-essai/records?select=recordid").status_code == 400
