"""A dataset that was taken from another portal says so in each protocol of the catalogue, and our own readers hear it in each."""

import json
from pathlib import Path

import pytest
import rdflib
from django.utils.http import urlencode
from rdflib.namespace import DCAT, DCTERMS, RDFS

from parvis.core.sources.contract import Item, Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.origins import comes_from, origin_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import rename_dataset, update_card

pytestmark = pytest.mark.django_db

ADMS = rdflib.Namespace("http://www.w3.org/ns/adms#")
HOME = "http://testserver"
ORIGIN = {"source_domain_address": "data.ailleurs.fr", "source_dataset": "les-arbres"}
PLACES = {
    "explore": "",
    "dcat": "/catalog.rdf",
    "dcat-whole": "/api/explore/v2.1/catalog/exports/rdf",
    "csw": "/csw",
    "ogc_features": "/ogc/collections",
    "ogc_records": "/ogc/collections/catalogue",
    "data_json": "/api/explore/v2.1/catalog/exports/data.json",
}


@pytest.fixture
def heard(shown, client, tmp_path: Path):
    """``heard(way)``: where our own reader of a protocol says that the dataset came from first."""

    def read(way: str) -> tuple[str, str] | None:
        dialect, wishes = DIALECTS[way.partition("-")[0]], Settings(f"{HOME}{PLACES[way]}")
        (request,) = dialect.first(wishes)
        path = request.url.removeprefix(HOME)
        if request.method == "POST":
            answer = client.post(path, request.body, content_type="application/xml")
        else:
            answer = client.get(path, headers={"accept": request.headers.get("Accept", "*/*")})
        assert answer.status_code == 200, answer.content[:500]
        file = tmp_path / "answer"
        file.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        items = dialect.read(file, request, wishes).items
        return next(origin_of(item) for item in items if item.title == shown.title)

    return read


@pytest.mark.parametrize("way", PLACES)
def test_the_origin_of_a_dataset_is_heard_in_every_protocol(home, shown, heard, way):
    assert heard(way) == ("testserver", "arbres"), "one that began here is told by its page"
    update_card(OPERATOR, shown, {"as_told": {"default": ORIGIN}})
    assert heard(way) == ("data.ailleurs.fr", "les-arbres")


@pytest.mark.parametrize("way", PLACES)
def test_a_portal_that_is_asked_by_another_name_than_its_own_says_its_own(home, shown, heard, settings, way):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_BASE_URL": "https://donnees.ici.fr"}
    assert heard(way) == ("donnees.ici.fr", "arbres")
    update_card(OPERATOR, shown, {"as_told": {"default": ORIGIN}})
    assert heard(way) == ("data.ailleurs.fr", "les-arbres")
    update_card(OPERATOR, shown, {"as_told": {"default": {}}})
    settings.PARVIS = {**settings.PARVIS, "PARVIS_BASE_URL": "http://127.0.0.1:8151"}
    assert heard(way) == ("testserver", "arbres"), "a name that is of its machine alone says nothing elsewhere"
    settings.PARVIS = {**settings.PARVIS, "PARVIS_BASE_URL": HOME}
    rename_dataset(OPERATOR, shown, "arbres-et-haies")
    assert heard(way) == ("testserver", "arbres"), "nor does a name that changed make another dataset"


def _by_ckan(graph: rdflib.Graph, node: rdflib.term.Node) -> dict:
    """What ckanext-dcat keeps of a dataset: lists as JSON, a node without address as a name that means nothing."""
    names = [str(value) for value in graph.objects(node, ADMS.identifier)]
    extras = {
        "uri": str(node),
        "guid": str(node),
        "identifier": str(graph.value(node, DCTERMS.identifier)),
        "alternate_identifier": json.dumps(names),
    }
    package = {"id": "c-1", "name": "c", "title": str(graph.value(node, DCTERMS.title))}
    package["extras"] = [{"key": key, "value": value} for key, value in extras.items()]
    return {"success": True, "result": {"count": 1, "results": [package]}}


def _by_udata(graph: rdflib.Graph, node: rdflib.term.Node) -> dict:
    """What the DCAT harvester of udata keeps of a dataset: labels of provenance, addresses, no other identifier."""
    labels = [str(graph.value(part, RDFS.label)) for part in graph.objects(node, DCTERMS.provenance)]
    harvest = {
        "backend": "dcat",
        "uri": str(node),
        "dct_identifier": str(graph.value(node, DCTERMS.identifier)),
        "remote_url": str(graph.value(node, DCAT.landingPage)),
    }
    dataset = {"id": "u-1", "title": str(graph.value(node, DCTERMS.title)), "harvest": harvest}
    return {"data": [{**dataset, "extras": {"dcat": {"provenance": labels}}}], "total": 1}


@pytest.mark.parametrize(("slug", "kept_by"), [("ckan", _by_ckan), ("udata", _by_udata)])
def test_the_first_portal_is_known_behind_other_software_that_took_a_copy_from_a_copy(
    home, shown, client, tmp_path: Path, slug, kept_by
):
    def heard() -> Item:
        answer = client.get("/catalog.rdf")
        graph = rdflib.Graph().parse(data=b"".join(answer) if answer.streaming else answer.content, format="xml")
        (node,) = graph.subjects(DCTERMS.title, rdflib.Literal(shown.title, lang="fr"))
        (tmp_path / "answer").write_text(json.dumps(kept_by(graph, node)), encoding="utf-8")
        dialect, settings = DIALECTS[slug], Settings("https://catalogue.tiers.example")
        (item,) = dialect.read(tmp_path / "answer", dialect.first(settings)[0], settings).items
        return item

    assert origin_of(heard()) == ("testserver", "arbres")
    update_card(OPERATOR, shown, {"as_told": {"default": ORIGIN}})
    assert origin_of(heard()) == ("data.ailleurs.fr", "les-arbres")
    assert comes_from(heard(), {"data.ailleurs.fr"})


def test_the_record_and_the_object_say_it_too(home, shown, client):
    update_card(OPERATOR, shown, {"as_told": {"default": ORIGIN}})
    record = client.get("/ogc/collections/catalogue/items/arbres?f=json").json()
    assert [link["href"] for link in record["links"] if link["rel"] == "via"] == [
        "https://data.ailleurs.fr/explore/dataset/les-arbres/"
    ]
    query = urlencode({"where": 'default.source_domain_address = "data.ailleurs.fr"', "select": "dataset_id"})
    names = client.get(f"/api/explore/v2.1/catalog/datasets?{query}").json()["results"]
    assert json.dumps(names).count("arbres") == 1
