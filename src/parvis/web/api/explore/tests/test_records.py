"""``/catalog/datasets/{id}/records``: rows in the shapes of the API."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import publish as publish_dataset
from parvis.hub.catalogue.services import set_access, unpublish, update_card

pytestmark = pytest.mark.django_db
API = "/api/explore/v2.1"
RECORDS = f"{API}/catalog/datasets/equipements/records"


def test_a_page_counts_all_rows_and_gives_each_field_of_each_row(client, dataset):
    body = client.get(RECORDS, {"limit": 2}).json()
    assert body["total_count"] == 4
    assert body["results"] == [
        {
            "nom": "Stade des Loges",
            "commune": "Évry-Courcouronnes",
            "places": 1200,
            "ouverture": "2019-05-01",
            "point": {"lon": 2.43, "lat": 48.63},
        },
        {
            "nom": "Piscine de l’Agora",
            "commune": "Évry-Courcouronnes",
            "places": None,
            "ouverture": "2021-09-15",
            "point": {"lon": 2.44, "lat": 48.62},
        },
    ]


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"where": 'commune = "Grigny"'}, ["Gymnase Cœur de Ville"]),
        ({"where": 'commune: "Grigny"'}, ["Gymnase Cœur de Ville"]),
        ({"where": '"coeur ville"'}, ["Gymnase Cœur de Ville"]),
        ({"where": ["places > 0", "ouverture < date'2020'"]}, ["Stade des Loges"]),
        ({"where": 'commune != "Grigny"', "order_by": "nom desc"}, ["Stade des Loges", "Piscine de l’Agora"]),
        ({"order_by": "-places"}, ["Stade des Loges", "Gymnase Cœur de Ville", "=1+1", "Piscine de l’Agora"]),
        ({"refine": "commune:Évry-Courcouronnes", "exclude": "ouverture:2019"}, ["Piscine de l’Agora"]),
        ({"rows": "1", "offset": "3"}, ["=1+1"]),
        ({"limt": "1", "where": "places = 300"}, ["Gymnase Cœur de Ville"]),
        ({"where": "places > 5000"}, []),
    ],
)
def test_parameters_choose_rows(client, dataset, parameters, names):
    body = client.get(RECORDS, parameters).json()
    assert [row["nom"] for row in body["results"]] == names


def test_limit_zero_counts_only(client, dataset):
    assert client.get(RECORDS, {"limit": 0}).json() == {"total_count": 4, "results": []}


@pytest.mark.parametrize(
    ("parameters", "code", "text"),
    [
        (
            {"limit": "101"},
            "InvalidRESTParameterError",
            "Invalid value for limit API parameter: 101 was found but -1 <= limit <= 100 is expected.",
        ),
        ({"limit": "-2"}, "InvalidRESTParameterError", "-2 was found but -1 <= limit <= 100"),
        ({"limit": "dix"}, "InvalidRESTParameterError", "dix was found"),
        ({"limit": "100", "offset": "9901"}, "InvalidRESTParameterError", "offset"),
        ({"timezone": "Mars/Nord"}, "InvalidRESTParameterError", "Mars/Nord"),
        (
            {"where": "bogus("},
            "ODSQLSyntaxError",
            "ODSQL syntax exception: unexpected ( at position 5 in bogus(",
        ),
        (
            {"select": "nope"},
            "ODSQLError",
            "ODSQL query is malformed: Unknown field: nope. Clause(s) containing the error(s): select.",
        ),
        ({"where": "place > 1"}, "ODSQLError", "Did you mean places?"),
        ({"where": "within(point, geom'POINT(oops')"}, "ODSQLError", ""),
        ({"group_by": "communes"}, "ODSQLError", "group_by"),
        ({"refine": "commune"}, "InvalidRESTParameterError", "<facet>:<value>"),
        ({"refine": "inconnu:x"}, "ODSQLError", "Unknown field: inconnu"),
    ],
)
def test_a_wrong_request_is_told_by_name_and_with_the_offending_text(client, dataset, parameters, code, text):
    response = client.get(RECORDS, parameters)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert response.json()["error_code"] == code
    assert text in response.json()["message"]
    assert response.content.decode().startswith('{\n  "error_code"')
    assert response["Access-Control-Allow-Origin"] == "*"


def test_the_last_reachable_page_is_answered(client, dataset):
    assert client.get(RECORDS, {"limit": "100", "offset": "9900"}).status_code == 200


def test_both_slashes_and_any_accept_header_give_the_same_answer(client, dataset):
    odd = client.get(RECORDS + "/", headers={"accept": "application/json; charset=utf-8json"})
    assert odd.status_code == 200
    assert odd.json() == client.get(RECORDS).json()
    assert odd["Content-Type"] == "application/json; charset=utf-8"


def test_an_answer_is_not_sent_twice_until_something_changes(client, dataset):
    first = client.get(RECORDS)
    again = client.get(RECORDS, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(RECORDS, {"limit": 1}, headers={"if-none-match": first["ETag"]}).status_code == 200
    update_card(OPERATOR, dataset, {"title": "Équipements"})
    assert client.get(RECORDS, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert first["Cache-Control"] == "no-cache"


def test_only_reading_is_possible(client, dataset):
    refused = client.post(RECORDS)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert refused.json()["error_code"] == "MethodNotAllowed"
    assert client.head(RECORDS).status_code == 200
    preflight = client.options(RECORDS)
    assert preflight.status_code == 200
    assert "ODS-Widgets-Version" in preflight["Access-Control-Allow-Headers"]


def test_links_lead_from_page_to_page(client, dataset):
    body = client.get(RECORDS, {"limit": 2, "offset": 2, "include_links": "True"}).json()
    assert {link["rel"] for link in body["_links"]} == {"self", "first", "last"}
    assert "offset=0" in next(link["href"] for link in body["_links"] if link["rel"] == "first")


def test_an_old_version_stays_readable_by_name(client, dataset):
    name = dataset.current.name
    assert client.get(RECORDS, {"version": name}).json()["total_count"] == 4
    missing = client.get(RECORDS, {"version": "20200101t000000-ffffff"})
    assert missing.status_code == 404


def test_what_the_caller_may_not_see_does_not_exist(client, publish):
    publish(dataset_id="secret", access=Access.RESTRICTED)
    for path in ("", "/records", "/facets", "/exports", "/exports/csv", "/attachments", "/attachments/notice"):
        response = client.get(f"{API}/catalog/datasets/secret{path}")
        never = client.get(f"{API}/catalog/datasets/jamais{path}")
        assert response.status_code == never.status_code == 404
        assert response.json() == {**never.json(), "message": never.json()["message"].replace("jamais", "secret")}
    assert client.get(f"{API}/catalog/datasets/secret/records").json() == {
        "error_code": "NotFoundResource",
        "message": "The requested dataset secret does not exist.",
    }


def test_an_address_that_leads_nowhere_says_so(client, db):
    for path in ("/nope", "/monitoring/exports/", "/sharing/", "/catalog/assets/", "/catalog/datasets/x/records2"):
        response = client.get(API + path)
        assert response.status_code == 404
        assert response.json() == {"error_code": "NotFoundURI", "message": "The requested URI does not exist."}


def test_a_dataset_withdrawn_is_gone_at_once(client, dataset):
    assert client.get(RECORDS).status_code == 200
    unpublish(OPERATOR, dataset)
    assert client.get(RECORDS).status_code == 404
    publish_dataset(OPERATOR, dataset)
    set_access(OPERATOR, dataset, Access.RESTRICTED, [], [])
    assert client.get(RECORDS).status_code == 404


def test_a_page_for_everybody_costs_one_look_at_the_database(client, dataset, django_assert_num_queries):
    client.get(RECORDS)
    with django_assert_num_queries(1):
        client.get(RECORDS, {"limit": 3})


def test_a_renamed_dataset_is_found_under_its_former_name(client, dataset):
    dataset.aliases.create(former_id="stades")
    response = client.get(f"{API}/catalog/datasets/stades/records?limit=1")
    assert response.status_code == 301
    assert response["Location"] == f"{RECORDS}?limit=1"
