"""CSW, against XPath on the same answers."""

from xml.etree import ElementTree

import pytest

from parvis.core.sources.answers import UnreadableAnswer
from parvis.core.sources.contract import Request
from parvis.core.sources.errors import BadSource, SourceRefuses
from parvis.core.sources.tests.conftest import DATA, Elsewhere

URL = "https://ogc.geo-ide.developpement-durable.gouv.fr/csw/all-dataset?REQUEST=GetCapabilities&SERVICE=CSW"
NAMES = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
}


def test_records_of_iso_19139_are_what_xpath_says(elsewhere: Elsewhere) -> None:
    page = elsewhere.read("csw", DATA / "csw_geonetwork.xml", URL)
    records = ElementTree.parse(DATA / "csw_geonetwork.xml").findall(".//gmd:MD_Metadata", NAMES)
    assert (len(page.items), page.total, page.refusals) == (len(records), 6, ())
    about = "gmd:identificationInfo/gmd:MD_DataIdentification"
    for item, record in zip(page.items, records, strict=True):

        def text(path: str, record: ElementTree.Element = record) -> str:
            return str(record.findtext(path, "", NAMES)).strip()

        assert item.identifier == text("gmd:fileIdentifier/gco:CharacterString")
        assert item.title == text(f"{about}/gmd:citation/*/gmd:title/gco:CharacterString")
        assert item.description == text(f"{about}/gmd:abstract/gco:CharacterString")
        assert item.publisher == text(f"{about}/gmd:pointOfContact/*/gmd:organisationName/gco:CharacterString")
        words = record.findall(f"{about}/gmd:descriptiveKeywords//gmd:keyword/gco:CharacterString", NAMES)
        assert {word.casefold() for word in item.keywords} == {str(word.text).casefold() for word in words}
        urls = {url.text for url in record.findall(".//gmd:linkage/gmd:URL", NAMES)}
        assert {part.url for part in item.resources} < urls
        assert not any("metadata" in part.url.lower() for part in item.resources)
        assert (item.licence, item.themes, item.language) == ("lov2", ("territoire",), "fr")
        assert (item.issued, item.modified[:10]) == ("2017-10-07", text("gmd:dateStamp/gco:DateTime")[:10])
        assert item.bbox == (
            1.31279111,
            49.38547516,
            3.28133559,
            50.48188019,
        )  # west and east change places in the record
        assert item.contact_email == "ddtm-sap-bsig@somme.gouv.fr"
        assert item.extras["crs"] == "2154"


def test_the_next_page_begins_where_the_server_says(elsewhere: Elsewhere) -> None:
    page = elsewhere.read("csw", DATA / "csw_geonetwork.xml", URL)
    (following,) = page.following
    assert (following.method, following.url) == ("POST", URL.partition("?")[0])
    assert 'startPosition="3"' in following.body
    assert ElementTree.fromstring(following.body).get("outputSchema") == NAMES["gmd"]


def test_records_of_dublin_core_as_pycsw_writes_them(elsewhere: Elsewhere) -> None:
    page = elsewhere.read(
        "csw", DATA / "csw_dublin_core.xml", "http://127.0.0.1:8114/csw", options={"metadata": "dublin-core"}
    )
    assert (page.total, len(page.items)) == (8, 3)
    item = page.items[0]
    assert item.identifier == "fr-120066022-ldd-56fce164-04b2-41ae-be87-9f256f39dd44-0"
    assert item.bbox == (1.31, 49.39, 3.28, 50.48)  # the system is named by URN: latitude comes first there
    assert ("plu" in item.keywords, item.themes, item.licence) == (True, ("territoire",), "")


def _page(records: str, matched: int, following: object = None) -> str:
    announced = f'nextRecord="{following}"' if following is not None else ""
    return (
        f'<csw:GetRecordsResponse xmlns:csw="{NAMES["csw"]}"><csw:SearchResults numberOfRecordsMatched="{matched}" {announced}>'
        f"{records}</csw:SearchResults></csw:GetRecordsResponse>"
    )


def _record(identifier: object, kind: str = "dataset") -> str:
    return (
        '<csw:Record xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:identifier>{identifier}</dc:identifier><dc:title>T</dc:title><dc:type>{kind}</dc:type></csw:Record>"
    )


