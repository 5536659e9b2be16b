"""Servers of maps and their catalogues as they are in the wild: ArcGIS, OGC API, CSW."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.sources.answers import UnreadableAnswer
from parvis.core.sources.contract import Request
from parvis.core.sources.esri import unprojected
from parvis.core.sources.tests.conftest import Elsewhere

CSW = "https://geo.evry.example/srv/fre/csw"
ARCGIS = "https://sig.evry.example/rest/services/Parcs/FeatureServer/0"


def _old_server(request: Request) -> Any:
    """ArcGIS 10.0 and before: no number of rows at once, no order, rows as they lie, five hundred of them at most."""
    question = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
    keys = [1201 - rank for rank in range(1_200)]
    if not urlsplit(request.url).path.endswith("/query"):
        return {"id": 0, "type": "Feature Layer", "fields": [{"name": "OBJECTID", "type": "esriFieldTypeOID"}]}
    assert "orderByFields" not in question
    if question.get("returnIdsOnly") == "true":
        return {"objectIdFieldName": "OBJECTID", "objectIds": [float(key) for key in keys]}
    first, last = (int(part.partition("=")[2]) for part in question["where"].split(" AND "))
    rows = [{"attributes": {"OBJECTID": key}, "geometry": None} for key in keys if first <= key <= last]
    return {"features": rows[:500]}


def test_all_the_rows_of_an_old_arcgis_server(elsewhere: Elsewhere) -> None:
    rows = elsewhere.rows("arcgis", _old_server, ARCGIS)
    assert sorted(row["properties"]["OBJECTID"] for row in rows) == list(range(2, 1_202))


def test_an_arcgis_server_that_gives_fewer_rows_than_it_is_asked_is_read_to_its_end(elsewhere: Elsewhere) -> None:
    layer = {
        "id": 0,
        "currentVersion": 10.2,
        "supportsAdvancedQueries": True,
        "type": "Feature Layer",
        "objectIdField": "OBJECTID",
        "extent": {"xmin": 0, "ymin": 0, "xmax": 222_638.98, "ymax": 6_000_000, "spatialReference": {"wkid": 102100}},
    }

    def server(request: Request) -> Any:
        if "/query" not in request.url:
            return layer
        after = int(parse_qs(urlsplit(request.url).query)["where"][0].partition(">")[2] or 0)
        points = [
            {"attributes": {"OBJECTID": key}, "geometry": {"x": 222_638.98, "y": 0}} for key in (1, 2, 3) if key > after
        ]
        return {"spatialReference": {"wkid": 102100, "latestWkid": 3857}, "features": points[:2]}

    rows = elsewhere.rows("arcgis", server, ARCGIS)
    assert [row["properties"]["OBJECTID"] for row in rows] == [1, 2, 3]
    assert rows[0]["geometry"]["coordinates"] == pytest.approx([2, 0], abs=1e-4)
    (item,) = elsewhere.harvest("arcgis", server, ARCGIS).items
    assert item.bbox == pytest.approx((0, 0, 2, 47.36), abs=0.01)
    assert unprojected({"type": "LineString", "coordinates": [[0, 0], [0, 1e9]]})["coordinates"][1][1] <= 90


def test_what_codes_of_a_layer_mean_comes_beside_them(elsewhere: Elsewhere) -> None:
    domain = {"type": "codedValue", "codedValues": [{"code": 1, "name": "Chêne"}, {"code": 2, "name": "Tilleul"}]}
    layer = {
        "id": 0,
        "currentVersion": 11.1,
        "type": "Table",
        "objectIdField": "OBJECTID",
        "maxRecordCount": 10,
        "fields": [
            {"name": "essence", "domain": domain},
            {"name": "etat", "domain": {"codedValues": [{"code": "A", "name": "A"}]}},
            {"name": "nom", "domain": None},
        ],
    }
    codes = [{"attributes": {"OBJECTID": 1, "essence": 2, "etat": "A"}}, {"attributes": {"OBJECTID": 2, "essence": 9}}]
    first, second = elsewhere.rows(
        "arcgis", lambda request: {"features": codes} if "/query" in request.url else layer, ARCGIS
    )
    assert first["properties"] == {"OBJECTID": 1, "essence": 2, "etat": "A", "essence_libelle": "Tilleul"}
    assert second["properties"]["essence_libelle"] is None


def test_geometries_in_another_system_than_was_asked_are_refused(elsewhere: Elsewhere) -> None:
    layer = {
        "id": 0,
        "currentVersion": 11.1,
        "type": "Feature Layer",
        "objectIdField": "OBJECTID",
        "maxRecordCount": 10,
    }
    rows = {
        "spatialReference": {"wkid": 2154},
        "features": [{"attributes": {"OBJECTID": 1}, "geometry": {"x": 650000, "y": 6860000}}],
    }
    with pytest.raises(UnreadableAnswer, match="2154"):
        elsewhere.rows("arcgis", lambda request: rows if "/query" in request.url else layer, ARCGIS)


def test_collections_behind_a_proxy_that_the_server_does_not_know(elsewhere: Elsewhere) -> None:
    def server(request: Request) -> Any:
        assert request.url.startswith("https://geo.evry.example/")
        page = "startindex=1" in request.url
        links = (
            [] if page else [{"rel": "next", "href": "http://localhost:5000/ogc/collections/arbres/items?startindex=1"}]
        )
        return {"features": [{"id": int(page), "properties": {}, "geometry": None}], "links": links}

    collections = [
        {
            "id": "arbres",
            "links": [
                {
                    "rel": "items",
                    "type": "application/geo+json",
                    "href": "http://127.0.0.1:5000/ogc/collections/arbres/items",
                }
            ],
        },
        {"id": "lacs", "links": [{"rel": "items", "href": "lacs/items"}], "description": "<!-- à décrire -->"},
        {
            "id": "salles",
            "itemType": "record",
            "links": [{"rel": "enclosure", "href": "https://geo.evry.example/s.csv", "type": "text/csv;charset=UTF-8"}],
        },
        {"id": "fiches", "itemType": "record", "links": [{"rel": "items", "href": "fiches/items"}]},
    ]
    page = elsewhere.read("ogc_features", {"collections": collections}, "https://geo.evry.example/ogc")
    assert [item.identifier for item in page.items] == ["arbres", "lacs", "salles"]
    assert (page.refusals, page.total) == ((), 3), "the records of a catalogue beside its collections are no loss"
    assert page.items[0].resources[0].url == "https://geo.evry.example/ogc/collections/arbres/items"
    assert page.items[1].description == ""
    assert len(elsewhere.rows("ogc_features", server, page.items[0].resources[0])) == 2


def _csw(records: str) -> str:
    return (
        '<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ows="http://www.opengis.net/ows" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"><csw:SearchResults '
        f'numberOfRecordsMatched="1" nextRecord="0">{records}</csw:SearchResults></csw:GetRecordsResponse>'
    )


@pytest.mark.parametrize(
    ("crs", "lower", "upper"),
    [
        (
            "urn:ogc:def:crs:EPSG::RGF93 / Lambert-93",
            "2.5 48.5",
            "2.3 48.7",
        ),  # GeoNetwork: east first, and no latitude before
        ("urn:x-ogc:def:crs:EPSG:6.11:4326", "48.5 2.3", "48.7 2.5"),
        ("EPSG:4326", "2.3 48.5", "2.5 48.7"),
    ],
)
def test_the_rectangle_of_a_record_of_dublin_core(elsewhere: Elsewhere, crs: str, lower: str, upper: str) -> None:
    record = (
        "<csw:Record><dc:identifier>a</dc:identifier><dc:title>Arbres</dc:title>"
        '<dc:URI protocol="WWW:LINK-1.0-http--link">https://evry.example/fiche.html</dc:URI>'
        '<dct:references scheme="OGC:WMS">https://evry.example/ows?service=WMS</dct:references>'
        '<dc:URI protocol="WWW:DOWNLOAD-1.0-http--download" name="arbres">https://evry.example/get?id=1</dc:URI>'
        f'<ows:BoundingBox crs="{crs}"><ows:LowerCorner>{lower}</ows:LowerCorner><ows:UpperCorner>{upper}</ows:UpperCorner>'
        "</ows:BoundingBox></csw:Record>"
    )
    (item,) = elsewhere.read("csw", _csw(record), CSW).items
    assert item.bbox == (2.3, 48.5, 2.5, 48.7)
    assert [part.url for part in item.resources] == ["https://evry.example/get?id=1"]
    assert item.extras["links"] == "https://evry.example/fiche.html\nhttps://evry.example/ows?service=WMS"


def test_records_of_a_format_that_was_not_asked_for_are_no_empty_catalogue(elsewhere: Elsewhere) -> None:
    with pytest.raises(UnreadableAnswer, match="« RDF »"):
        elsewhere.read("csw", _csw('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'), CSW)


def test_online_resources_of_a_record_by_what_they_give(elsewhere: Elsewhere) -> None:
    def online(protocol: str, name: str, url: str) -> str:
        url = url.replace("&", "&amp;")
        return f"<onLine><CI_OnlineResource><linkage><URL>{url}</URL></linkage><protocol>{protocol}</protocol><name>{name}</name></CI_OnlineResource></onLine>"

    options = "".join(
        [
            online("OGC:WFS", "parcs", "https://evry.example/ows"),
            online(
                "OGC:WFS",
                "Fichier CSV des parcs",
                "https://evry.example/ows?service=WFS&request=GetFeature&typeName=parcs&outputFormat=csv",
            ),
            online("WWW:DOWNLOAD", "Le portail", "https://evry.example/browser/index.html#/parcs"),
            online("OGC:WMS", "parcs", "https://evry.example/ows?service=WMS"),
            online("WWW:DOWNLOAD-1.0-http-get-map", "carte", "https://evry.example/ows?request=GetMap&layers=parcs"),
            online("WWW:DOWNLOAD", "Tous les parcs", "https://evry.example/telecharger?id=3"),
        ]
    )
    record = (
        "<MD_Metadata><metadataIdentifier><MD_Identifier><code>a</code></MD_Identifier></metadataIdentifier>"
        "<identificationInfo><MD_DataIdentification><citation><CI_Citation><title>Parcs</title></CI_Citation></citation>"
        "<pointOfContact><CI_Responsibility><party><CI_Organisation><name>Évry</name><individual><CI_Individual><name>Ana B.</name>"
        "</CI_Individual></individual></CI_Organisation></party></CI_Responsibility></pointOfContact>"
        "<resourceConstraints><MD_LegalConstraints><useLimitation>Utilisation libre</useLimitation></MD_LegalConstraints>"
        "</resourceConstraints></MD_DataIdentification></identificationInfo><distributionInfo><MD_Distribution>"
        "<distributionFormat><MD_Format><name>ESRI Shapefile</name></MD_Format></distributionFormat>"
        f"<transferOptions><MD_DigitalTransferOptions>{options}</MD_DigitalTransferOptions></transferOptions>"
        "</MD_Distribution></distributionInfo></MD_Metadata>"
    )
    (item,) = elsewhere.read("csw", _csw(record), CSW).items
    assert [(part.format, part.dialect) for part in item.resources] == [
        ("geojson", "wfs"),
        ("csv", ""),
        ("", ""),
        ("shapefile", ""),
    ]
    assert item.resources[0].url == "https://evry.example/ows?typeNames=parcs"
    assert (item.contact_name, item.publisher, item.extras["constraints"]) == ("Ana B.", "Évry", "Utilisation libre")
