"""A portal shows what a second one has, asked there at that moment: the same answers, none of them here."""

from __future__ import annotations

import json
import urllib.request

import pytest
from django.http import HttpRequest

from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.rules import RUN, Mode
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.jobs.services import run_here
from parvis.hub.rowlog.services.pushing import obstacle
from parvis.web.mcp.caller import CALLER, Caller
from parvis.web.mcp.portal_tools import describe_dataset, export_link, facet_values, query_records

DATASET = "/api/explore/v2.1/catalog/datasets/collection"

QUESTIONS = (
    "records",
    "records?limit=3&offset=2&timezone=Europe/Paris",
    "records?select=count(*)%20as%20n",
    "records?where=titre%20is%20not%20null&order_by=titre%20desc&select=titre",
    "records?include_app_metas=true",
    "facets",
)


@pytest.fixture
def read(served, town, settings):
    """Read one dataset of the second portal, in the mode that is given."""
    address = served.partition("://")[2]
    settings.PARVIS = {
        **settings.PARVIS,
        "PARVIS_SOURCES_PRIVATE_HOSTS": (address,),
        "PARVIS_SOURCES_PAUSE": 0.0,
    }
    values = {
        "dialect": "explore",
        "url": served,
        "title": "Voisins",
        "options": {"where": "dataset_id = 'collection'"},
    }
    source = save_source(OPERATOR, town.organisation, mode=Mode.FEDERATED, **values)

    def read_as(mode):
        save_source(OPERATOR, town.organisation, source, mode=mode)
        run = begin_here(OPERATOR, source)
        run_here(OPERATOR, RUN, run=run.pk)
        run.refresh_from_db()
        source.refresh_from_db()
        assert run.error is None, run.error
        return Dataset.objects.select_related("current").get(dataset_id="collection")

    return read_as


def there(address: str) -> dict:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return json.loads(answer.read())


def as_assistants_see_it(served):
    """The tools of assistants ask there too, and say so."""
    token = CALLER.set(Caller(HttpRequest(), ANONYMOUS))
    try:
        rows = query_records("collection", select="titre", limit=3)
        expected = there(f"{served}{DATASET}/records?select=titre&limit=3")
        assert (rows["total_count"], rows["results"]) == (expected["total_count"], expected["results"])
        assert rows["trail"]["asked_of"] == f"{served}{DATASET}"
        assert "permanent_address" not in rows["trail"]
        assert facet_values("collection", ["genre"])["facets"]["genre"]
        columns = {row["name"]: row for row in describe_dataset("collection")["columns"]}
        assert columns["titre"]["samples"]
        assert "distinct" not in columns["titre"], "nothing was measured"
        assert "gpkg" not in export_link("collection")["formats"]
    finally:
        CALLER.reset(token)


def test_answers_are_those_of_the_other_portal_then_those_of_its_copy(read, served, client):
    here = read(Mode.FEDERATED)
    assert (here.status, here.current.is_federated, here.current.rows) == ("published", True, 7)
    for question in QUESTIONS:
        answer, expected = client.get(f"{DATASET}/{question}"), there(f"{served}{DATASET}/{question}")
        assert answer.status_code == 200, (question, answer.content)
        body = answer.json()
        names = ("facets",) if question == "facets" else ("total_count", "results")
        assert [body[name] for name in names] == [expected[name] for name in names], question
    (first, *_rest) = there(f"{served}{DATASET}/records?include_app_metas=true")["results"]
    record = client.get(f"{DATASET}/records/{first['_id']}").json()
    assert record == {name: value for name, value in first.items() if not name.startswith("_")}
    file = client.get(f"{DATASET}/exports/json?where=titre is not null")
    assert there(file["Location"]) == there(f"{served}{DATASET}/exports/json?where=titre%20is%20not%20null")
    assert client.get("/explore/dataset/collection/table/").status_code == 200
    as_assistants_see_it(served)
    assert obstacle(here) is not None, "programs push no rows over them"
    rows = there(f"{served}{DATASET}/records?limit=100")["results"]
    copied = read(Mode.COPY)
    assert (copied.current.is_federated, copied.current.rows) == (False, 7)
    copies = client.get(f"{DATASET}/records?limit=100").json()["results"]
    for row in (*rows, *copies):
        row.pop("img")  # a file field is an object there, the text it holds here
    assert copies == rows
