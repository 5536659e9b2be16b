"""The catalogue: dataset objects, queries over metadata, exports."""

from __future__ import annotations

import json

import pytest

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.rules import Access, Status

pytestmark = pytest.mark.django_db
API = "/api/explore/v2.1"
LIST = f"{API}/catalog/datasets"


@pytest.fixture
def three(publish, dataset):
    """Three public datasets."""
    publish(dataset_id="budget", title="Budget 2024", themes=["economie"], keywords=["finances", "dépenses"])
    publish(dataset_id="arbres", title="Arbres d’alignement", themes=["environnement"])


def identifiers(client, **parameters) -> list[str]:
    return [row["dataset_id"] for row in client.get(LIST, parameters).json()["results"]]


def test_a_dataset_object_says_what_it_is_and_what_its_columns_are(client, dataset):
    body = client.get(f"{LIST}/equipements").json()
    assert list(body) == [
        "visibility",
        "fields",
        "dataset_id",
        "dataset_uid",
        "has_records",
        "features",
        "attachments",
        "alternative_exports",
        "data_visible",
        "metas",
    ]
    assert body["fields"][1] == {
        "name": "commune",
        "label": "Commune",
        "type": "text",
        "description": None,
        "annotations": {"facet": True},
    }
    assert body["features"] == ["analyze", "timeserie", "geo"]
    default = body["metas"]["default"]
    assert default["title"] == "Équipements sportifs"
    assert default["records_count"] == 4
    assert default["license"] == "Licence Ouverte 2.0 (Etalab)"
    assert default["theme"] == ["Éducation, culture et sport"]
    assert default["publisher"] == "Ville d’Évry"


def test_the_card_describes_the_columns(client, dataset):
    dataset.fields = {"places": {"label": "Capacité", "unit": "places", "description": "Assises et debout"}}
    dataset.save()
    field = client.get(f"{LIST}/equipements").json()["fields"][2]
    assert (field["label"], field["description"]) == ("Capacité", "Assises et debout")
    assert field["annotations"] == {"unit": "places"}


def test_a_card_cannot_claim_several_values_where_one_is_stored(client, dataset):
    dataset.fields = {"commune": {"annotations": {"multivalued": ",", "disjunctive": True}}}
    dataset.save()
    response = client.get(f"{LIST}/equipements/records", {"where": 'commune = "Grigny"', "refine": "commune:Grigny"})
    assert response.json()["total_count"] == 1


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["arbres", "budget", "equipements"]),
        ({"where": 'datasetid: "budget"'}, ["budget"]),
        ({"where": 'dataset_id = "budget"'}, ["budget"]),
        ({"where": 'default.title like "budget"'}, ["budget"]),
        ({"where": "features='geo'", "limit": "1"}, ["arbres"]),
        ({"where": 'features in ("geo")', "limit": "1"}, ["arbres"]),
        ({"where": 'search(*, "alignem")'}, ["arbres"]),
        ({"where": '"depenses"'}, ["budget"]),
        ({"where": 'publisher="Personne"'}, []),
        ({"order_by": "title desc"}, ["equipements", "budget", "arbres"]),
        ({"order_by": "-dataset_id", "limit": "1", "offset": "1"}, ["budget"]),
        ({"refine": "theme:Environnement et climat"}, ["arbres"]),
        ({"where": "records_count > 3 and has_records"}, ["arbres", "budget", "equipements"]),
    ],
)
def test_the_catalogue_is_asked_in_the_language_of_datasets(client, three, parameters, expected):
    assert identifiers(client, **parameters) == expected


def test_a_selected_metadata_sits_at_the_root_under_the_name_asked(client, three):
    body = client.get(LIST, {"select": "dataset_id, default.title, fields", "where": 'dataset_id="budget"'}).json()
    (row,) = body["results"]
    assert (row["dataset_id"], row["default.title"]) == ("budget", "Budget 2024")
    assert row["fields"][0]["name"] == "nom"


def test_names_that_may_not_be_asked_are_refused(client, three):
    refused = client.get(LIST, {"where": "data_visible"}).json()
    assert refused["error_code"] == "ODSQLError"
    assert "Field data_visible is not allowed in the current clause." in refused["message"]
    assert "Unknown field: metas" in client.get(LIST, {"select": "metas"}).json()["message"]


def test_each_sees_the_datasets_of_their_rights_only(client, publish):
    organisation = make_organisation()
    publish(dataset_id="ouvert", organisation=organisation)
    publish(dataset_id="interne", organisation=organisation, access=Access.INTERNAL)
    publish(dataset_id="brouillon", organisation=organisation, status=Status.DRAFT)
    assert identifiers(client) == ["ouvert"]
    client.force_login(make_member(organisation, Role.READER))
    assert sorted(identifiers(client)) == ["interne", "ouvert"]
    response = client.get(f"{LIST}/interne/records")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"


