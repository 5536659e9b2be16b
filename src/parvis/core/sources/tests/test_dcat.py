"""DCAT, against what rdflib says of the same graphs."""

import time

import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, URIRef

from parvis.core.errors import ParvisError
from parvis.core.sources.contract import Request
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.tests.conftest import DATA, Elsewhere

RENNES = "https://data.rennesmetropole.fr/api/explore/v2.1/catalog/exports/rdf"
DATARA = "https://catalogue.open-datara.fr/catalogue.rdf"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix hydra: <http://www.w3.org/ns/hydra/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix spdx: <http://spdx.org/rdf/terms#> . @prefix dcatap: <http://data.europa.eu/r5r/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
WHOLE = (
    PREFIXES
    + """
<https://data.essonne.fr/jeux/42> a dcat:Dataset ;
  dct:identifier "42f0", "https://data.essonne.fr/jeux/42" ;
  dct:title "Bike counters"@en, "Compteurs de vélos"@fr ;
  dct:description "<p>Passages par heure.</p><p>Boucles &amp; radars</p>"@fr ;
  dcat:landingPage <https://data.essonne.fr/jeux/42.html> ;
  dct:publisher [ a foaf:Organization ; foaf:name "Département de l'Essonne" ; dct:identifier "22910228000018" ] ;
  dcat:contactPoint [ vcard:fn "Service SIG" ; vcard:hasEmail <mailto:sig@essonne.example> ] ;
  dct:license <https://www.etalab.gouv.fr/licence-ouverte-open-licence> ;
  dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/MONTHLY> ;
  dcat:keyword "vélo"@fr, "Vélo"@fr, "comptage"@fr ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/TRAN> ;
  dct:spatial <http://id.insee.fr/geo/departement/91>, [ dcat:bbox "POLYGON((1.9 48.2, 2.6 48.2, 2.6 48.8, 1.9 48.2))" ] ;
  dct:temporal [ dcat:startDate "2019-01-01"^^xsd:date ; dcat:endDate "2025-12-31"^^xsd:date ] ;
  dct:issued "2019-03-01"^^xsd:date ; dct:modified "2026-01-02T03:04:05Z"^^xsd:dateTime ;
  dct:language <http://publications.europa.eu/resource/authority/language/FRA> ;
  dct:conformsTo <https://schema.data.gouv.fr/schemas/etalab/schema-comptage/latest.json>, <http://www.opengis.net/def/crs/EPSG/0/2154> ;
  dcatap:hvdCategory <http://data.europa.eu/bna/c_b79e35eb> ;
  dcat:distribution <https://data.essonne.fr/jeux/42/csv>, <https://data.essonne.fr/jeux/42/wfs> .
<https://data.essonne.fr/jeux/42/csv> a dcat:Distribution ; dct:title "Comptages"@fr ;
  dcat:downloadURL <https://data.essonne.fr/f/42 v2.csv> ; dcat:accessURL <https://data.essonne.fr/jeux/42.html> ;
  dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ;
  dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ; dcat:byteSize "1024"^^xsd:decimal ;
  dct:modified "2026-01-02"^^xsd:date ;
  spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha1 ; spdx:checksumValue "da39a3ee5e6b4b0d3255bfef95601890afd80709" ] .
<https://data.essonne.fr/jeux/42/wfs> a dcat:Distribution ; dct:title "WFS"@fr ; dct:format "WFS" ;
  dcat:accessURL <https://sig.essonne.example/wfs?typeNames=e:velos> .
<https://data.essonne.fr/jeux/43> a dcat:Dataset .
"""
)


