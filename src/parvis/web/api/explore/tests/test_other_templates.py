"""Templates that few datasets have: what came with them, INSPIRE, why access is closed."""

from __future__ import annotations

import csv
import io

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS, SKOS

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access, update_card

pytestmark = pytest.mark.django_db
CATALOG = "/api/explore/v2.1/catalog"
CAME = {"inspire": {"theme": "Transport networks", "purpose": "Gérer"}, "dublin-core": {"creator": "Agence"}}
BLOCK = {"scope": True, "themes": ["ps"], "topics": ["biota"], "scale": 2500, "distance": 0.5, "crs": "EPSG:2154"}
BLOCK |= {"lineage": "Levé au GPS.", "conformity": "conformant", "party": "SIG", "party_role": "custodian"}


def metas_of(client, dataset_id: str) -> dict:
    return client.get(f"{CATALOG}/datasets/{dataset_id}").json()["metas"]


def test_what_came_is_served_as_it_came_until_it_is_described_here(client, dataset):
    assert set(metas_of(client, dataset.dataset_id)) == {"dcat", "default", "custom"}
    update_card(OPERATOR, dataset, {"as_told": CAME, "inspire": {"scope": True, "themes": ["tn"]}})
    metas = metas_of(client, dataset.dataset_id)
    assert {name: metas[name] for name in CAME} == CAME
    update_card(OPERATOR, dataset, {"inspire": BLOCK})
    inspire = metas_of(client, dataset.dataset_id)["inspire"]
    assert (inspire["theme"], inspire["purpose"]) == (["Sites protégés"], "Gérer")
    assert (inspire["lineage"], inspire["spatial_resolution"]) == ("Levé au GPS.", "1:2500 ; 0.5 m")
    update_card(OPERATOR, dataset, {"inspire": {**BLOCK, "scope": False}})
    assert metas_of(client, dataset.dataset_id)["inspire"] == CAME["inspire"]


def test_it_is_searched_by_template_and_name_and_stands_in_the_files_of_the_catalogue(client, dataset):
    update_card(OPERATOR, dataset, {"as_told": CAME, "custom": {"service": "Voirie"}})

    def count(where: str) -> int:
        return client.get(f"{CATALOG}/datasets", {"where": where}).json()["total_count"]

    assert [count(f'inspire.theme="{word}"') for word in ("Transport networks", "Autre")] == [1, 0]
    assert count('`dublin-core.creator`="Agence" and custom.service="Voirie"') == 1
    row = client.get(f"{CATALOG}/datasets", {"select": "`dublin-core.creator`"}).json()["results"][0]
    assert row == {"dublin-core.creator": "Agence"}
    export = client.get(f"{CATALOG}/exports/csv")
    text = (b"".join(export.streaming_content) if export.streaming else export.content).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (line["inspire.theme"], line["dublin-core.creator"]) == ("Transport networks", "Agence")
    assert line["custom.service"] == "Voirie"
    templates = {row["name"]: row for row in client.get(f"{CATALOG}/metadata_templates").json()["results"]}
    assert (templates["inspire"]["type"], templates["inspire"]["title"]) == ("interop", "INSPIRE")
    assert [field["name"] for field in templates["dublin-core"]["schema"]] == ["creator"]


def test_the_graph_says_what_inspire_wants_by_geodcat(client, dataset):
    update_card(OPERATOR, dataset, {"inspire": BLOCK})
    graph = rdflib.Graph().parse(data=client.get("/catalog.rdf").content, format="xml")
    (node,) = graph.subjects(RDF.type, DCAT.Dataset)
    theme = rdflib.URIRef("http://inspire.ec.europa.eu/theme/ps")
    assert (node, DCAT.theme, theme) in graph
    assert str(graph.value(theme, SKOS.prefLabel)) == "Sites protégés"
    standards = {str(value) for value in graph.objects(node, DCTERMS.conformsTo)}
    assert {"http://www.opengis.net/def/crs/EPSG/0/2154", "http://data.europa.eu/eli/reg/2010/1089"} <= standards
    assert float(graph.value(node, DCAT.spatialResolutionInMeters)) == 0.5
    dqv, geodcat = rdflib.Namespace("http://www.w3.org/ns/dqv#"), rdflib.Namespace("http://data.europa.eu/930/")
    measure = graph.value(node, dqv.hasQualityMeasurement)
    assert float(graph.value(measure, dqv.value)) == pytest.approx(1 / 2500)
    statements = {str(graph.value(part, RDFS.label)) for part in graph.objects(node, DCTERMS.provenance)}
    assert "Levé au GPS." in statements
    assert graph.value(node, geodcat.custodian) is not None
    rights = {str(value) for value in graph.objects(node, DCTERMS.rights)}
    assert any(value.endswith("/LimitationsOnPublicAccess/noLimitations") for value in rights)


def test_the_graph_and_the_api_tell_why_access_is_closed(client, dataset):
    why = {"closure": ["security"], "closure_note": "Jusqu’en 2027."}
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [], announced=True, **why)
    graph = rdflib.Graph().parse(data=client.get("/catalog.rdf").content, format="xml")
    (node,) = graph.subjects(RDF.type, DCAT.Dataset)
    rights = {str(graph.value(part, RDFS.label)) for part in graph.objects(node, DCTERMS.rights)}
    assert any("L311-5 (2°, d)" in words for words in rights)
    assert "Jusqu’en 2027." in rights
    assert any(str(part).endswith("Article13_1b") for part in graph.objects(node, DCTERMS.rights))
    answer = client.get(f"{CATALOG}/datasets/{dataset.dataset_id}?include_app_metas=true").json()["metas"]["parvis"]
    assert (answer["closure"], answer["closure_note"]) == (["security"], "Jusqu’en 2027.")
    page = client.get(f"/explore/dataset/{dataset.dataset_id}/information/").content.decode()
    assert "Sécurité publique" in page and "article L311-5 (2°, d)" in page and "Jusqu’en 2027." in page
