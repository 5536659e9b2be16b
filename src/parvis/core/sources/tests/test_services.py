"""Services of features: layers as datasets, rows as GeoJSON by line, which the importer reads."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.formats.file_reader import read
from parvis.core.sources.answers import UnreadableAnswer
from parvis.core.sources.contract import Request, Resource, Settings
from parvis.core.sources.dialects import ROWS as DIALECTS_OF_ROWS
from parvis.core.sources.errors import BadSource, EndlessSource, SourceRefuses
from parvis.core.sources.esri import geojson_geometry
from parvis.core.sources.tests.conftest import DATA, Elsewhere
from parvis.core.staging import ROWS, open_workspace

OGC = "http://127.0.0.1:8112/"
WFS = "http://127.0.0.1:8113/wfs"
ARCGIS = "https://sig.evry.example/arcgis/rest/services"


def _asked(request: Request) -> dict[str, str]:
    return {name.lower(): values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def _mapserver(request: Request) -> Path:
    """MapServer, which gives 12 at most and tells how many there are on the last page alone."""
    question = _asked(request)
    if question["request"] == "GetCapabilities":
        return DATA / "wfs_capabilities.xml"
    assert (question["typenames"], question["count"], question["srsname"]) == ("ms:communes", "1000", "EPSG:4326")
    return DATA / f"wfs_features_{int(question.get('startindex', 0)) // 12 + 1}.json"


def _pygeoapi(request: Request) -> Path:
    path, question = urlsplit(request.url).path, _asked(request)
    if path.endswith("/collections"):
        return DATA / "ogc_collections.json"
    assert (path, request.headers["Accept"][:20]) == ("/collections/communes/items", "application/geo+json")
    return DATA / f"ogc_items_{int(question.get('offset', 0)) // 12 + 1}.json"


def test_a_layer_of_mapserver_and_all_its_rows(elsewhere: Elsewhere) -> None:
    (layer,) = elsewhere.harvest("wfs", _mapserver, f"{WFS}?service=WFS&request=GetCapabilities").items
    assert (layer.identifier, layer.title, layer.description) == (
        "ms:communes",
        "Communes de l'Essonne",
        "Contours 2018",
    )
    assert (layer.publisher, layer.contact_email, layer.licence) == (
        "Département de l'Essonne",
        "sig@example.org",
        "lov2",
    )
    assert (layer.keywords, layer.bbox is not None) == (("communes", "contours"), True)
    rows = elsewhere.rows("wfs", _mapserver, layer.resources[0])
    assert len({row["properties"]["code"] for row in rows}) == len(rows) == 30


def test_a_collection_of_pygeoapi_and_all_its_items(elsewhere: Elsewhere) -> None:
    (collection,) = elsewhere.harvest("ogc_features", _pygeoapi, OGC).items
    assert (collection.identifier, collection.title) == ("communes", "Communes de l'Essonne")
    assert (collection.licence, collection.bbox) == ("lov2", (1.9, 48.2, 2.6, 48.8))
    assert (collection.temporal_start, collection.temporal_end) == ("2018-01-01", "")
    assert collection.landing_page == "http://example.org/communes"
    rows = elsewhere.rows("ogc_features", _pygeoapi, collection.resources[0])
    assert len({row["properties"]["code"] for row in rows}) == len(rows) == 30


def test_rows_are_a_table_that_the_importer_reads(elsewhere: Elsewhere, tmp_path: Path) -> None:
    rows = elsewhere.rows("wfs", _mapserver, f"{WFS}?typeNames=ms:communes")
    with open_workspace(tmp_path / "work") as workspace:
        staged, detected = read(tmp_path / "rows.jsonl", workspace)
        names = {column.header: column.name for column in staged.columns}
        (codes,) = workspace.connection.execute(f"SELECT list(DISTINCT {names['code']}) FROM {ROWS}").fetchall()
    assert (staged.rows, staged.rejects, detected.format) == (30, 0, "geojson")
    assert sorted(codes[0]) == sorted(row["properties"]["code"] for row in rows)
    assert str(staged.columns[-1].hint) == "geo_point_2d"


def _capabilities(formats: str = "application/json", version: str = "2.0.0") -> str:
    return (
        f'<WFS_Capabilities version="{version}"><OperationsMetadata><Operation name="GetFeature"><Parameter name="outputFormat">'
        f"<AllowedValues><Value>{formats}</Value></AllowedValues></Parameter></Operation></OperationsMetadata><FeatureTypeList>"
        "<FeatureType><Name>v:arbres</Name><Title>Arbres</Title><WGS84BoundingBox><LowerCorner>2.0 48.0</LowerCorner>"
        "<UpperCorner>3.0 49.0</UpperCorner></WGS84BoundingBox></FeatureType></FeatureTypeList></WFS_Capabilities>"
    )


def _collection(ranks: range, **more: Any) -> dict[str, Any]:
    points = [{"type": "Point", "coordinates": [2.1, 48.5]}] * len(ranks)
    features = [
        {"type": "Feature", "id": f"a.{rank}", "geometry": point, "properties": {"n": rank}}
        for rank, point in zip(ranks, points, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features, **more}


def _wfs(pages: Callable[[int], Any], **more: str) -> Callable[[Request], Any]:
    def server(request: Request) -> Any:
        question = _asked(request)
        return (
            _capabilities(**more)
            if question["request"] == "GetCapabilities"
            else pages(int(question.get("startindex", 0)))
        )

    return server


LAYER = "https://sig.evry.example/ows?typeNames=v:arbres"


@pytest.mark.parametrize(
    ("pages", "count"),
    [
        (lambda start: _collection(range(start, min(start + 1000, 2500)), numberMatched=2500), 2500),
        (lambda start: _collection(range(start, min(start + 300, 900)), numberMatched="unknown"), 900),
        (lambda start: _collection(range(40)), 40),  # pages are ignored: all at once, whatever is question
        (lambda start: _collection(range(3000)), 3000),
    ],
)
def test_all_ways_of_giving_pages(elsewhere: Elsewhere, pages: Callable[[int], Any], count: int) -> None:
    rows = elsewhere.rows("wfs", _wfs(pages), LAYER)
    assert [row["properties"]["n"] for row in rows] == list(range(count))


@pytest.mark.parametrize(
    ("pages", "count"),
    [
        (lambda start: _collection(range(start, min(start + 12, 30))), 30),  # MapServer cuts without a word
        (lambda start: _collection(range(2_000)), 2_000),
    ],
)
def test_before_version_2_pages_are_tried(elsewhere: Elsewhere, pages: Callable[[int], Any], count: int) -> None:
    rows = elsewhere.rows("wfs", _wfs(pages, version="1.1.0"), LAYER)
    assert [row["properties"]["n"] for row in rows] == list(range(count))


def test_formats_of_version_1_0_are_names_of_elements(elsewhere: Elsewhere) -> None:
    former = (
        '<WFS_Capabilities version="1.0.0"><Capability><Request><GetFeature><ResultFormat><GML2/><JSON/></ResultFormat></GetFeature>'
        "</Request></Capability><FeatureTypeList><FeatureType><Name>v:arbres</Name></FeatureType></FeatureTypeList></WFS_Capabilities>"
    )

    def server(request: Request) -> Any:
        question = _asked(request)
        if question["request"] == "GetCapabilities":
            return former
        assert (question["typename"], question["outputformat"]) == ("v:arbres", "JSON")
        return _collection(range(3))

    assert len(elsewhere.rows("wfs", server, LAYER)) == 3


def test_a_service_that_repeats_a_full_page_is_an_error(elsewhere: Elsewhere) -> None:
    with pytest.raises(EndlessSource, match="le même contenu"):
        elsewhere.rows("wfs", _wfs(lambda start: _collection(range(1000), numberMatched=5000)), LAYER)


def test_a_service_that_wants_an_order_gets_one_and_no_row_twice(elsewhere: Elsewhere) -> None:
    report = "<ows:ExceptionReport xmlns:ows='x'><ows:ExceptionText>Cannot do natural order without a primary key</ows:ExceptionText></ows:ExceptionReport>"

    def server(request: Request) -> Any:
        question = _asked(request)
        if question["request"] == "GetCapabilities":
            return _capabilities()
        start = int(question.get("startindex", 0))
        if start and question.get("sortby") != "n":
            return report
        return _collection(range(start, min(start + 1000, 1500)), numberMatched=1500)

    rows = elsewhere.rows("wfs", server, LAYER)
    assert [row["properties"]["n"] for row in rows] == list(range(1500))


def test_latitude_first_is_seen_by_the_rectangle_of_the_layer(elsewhere: Elsewhere) -> None:
    line = {"type": "LineString", "coordinates": [[48.5, 2.1], [48.6, 2.2]]}
    body = {"features": [{"type": "Feature", "geometry": line, "properties": {}}], "numberMatched": 1}
    (row,) = elsewhere.rows("wfs", _wfs(lambda _: body), LAYER)
    assert row["geometry"]["coordinates"] == [[2.1, 48.5], [2.2, 48.6]]


def test_a_layer_that_is_no_more_in_the_service_is_named(elsewhere: Elsewhere) -> None:
    with pytest.raises(UnreadableAnswer, match="n’est plus dans le service"):
        elsewhere.rows("wfs", _wfs(lambda _: ""), LAYER.replace("arbres", "bancs"))


def test_a_next_page_elsewhere_is_an_error_of_rows(elsewhere: Elsewhere) -> None:
    for href in ("https://ailleurs.example.org/items?offset=1", "http://10.0.0.1/items", "file:///etc/passwd", "?"):
        body = _collection(range(2), links=[{"rel": "next", "href": href}])
        with pytest.raises(EndlessSource):
            elsewhere.rows(
                "ogc_features", lambda _, body=body: body, "https://sig.evry.example/collections/a/items", most=3
            )


def test_fewer_rows_than_announced_are_an_error(elsewhere: Elsewhere) -> None:
    body = _collection(range(10), numberMatched=30, links=[])
    with pytest.raises(EndlessSource, match="annonce 30 lignes et n’en donne que 10"):
        elsewhere.rows("ogc_features", lambda _: body, "https://sig.evry.example/collections/a/items")
    cut = _wfs(lambda start: _collection(range(start, min(start + 10, 20)), numberMatched=30))
    with pytest.raises(EndlessSource, match="annonce 30 lignes et n’en donne que 20"):
        elsewhere.rows("wfs", cut, LAYER)


LAYER_0: dict[str, Any] = {
    "id": 0,
    "name": "Arbres",
    "type": "Feature Layer",
    "description": "<p>Tous</p>",
    "copyrightText": "Ville d'Évry, Licence Ouverte 2.0",
    "capabilities": "Map,Query,Data",
    "geometryType": "esriGeometryPoint",
    "extent": {"xmin": 2.3, "ymin": 48.5, "xmax": 2.5, "ymax": 48.7, "spatialReference": {"wkid": 4326}},
    "editingInfo": {"lastEditDate": 1767322800000},
    "currentVersion": 11.1,
    "maxRecordCount": 2,
    "fields": [
        {"name": "OBJECTID", "type": "esriFieldTypeOID"},
        {"name": "plante", "type": "esriFieldTypeDate"},
        {"name": "nom", "type": "esriFieldTypeString"},
    ],
}
TREES = range(1, 6)


def _arcgis(geojson: bool) -> Callable[[Request], Any]:
    layer = LAYER_0 | (
        {"supportedQueryFormats": "JSON, geoJSON", "advancedQueryCapabilities": {"supportsPagination": True}}
        if geojson
        else {}
    )

    def feature(rank: int) -> dict[str, Any]:
        attributes = {"OBJECTID": rank * 10, "plante": 1577836800000, "nom": f"arbre {rank}"}
        if geojson:
            return {
                "type": "Feature",
                "id": rank * 10,
                "geometry": {"type": "Point", "coordinates": [2.4, 48.6]},
                "properties": attributes,
            }
        return {"attributes": attributes, "geometry": {"x": 2.4, "y": 48.6}}

    def server(request: Request) -> Any:
        path, question = request.url.partition("?")[0].removeprefix(ARCGIS), _asked(request)
        if path == "":
            return {
                "folders": ["Parcs", "System"],
                "services": [{"name": "Eau", "type": "MapServer"}, {"name": "Fond", "type": "ImageServer"}],
            }
        if path == "/Parcs":
            services = [{"name": "Parcs/Arbres", "type": kind} for kind in ("MapServer", "FeatureServer")]
            return {"folders": [], "services": services}
        if path.endswith("/layers"):
            return {
                "layers": [layer, {"id": 1, "name": "G", "type": "Group Layer"}],
                "tables": [layer | {"id": 2, "type": "Table", "serviceItemId": "f00d"}],
            }
        if path.endswith("/query"):
            assert question["orderbyfields"] == "OBJECTID ASC"
            after = int(question["where"].partition(">")[2] or 0)
            ranks = [rank for rank in TREES if rank * 10 > after][:2]
            return {"features": [feature(rank) for rank in ranks], "exceededTransferLimit": len(ranks) == 2}
        return layer

    return server


def test_the_folders_of_an_arcgis_server_are_walked(elsewhere: Elsewhere) -> None:
    whole = elsewhere.harvest("arcgis", _arcgis(geojson=True), f"{ARCGIS}/?f=html")
    assert sorted(item.identifier for item in whole.items) == [
        "Eau/MapServer/0",
        "Parcs/Arbres/FeatureServer/0",
        "f00d/2",
        "f00d/2",
    ]
    item = next(item for item in whole.items if item.identifier.startswith("Parcs"))
    assert (item.title, item.description, item.licence, item.modified) == (
        "Arbres",
        "Tous",
        "lov2",
        "2026-01-02T03:00:00+00:00",
    )
    assert item.bbox == (2.3, 48.5, 2.5, 48.7)
    assert "Group Layer" in whole.reasons


@pytest.mark.parametrize("geojson", [True, False])
def test_all_the_rows_of_a_layer_by_their_keys(elsewhere: Elsewhere, geojson: bool) -> None:
    rows = elsewhere.rows("arcgis", _arcgis(geojson), f"{ARCGIS}/Parcs/Arbres/FeatureServer/0")
    assert [row["properties"]["OBJECTID"] for row in rows] == [10, 20, 30, 40, 50]
    assert {row["properties"]["plante"] for row in rows} == {"2020-01-01T00:00:00+00:00"}
    assert {json.dumps(row["geometry"]) for row in rows} == {'{"type": "Point", "coordinates": [2.4, 48.6]}'}


def test_an_error_that_arcgis_answers_as_if_all_went_well(elsewhere: Elsewhere) -> None:
    body = {"error": {"code": 499, "message": "Token Required", "details": []}}
    with pytest.raises(SourceRefuses, match="499 Token Required"):
        elsewhere.read("arcgis", body, ARCGIS)
    with pytest.raises(SourceRefuses, match="Token"):
        elsewhere.rows("arcgis", lambda _: body, f"{ARCGIS}/a/FeatureServer/0")


def test_rings_of_esri_are_polygons_with_their_holes() -> None:
    outer, hole = [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
    far = [[20, 0], [20, 9], [29, 9], [29, 0], [20, 0]]
    shape = geojson_geometry({"rings": [hole, outer, far]})
    assert shape is not None
    assert (shape["type"], [len(polygon) for polygon in shape["coordinates"]]) == ("MultiPolygon", [2, 1])
    assert geojson_geometry({"rings": [hole]}) == {
        "type": "Polygon",
        "coordinates": [[list(map(float, p)) for p in hole[::-1]]],
    }
    assert geojson_geometry({"paths": [[[0, 0], [1, 1]]]}) == {
        "type": "LineString",
        "coordinates": [[0.0, 0.0], [1.0, 1.0]],
    }
    assert geojson_geometry({"x": "NaN", "y": None}) is None
    assert geojson_geometry({"curveRings": []}) is None


def test_the_layer_of_an_address_alone(elsewhere: Elsewhere) -> None:
    (item,) = elsewhere.harvest("arcgis", _arcgis(geojson=True), f"{ARCGIS}/Parcs/Arbres/FeatureServer/0").items
    assert item.identifier == "Parcs/Arbres/FeatureServer/0"
    with pytest.raises(BadSource):
        elsewhere.harvest("arcgis", _arcgis(geojson=True), "https://sig.evry.example/portal")


def test_a_collection_that_another_catalogue_names_is_read_at_its_items():
    for address in ("https://geo.fr/ogc/collections/arbres", "https://geo.fr/ogc/collections/arbres/items"):
        (request,) = DIALECTS_OF_ROWS["ogc_features"].first(
            Resource(address, dialect="ogc_features"), Settings("https://geo.fr/csw")
        )
        assert request.url.partition("?")[0] == "https://geo.fr/ogc/collections/arbres/items"
