"""``/catalog/exports``: the catalogue as files, feeds and graphs (specification, section 10.3)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from xml.etree import ElementTree

import pytest
import rdflib
from django.core.files.uploadedfile import SimpleUploadedFile
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import rename_dataset, update_card
from parvis.web.api.explore import catalogue_files
from parvis.web.api.explore.dcat import CatalogueCard
from parvis.web.api.explore.rdf_writer import serialized

pytestmark = [
    pytest.mark.django_db,
    # rdflib's own reader of JSON-LD uses what rdflib deprecates.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
LIST = "/api/explore/v2.1/catalog/datasets"
EXPORTS = "/api/explore/v2.1/catalog/exports"
DCATAP = rdflib.Namespace("http://data.europa.eu/r5r/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")


@pytest.fixture
def two(publish, dataset):
    """Two public datasets, one of them with metadata of the portal, and one that nobody may see."""
    other = publish(dataset_id="arbres", title="Arbres & « haies »", themes=["environnement"], keywords=["a", "b"])
    update_card(OPERATOR, other, {"custom": {"data-owner": "Parcs"}, "frequency": "annual", "contact_email": "a@b.fr"})
    publish(dataset_id="cache", access=Access.RESTRICTED)


def test_formats_are_listed_each_with_its_address(client, db):
    links = {row["rel"]: row["href"] for row in client.get(EXPORTS).json()["links"]}
    for name in ("csv", "json", "xlsx", "rss", "ttl", "rdf", "data.json", "dcat", "dublin_core"):
        assert links[name] == f"http://testserver{EXPORTS}/{name}"


def test_csv_has_a_column_for_each_metadata_and_the_identifier_last(client, two, body):
    response = client.get(f"{EXPORTS}/csv")
    assert response["Content-Disposition"] == 'attachment; filename="datasets.csv"'
    text = body(response).decode()
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [row["datasetid"] for row in rows] == ["arbres", "equipements"]
    assert list(rows[0])[-1] == "datasetid"
    assert (rows[0]["default.keyword"], rows[0]["default.federated"]) == ("a,b", "False")
    assert (rows[0]["custom.data-owner"], rows[1]["custom.data-owner"]) == ("Parcs", "")
    assert rows[0]["dcat.created"].endswith("+00:00")


def test_csv_takes_the_parameters_of_csv(client, two, body):
    parameters = {
        "with_bom": "false",
        "delimiter": ",",
        "where": 'dataset_id="equipements"',
        "select": "datasetid,title",
    }
    assert (
        body(client.get(f"{EXPORTS}/csv/", parameters))
        == "datasetid,title\r\nequipements,Équipements sportifs\r\n".encode()
    )


def test_json_is_an_array_of_dataset_objects(client, two, body):
    objects = json.loads(body(client.get(f"{EXPORTS}/json", {"order_by": "-dataset_id"})))
    assert [row["dataset_id"] for row in objects] == ["equipements", "arbres"]
    assert objects[1]["metas"]["default"]["title"] == "Arbres & « haies »"
    assert len(json.loads(body(client.get(f"{EXPORTS}/json", {"limit": "1"})))) == 1
    chosen = body(client.get(f"{EXPORTS}/json", {"select": "title", "where": 'dataset_id="arbres"'}))
    assert json.loads(chosen) == [{"title": "Arbres & « haies »"}]


def test_rss_is_valid_and_the_latest_come_first(client, two, body):
    response = client.get(f"{EXPORTS}/rss", {"lang": "fr", "sort": "-modified"})
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(body(response))
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel is not None
    for name in ("title", "link", "description"):
        assert channel.findtext(name)
    items = channel.findall("item")
    assert [item.findtext("title") for item in items] == ["Arbres & « haies »", "Équipements sportifs"]
    assert items[0].findtext("guid") == items[0].findtext("link") == "http://testserver/explore/dataset/arbres/"
    assert items[0].findtext("pubDate")


def test_data_json_is_project_open_data(client, two, body):
    catalogue = json.loads(body(client.get(f"{EXPORTS}/data.json")))
    assert catalogue["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    row = catalogue["dataset"][0]
    needed = ("title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel")
    assert all(row[name] for name in needed)
    assert row["contactPoint"]["hasEmail"] == "mailto:a@b.fr"
    assert row["accrualPeriodicity"] == "R/P1Y"
    assert row["distribution"][0]["downloadURL"].startswith(
        "http://testserver/api/explore/v2.1/catalog/datasets/arbres"
    )


@pytest.mark.parametrize(
    ("name", "syntax", "media"),
    [
        ("dcat", "xml", "application/rdf+xml"),
        ("dcat/", "xml", "application/rdf+xml"),
        ("rdf", "xml", "application/rdf+xml"),
        ("dcat-ap-ch", "xml", "application/rdf+xml"),
        ("dcat_ap_benap", "xml", "application/rdf+xml"),
        ("ttl", "turtle", "text/turtle"),
        ("jsonld", "json-ld", "application/ld+json"),
    ],
)
def test_the_graph_says_the_same_in_each_syntax(client, two, body, name, syntax, media):
    response = client.get(f"{EXPORTS}/{name}")
    assert response["Content-Type"].startswith(media)
    graph = rdflib.Graph().parse(data=body(response), format=syntax)
    catalogue = rdflib.URIRef("http://testserver/explore/")
    assert (catalogue, RDF.type, DCAT.Catalog) in graph
    datasets = {str(node) for node in graph.objects(catalogue, DCAT.dataset)}
    assert datasets == {f"http://testserver/explore/dataset/{name}/" for name in ("arbres", "equipements")}
    trees = rdflib.URIRef("http://testserver/explore/dataset/arbres/")
    assert graph.value(trees, DCTERMS.identifier) == rdflib.Literal("arbres")
    assert graph.value(trees, DCTERMS.title) == rdflib.Literal("Arbres & « haies »", lang="fr")
    assert str(graph.value(trees, DCTERMS.accrualPeriodicity)).endswith("/frequency/ANNUAL")
    assert str(graph.value(trees, DCAT.theme)).endswith("/data-theme/ENVI")
    publisher = graph.value(trees, DCTERMS.publisher)
    assert graph.value(publisher, FOAF.name) == rdflib.Literal("Ville d’Évry")


def test_each_file_of_a_dataset_is_a_distribution_whose_address_is_the_export(client, two, body):
    graph = rdflib.Graph().parse(data=body(client.get(f"{EXPORTS}/dcat")), format="xml")
    base = "http://testserver/api/explore/v2.1/catalog/datasets/arbres/exports"
    distributions = {}
    for node in graph.objects(rdflib.URIRef("http://testserver/explore/dataset/arbres/"), DCAT.distribution):
        assert graph.value(node, DCAT.accessURL) == graph.value(node, DCAT.downloadURL) == node
        distributions[str(graph.value(node, DCTERMS.title))] = (str(node), str(graph.value(node, DCAT.mediaType)))
    types = "https://www.iana.org/assignments/media-types"
    assert distributions["arbres.csv"] == (f"{base}/csv?use_labels=true", f"{types}/text/csv")
    assert distributions["arbres.json"] == (f"{base}/json", f"{types}/application/json")
    assert distributions["arbres.jsonl"][1] == f"{types}/application/json"
    assert distributions["arbres.geojson"][1] == f"{types}/application/json"
    assert distributions["arbres.parquet"][1] == f"{types}/application/parquet"
    assert client.get(distributions["arbres.csv"][0].removeprefix("http://testserver")).status_code == 200


def test_the_xml_keeps_together_what_is_said_of_a_dataset(client, two, body):
    root = ElementTree.fromstring(body(client.get(f"{EXPORTS}/dcat")))
    trees = "http://testserver/explore/dataset/arbres/"
    (element,) = [one for one in root if one.get(f"{{{RDF}}}about") == trees]
    assert element.tag == f"{{{DCAT}}}Dataset"
    assert element.find(f"{{{DCAT}}}distribution") is not None
    assert element.find(f"{{{DCTERMS}}}rights") is not None


def test_the_files_listed_and_their_labels_are_chosen(client, two, body):
    parameters = {"include_exports": "csv,json", "use_labels_in_exports": "false"}
    graph = rdflib.Graph().parse(data=body(client.get(f"{EXPORTS}/ttl", parameters)), format="turtle")
    titles = {
        str(title)
        for node in graph.subjects(RDF.type, DCAT.Distribution)
        for title in graph.objects(node, DCTERMS.title)
    }
    assert titles == {"arbres.csv", "arbres.json", "equipements.csv", "equipements.json"}
    assert all("?" not in str(node) for node in graph.subjects(RDF.type, DCAT.Distribution))


@pytest.mark.parametrize("many", [49, 50, 101])
@pytest.mark.parametrize(("name", "syntax"), [("rdf", "xml"), ("ttl", "turtle"), ("jsonld", "json-ld")])
def test_many_datasets_make_one_well_formed_document(client, dataset, name, syntax, many):
    row = client.get(LIST, {"include_app_metas": "true"}).json()["results"][0]
    card = CatalogueCard("https://exemple.fr", "Exemple", "Un catalogue.", exports=("csv",))
    del row["metas"]["parvis"]["identifier"]
    objects = [{**row, "dataset_id": f"jeu-{number}"} for number in range(many)]
    graph = rdflib.Graph().parse(data=b"".join(serialized(card, objects, name)), format=syntax)
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == many


def test_a_long_graph_is_given_by_pages_linked_as_harvesters_read_them(client, two, monkeypatch):
    monkeypatch.setattr(catalogue_files, "GRAPH_PAGE", 1)
    monkeypatch.setattr(
        catalogue_files, "service_cards", lambda *_: []
    )  # told by tests/conformance/test_dcat_services.py
    page = rdflib.Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
    assert len(set(page.subjects(RDF.type, DCAT.Dataset))) == 1
    (view,) = page.subjects(RDF.type, HYDRA.PartialCollectionView)
    assert str(page.value(view, HYDRA.next)) == "http://testserver/catalog.ttl?page=2"
    assert page.value(rdflib.URIRef("http://testserver/explore/"), HYDRA.totalItems) == rdflib.Literal(2)
    last = rdflib.Graph().parse(data=client.get("/catalog.ttl?page=2").content, format="turtle")
    assert list(last.objects(None, HYDRA.next)) == []
    assert client.get("/catalog.ttl?page=3").status_code == 404
    assert client.get("/catalog.ttl?page=-1").status_code == 400
    # rdflib keeps the names that JSON-LD gives to nodes without address: two pages must not call two things alike.
    together, apart = rdflib.Graph(), 0
    for number in (1, 2):
        text = client.get(f"/catalog.jsonld?page={number}").content
        apart += sum(
            isinstance(node, rdflib.BNode)
            for node in rdflib.Graph().parse(data=text, format="json-ld").subjects(unique=True)
        )
        together.parse(data=text, format="json-ld")
    assert sum(isinstance(node, rdflib.BNode) for node in together.subjects(unique=True)) == apart > 2


@pytest.mark.parametrize(("extension", "syntax"), [("ttl", "turtle"), ("rdf", "xml"), ("jsonld", "json-ld")])
def test_the_graph_has_an_address_with_an_extension(client, two, extension, syntax):
    response = client.get(f"/catalog.{extension}")
    assert response.status_code == 200
    assert len(set(rdflib.Graph().parse(data=response.content, format=syntax).subjects(RDF.type, DCAT.Dataset))) == 2


@pytest.mark.parametrize("extension", ["ttl", "rdf", "jsonld"])
def test_a_harvester_that_has_a_page_of_the_graph_is_sent_nothing_until_it_changes(client, dataset, extension):
    address = f"/catalog.{extension}"
    tag = client.get(address)["ETag"]
    again = client.get(address, headers={"If-None-Match": f"W/{tag}"})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    # A document changes nothing of the card: the graph lists it all the same.
    add_attachment(OPERATOR, dataset, "Notice", "notice.txt", SimpleUploadedFile("notice.txt", b"Notice"))
    changed = client.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag
    assert (
        client.get(address, {"include_exports": "csv"}, headers={"If-None-Match": changed["ETag"]}).status_code == 200
    )


def test_dublin_core_names_each_dataset(client, two, body):
    root = ElementTree.fromstring(body(client.get(f"{EXPORTS}/dublin_core")))
    titles = [node.text for node in root.iter("{http://purl.org/dc/elements/1.1/}title")]
    assert titles == ["Arbres & « haies »", "Équipements sportifs"]
    assert client.get(f"{EXPORTS}/dublin-core").status_code == 200


@pytest.mark.parametrize("name", ["ov2", "shp", "x"])
def test_an_unknown_format_is_refused_with_the_known_ones(client, db, name):
    response = client.get(f"{EXPORTS}/{name}")
    assert response.status_code == 404
    assert "data.json" in response.json()["message"]


@pytest.mark.parametrize("name", ["csv", "json", "rss", "dcat", "data.json"])
def test_a_wrong_query_is_told_before_any_byte(client, two, name):
    response = client.get(f"{EXPORTS}/{name}", {"where": "nope = 1"})
    assert response.status_code == 400
    assert response.json()["error_code"] == "ODSQLError"


def test_files_that_do_not_exist_cannot_be_listed(client, two):
    response = client.get(f"{EXPORTS}/dcat", {"include_exports": "csv,nope"})
    assert (response.status_code, response.json()["error_code"]) == (400, "InvalidRESTParameterError")


def test_other_catalogues_know_a_dataset_by_what_it_was_called_first(client, dataset):
    def known() -> tuple[str, str, str]:
        graph = rdflib.Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
        (node,) = graph.subjects(RDF.type, DCAT.Dataset)
        return str(node), str(graph.value(node, DCTERMS.identifier)), str(graph.value(node, DCAT.landingPage))

    node, identifier, page = known()
    assert (identifier, page) == ("equipements", f"{node}information/")
    for name in ("stades", "gymnases", "equipements", "stades"):
        rename_dataset(OPERATOR, dataset, name)
        assert known() == (node, "equipements", f"http://testserver/explore/dataset/{name}/information/")


def test_the_feed_lists_services_and_documents(client, dataset, body, monkeypatch):
    monkeypatch.setattr(
        catalogue_files, "service_cards", lambda *_: []
    )  # told by tests/conformance/test_dcat_services.py
    content = SimpleUploadedFile("notice.txt", b"Comment lire ces lignes.")
    document = add_attachment(OPERATOR, dataset, "Notice", "notice.txt", content)
    update_card(OPERATOR, dataset, {"hvd": ["geospatial"]})
    dataset.current.has_geometry = True
    dataset.current.save()
    graph = rdflib.Graph().parse(data=client.get("/catalog.rdf").content, format="xml")
    (node,) = graph.subjects(RDF.type, DCAT.Dataset)
    (part,) = graph.objects(node, DCTERMS.hasPart)
    assert str(part) == f"http://testserver/api/explore/v2.1/catalog/datasets/equipements/attachments/{document.slug}"
    served = body(client.get(str(part).removeprefix("http://testserver")))
    checksums = {
        str(thing): str(graph.value(graph.value(thing, SPDX.checksum), SPDX.checksumValue))
        for thing in graph.subjects(SPDX.checksum)
    }
    assert checksums[str(part)] == hashlib.sha256(served).hexdigest()
    services = {str(graph.value(service, DCAT.endpointURL)) for service in graph.subjects(RDF.type, DCAT.DataService)}
    assert services == {
        "http://testserver/api/explore/v2.1/catalog/datasets/equipements/records",
        "http://testserver/ogc/collections/equipements/items",
    }
    addresses = {
        str(value)
        for name in (DCAT.endpointURL, DCAT.endpointDescription, DCAT.landingPage, FOAF.page)
        for value in graph.objects(None, name)
    }
    for address in addresses:
        response = client.get(address.removeprefix("http://testserver"))
        assert response.status_code == 200, address
    assert str(graph.value(node, DCATAP.applicableLegislation)).endswith("/2023/138/oj")


def test_exports_known_from_opendatasoft_list_files_and_nothing_else(client, dataset, body):
    add_attachment(OPERATOR, dataset, "Notice", "notice.txt", SimpleUploadedFile("notice.txt", b"Lire."))
    for name, services in (("dcat", 0), ("ttl", 0), ("dcat_ap", 1), ("jsonld", 1)):
        text = body(client.get(f"{EXPORTS}/{name}")).decode()
        assert len(set(re.findall(r"equipements/#[\w-]+-distribution", text))) == services, name


def test_an_organisation_has_a_catalogue_of_its_own(client, publish, dataset):
    other = make_organisation("Lisses", slug="lisses")
    publish(dataset_id="arbres", organisation=other)
    publish(dataset_id="cache", organisation=other, access=Access.RESTRICTED)
    for extension, syntax in (("rdf", "xml"), ("ttl", "turtle"), ("jsonld", "json-ld")):
        response = client.get(f"/organisations/lisses/catalog.{extension}?include_exports=csv")
        graph = rdflib.Graph().parse(data=response.content, format=syntax)
        (node,) = graph.subjects(RDF.type, DCAT.Dataset)
        assert str(graph.value(node, DCTERMS.identifier)) == "arbres"
        (view,) = graph.subjects(RDF.type, HYDRA.PartialCollectionView)
        assert str(view) == f"http://testserver/organisations/lisses/catalog.{extension}?include_exports=csv&page=1"
        (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
        publisher = graph.value(catalogue, DCTERMS.publisher)
        assert graph.value(node, DCTERMS.publisher) == publisher
        assert client.head(f"/organisations/lisses/catalog.{extension}")["Content-Type"] == response["Content-Type"]
    assert client.get("/organisations/personne/catalog.ttl").status_code == 404