def test_services_are_refused_by_name(elsewhere: Elsewhere) -> None:
    page = elsewhere.read("csw", _page(_record("a") + _record("b", "service") + _record(""), 3), URL)
    assert [item.identifier for item in page.items] == ["a"]
    assert [(refusal.identifier, refusal.reason) for refusal in page.refusals] == [
        ("b", "Ce n’est pas un jeu de données mais : service."),
        ("", "Sans identifiant : T"),
    ]


@pytest.mark.parametrize("announced", ["0", "1", "wrong", None])
def test_a_server_that_counts_wrongly_is_read_to_its_end(elsewhere: Elsewhere, announced: str | None) -> None:
    def server(request: Request) -> str:
        start = int(ElementTree.fromstring(request.body).get("startPosition", "0"))
        last = announced == "0" and start > 4
        records = "".join(map(_record, range(start, min(start + 2, 6))))
        return _page(records, 5, announced if announced != "0" or last else start + 2)

    whole = elsewhere.harvest("csw", server, URL, most=5)
    assert sorted(item.identifier for item in whole.items) == ["1", "2", "3", "4", "5"]


def test_a_server_that_gives_one_page_for_ever_is_left(elsewhere: Elsewhere) -> None:
    whole = elsewhere.harvest("csw", lambda _: _page(_record("a"), 10_000, 2), URL, most=3)
    assert "le même contenu" in whole.reasons


def test_what_is_asked_is_escaped(elsewhere: Elsewhere) -> None:
    whole = elsewhere.harvest(
        "csw", lambda _: _page("", 0), URL, options={"query": "<a> & b"}, since="2026-01-02T03:04:05"
    )
    body = ElementTree.fromstring(whole.asked[0].body)
    literals = [str(part.text) for part in body.iter("{http://www.opengis.net/ogc}Literal")]
    assert literals == ["%<a> & b%", "2026-01-02"]


