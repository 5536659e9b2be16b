"""Services among the records, as OWSLib and the harvester of the house read them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import rdflib
from owslib.catalogue.csw2 import CatalogueServiceWeb as Csw2
from owslib.fes import PropertyIsEqualTo
from owslib.iso import MD_Metadata
from rdflib.namespace import DCAT, DCTERMS, RDF

from parvis.core.sources import csw, ogc_records
from parvis.core.sources.contract import Request, Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.dataservices.factories import make_service
from parvis.hub.dataservices.harvested import is_of_portal
from parvis.hub.dataservices.portal_slugs import PORTAL_SLUGS
from parvis.hub.records.services import withdraw

pytestmark = pytest.mark.django_db

URL = "http://testserver/csw"
HERE = "/ogc/collections/catalogue/items"
SERVICES = PropertyIsEqualTo("dc:type", "service")


@pytest.fixture
def service(shown):
    """A WMS of the city, about one of its datasets."""
    return make_service(
        shown.organisation,
        "Cartes des arbres & des rues",
        kind="wms",
        text="Des images <à> superposer.",
        endpoints=["https://carto.example/wms?map=1&x=2"],
        description_address="https://carto.example/wms?REQUEST=GetCapabilities",
        version="1.3.0",
        licence="lov2",
        access="open_with_account",
        rate="50 appels par seconde",
        contact_email="sig@evry.example",
        themes=["environnement"],
        keywords=["voirie"],
        datasets=[shown.permanent_id],
    )


def test_owslib_reads_a_service_as_iso_19119_tells_it(wire, service, shown):
    catalogue = Csw2(URL)
    catalogue.getrecords2(
        constraints=[SERVICES], esn="full", maxrecords=50, outputschema="http://www.isotc211.org/2005/gmd"
    )
    assert catalogue.results["matches"] == 1 + len(PORTAL_SLUGS)
    record: MD_Metadata = catalogue.records[str(service.identifier)]
    assert (record.hierarchy, record.identifier) == ("service", str(service.identifier))
    (identification,) = record.identification
    assert (identification.title, identification.abstract) == (service.title, service.text)
    assert (identification.type, identification.version) == ("view", "1.3.0")
    # OWSLib looks for it in the namespace of ISO 19115.
    (coupling,) = ElementTree.fromstring(record.xml).iter("{http://www.isotc211.org/2005/srv}SV_CouplingType")
    assert coupling.get("codeListValue") == "tight"
    (operation,) = identification.operations
    assert operation["name"] == "GetMap"
    assert [point.url for point in operation["connectpoint"]] == service.endpoints
    assert [row["uuidref"] for row in identification.operateson] == ["arbres"]
    assert "50 appels par seconde" in " ".join(identification.otherconstraints)
    assert {row.protocol for row in record.distribution.online} >= {"OGC:WMS"}
    contact = identification.contact[0]
    assert (contact.organization, contact.email) == ("Ville d’Évry", "sig@evry.example")


def test_dublin_core_says_that_it_is_a_service(wire, client, service):
    catalogue = Csw2(URL)
    catalogue.getrecordbyid(id=[str(service.identifier)], esn="full")
    (record,) = catalogue.records.values()
    assert (record.type, record.title) == ("service", service.title)
    assert service.endpoints[0] in {row["url"] for row in record.references}
    query = {"service": "CSW", "version": "3.0.0", "request": "GetRecordById", "id": str(service.identifier)}
    root = ElementTree.fromstring(client.get("/csw", query).content)
    assert root.findtext("{http://purl.org/dc/elements/1.1/}type") == "service"


def test_conditions_and_values_know_services_from_datasets(client, service):
    def ids(text: str) -> set[str]:
        query = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "resultType": "results"}
        query |= {"typeNames": "csw:Record", "constraintLanguage": "CQL_TEXT", "constraint": text, "maxRecords": "50"}
        root = ElementTree.fromstring(client.get("/csw", query).content)
        return {str(part.text) for part in root.iter("{http://purl.org/dc/elements/1.1/}identifier")}

    own = str(service.identifier)
    assert ids("type = 'dataset'") == {"arbres"}
    assert ids("type <> 'service'") == {"arbres", "budget", "ecoles"}
    assert own in ids("type = 'service'")
    assert len(ids("type = 'service'")) == 1 + len(PORTAL_SLUGS)
    assert ids("AnyText LIKE '%superposer%'") == ids("subject = 'voirie'") == {own}
    assert ids("AnyText LIKE '%arbres%'") == {own, "arbres"}
    domain = client.get("/csw", {"service": "CSW", "version": "2.0.2", "request": "GetDomain", "propertyName": "type"})
    assert b">service<" in domain.content


def test_records_of_ogc_have_the_type_service(client, service):
    own = str(service.identifier)

    def ids(**query) -> set[str]:
        return {row["id"] for row in client.get(HERE, {"limit": 100, **query}).json()["features"]}

    assert ids(type="dataset") == {"arbres", "budget", "ecoles"}
    assert len(ids(type="service")) == 1 + len(PORTAL_SLUGS)
    assert ids(type="service,dataset") == ids()
    assert ids(type="rien") == set()
    record = client.get(f"{HERE}/{own}").json()
    assert record["properties"]["type"] == "service"
    links = {row["rel"]: row["href"] for row in record["links"]}
    assert (links["service"], links["service-desc"]) == (service.endpoints[0], service.description_address)
    assert ids(externalIds=record["properties"]["externalIds"][0]["value"]) == {own}
    assert ids(q="superposer") == {own}
    assert client.get(f"{HERE}/{own}", {"f": "html"}).status_code == 200


def test_dcat_of_csw_is_that_of_the_catalogue(client, service):
    query = {"service": "CSW", "version": "2.0.2", "request": "GetRecordById", "id": str(service.identifier)}
    query |= {"outputSchema": "http://www.w3.org/ns/dcat#", "elementSetName": "full"}
    root = ElementTree.fromstring(client.get("/csw", query).content)
    (rdf,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")
    graph = rdflib.Graph().parse(data=ElementTree.tostring(rdf), format="xml")
    (node,) = graph.subjects(RDF.type, DCAT.DataService)
    assert str(graph.value(node, DCTERMS.identifier)) == str(service.identifier)
    assert list(graph.subjects(RDF.type, DCAT.Dataset)) == []


def test_what_is_hidden_is_told_nowhere(client, service, shown):
    draft = make_service(shown.organisation, "Brouillon", is_online=False)
    secret = make_dataset(shown.organisation, dataset_id="secret", access=Access.INTERNAL)
    service.datasets = [shown.permanent_id, secret.permanent_id]
    service.save()
    withdrawn = withdraw(OPERATOR, make_service(shown.organisation, "Retiré"))
    client.force_login(make_member(make_organisation("Lisses"), Role.ADMINISTRATOR))
    schemas = ("http://www.opengis.net/cat/csw/2.0.2", "http://www.isotc211.org/2005/gmd", "http://www.w3.org/ns/dcat#")
    for schema in schemas:
        query = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "resultType": "results"}
        query |= {"typeNames": "csw:Record", "elementSetName": "full", "maxRecords": "50", "outputSchema": schema}
        text = client.get("/csw", query).content.decode()
        assert str(service.identifier) in text
        for hidden in ("secret", str(draft.identifier), "Brouillon", str(withdrawn.identifier)):
            assert hidden not in text, (schema, hidden)
    assert client.get(f"{HERE}/{draft.identifier}").status_code == 404


def test_the_harvester_of_the_house_takes_datasets_and_services_apart(client, service, tmp_path, monkeypatch):
    places = {"csw": URL, "dcat": "http://testserver/catalog.ttl", "ogc_records": "http://testserver/ogc"}
    monkeypatch.setattr(ogc_records, "PAGE", 3)  # services on several pages
    monkeypatch.setattr(csw, "PAGE", 3)
    for slug, address in places.items():
        settings, items, services, refusals = Settings(address), [], [], []
        pending = list(DIALECTS[slug].first(settings))
        while pending:
            request: Request = pending.pop(0)
            path = request.url.removeprefix("http://testserver")
            body = request.body or b""
            answer = client.generic("POST", path, body, content_type="application/xml") if body else client.get(path)
            file = tmp_path / "answer"
            file.write_bytes(answer.content)
            page = DIALECTS[slug].read(file, request, settings)
            items += page.items
            services += page.services
            refusals += page.refusals
            pending += page.following
        assert {item.identifier for item in items} == {"arbres", "budget", "ecoles"}, slug
        (row,) = [row for row in services if row.identifier == str(service.identifier)]
        assert (row.title, row.kind, list(row.endpoints)) == (service.title, "wms", service.endpoints), slug
        assert (row.serves, row.contact_email) == (("arbres",), "sig@evry.example"), slug
        assert row.description_address == service.description_address, slug
        assert [is_of_portal(row) for row in services].count(True) == len(PORTAL_SLUGS), slug
        assert len(services) == 1 + len(PORTAL_SLUGS), slug
        assert not refusals, slug
