"""``/records/{record_id}`` and what leads to it (specification, sections 4.1 and 4.2)."""

from __future__ import annotations

import re

import pytest

from parvis.web.api.explore.tests.conftest import THORN_ROWS, THORNS

pytestmark = pytest.mark.django_db
DATASET = "/api/explore/v2.1/catalog/datasets/epines"
RECORDS = f"{DATASET}/records"


def with_metas(client, **parameters) -> list[dict]:
    return client.get(RECORDS, {"include_app_metas": "true", **parameters}).json()["results"]


def test_a_record_is_found_by_the_fingerprint_of_its_values(client, thorns):
    for row in with_metas(client):
        name = row.pop("_id")
        assert re.fullmatch("[0-9a-f]{40}", name)
        assert isinstance(row.pop("_size"), int)
        assert row.pop("_timestamp").endswith("+00:00")
        assert client.get(f"{RECORDS}/{name}").json() == row
        assert client.get(f"{RECORDS}/{name}/").json() == row


def test_a_record_is_named_by_the_field_marked_id(client, publish):
    columns = (THORNS[0].with_changes(annotations={"id": True}), *THORNS[1:])
    publish(columns, [("A/1 é", *THORN_ROWS[0][1:]), *THORN_ROWS[1:]], dataset_id="epines")
    assert [row["_id"] for row in with_metas(client, select="n")] == ["A/1 é", "A2", "A3", "A4"]
    assert client.get(f"{RECORDS}/A2").json()["n"] == -1
    links = client.get(RECORDS, {"include_links": "true", "limit": "1"}).json()["results"][0]["_links"]
    own = {link["rel"]: link["href"] for link in links}["self"]
    assert client.get(own.removeprefix("http://testserver")).json()["1_uai"] == "A/1 é"


def test_fields_time_zone_and_language_are_chosen(client, thorns):
    name = with_metas(client, limit="1")[0]["_id"]
    record = client.get(f"{RECORDS}/{name}", {"select": "quand,n as nombre", "timezone": "Europe/Paris"}).json()
    assert record == {"quand": "2021-06-23T09:50:20.642000+02:00", "nombre": 3_000_000_000}
    assert client.get(f"{RECORDS}/{name}", {"select": "nope"}).json()["error_code"] == "ODSQLError"


@pytest.mark.parametrize("name", ["0" * 40, "inconnu", "a/b/c", "' OR 1=1 --"])
def test_an_unknown_record_is_not_found(client, thorns, name):
    response = client.get(f"{RECORDS}/{name}")
    assert response.status_code == 404
    assert response.json() == {
        "error_code": "NotFoundResource",
        "message": f"The requested record {name} does not exist.",
    }


def test_links_of_rows_and_of_pages_are_there_when_asked_for_only(client, thorns):
    plain = client.get(RECORDS).json()
    assert "_links" not in plain and "_links" not in plain["results"][0]
    body = client.get(RECORDS, {"include_links": "true", "limit": "1", "offset": "1"}).json()
    assert {link["rel"] for link in body["_links"]} == {"self", "first", "last", "next"}
    links = {link["rel"]: link["href"] for link in body["results"][0]["_links"]}
    assert links["dataset"] == f"http://testserver{DATASET}"
    assert client.get(links["self"].removeprefix("http://testserver")).json()["1_uai"] == "A2"


def test_a_record_of_an_old_version_is_read_there(client, thorns):
    name = with_metas(client, limit="1")[0]["_id"]
    assert client.get(f"{RECORDS}/{name}", {"version": thorns.current.name}).status_code == 200
    assert (
        client.get(f"{RECORDS}/{name}", {"version": "x"}).json()["message"] == "The requested version x does not exist."
    )


def test_a_walk_goes_from_page_to_page_to_the_end(client, thorns):
    names, after = [], ""
    while after is not None:
        page = client.get(RECORDS, {"after": after, "limit": "2", "order_by": "-n"}).json()
        names += [row["1_uai"] for row in page["results"]]
        after = page.get("after")
    assert names == ["A1", "A4", "A2", "A3"]
    assert "after" not in client.get(RECORDS, {"limit": "2"}).json()
    links = client.get(RECORDS, {"after": "", "limit": "2", "include_links": "true"}).json()["_links"]
    following = {link["rel"]: link["href"] for link in links}["next"]
    assert len(client.get(following.removeprefix("http://testserver")).json()["results"]) == 2
