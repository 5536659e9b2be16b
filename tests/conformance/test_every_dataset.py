"""Every kind of dataset that the product makes, in the feed and in the other catalogues: what the shapes of Europe ask, the facts of the
API, addresses that answer what is announced of them, identifiers that stay. Read by what others wrote: rdflib, OWSLib, python-odata."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
import rdflib
import requests
from django.db import connection, transaction
from django.test import Client
from odata import ODataService
from owslib.catalogue.csw2 import CatalogueServiceWeb as Csw2
from owslib.catalogue.csw3 import CatalogueServiceWeb as Csw3
from owslib.ogcapi.records import Records
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS

from conformance.every_kind import Kinds, make_kinds
from conformance.test_dcat_ap import DCATAP, SPDX, SYNTAXES, printable, violations
from parvis.core.metadata import FREQUENCY_BY_SLUG, frequency_slug
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import rename_dataset, update_card
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory
from parvis.web.api.explore import catalogue_files
from parvis.web.api.odata.tests.test_client import Wire as OdataWire
from parvis.web.geocatalogue.tests.conftest import Wire

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

HERE = "http://testserver"
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
EVERY_FORMAT = ("tous-types", "ods-tout", "pousse", "villes", "ckan-vide")
"""The datasets whose files are all fetched; of the others, CSV and what was received."""
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@pytest.fixture(scope="module")
def kinds(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Kinds]:
    """The portal, for the time of this file, and nothing of it afterwards."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)
        patch.setattr(catalogue_files, "GRAPH_PAGE", 17)
        patch.setattr(
            connection, "close", lambda: None
        )  # at the end of each test, which would end the transaction of all
        yield make_kinds(tmp_path_factory.mktemp("kinds"))
        transaction.set_rollback(True)


def pages_of(address: str, syntax: str, host: str = "testserver") -> Iterator[rdflib.Graph]:
    """The pages of a feed as a harvester follows them."""
    address = f"http://{host}{address}.{syntax}"
    while address:
        parts = urlsplit(address)
        assert parts.netloc == host
        answer = Client(headers={"host": host}).get(f"{parts.path}?{parts.query}")
        assert answer.status_code == 200, address
        page = rdflib.Graph().parse(data=answer.content, format=SYNTAXES[syntax])
        yield page
        (view,) = page.subjects(RDF.type, HYDRA.PartialCollectionView)
        address = str(page.value(view, HYDRA.next) or "")


def whole(address: str, syntax: str = "ttl", host: str = "testserver") -> rdflib.Graph:
    """All that its pages say, but for how they are linked, which each syntax has its own addresses for."""
    graph = rdflib.Graph()
    for page in pages_of(address, syntax, host):
        for subject, predicate, value in page:
            if "catalog." not in str(subject) and "hydra" not in f"{predicate}{value}":
                graph.add((subject, predicate, value))
    return graph


@pytest.fixture(scope="module")
def feed(kinds) -> rdflib.Graph:
    return whole("/catalog")


@pytest.fixture(scope="module")
def objects(kinds) -> dict[str, dict]:
    """What the API says of each dataset, by identifier."""
    rows = json.loads(Client().get("/api/explore/v2.1/catalog/exports/json?include_app_metas=true").getvalue())
    return {row["dataset_id"]: row for row in rows}


def nodes(graph: rdflib.Graph) -> dict[str, rdflib.term.Node]:
    return {str(graph.value(node, DCTERMS.identifier)): node for node in graph.subjects(RDF.type, DCAT.Dataset)}