def test_every_place_of_the_card_is_filled(elsewhere: Elsewhere) -> None:
    page = elsewhere.read("dcat", WHOLE, "https://data.essonne.fr/catalog.ttl")
    (item,) = page.items  # 43 is only mentioned: another page describes it
    assert (item.identifier, item.title, item.description) == (
        "42f0",
        "Compteurs de vélos",
        "Passages par heure.\nBoucles & radars",
    )
    assert (item.landing_page, item.publisher, item.publisher_id) == (
        "https://data.essonne.fr/jeux/42.html",
        "Département de l'Essonne",
        "22910228000018",
    )
    assert (item.contact_name, item.contact_email) == ("Service SIG", "sig@essonne.example")
    assert (item.licence, item.frequency, item.language) == ("lov2", "monthly", "fr")
    assert (item.keywords, item.themes, item.spatial) == (("vélo", "comptage"), ("transports",), ("91",))
    assert item.bbox == (1.9, 48.2, 2.6, 48.8)
    assert (item.temporal_start, item.temporal_end) == ("2019-01-01", "2025-12-31")
    assert (item.issued, item.modified) == ("2019-03-01", "2026-01-02T03:04:05+00:00")
    assert item.conforms_to == ("https://schema.data.gouv.fr/schemas/etalab/schema-comptage/latest.json",)
    assert item.extras["hvd_category"] == "http://data.europa.eu/bna/c_b79e35eb"
    table, service = item.resources
    assert (table.url, table.format, table.media_type) == ("https://data.essonne.fr/f/42%20v2.csv", "csv", "text/csv")
    assert (table.bytes, table.modified) == (1024, "2026-01-02")
    assert table.digest == "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"
    assert (service.dialect, service.url) == ("wfs", "https://sig.essonne.example/wfs?typeNames=e:velos")


@pytest.mark.parametrize("kind", ["xml", "json-ld", "nt", "trig"])
def test_all_writings_of_a_graph_say_the_same(elsewhere: Elsewhere, kind: str) -> None:
    whole = WHOLE.replace("42 v2", "42v2")  # rdflib writes no address with a space
    url = "https://data.essonne.fr/catalog"
    written = Graph().parse(data=whole, format="turtle").serialize(format=kind)
    (expected,) = elsewhere.read("dcat", whole, url).items
    (item,) = elsewhere.read("dcat", written, url).items
    assert {part.url: part for part in item.resources} == {part.url: part for part in expected.resources}
    same = (
        "identifier",
        "title",
        "description",
        "publisher",
        "licence",
        "bbox",
        "modified",
        "contact_email",
        "temporal_end",
    )
    assert [getattr(item, name) for name in same] == [getattr(expected, name) for name in same]


def test_a_real_portal_is_read_as_rdflib_reads_it(elsewhere: Elsewhere) -> None:
    page = elsewhere.read("dcat", DATA / "dcat_ods.rdf", RENNES)
    graph = Graph().parse(DATA / "dcat_ods.rdf")
    nodes = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(page.items) == len(nodes) == 4
    by_page = {item.landing_page: item for item in page.items}
    for node in nodes:
        item = by_page[str(graph.value(node, DCAT.landingPage))]
        assert item.identifier == str(node).removeprefix("https://data.rennesmetropole.fr/").strip("/")
        assert item.title == str(graph.value(node, DCTERMS.title))
        assert item.publisher == str(graph.value(graph.value(node, DCTERMS.publisher), FOAF.name) or "")
        assert item.modified[:10] == str(graph.value(node, DCTERMS.modified))[:10]
        urls = {str(graph.value(part, DCAT.downloadURL)) for part in graph.objects(node, DCAT.distribution)}
        assert {part.url for part in item.resources} == urls
        assert "<" not in item.description
        licence = graph.value(node, DCTERMS.license)
        assert item.licence == {URIRef("http://opendatacommons.org/licenses/odbl/"): "odbl", None: ""}.get(
            licence, str(licence)
        )
    assert {"csv", "xlsx", "parquet", "json"} <= {part.format for item in page.items for part in item.resources}


