"""A portal shows what a second one has, asked there at that moment: the same answers, none of them here."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.rules import RUN, Mode
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.jobs.services import run_here

API = "/api/explore/v2.1/catalog/datasets/collection"

QUESTIONS = (
    "records",
    "records?limit=3&offset=2&timezone=Europe/Paris",
    "records?select=count(*)%20as%20n",
    "facets",
)


@pytest.fixture
def federated(served, town, settings):
    """What the second portal has, read once as federated datasets; how to read it again."""
    port = served.rpartition(":")[2]
    settings.PARVIS = {
        **settings.PARVIS,
        "PARVIS_SOURCES_PRIVATE_HOSTS": (f"127.0.0.1:{port}",),
        "PARVIS_SOURCES_PAUSE": 0.0,
    }
    source = save_source(
        OPERATOR, town.organisation, dialect="explore", url=served, title="Voisins", mode=Mode.FEDERATED, schedule=""
    )

    def read():
        run = begin_here(OPERATOR, source, complete=True)
        run_here(OPERATOR, RUN, run=run.pk)
        run.refresh_from_db()
        source.refresh_from_db()
        return run

    run = read()
    assert run.error is None, run.error
    return source, read


def there(address: str) -> dict:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return json.loads(answer.read())


def test_answers_are_those_of_the_other_portal(federated, served, client):
    here = Dataset.objects.get(dataset_id="collection")
    assert (here.status, here.current.format) == ("published", "federated")
    for question in QUESTIONS:
        answer = client.get(f"{API}/{question}")
        assert answer.status_code == 200, (question, answer.content)
        expected = there(f"{served}{API}/{question}")
        body = answer.json()
        if question == "facets":
            assert body["facets"] == expected["facets"]
        else:
            assert body == expected
    print(client.get("/explore/dataset/collection/table/").content.decode()[:200])
