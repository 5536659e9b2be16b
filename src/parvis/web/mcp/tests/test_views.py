"""Messages sent by hand: what is refused, and what each tool says."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.core.calendars.events import Event, Schedule, Timing
from parvis.core.columns import Column, ColumnType
from parvis.domains.agenda.services import write_event
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.records.services import publish

pytestmark = pytest.mark.django_db

HEADERS = {"Accept": "application/json, text/event-stream"}


def post(client, message, **headers):
    return client.post("/mcp", json.dumps(message), content_type="application/json", headers=HEADERS | headers)


def call(client, tool, **arguments):
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    response = post(client, message)
    assert response.status_code == 200, response.content
    return response.json()["result"]


def told(client, tool, **arguments):
    result = call(client, tool, **arguments)
    assert not result.get("isError"), result["content"]
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
    return result["structuredContent"]


def refused(client, tool, **arguments):
    result = call(client, tool, **arguments)
    assert result["isError"] is True
    return result["content"][0]["text"]


def test_the_tools_are_listed_with_french_titles_and_described_parameters(client):
    tools = post(client, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).json()["result"]["tools"]
    assert [tool["name"] for tool in tools] == [
        "search_datasets",
        "search_portal",
        "describe_dataset",
        "query_records",
        "sample_rows",
        "facet_values",
        "export_link",
        "search_subject",
        "read_record",
        "list_indicators",
        "read_indicator",
    ]
    for tool in tools:
        assert tool["title"].split()[0] in ("Chercher", "Décrire", "Interroger", "Voir", "Lister", "Obtenir", "Lire")
        assert tool["annotations"]["readOnlyHint"] is True
        assert all(row["description"] for row in tool["inputSchema"]["properties"].values())


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18"])
def test_older_clients_shake_hands(client, version):
    about = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "essai", "version": "1"}}
    answer = post(client, {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": about}).json()["result"]
    assert answer["protocolVersion"] == version
    assert answer["serverInfo"]["title"] == "Parvis"
    assert "trail" in answer["instructions"]
    assert post(client, {"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202


def test_a_spent_budget_is_told_to_the_assistant(client, dataset, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    told(client, "query_records", dataset_id="equipements")
    told(client, "query_records", dataset_id="equipements")  # from memory: it costs nothing
    assert "quota" in refused(client, "query_records", dataset_id="equipements", select="count(*) as n")


def test_datasets_are_found_by_words(client, dataset):
    hits = told(client, "search_datasets", words="sportifs")
    assert [row["dataset_id"] for row in hits["datasets"]] == ["equipements"]
    assert hits["datasets"][0]["page"].endswith("/explore/dataset/equipements/")
    assert told(client, "search_datasets")["total"] == 1


def test_a_dataset_is_described_with_samples_licence_and_advice(client, dataset):
    card = told(client, "describe_dataset", dataset_id="equipements")
    columns = {column["name"]: column for column in card["columns"]}
    assert columns["nom"]["label"] == "Nom de l’équipement"
    assert "Stade des Loges" in columns["nom"]["samples"]
    assert columns["places"]["type"] == "int"
    assert card["rows"] == 3
    assert card["licence"]["name"]
    assert card["trail"]["version"] == dataset.current.name
    for advice in ("count", "group", "figures"):
        assert told(client, "query_records", dataset_id="equipements", **card["how_to_query"][advice])["results"]


def test_rows_are_asked_in_the_query_language_and_carry_their_trail(client, dataset):
    reply = told(
        client,
        "query_records",
        dataset_id="equipements",
        select="nom, places",
        where="places > 200",
        order_by="places desc",
    )
    assert reply["results"] == [{"nom": "Stade des Loges", "places": 1200}, {"nom": "Gymnase; «Cœur»", "places": 300}]
    trail = reply["trail"]
    assert trail["query"]["where"] == "places > 200"
    address = trail["permanent_address"].split("8000", 1)[1]
    again = client.get(address)
    assert again.json()["results"] == reply["results"]


def test_groups_are_asked_too(client, dataset):
    reply = told(
        client,
        "query_records",
        dataset_id="equipements",
        select="commune, count(*) as n",
        group_by="commune",
        order_by="n desc",
    )
    assert reply["results"][0] == {"commune": "Évry-Courcouronnes", "n": 2}


def test_sample_facets_and_export(client, dataset):
    assert len(told(client, "sample_rows", dataset_id="equipements", count=2)["results"]) == 2
    facets = told(client, "facet_values", dataset_id="equipements", columns=["commune"])["facets"]
    assert facets["commune"][0] == {"value": "Évry-Courcouronnes", "count": 2}
    link = told(client, "export_link", dataset_id="equipements", format="csv", where="places > 500")
    assert "parquet" in link["formats"]
    content = b"".join(client.get(link["url"].split("8000", 1)[1]).streaming_content).decode("utf-8-sig")
    assert len(content.strip().splitlines()) == 2


def test_a_long_value_is_cut(client, publish):
    publish(columns=[Column("t", "T", ColumnType.TEXT)], rows=[("x" * 50_000,)], dataset_id="long")
    assert len(told(client, "query_records", dataset_id="long")["results"][0]["t"]) < 2_100


def test_errors_help(client, dataset):
    assert "Did you mean" in refused(client, "query_records", dataset_id="equipements", where="plces > 1")
    assert "equipements" in refused(client, "describe_dataset", dataset_id="equipement")
    assert "search_datasets" in refused(client, "describe_dataset", dataset_id="rien-de-tel-ici")
    assert "csv" in refused(client, "export_link", dataset_id="equipements", format="exe")
    assert "plces" in refused(client, "export_link", dataset_id="equipements", where="plces > 1")
    assert "vieille" in refused(client, "query_records", dataset_id="equipements", version="vieille")
    assert refused(client, "query_records", dataset_id=12)
    assert refused(client, "query_records")
    assert refused(client, "query_records", dataset_id="equipements", limit="beaucoup")


@pytest.mark.parametrize(
    "where", ["(" * 3_000, "x" * 100_000, "nom = '\u0000'", "nom like '%'; drop", "🏛 = 1", "\u202enom"]
)
def test_hostile_conditions_are_told_wrong(client, dataset, where):
    result = call(client, "query_records", dataset_id="equipements", where=where)
    assert result["content"][0]["text"]


def test_hidden_datasets_do_not_exist(client, publish):
    publish(dataset_id="secrets", access="internal", organisation=make_organisation("Autre"), title="Registre interne")
    assert told(client, "search_datasets", words="registre")["total"] == 0
    hidden = refused(client, "query_records", dataset_id="secrets")
    assert hidden == refused(client, "query_records", dataset_id="secretz").replace("secretz", "secrets")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://[::1", "x"]
)
def test_pages_of_elsewhere_may_not_ask(client, origin):
    assert post(client, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, Origin=origin).status_code == 403


@pytest.mark.parametrize("origin", ["http://127.0.0.1:6274", "http://localhost:8000"])
def test_pages_of_the_portal_may(client, origin):
    response = post(client, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, Origin=origin)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == origin


def test_a_foreign_host_is_refused(client):
    response = client.post("/mcp", "{}", content_type="application/json", headers={"Host": "evil.example"} | HEADERS)
    assert response.status_code == 400


@pytest.mark.parametrize("method", ["get", "delete", "put"])
def test_only_posts_are_answered(client, method):
    response = getattr(client, method)("/mcp")
    assert response.status_code == 405
    assert "POST" in response["Allow"]


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "[" * 50_000, '{"jsonrpc": "2.0"}', "é", "1"])
def test_what_is_no_message_is_refused(client, body):
    response = client.post("/mcp", body, content_type="application/json", headers=HEADERS)
    assert 400 <= response.status_code < 500
    assert response.status_code != 500


def test_a_message_that_is_too_large_is_refused(client):
    response = client.post("/mcp", "x" * 300_000, content_type="application/json", headers=HEADERS)
    assert response.status_code == 413


def test_a_wrong_key_is_told(client):
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert post(client, message, Authorization="Bearer fausse").status_code == 401


def test_a_subject_is_searched_and_read(client):
    chart = make_event()
    answer = told(client, "search_subject", subject="agenda", words="concert", filters={"quand": "avenir"})
    assert (answer["total"], answer["results"][0]["slug"]) == (1, chart.slug)
    assert "weekend" in answer["when"]
    page = told(client, "read_record", subject="agenda", slug=chart.slug)
    assert page["details"]["@type"] == "Event"
    assert "n’existe pas" not in refused(client, "read_record", subject="agenda", slug="absent")
    assert refused(client, "search_subject", subject="secret")


def make_event():
    start = timezone.localtime().replace(tzinfo=None, microsecond=0) + timedelta(days=2)
    event = Event(uid="x", title="Concert", schedule=Schedule((Timing(start, start + timedelta(hours=2)),)))
    return publish(OPERATOR, write_event(OPERATOR, make_organisation(), event))