def test_a_record_of_geonetwork_keeps_its_identifier_and_names_an_organisation(elsewhere: Elsewhere) -> None:
    (item,) = elsewhere.read("dcat", DATA / "dcat_datara.rdf", DATARA).items
    assert (
        item.identifier == "f40c3860-7236-4b30-a141-23b8ae33f7b2"
    )  # that of the record: the dataset has an address alone
    assert item.publisher == "Conservatoire Botanique National Alpin"  # and not the person who is its member
    assert (item.themes, "AUVERGNE-RHONE-ALPES" in item.keywords) == (("environnement",), True)
    assert item.bbox == (2.0629141330719, 44.1153793334961, 7.18588781356812, 46.8040313720703)
    assert (item.issued, item.modified, item.contact_email[:8]) == ("2020-09-08", "2021-01-27", "sig.drea")


def test_identifiers_stay_when_the_portal_changes_its_name(elsewhere: Elsewhere) -> None:
    body = PREFIXES + '<{0}/jeux/7/> a dcat:Dataset ; dct:title "Sept" ; dct:identifier "{0}/jeux/7/" .'
    hosts = ("https://data.essonne.fr", "http://www.data.essonne.fr", "https://opendata.example.org:8443")
    identifiers = {
        elsewhere.read("dcat", body.format(host), f"{host}/catalog.ttl").items[0].identifier for host in hosts
    }
    assert identifiers == {"jeux/7"}


def pages(count: int, next_of: dict[int, str]) -> dict[str, str]:
    url = "https://data.essonne.fr/catalog.ttl?page={}"
    return {
        url.format(rank): PREFIXES
        + f'<https://data.essonne.fr/jeux/{rank}> a dcat:Dataset ; dct:title "Jeu {rank}" .'
        + (
            f"<{url.format(rank)}> a hydra:PartialCollectionView ; hydra:next <{next_of.get(rank, url.format(rank + 1))}> ."
            if rank < count or rank in next_of
            else ""
        )
        for rank in range(1, count + 1)
    }


def test_pages_follow_one_another_to_the_last(elsewhere: Elsewhere) -> None:
    listing = pages(5, {})
    whole = elsewhere.harvest(
        "dcat", lambda request: listing[request.url], "https://data.essonne.fr/catalog.ttl?page=1"
    )
    assert [item.identifier for item in whole.items] == [f"jeux/{rank}" for rank in range(1, 6)]
    assert not whole.refusals


@pytest.mark.parametrize(
    ("where", "most"),
    [
        ("https://data.essonne.fr/catalog.ttl?page=5", 5),  # itself
        ("https://data.essonne.fr/catalog.ttl?page=1", 12),  # the first again
        ("https://data.essonne.fr/catalog.ttl?page=3", 12),  # a loop that does not pass by the first
        ("https://ailleurs.example.org/catalog.ttl?page=6", 5),
        ("https://data.essonne.fr:8443/catalog.ttl?page=6", 5),
        ("http://192.168.0.1/catalog.ttl", 5),
        ("file:///etc/passwd", 5),
    ],
)
def test_a_next_page_that_leads_nowhere_ends_the_reading_and_says_so(
    elsewhere: Elsewhere, where: str, most: int
) -> None:
    listing = pages(5, {5: where})
    url = "https://data.essonne.fr/catalog.ttl?page=1"
    whole = elsewhere.harvest("dcat", lambda request: listing[request.url], url, most=most)
    assert len({item.identifier for item in whole.items}) == 5
    assert "La lecture s’arrête à cette page" in whole.reasons


def test_a_server_that_answers_the_same_whatever_the_page_is_left(elsewhere: Elsewhere) -> None:
    def server(request: Request) -> str:
        rank = int(request.url.partition("page=")[2])
        return (
            PREFIXES
            + '<https://data.essonne.fr/jeux/1> a dcat:Dataset ; dct:title "Un" .'
            + f"<x:y> hydra:next <https://data.essonne.fr/catalog.ttl?page={rank + 1}> ."
        )

    whole = elsewhere.harvest("dcat", server, "https://data.essonne.fr/catalog.ttl?page=1", most=3)
    assert "le même contenu" in whole.reasons


