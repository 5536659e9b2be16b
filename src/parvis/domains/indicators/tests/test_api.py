"""Indicators for programs: the same figures and the same rights as the pages."""

from __future__ import annotations

import pytest

from parvis.domains.indicators.tests.test_views import places, published
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import make_stands

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(home):
    return make_stands()


def test_the_list_gives_the_figure_of_the_day_to_any_origin(client, dataset):
    published()
    answer = client.get("/api/parvis/v1/indicators", headers={"Origin": "https://ailleurs.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    body = answer.json()
    row = body["results"][0]
    assert body["total_count"] == 1
    assert (row["slug"], row["unit"], row["state"], row["target"]) == ("places", "places", "on-track", 1500)
    assert (row["value"]["value"], row["value"]["period"]) == (places("2023"), "2023")
    assert client.get("/" + row["value"]["url"].split("/", 3)[3]).status_code == 200


def test_one_gives_all_its_figures_and_its_sources(client, dataset):
    published()
    body = client.get("/api/parvis/v1/indicators/places").json()
    values = {(row["territory"], row["period"]): row["value"] for row in body["values"]}
    assert values["", "2019"] == places("2019")
    assert values["Grigny", "2023"] == places("2023", "Grigny")
    assert body["sources"][0]["version"] == dataset.current.name
    assert body["definition"]["method"] == "On additionne les places."


def asked(client, tool: str, **arguments):
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    headers = {"Accept": "application/json, text/event-stream"}
    return client.post("/mcp", message, content_type="application/json", headers=headers).json()["result"]


def test_assistants_are_told_the_same(client, dataset):
    published()
    listed = asked(client, "list_indicators")["structuredContent"]
    assert listed == client.get("/api/parvis/v1/indicators").json()
    whole = asked(client, "read_indicator", slug="places")["structuredContent"]
    assert whole == client.get("/api/parvis/v1/indicators/places").json()
    assert asked(client, "read_indicator", slug="absent")["isError"]
    groups = asked(client, "search_portal", words="places")["structuredContent"]["subjects"]
    assert ("indicateurs", "places") in [(group["subject"], group["results"][0]["slug"]) for group in groups]


def test_what_is_closed_to_the_caller_is_not_told(client, dataset):
    published()
    dataset.access = Access.INTERNAL
    dataset.save()
    body = client.get("/api/parvis/v1/indicators/places").json()
    assert (body["readable"], body["value"], body["definition"], body["sources"], body["values"]) == (
        False,
        None,
        None,
        [],
        [],
    )
    assert client.get("/api/parvis/v1/indicators").json()["results"][0]["value"] is None


def test_errors_are_told_in_json(client, dataset, settings):
    answer = client.get("/api/parvis/v1/indicators/absent")
    assert (answer.status_code, answer.json()["error_code"]) == (404, "not-found")
    assert client.post("/api/parvis/v1/indicators").status_code == 405
    assert client.get("/api/parvis/v1/indicators", headers={"Authorization": "Apikey faux"}).status_code == 401
