"""Roots besides ``catalog``: one that is empty, two that are the catalogue itself."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
V2 = "/api/explore/v2.1"


def test_the_root_of_monitoring_holds_no_dataset(client, dataset):
    assert {link["rel"] for link in client.get(f"{V2}/monitoring").json()["links"]} == {"self", "datasets", "facets"}
    assert client.get(f"{V2}/monitoring/datasets/?limit=5&order_by=title").json() == {"total_count": 0, "results": []}
    facets = client.get(f"{V2}/monitoring/facets?facet=theme").json()
    assert facets["facets"] == [{"name": "theme", "facets": []}]
    assert {link["href"].rpartition("/v2.1")[2] for link in facets["links"]} == {"/monitoring/facets", "/monitoring"}


@pytest.mark.parametrize("below", ["", "/", "/records", "/exports/csv", "/facets/"])
def test_a_dataset_of_monitoring_is_not_found_even_when_the_catalogue_has_it(client, dataset, below):
    answer = client.get(f"{V2}/monitoring/datasets/equipements{below}")
    assert (answer.status_code, answer.json()["error_code"]) == (404, "NotFoundResource")


def test_a_wrong_question_is_told_there_too(client, db):
    answer = client.get(f"{V2}/monitoring/datasets?where=nope=1")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "ODSQLError")


@pytest.mark.parametrize("root", ["shared", "opendatasoft"])
@pytest.mark.parametrize(
    "below",
    ["/datasets", "/datasets/equipements", "/datasets/equipements/records?limit=2", "/facets", "/exports/json"],
)
def test_what_came_from_others_is_asked_of_the_one_catalogue(client, dataset, body, root, below):
    assert body(client.get(f"{V2}/{root}{below}")) == body(client.get(f"{V2}/catalog{below}"))


def test_the_console_is_reached_where_other_portals_have_it(client, db):
    answer = client.get(f"{V2}/console", {"operation": "getRecords"})
    assert (answer.status_code, answer["Location"]) == (301, "/api/console/?operation=getRecords")