def test_refusals_of_the_server_and_other_documents(elsewhere: Elsewhere) -> None:
    report = (
        '<ows:ExceptionReport xmlns:ows="x"><ows:ExceptionText>Schéma inconnu</ows:ExceptionText></ows:ExceptionReport>'
    )
    with pytest.raises(SourceRefuses, match="Schéma inconnu"):
        elsewhere.harvest("csw", lambda _: report, URL, most=2)
    for body in ("<a/>", "<a>", "", "{}", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<a>" * 1_000):
        with pytest.raises(UnreadableAnswer):
            elsewhere.read("csw", body, URL)
    with pytest.raises(BadSource):
        elsewhere.harvest("csw", lambda _: "", URL, options={"metadata": "marc"})


def test_a_catalogue_that_knows_no_order_or_no_date_is_asked_more_simply(elsewhere: Elsewhere) -> None:
    report = "<ExceptionReport><ExceptionText>Unsupported</ExceptionText></ExceptionReport>"

    def server(request: Request) -> str:
        if "SortBy" in request.body or "modified" in request.body:
            return report
        start = int(ElementTree.fromstring(request.body).get("startPosition", "0"))
        return _page(_record(start), 3, start + 1 if start < 3 else 0)

    whole = elsewhere.harvest("csw", server, URL, most=5, since="2026-01-02")
    assert [item.identifier for item in whole.items] == ["1", "2", "3"]


ISO_3 = """<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"><csw:SearchResults numberOfRecordsMatched="1">
<mdb:MD_Metadata xmlns:mdb="http://standards.iso.org/iso/19115/-3/mdb/2.0" xmlns:mcc="http://standards.iso.org/iso/19115/-3/mcc/1.0"
 xmlns:mri="http://standards.iso.org/iso/19115/-3/mri/1.0" xmlns:cit="http://standards.iso.org/iso/19115/-3/cit/2.0"
 xmlns:gco="http://standards.iso.org/iso/19115/-3/gco/1.0" xmlns:mrd="http://standards.iso.org/iso/19115/-3/mrd/1.0"
 xmlns:mco="http://standards.iso.org/iso/19115/-3/mco/1.0" xmlns:gcx="http://standards.iso.org/iso/19115/-3/gcx/1.0"
 xmlns:mmi="http://standards.iso.org/iso/19115/-3/mmi/1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:lan="http://standards.iso.org/iso/19115/-3/lan/1.0">
<mdb:metadataIdentifier><mcc:MD_Identifier><mcc:code><gco:CharacterString>abc-1</gco:CharacterString></mcc:code></mcc:MD_Identifier></mdb:metadataIdentifier>
<mdb:metadataScope><mdb:MD_MetadataScope><mdb:resourceScope><mcc:MD_ScopeCode codeListValue="dataset"/></mdb:resourceScope></mdb:MD_MetadataScope></mdb:metadataScope>
<mdb:dateInfo><cit:CI_Date><cit:date><gco:DateTime>2026-03-01T00:00:00Z</gco:DateTime></cit:date></cit:CI_Date></mdb:dateInfo>
<mdb:identificationInfo><mri:MD_DataIdentification>
<mri:citation><cit:CI_Citation><cit:title><gco:CharacterString>Trees</gco:CharacterString><lan:PT_FreeText><lan:textGroup>
<lan:LocalisedCharacterString locale="#FR">Arbres</lan:LocalisedCharacterString></lan:textGroup></lan:PT_FreeText></cit:title></cit:CI_Citation></mri:citation>
<mri:abstract><gco:CharacterString>Tous.</gco:CharacterString></mri:abstract>
<mri:pointOfContact><cit:CI_Responsibility><cit:role><cit:CI_RoleCode codeListValue="owner"/></cit:role><cit:party><cit:CI_Organisation>
<cit:name><gco:CharacterString>Évry</gco:CharacterString></cit:name><cit:contactInfo><cit:CI_Contact><cit:address><cit:CI_Address>
<cit:electronicMailAddress><gco:CharacterString>sig@evry.example</gco:CharacterString></cit:electronicMailAddress></cit:CI_Address></cit:address></cit:CI_Contact></cit:contactInfo>
</cit:CI_Organisation></cit:party></cit:CI_Responsibility></mri:pointOfContact>
<mri:resourceMaintenance><mmi:MD_MaintenanceInformation><mmi:maintenanceAndUpdateFrequency><mmi:MD_MaintenanceFrequencyCode codeListValue="annually"/>
</mmi:maintenanceAndUpdateFrequency></mmi:MD_MaintenanceInformation></mri:resourceMaintenance>
<mri:resourceConstraints><mco:MD_LegalConstraints><mco:useConstraints><mco:MD_RestrictionCode codeListValue="licence"/></mco:useConstraints>
<mco:otherConstraints><gcx:Anchor xlink:href="https://opendatacommons.org/licenses/odbl/1-0/">Voir la licence</gcx:Anchor></mco:otherConstraints></mco:MD_LegalConstraints></mri:resourceConstraints>
</mri:MD_DataIdentification></mdb:identificationInfo>
<mdb:distributionInfo><mrd:MD_Distribution><mrd:transferOptions><mrd:MD_DigitalTransferOptions><mrd:onLine><cit:CI_OnlineResource>
<cit:linkage><gco:CharacterString>https://sig.evry.example/ows?service=WFS</gco:CharacterString></cit:linkage>
<cit:protocol><gco:CharacterString>OGC:WFS-2.0.0-http-get-feature</gco:CharacterString></cit:protocol><cit:name><gco:CharacterString>v:arbres</gco:CharacterString></cit:name>
</cit:CI_OnlineResource></mrd:onLine></mrd:MD_DigitalTransferOptions></mrd:transferOptions></mrd:MD_Distribution></mdb:distributionInfo>
</mdb:MD_Metadata></csw:SearchResults></csw:GetRecordsResponse>"""


def test_records_of_iso_19115_3(elsewhere: Elsewhere) -> None:
    (item,) = elsewhere.read("csw", ISO_3, URL).items
    assert (item.identifier, item.title, item.description, item.publisher) == ("abc-1", "Arbres", "Tous.", "Évry")
    assert (item.contact_email, item.frequency, item.licence, item.modified[:10]) == (
        "sig@evry.example",
        "annual",
        "odbl",
        "2026-03-01",
    )
    (service,) = item.resources
    assert (service.dialect, service.url) == ("wfs", "https://sig.evry.example/ows?service=WFS&typeNames=v:arbres")