def test_facets_of_the_catalogue_count_datasets(client, three):
    body = client.get(f"{API}/catalog/facets", {"facet": "keyword"}).json()
    assert [row["value"] for row in body["facets"][0]["facets"]] == ["dépenses", "finances", "sport"]


def test_the_catalogue_is_exported(client, three):
    lines = b"".join(client.get(f"{API}/catalog/exports/csv").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    objects = json.loads(b"".join(client.get(f"{API}/catalog/exports/json/").streaming_content))
    assert [row["dataset_id"] for row in objects] == ["arbres", "budget", "equipements"]
    assert client.get(f"{API}/catalog/exports/ov2").status_code == 404


def test_roots_lead_on(client, db):
    for path in ("", "/", "/catalog", "/catalog/", "/catalog/exports"):
        body = client.get(API + path).json()
        assert body["links"][0]["rel"] == "self"


def test_every_answer_may_be_read_from_other_origins_and_tells_the_quota(client, dataset):
    response = client.get(f"{LIST}/equipements")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert int(response["X-RateLimit-Limit"]) > int(response["X-RateLimit-Remaining"]) > 0
    assert response["X-RateLimit-Reset"].endswith("00:00:00+00:00")
    assert response["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"group_by": "publisher", "select": "count(*) as n"}, [{"publisher": "Ville d’Évry", "n": 3}]),
        ({"group_by": "has_records"}, [{"has_records": True}]),
        ({"select": "count(*) as n", "limit": "1"}, [{"n": 3}]),
        ({"select": "dataset_id as id", "order_by": "dataset_id", "limit": "1"}, [{"id": "arbres"}]),
        ({"select": "dcat.accessRights,parvis.organisation_kind", "limit": "1", "include_app_metas": "true"}, None),
    ],
)
def test_metadata_are_chosen_grouped_and_counted(client, three, parameters, expected):
    body = client.get(LIST, parameters).json()
    if expected is None:
        expected = [{"dcat.accessRights": "PUBLIC", "parvis.organisation_kind": "autre"}]
    assert body["results"] == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"where": "modified > date'2020'"}, 3),
        ({"where": 'theme="Environnement et climat"'}, 1),
        ({"where": '"sport" in keyword'}, 1),
        ({"where": 'suggest("arb")'}, 1),
        ({"where": 'search(dataset_id, "budg")'}, 1),
        ({"where": ["features='geo'", 'datasetid:"budget"']}, 1),
        ({"where": "dcat.contact_name is null and default.federated is false"}, 3),
        ({"exclude": "theme:Environnement et climat"}, 2),
        ({"refine": ["keyword:finances", "keyword:dépenses"]}, 1),
        ({"limit": "0"}, 3),
        ({"limit": "-1"}, 3),
        ({"limt": "1"}, 3),
    ],
)
def test_names_clients_ask_are_known(client, three, parameters, expected):
    assert client.get(LIST, parameters).json()["total_count"] == expected


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"limit": "101"}, "InvalidRESTParameterError"),
        ({"offset": "9999"}, "InvalidRESTParameterError"),
        ({"lang": "zz"}, "InvalidRESTParameterError"),
        ({"where": "template.name = 'x'"}, "ODSQLError"),
        ({"where": "title ="}, "ODSQLSyntaxError"),
        ({"refine": "nope:x"}, "ODSQLError"),
    ],
)
def test_a_wrong_question_to_the_catalogue_is_refused(client, three, parameters, code):
    response = client.get(LIST, parameters)
    assert (response.status_code, response.json()["error_code"]) == (400, code)


def test_objects_have_links_when_asked_for(client, three):
    body = client.get(LIST, {"include_links": "true", "limit": "1"}).json()
    assert [link["rel"] for link in body["_links"]] == ["self", "first", "last", "next"]
    (row,) = body["results"]
    assert row["_links"][0]["href"].endswith("/catalog/datasets/arbres")
    assert list(row["metas"]) == ["dcat", "default", "custom"]


@pytest.mark.parametrize(
    "path", ["/catalog/datasets/budget/aggregates", "/catalog/datasets/budget/query/", "/catalog/aggregates"]
)
def test_addresses_of_older_versions_are_gone(client, three, path):
    response = client.get(API + path)
    assert response.status_code == 410
    assert set(response.json()) == {"error_code", "message"}


@pytest.mark.parametrize(
    "path", ["/monitoring/exports/csv", "/shared/assets", "/others/", "/catalog/assets/", "/catalogs/datasets", "/nope"]
)
def test_other_addresses_are_not_found(client, db, path):
    response = client.get(API + path)
    assert response.status_code == 404
    assert response.json() == {"error_code": "NotFoundURI", "message": "The requested URI does not exist."}