def test_each_kind_is_told_once_and_what_is_closed_nowhere(kinds, feed, objects):
    assert len(set(kinds.shown.values())) >= 20
    assert set(nodes(feed)) == set(kinds.shown) == set(objects)
    answers = [
        Client().get(address)
        for address in (
            *("/catalog.ttl", "/api/explore/v2.1/catalog/exports/data.json", "/api/explore/v2.1/catalog/exports/rss"),
            "/feed.xml", "/sitemap.xml", "/odata/", "/odata/datasets?$top=1000", "/ogc/collections/catalogue/items?limit=1000&f=json",
            "/csw?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=results&elementSetName=full&maxRecords=1000",
        )
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    everything = "".join(answer.getvalue().decode() for answer in answers)
    for name in kinds.absent:
        assert f"/{name}/" not in everything
        assert f">{name}<" not in everything
        assert f'"{name}"' not in everything


def test_the_feeds_hold_by_the_shapes_of_dcat_ap(feed):
    assert violations(feed, "shapes.ttl", "range.ttl") == []
    assert violations(feed, "mdr-vocabularies.shape.ttl") == []


def test_udata_takes_no_checksum_for_bytes(feed):
    """It reads these names of algorithms; rdflib then gives it the value, and a dataset that has bytes there is refused whole."""
    read = {SPDX[f"checksumAlgorithm_{name}"] for name in ("md5", "sha1", "sha256")}
    checksums = list(feed.subject_objects(SPDX.checksumValue))
    assert len(checksums) > 20
    for node, value in checksums:
        assert feed.value(node, SPDX.algorithm) not in read or isinstance(value.toPython(), str)


def test_high_value_datasets_hold_by_their_annex(feed):
    graph = rdflib.Graph()
    for triple in feed:
        graph.add(triple)
    high = {node for node in graph.subjects(DCATAP.hvdCategory) if (node, RDF.type, DCAT.Dataset) in graph}
    assert {str(graph.value(node, DCTERMS.identifier)) for node in high} == {"complet", "odbl-hvd", "reserve"}
    for node in set(graph.subjects(RDF.type, DCAT.Dataset)) - high:
        served = graph.subjects(DCAT.servesDataset, node)
        for other in {node, *graph.objects(node, DCAT.distribution), *served}:
            graph.remove((other, RDF.type, None))
            graph.remove((None, None, other))
    for node in set(graph.subjects(RDF.type, DCAT.DataService)) - set(graph.subjects(DCATAP.hvdCategory)):
        graph.remove((node, RDF.type, None))
        graph.remove((None, None, node))
    for thing in {thing for thing in graph.objects() if isinstance(thing, rdflib.URIRef)}:
        graph.add((thing, RDF.type, RDFS.Resource))
    assert violations(graph, "hvd-SHACL.ttl") == []


@pytest.mark.parametrize("address", ["/catalog", "/organisations/region/catalog"])
def test_three_syntaxes_are_one_graph_page_by_page(kinds, address):
    turtle, *others = (whole(address, syntax) for syntax in SYNTAXES)
    assert all(isomorphic(turtle, graph) for graph in others)
    assert len(nodes(turtle)) > 10


def test_organisations_share_the_catalogue_out(kinds, feed):
    feeds = {slug: whole(f"/organisations/{slug}/catalog") for slug in ("evry", "region")}
    names = {slug: set(nodes(graph)) for slug, graph in feeds.items()}
    assert names["evry"].isdisjoint(names["region"])
    assert names["evry"] | names["region"] == set(nodes(feed))
    for slug, graph in feeds.items():
        assert violations(graph, "shapes.ttl") == [], slug


def test_a_reader_finds_the_facts_of_the_api(feed, objects):
    for identifier, node in nodes(feed).items():
        row = objects[identifier]
        default, dcat = row["metas"]["default"], row["metas"]["dcat"]
        language = default["language"] or "fr"

        def texts(predicate, lang="", node=node):
            return sorted(
                " ".join(str(value).split())
                for value in feed.objects(node, predicate)
                if not lang or getattr(value, "language", None) in (lang, None)
            )

        assert texts(DCTERMS.title, language) == [" ".join(printable(default["title"]).split())], identifier
        description = default["description"] or default["title"]
        assert texts(DCTERMS.description, language) == [" ".join(printable(description).split())], identifier
        assert texts(DCAT.keyword, language) == sorted(map(printable, default["keyword"] or ())), identifier
        licence = feed.value(node, DCTERMS.license)
        if default["license_url"]:
            assert str(licence).rstrip("/") == default["license_url"].rstrip("/")
        assert str(feed.value(feed.value(node, DCTERMS.publisher), FOAF.name)) == default["publisher"]
        frequency = feed.value(node, DCTERMS.accrualPeriodicity)
        term = FREQUENCY_BY_SLUG.get(frequency_slug(dcat["accrualperiodicity"] or ""))
        assert str(frequency or "") == (term.uri if term else ""), identifier
        modified = feed.value(node, DCTERMS.modified)
        assert modified is None or modified.toPython().isoformat() == default["modified"]
        assert (feed.value(node, DCAT.distribution) is not None) is row["data_visible"], identifier


@dataclass
class Fetched:
    status: int
    media_type: str
    size: int
    sha256: str


def fetch(address: str) -> Fetched:
    """What is at an address of the portal, whole."""
    parts = urlsplit(address)
    answer = Client(headers={"accept-encoding": "identity"}).get(f"{parts.path}?{parts.query}")
    body = answer.getvalue()
    answer.close()
    kind = answer["Content-Type"].partition(";")[0]
    return Fetched(answer.status_code, kind, len(body), hashlib.sha256(body).hexdigest())


def test_addresses_answer_what_is_announced_of_them_without_a_redirection(feed):
    checksums = there = 0
    documents = set(feed.objects(None, DCTERMS.hasPart))
    for part in {*feed.objects(None, DCAT.distribution), *documents}:
        address = str(feed.value(part, DCAT.downloadURL) or feed.value(part, DCAT.accessURL) or part)
        if not address.startswith(HERE):
            there += 1  # the portal that a federated dataset is asked of, and no address of ours that leads to it
            continue
        name = address.split("/datasets/")[-1].split("/")[0]
        if "/exports/" in address and "/exports/csv" not in address and name not in EVERY_FORMAT:
            continue
        if address.endswith("/villes/records"):
            continue  # its portal is not there any more
        answer = fetch(address)
        assert answer.status == 200, address
        assert f"{MEDIA_TYPES}{answer.media_type}" == str(feed.value(part, DCAT.mediaType)), address
        size, checksum = feed.value(part, DCAT.byteSize), feed.value(part, SPDX.checksum)
        assert size is None or int(size) == answer.size, address
        if checksum is not None:
            checksums += 1
            assert str(feed.value(checksum, SPDX.checksumValue)).lower() == answer.sha256, address
    assert there > 5
    assert checksums > 20
    for predicate in (DCAT.landingPage, FOAF.page):
        for address in {str(value) for value in feed.objects(None, predicate)} - set(map(str, documents)):
            if address.startswith(f"{HERE}/explore/"):
                assert fetch(address).status == 200, address


def test_a_site_of_a_commune_tells_its_own(kinds):
    make_site(OPERATOR, Territory.objects.get(code="91228"), "evry.localhost", parent=main_site())
    graph = whole("/catalog", host="evry.localhost")
    assert "complet" in nodes(graph)
    assert {str(node).split("/")[2] for node in nodes(graph).values()} == {"evry.localhost"}
    assert violations(graph, "shapes.ttl") == []


def test_identifiers_stay_whatever_is_renamed(kinds, feed):
    before = nodes(feed)
    with transaction.atomic():
        moved = Dataset.objects.get(dataset_id="complet")
        update_card(OPERATOR, moved, {"title": "Un autre titre"})
        rename_dataset(OPERATOR, moved, "tout-autrement")
        kinds.city.name = "Ville nouvelle"
        kinds.city.save()
        after = whole("/catalog")
        elsewhere = whole("/catalog", host="localhost")
        transaction.set_rollback(True)
    assert nodes(after) == before
    assert str(after.value(before["complet"], DCTERMS.title)) in ("Un autre titre", "Bicycle racks", "Fahrradbügel")
    publishers = {str(value) for value in feed.objects(None, DCTERMS.publisher)}
    assert {str(value) for value in after.objects(None, DCTERMS.publisher)} == publishers
    assert {name: str(node).replace("//localhost/", "//testserver/") for name, node in nodes(elsewhere).items()} == {
        name: str(node) for name, node in before.items()
    }


@pytest.fixture
def wire(kinds, monkeypatch) -> Wire:
    """The ways out of OWSLib, turned to the portal."""
    out = Wire(Client())
    monkeypatch.setattr(requests, "request", out.send)
    monkeypatch.setattr(requests, "get", lambda url, **more: out.send("GET", url, **more))
    monkeypatch.setattr(requests, "post", lambda url, data=None, **more: out.send("POST", url, data, **more))
    return out


def flat(text: str | None) -> str:
    return " ".join(printable(text or "").split())


def test_csw_gives_each_of_them_to_owslib(wire, objects):
    for service, ask in ((Csw2(f"{HERE}/csw"), "getrecords2"), (Csw3(f"{HERE}/csw", version="3.0.0"), "getrecords")):
        titles, start = {}, 1
        while start:
            getattr(service, ask)(esn="full", startposition=start, maxrecords=20)
            titles |= {name: flat(record.title) for name, record in service.records.items()}
            start = service.results["nextrecord"]
        assert {name: flat(row["metas"]["default"]["title"]) for name, row in objects.items()}.items() <= titles.items()
    service = Csw2(f"{HERE}/csw")
    service.getrecordbyid(id=list(objects), outputschema="http://www.isotc211.org/2005/gmd", esn="full")
    assert set(service.records) == set(objects)
    for name, record in service.records.items():
        default = objects[name]["metas"]["default"]
        (identification,) = record.identification
        assert flat(identification.title) == flat(default["title"])
        assert identification.abstract
        addresses = [row.url for row in record.distribution.online] if record.distribution else []
        assert any("/exports/" in address for address in addresses) is objects[name]["data_visible"], name


def test_records_gives_each_of_them_to_owslib(wire, objects):
    service = Records(f"{HERE}/ogc")
    features, offset = [], 0
    while page := service.collection_items("catalogue", limit=20, offset=offset)["features"]:
        features += page
        offset += len(page)
    titles = {row["id"]: flat(row["properties"]["title"]) for row in features}
    assert len(titles) == len(features)
    assert {name: flat(row["metas"]["default"]["title"]) for name, row in objects.items()}.items() <= titles.items()


def test_links_of_records_lead_where_they_say_without_a_redirection(kinds, objects):
    for name in ("tous-types", "complet", "ckan-vide", "reserve"):
        record = json.loads(Client().get(f"/ogc/collections/catalogue/items/{name}?f=json").getvalue())
        links = [link for link in record["links"] if link["href"].startswith(HERE)]
        assert len(links) > (8 if objects[name]["data_visible"] else 1)
        for link in links:
            answer = fetch(link["href"])
            assert answer.status == 200, link
            assert answer.media_type == link.get("type", answer.media_type).partition(";")[0], link


def test_the_other_documents_say_the_same(kinds, objects, feed):
    listed = json.loads(Client().get("/api/explore/v2.1/catalog/exports/data.json").getvalue())["dataset"]
    assert {row["identifier"].rstrip("/").rpartition("/")[2] for row in listed} == set(objects)
    sitemap = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    addresses = {
        unquote(urlsplit(part.text).path) for part in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    }
    for name, row in objects.items():
        assert (f"/explore/dataset/{name}/information/" in addresses) is row["data_visible"], name
        croissant = Client().get(f"/explore/dataset/{name}/croissant.json")
        if not row["data_visible"]:
            continue
        assert croissant.status_code == 200, name
        card = json.loads(croissant.content)
        assert flat(card["name"]) == flat(row["metas"]["default"]["title"]) or card["name"] == name
        for part in card.get("distribution", ()):
            if part.get("sha256") and name != "villes":
                answer = fetch(part["contentUrl"])
                assert (answer.status, answer.sha256) == (200, part["sha256"]), part["contentUrl"]


def rows_of(address: str) -> list[dict]:
    """The rows of a set of OData, by the links of each page to the next, seven at a time."""
    rows: list[dict] = []
    while address:
        answer = Client().get(address, headers={"Prefer": "odata.maxpagesize=7"})
        assert answer.status_code == 200, answer.content
        page = answer.json()
        assert len(page["value"]) <= 7
        rows += page["value"]
        address = page.get("@odata.nextLink", "").removeprefix(HERE)
    return rows


def test_odata_gives_their_rows_to_python_odata(kinds, objects):
    session = requests.Session()
    session.mount("http://", OdataWire())
    for name, row in objects.items():
        if not row["data_visible"] or row["metas"]["default"]["federated"]:
            assert Client().get(f"/odata/{name}/").status_code in (403, 409), name
            continue
        service = ODataService(f"{HERE}/odata/{name}/", reflect_entities=True, session=session, quiet_progress=True)
        ((set_name, entity),) = service.entities.items()
        address = f"/odata/{name}/{set_name}"
        total = Client().get(f"/api/explore/v2.1/catalog/datasets/{name}/records?limit=0").json()["total_count"]
        read = service.query(entity).all()
        assert len(read) == total == int(Client().get(f"{address}/$count").content), name
        by_pages = rows_of(address)
        assert [one["_row"] for one in by_pages] == [one._row for one in read], name
        if name in EVERY_FORMAT:
            _ask_each_column(address, by_pages)


def _ask_each_column(address: str, rows: list[dict]) -> None:
    """Each option of a question, of each column, against the rows themselves."""
    for column in rows[0] if rows else ():
        values = [row[column] for row in rows]
        present = [value for value in values if value is not None]

        def answer_to(question: str) -> list[dict]:
            answer = Client().get(address, dict(part.split("=", 1) for part in question.split("&")))
            assert answer.status_code == 200, (address, question, answer.content)
            return answer.json()["value"]

        assert [row[column] for row in answer_to(f"$select={column}")] == values, column
        assert len(answer_to(f"$filter={column} eq null")) == len(values) - len(present), column
        if column in ("contour", "forme", "geometry"):
            answer = Client().get(address, {"$orderby": column})  # as the description says
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "odata-wrong-type")
            continue
        assert len(answer_to(f"$orderby={column} desc&$top=2&$skip=1")) == min(2, len(values) - 1), column
        groups = answer_to(f"$apply=groupby(({column}),aggregate($count as total))")
        assert {repr(row[column]): row["total"] for row in groups} == Counter(map(repr, values)), column
