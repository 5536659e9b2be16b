"""What INSPIRE asks for, in records and capabilities: read back by OWSLib, by XPath, and by the harvester of the house."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.apps import apps
from owslib.catalogue.csw2 import CatalogueServiceWeb as Csw2
from owslib.iso import MD_Metadata
from wagtail.models import Site

from parvis.core.inspire.block import judged
from parvis.core.sources.contract import Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access, update_card
from parvis.hub.harvesting.cards import card_of_item
from parvis.hub.harvesting.rules import Correspondence

pytestmark = pytest.mark.django_db

CONTACT = "sig@evry.example"
URL = "http://testserver/csw"
NAMES = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "xlink": "http://www.w3.org/1999/xlink",
    "ows": "http://www.opengis.net/ows",
    "ds": "http://inspire.ec.europa.eu/schemas/inspire_ds/1.0",
    "common": "http://inspire.ec.europa.eu/schemas/common/1.0",
}
BLOCK = {
    "scope": True,
    "themes": ["ps", "sd"],
    "type": "series",
    "topics": ["biota", "environment"],
    "code": "arbres-2026",
    "namespace": "https://evry.example/ns",
    "lineage": "Relevé de terrain de 2025.\nContrôlé par le service des espaces verts & parcs.",
    "scale": 1000,
    "distance": 0.5,
    "crs": "EPSG:2154",
    "encoding": "GML 3.2.1",
    "conformity": "notConformant",
    "conformity_date": "2025-03-04",
    "limits": ["h", "e"],
    "conditions": "Citer l’inventaire et sa date.",
    "maintenance": "Au printemps, après l’élagage.",
    "party": "Service des espaces verts",
    "party_role": "custodian",
    "party_email": "arbres@evry.example",
    "metadata_contact": "Service SIG",
    "metadata_email": "sig@evry.example",
    "metadata_date": "2026-01-02",
}


def iso_of(client, dataset_id: str, **parameters: str) -> bytes:
    answer = client.get(
        "/csw",
        {
            "service": "CSW",
            "version": "2.0.2",
            "request": "GetRecordById",
            "elementSetName": "full",
            "outputSchema": NAMES["gmd"],
            "id": dataset_id,
            **parameters,
        },
    )
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def record_of(client, dataset_id: str, **parameters: str) -> ElementTree.Element:
    record = ElementTree.fromstring(iso_of(client, dataset_id, **parameters)).find(".//gmd:MD_Metadata", NAMES)
    assert record is not None
    return record


def anchors(record: ElementTree.Element, path: str) -> list[str | None]:
    return [part.get(f"{{{NAMES['xlink']}}}href") for part in record.iterfind(f".//{path}/gmx:Anchor", NAMES)]


def harvested(client, folder: Path, dataset_id: str) -> dict[str, Any]:
    """The card that another Parvis makes of the record, by the very requests of its harvester."""
    dialect, settings = DIALECTS["csw"], Settings(URL)
    request = next(row for row in dialect.first(settings) if row.method == "POST" and "gmd" in row.body)
    answer = client.generic("POST", "/csw", request.body, content_type="text/xml")
    path = folder / "records"
    path.write_bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    items = {item.identifier: item for item in dialect.read(path, request, settings).items}
    return card_of_item(items[dataset_id], Correspondence(), source_title="Ailleurs").values


def test_what_our_catalogue_writes_our_harvester_reads_back_whole(client, shown, tmp_path):
    update_card(OPERATOR, shown, {"inspire": BLOCK})
    assert harvested(client, tmp_path, "arbres")["inspire"] == judged(BLOCK)
    update_card(OPERATOR, shown, {"inspire": {}})
    assert "inspire" not in harvested(client, tmp_path, "arbres")


def test_owslib_reads_every_value(wire, shown):
    update_card(OPERATOR, shown, {"inspire": BLOCK})
    service = Csw2(URL)
    service.getrecordbyid(["arbres"], outputschema=NAMES["gmd"])
    record: MD_Metadata = service.records["arbres"]
    (about,) = record.identification
    assert record.hierarchy == "series"
    assert record.referencesystem.code == "EPSG:2154"
    assert record.dataquality.lineage == BLOCK["lineage"]
    assert "non conforme" not in record.dataquality.conformancetitle[0]
    assert "1089/2010" in record.dataquality.conformancetitle[0]
    assert record.dataquality.conformancedate == ["2010-12-08"]
    assert record.dataquality.conformancedegree == ["false"]
    assert about.topiccategory == BLOCK["topics"]
    assert about.uricode == ["arbres-2026"]
    assert about.uricodespace == ["https://evry.example/ns"]
    assert about.denominators == ["1000"]
    assert (about.distance, about.uom) == (["0.5"], ["m"])
    assert record.distribution.format == "GML"
    themes = next(group for group in about.keywords if "INSPIRE" in (group.thesaurus or {}).get("title", ""))
    assert [word.url for word in themes.keywords] == [
        "http://inspire.ec.europa.eu/theme/ps",
        "http://inspire.ec.europa.eu/theme/sd",
    ]
    assert [word.name for word in themes.keywords] == ["Sites protégés", "Répartition des espèces"]
    assert themes.thesaurus["date"] == "2008-06-01"
    party = about.contact[0]
    assert (party.organization, party.role, party.email) == (
        "Service des espaces verts",
        "custodian",
        "arbres@evry.example",
    )
    assert (record.contact[0].organization, record.contact[0].email) == ("Service SIG", "sig@evry.example")
    assert record.datestamp == "2026-01-02"
    assert "Citer l’inventaire et sa date." in about.otherconstraints


def test_limits_are_anchors_of_the_registry_and_languages_are_answered(client, shown):
    update_card(OPERATOR, shown, {"inspire": BLOCK})
    registry = "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess"
    limits = anchors(record_of(client, "arbres"), "gmd:otherConstraints")
    assert [link for link in limits if link and link.startswith(registry)] == [
        f"{registry}/INSPIRE_Directive_Article13_1h",
        f"{registry}/INSPIRE_Directive_Article13_1e",
    ]
    english = record_of(client, "arbres", LANGUAGE="eng")
    words = [part.text for part in english.iterfind(".//gmd:keyword/gmx:Anchor", NAMES)]
    assert "Protected sites" in words


def test_a_dataset_out_of_scope_says_nothing_for_inspire(client, shown):
    update_card(OPERATOR, shown, {"inspire": {**BLOCK, "scope": False}})
    text = iso_of(client, "arbres").decode()
    assert "1089/2010" not in text
    assert "GEMET" not in text
    assert "LimitationsOnPublicAccess/noLimitations" in text, "as any open dataset"


def test_why_access_is_closed_is_told_with_its_article_and_its_case(client, shown):
    set_access(
        OPERATOR,
        shown,
        Access.INTERNAL,
        [],
        [],
        announced=True,
        closure=["security", "unfinished"],
        closure_note="Jusqu’à la fin du chantier.",
    )
    record = record_of(client, "arbres")
    links = anchors(record, "gmd:otherConstraints")
    assert any(link and link.endswith("Article13_1b") for link in links)
    assert not any(link and link.endswith("noLimitations") for link in links)
    texts = ["".join(part.itertext()) for part in record.iterfind(".//gmd:otherConstraints", NAMES)]
    assert any("L311-5 (2°, d)" in text for text in texts)
    assert any("L311-2" in text for text in texts)
    assert "Jusqu’à la fin du chantier." in texts


def test_capabilities_tell_inspires_services_what_they_want(client, shown):
    without = client.get("/csw", {"service": "CSW", "request": "GetCapabilities"})
    assert b"inspire_ds" not in without.content, "nothing is valid without somebody to write to"
    face = apps.get_model("parvis_sites", "SiteFace")
    face.objects.update_or_create(site=Site.objects.get(is_default_site=True), defaults={"contact_email": CONTACT})
    answer = client.get("/csw", {"service": "CSW", "request": "GetCapabilities", "LANGUAGE": "eng"})
    root = ElementTree.fromstring(answer.content)
    block = root.find("ows:OperationsMetadata/ds:ExtendedCapabilities", NAMES)
    assert block is not None
    assert [part.tag.partition("}")[2] for part in block] == [
        "ResourceLocator",
        "ResourceType",
        "TemporalReference",
        "Conformity",
        "MetadataPointOfContact",
        "MetadataDate",
        "SpatialDataServiceType",
        "MandatoryKeyword",
        "SupportedLanguages",
        "ResponseLanguage",
    ]
    default = block.findtext("common:SupportedLanguages/common:DefaultLanguage/common:Language", "", NAMES)
    assert (default, block.findtext("common:ResponseLanguage/common:Language", "", NAMES)) == ("fre", "eng")
    unknown = client.get("/csw", {"service": "CSW", "request": "GetCapabilities", "LANGUAGE": "xxx"})
    assert b"<inspire_common:ResponseLanguage><inspire_common:Language>fre<" in unknown.content