def test_a_proxy_that_forgets_https_is_followed_with_it(elsewhere: Elsewhere) -> None:
    listing = pages(2, {1: "http://data.essonne.fr/catalog.ttl?page=2"})
    whole = elsewhere.harvest(
        "dcat", lambda request: listing[request.url], "https://data.essonne.fr/catalog.ttl?page=1"
    )
    assert len(whole.items) == 2


def _laughs(inner: str = "&a8;") -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    return (
        f'<?xml version="1.0"?><!DOCTYPE r [{entities}]><rdf:RDF xmlns:rdf="{rdf}"><rdf:Description rdf:about="x:a">'
        f'<t xmlns="x:">{inner}</t></rdf:Description></rdf:RDF>'
    )


RDF_OPEN = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'


@pytest.mark.parametrize(
    "body",
    [
        _laughs(),
        _laughs("rien"),
        '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + RDF_OPEN + "</rdf:RDF>",
        '<!DOCTYPE r [<!ENTITY % a "<b/>"> %a;]>' + RDF_OPEN + "</rdf:RDF>",
        RDF_OPEN + '<rdf:Description><a xmlns="x:">' * 100_000,
        "[" * 1_000_000,
        '{"x:a":' * 100_000 + "1" + "}" * 100_000,
        '{"@id":"x:a","x:b":' * 5_000 + "1" + "}" * 5_000,
        "<x:a> <x:b> " + "[ <x:b> " * 100_000 + "1",
        "<x:a> <x:b> " + "(" * 1_000_000,
        '{"@context": "https://ailleurs.example.org/contexte.jsonld", "@id": "x:a", "title": "b"}',
        b"\xff\xfe\x00",
        b"PK\x03\x04 une archive",
        "bonjour",
    ],
)
def test_what_would_harm_is_refused_at_once(elsewhere: Elsewhere, body: str | bytes) -> None:
    start = time.process_time()
    with pytest.raises(UnreadableAnswer):
        elsewhere.read("dcat", body, DATARA)
    assert time.process_time() - start < 2


def test_short_entities_and_other_encodings_are_read(elsewhere: Elsewhere) -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE rdf:RDF [<!ENTITY dcat "http://www.w3.org/ns/dcat#">]>'
        + RDF_OPEN.replace(">", ' xmlns:dct="http://purl.org/dc/terms/" xml:base="https://data.essonne.fr/">')
        + '<rdf:Description rdf:about="jeux/1"><rdf:type rdf:resource="&dcat;Dataset"/><dct:title>Été</dct:title>'
        "</rdf:Description></rdf:RDF>"
    )
    (item,) = elsewhere.read("dcat", text.encode("latin-1"), "https://data.essonne.fr/catalog.rdf").items
    assert (item.identifier, item.title) == ("jeux/1", "Été")


def test_ten_thousand_keywords_are_bounded_and_absurd_dates_are_none(elsewhere: Elsewhere) -> None:
    words = ", ".join(f'"mot {rank}"' for rank in range(10_000))
    body = PREFIXES + (
        f'<https://data.essonne.fr/1> a dcat:Dataset ; dct:title "Un" ; dcat:keyword {words} ; dct:issued "0001-01-01" ; '
        'dct:modified "2026-02-31" ; dct:temporal [ dcat:startDate "demain" ; dcat:endDate "9999-12-31" ] .'
    )
    (item,) = elsewhere.read("dcat", body, "https://data.essonne.fr/catalog.ttl").items
    assert len(item.keywords) == 200
    assert (item.issued, item.modified, item.temporal_start, item.temporal_end) == ("", "", "", "")


def test_every_error_is_one_of_the_house(elsewhere: Elsewhere) -> None:
    page = "<!DOCTYPE html><html><head><title>Connexion</title></head></html>"
    with pytest.raises(ParvisError, match="page web.*Connexion"):
        elsewhere.read("dcat", page, DATARA)
