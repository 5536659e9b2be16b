"""A dataset that was taken from another portal says so in each protocol of the catalogue, and our own readers hear it in each."""

import json
from pathlib import Path

import pytest
from django.utils.http import urlencode

from parvis.core.sources.contract import Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.origins import origin_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import update_card

pytestmark = pytest.mark.django_db

HOME = "http://testserver"
ORIGIN = {"source_domain_address": "data.ailleurs.fr", "source_dataset": "les-arbres"}
PLACES = {
    "explore": "",
    "dcat": "/catalog.rdf",
    "dcat-whole": "/api/explore/v2.1/catalog/exports/rdf",
    "csw": "/csw",
    "ogc_features": "/ogc/collections",
    "ogc_records": "/ogc/collections/catalogue",
}


@pytest.mark.parametrize("way", PLACES)
def test_the_origin_of_a_dataset_is_heard_in_every_protocol(home, shown, client, tmp_path: Path, way):
    dialect, wishes = DIALECTS[way.partition("-")[0]], Settings(f"{HOME}{PLACES[way]}")
    (request,) = dialect.first(wishes)

    def heard() -> tuple[str, str] | None:
        path = request.url.removeprefix(HOME)
        if request.method == "POST":
            answer = client.post(path, request.body, content_type="application/xml")
        else:
            answer = client.get(path, headers={"accept": request.headers["Accept"]})
        assert answer.status_code == 200, answer.content[:500]
        file = tmp_path / "answer"
        file.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        items = dialect.read(file, request, wishes).items
        return next(origin_of(item) for item in items if item.title == shown.title)

    assert heard() == ("testserver", "arbres"), "one that began here is told by its page"
    update_card(OPERATOR, shown, {"as_told": {"default": ORIGIN}})
    assert heard() == ("data.ailleurs.fr", "les-arbres")


def test_the_record_and_the_object_say_it_too(home, shown, client):
    update_card(OPERATOR, shown, {"as_told": {"default": ORIGIN}})
    record = client.get("/ogc/collections/catalogue/items/arbres?f=json").json()
    assert [link["href"] for link in record["links"] if link["rel"] == "via"] == [
        "https://data.ailleurs.fr/explore/dataset/les-arbres/"
    ]
    query = urlencode({"where": 'default.source_domain_address = "data.ailleurs.fr"', "select": "dataset_id"})
    names = client.get(f"/api/explore/v2.1/catalog/datasets?{query}").json()["results"]
    assert json.dumps(names).count("arbres") == 1
