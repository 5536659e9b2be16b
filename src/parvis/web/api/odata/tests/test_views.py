"""The addresses of OData: documents, descriptions, entities by pages, forms, errors, rights."""

from __future__ import annotations

import base64
import json
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import pytest

from parvis.core.engine.factories import make_version
from parvis.core.odata.functions import ALL
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.catalogue.factories import make_version as make_row
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision, rename_dataset
from parvis.hub.catalogue.services import publish as publish_dataset
from parvis.hub.datastore.factories import versions_folder
from parvis.web.api.explore.tests.conftest import COLUMNS, ROWS

pytestmark = pytest.mark.django_db

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
POWER_QUERY = {
    "Accept": "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
    "application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7",
    "OData-MaxVersion": "4.0",
    "MaxDataServiceVersion": "3.0",
}
"""What Excel and Power BI send."""


def at(address: str) -> str:
    """An address without its host, as the test client takes it."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def walk(client, address: str, **headers: str) -> list[list[dict]]:
    """The pages of an address, followed to the end."""
    followed = []
    while address:
        answer = client.get(at(address), headers=headers)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        followed.append(body["value"])
        address = body.get("@odata.nextLink", "")
    return followed


def test_the_service_of_a_dataset_is_described_and_read_as_power_query_does(client, thorns):
    document = client.get("/odata/epines/", headers=POWER_QUERY)
    assert document["OData-Version"] == "4.0"
    assert document["Content-Type"].startswith("application/json;odata.metadata=minimal")
    (entry,) = document.json()["value"]
    assert entry == {
        "name": "epines",
        "kind": "EntitySet",
        "url": "http://testserver/odata/epines/epines",
        "title": "Épines",
    }

    described = client.get("/odata/epines/$metadata", headers=POWER_QUERY)
    assert described["Content-Type"].startswith("application/xml")
    tree = ET.fromstring(described.content)
    properties = {row.get("Name"): row.get("Type") for row in tree.iter(f"{EDM}Property")}
    assert properties == {
        "_row": "Edm.Int64",
        "_1_uai": "Edm.String",
        "year": "Edm.Date",
        "region": "Edm.String",
        "quand": "Edm.DateTimeOffset",
        "forme": "Edm.String",
        "photo": "Edm.String",
        "tags": "Edm.String",
        "n": "Edm.Int64",
    }
    labels = [row.get("String") for row in tree.iter(f"{EDM}Annotation") if row.get("Term") == "Core.Description"]
    assert "É « tags »" in labels
    functions = next(row for row in tree.iter(f"{EDM}Annotation") if row.get("Term") == "Capabilities.FilterFunctions")
    assert [row.text for row in functions.iter(f"{EDM}String")] == list(ALL)

    rows = client.get(
        "/odata/epines/epines?$filter=contains(tags,'b')&$select=_row,quand&$count=true", headers=POWER_QUERY
    )
    assert rows.json() == {
        "@odata.context": "http://testserver/odata/epines/$metadata#epines(_row,quand)",
        "@odata.count": 1,
        "value": [{"_row": 1, "quand": "2021-06-23T09:50:20.642000+02:00"}],
    }


def test_the_description_in_json_says_the_same(client, thorns):
    body = client.get("/odata/epines/$metadata?$format=json").json()
    row = body["parvis"]["Row"]
    assert body["$EntityContainer"] == "parvis.Container"
    assert row["$Key"] == ["_row"]
    assert (row["quand"]["$Type"], row["tags"]["@Core.Description"]) == ("Edm.DateTimeOffset", "É « tags »")
    assert body["parvis"]["Container"]["epines"]["$Type"] == "parvis.Row"


def test_links_lead_through_every_row_once_in_any_order(client, dataset):
    for query, size in (("", "1"), ("$orderby=places desc", "2"), ("$filter=places ne 300", "1"), ("$top=3", "2")):
        parts = walk(client, f"/odata/equipements/equipements?{query}", Prefer=f"odata.maxpagesize={size}")
        rows = [row["_row"] for part in parts for row in part]
        expected = {"": {1, 2, 3, 4}, "$filter=places ne 300": {1, 2, 4}, "$top=3": {1, 2, 3}}.get(query, {1, 2, 3, 4})
        assert len(rows) == len(set(rows)) == len(expected)
        assert set(rows) == expected
        assert max(map(len, parts)) == int(size)


def test_a_page_says_how_long_it_was_asked_to_be_and_counts_on_the_first_alone(client, dataset):
    first = client.get("/odata/equipements/equipements?$count=true", headers={"Prefer": "maxpagesize=3"})
    assert first["Preference-Applied"] == "odata.maxpagesize=3"
    assert first.json()["@odata.count"] == 4
    following = client.get(at(first.json()["@odata.nextLink"]), headers={"Prefer": "maxpagesize=3"})
    assert "@odata.count" not in following.json()


def test_a_new_version_does_not_disturb_a_walk(client, dataset):
    first = client.get("/odata/equipements/equipements", headers={"Prefer": "odata.maxpagesize=2"}).json()
    second = make_row(dataset, rows=1)
    make_version(versions_folder(dataset.uid) / second.name, COLUMNS, ROWS[:1])
    publish_dataset(OPERATOR, dataset, second)
    rest = walk(client, first["@odata.nextLink"])
    assert [row["_row"] for part in [first["value"], *rest] for row in part] == [1, 2, 3, 4]
    assert client.get("/odata/equipements/equipements/$count").content == b"1"


def test_one_entity_and_their_number_are_given_by_address(client, dataset):
    assert client.get("/odata/equipements/equipements/$count").content == b"4"
    assert client.get("/odata/equipements/equipements/$count?$filter=places gt 0").content == b"2"
    answer = client.get("/odata/equipements/equipements(2)?$select=nom")
    assert answer.json() == {
        "@odata.context": "http://testserver/odata/equipements/$metadata#equipements(nom)/$entity",
        "nom": "Piscine de l’Agora",
    }
    assert client.get("/odata/equipements/equipements(_row=3)").json()["nom"] == "Gymnase Cœur de Ville"
    assert client.get("/odata/equipements/equipements(9)").status_code == 404


def test_groups_and_their_sums_come_as_entities_by_pages_and_are_counted(client, dataset):
    address = (
        "/odata/equipements/equipements?$apply=groupby((nom),aggregate(places with sum as total))&$orderby=total desc"
    )
    parts = walk(client, address, Prefer="odata.maxpagesize=3")
    assert [len(part) for part in parts] == [3, 1]
    rows = [row for part in parts for row in part]
    every = client.get("/odata/equipements/equipements").json()["value"]
    assert {row["nom"]: row["total"] for row in rows} == {row["nom"]: row["places"] for row in every}
    whole = client.get("/odata/equipements/equipements?$apply=aggregate(places with max as m,$count as n)&$count=true")
    assert whole.json() == {
        "@odata.context": "http://testserver/odata/equipements/$metadata#equipements(m,n)",
        "@odata.count": 1,
        "value": [{"m": max(row["places"] or 0 for row in every), "n": 4}],
    }
    counted = client.get("/odata/equipements/equipements/$count?$apply=groupby((nom))")
    assert counted.content == b"4"
    again = client.get(address, headers={"If-None-Match": client.get(address)["ETag"]})
    assert again.status_code == 304


def test_sums_are_of_what_the_caller_may_read(client, dataset, thorns):
    address = "/odata/datasets?$apply=aggregate($count as n)"
    assert client.get(address).json()["value"] == [{"n": 2}]
    Dataset.objects.filter(pk=dataset.pk).update(access=Access.INTERNAL)
    bump_revision()
    assert client.get(address).json()["value"] == [{"n": 1}]
    assert client.get("/odata/equipements/equipements?$apply=aggregate($count as n)").status_code == 404


def test_a_link_to_more_groups_is_of_the_rows_that_it_began_with(client, dataset):
    address = "/odata/equipements/equipements?$apply=groupby((nom))"
    first = client.get(address, headers={"Prefer": "odata.maxpagesize=2"}).json()
    second = make_row(dataset, rows=1)
    make_version(versions_folder(dataset.uid) / second.name, COLUMNS, ROWS[:1])
    publish_dataset(OPERATOR, dataset, second)
    rest = walk(client, first["@odata.nextLink"])
    assert len({row["nom"] for part in [first["value"], *rest] for row in part}) == 4
    assert len(client.get(address).json()["value"]) == 1


def test_forms_of_answers_follow_format_before_accept(client, dataset):
    bare = client.get(
        "/odata/equipements/equipements?$top=1", headers={"Accept": "application/json;odata.metadata=none"}
    )
    assert list(bare.json()) == ["value"]
    wide = client.get(
        "/odata/equipements/equipements?$top=1&$select=places",
        headers={"Accept": "application/json;IEEE754Compatible=true"},
    )
    assert wide.json()["value"] == [{"places": "1200"}]
    assert "IEEE754Compatible=true" in wide["Content-Type"]
    page = client.get("/odata/equipements/equipements", headers={"Accept": "application/atom+xml"})
    assert page.status_code == 406
    assert client.get("/odata/equipements/equipements?$format=json", headers={"Accept": "text/html"}).status_code == 200
    old = client.get("/odata/equipements/", headers={"OData-MaxVersion": "3.0"})
    assert old.status_code == 400
    assert "OData 4" in old.json()["error"]["message"]


@pytest.mark.parametrize(
    ("address", "status", "code", "target"),
    [
        ("/odata/equipements/equipements?$filter=nmo eq 'x'", 400, "odata-unknown-property", "$filter"),
        ("/odata/equipements/equipements?$filter=nom eq", 400, "odata-unexpected-end", "$filter"),
        ("/odata/equipements/equipements?$top=-1", 400, "odata-option", "$top"),
        ("/odata/equipements/equipements?$skiptoken=x", 400, "odata-skiptoken", "$skiptoken"),
        ("/odata/equipements/equipements?$expand=nom", 501, "odata-unsupported", None),
        ("/odata/equipements/autres", 404, "odata-unknown-entity", None),
        ("/odata/equipements/$batch", 501, "odata-unsupported", None),
        ("/odata/equipements/equipements?$apply=aggregate(nmo with sum as x)", 400, "odata-unknown-property", "$apply"),
        ("/odata/equipements/equipements?$apply=topcount(1,places)", 501, "odata-unsupported", None),
        ("/odata/equipements/equipements(1)?$apply=groupby((nom))", 501, "odata-unsupported", None),
        ("/odata/nulle-part/", 404, "not-found", None),
    ],
)
def test_errors_are_in_the_shape_of_odata_and_in_the_language_asked(client, dataset, address, status, code, target):
    french, english = (client.get(address, headers={"Accept-Language": language}) for language in ("fr", "en"))
    assert french.status_code == english.status_code == status
    assert french.json()["error"]["code"] == code
    assert french.json()["error"].get("target") == target
    assert french.json()["error"]["message"] != english.json()["error"]["message"]


def test_nothing_is_written_there(client, dataset):
    answer = client.post("/odata/equipements/equipements", {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_same_question_again_is_not_made_again(client, dataset):
    first = client.get("/odata/equipements/equipements?$top=1")
    again = client.get("/odata/equipements/equipements?$top=1", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    other = client.get(
        "/odata/equipements/equipements?$top=1",
        headers={"If-None-Match": first["ETag"], "Accept": "application/json;odata.metadata=none"},
    )
    assert other.status_code == 200


def test_the_catalogue_lists_what_may_be_read_and_leads_to_it(client, dataset, thorns):
    document = client.get("/odata/").json()["value"]
    assert [(row["name"], row["kind"], row["url"]) for row in document] == [
        ("datasets", "EntitySet", "http://testserver/odata/datasets"),
        ("epines", "ServiceDocument", "http://testserver/odata/epines/"),
        ("equipements", "ServiceDocument", "http://testserver/odata/equipements/"),
    ]
    rows = client.get("/odata/datasets?$filter=contains(title,'sportifs')").json()["value"]
    assert [(row["dataset_id"], row["records_count"]) for row in rows] == [("equipements", 4)]
    assert client.get(at(rows[0]["odata_url"])).status_code == 200
    assert client.get("/odata/datasets/$count").content == b"2"


def test_a_dataset_that_is_not_open_is_read_with_a_key_as_password_and_by_nobody_else(client, dataset):
    Dataset.objects.filter(pk=dataset.pk).update(access=Access.INTERNAL)
    bump_revision()
    person = make_member(dataset.organisation, Role.READER)
    _row, secret = create_key(actor_of(person), person, "Excel", scope=Scope.READ)

    def password(text):
        return {"Authorization": "Basic " + base64.b64encode(f"moi@exemple.fr:{text}".encode()).decode()}

    address = "/odata/equipements/equipements/$count"
    assert client.get(address).status_code == 404
    assert client.get(address, headers=password(secret)).content == b"4"
    assert client.get(address, headers={"Authorization": f"Apikey {secret}"}).content == b"4"
    wrong = client.get(address, headers=password("parvis_faux"))
    assert (wrong.status_code, wrong["WWW-Authenticate"]) == (401, 'Basic realm="OData"')
    # Browsers send such passwords by themselves: no other door takes one.
    elsewhere = client.get("/api/explore/v2.1/catalog/datasets/equipements", headers=password(secret))
    assert elsewhere.status_code == 404
    assert [row["name"] for row in client.get("/odata/").json()["value"]] == ["datasets"]
    assert client.get("/odata/datasets/$count").content == b"0"


def test_a_renamed_dataset_is_found_at_its_present_address(client, dataset):
    rename_dataset(OPERATOR, dataset, "lieux-de-sport")
    moved = client.get("/odata/equipements/equipements?$top=1")
    assert (moved.status_code, moved["Location"]) == (301, "/odata/lieux-de-sport/lieux_de_sport?$top=1")
    assert json.loads(client.get(moved["Location"]).content)["value"]


def test_the_address_of_a_portal_that_moved_here_leads_to_the_same_rows(client, dataset):
    moved = client.get("/api/odata/equipements?$filter=places%20gt%20500&$select=nom")
    assert moved.status_code == 301
    assert client.get(at(moved["Location"])).json()["value"] == [{"nom": "Stade des Loges"}]
    assert client.get("/api/odata", follow=True).json()["value"][0]["name"] == "datasets"
    Dataset.objects.filter(pk=dataset.pk).update(access=Access.INTERNAL)
    bump_revision()
    assert client.get("/api/odata/equipements").status_code == 404
