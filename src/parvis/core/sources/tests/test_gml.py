"""Services that give GML alone: every form of geometry, of axis and of type, and what is refused."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from parvis.core.formats.refusals import UnknownProjection
from parvis.core.sources.answers import UnreadableAnswer
from parvis.core.sources.contract import Request
from parvis.core.sources.errors import BadSource, EndlessSource, SourceRefuses
from parvis.core.sources.gml import attribute_kinds, in_degrees, read_collection
from parvis.core.sources.tests.conftest import Elsewhere

WFS = "https://geo.evry.example/ows"
SPACES = {
    "2": 'xmlns:gml="http://www.opengis.net/gml" xmlns:wfs="http://www.opengis.net/wfs"',
    "3.2": 'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:wfs="http://www.opengis.net/wfs/2.0"',
}
URN = "urn:ogc:def:crs:EPSG::4326"


def _collection(shapes: str, version: str = "3.2", attributes: str = "") -> str:
    more = (
        SPACES[version]
        + ' xmlns:m="urn:m" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    return f"<wfs:FeatureCollection {more} {attributes}>{shapes}</wfs:FeatureCollection>"


def _member(shape: str, more: str = "", name: str = "wfs:member") -> str:
    return f'<{name}><m:arbre gml:id="a.1"><m:geom>{shape}</m:geom>{more}</m:arbre></{name}>'


def _one(elsewhere: Elsewhere, shape: str, version: str = "3.2", system: str = "EPSG:4326") -> Any:
    collection = read_collection(elsewhere.answer(_collection(_member(shape), version)), {}, system)
    (feature,) = in_degrees(collection)
    return feature["geometry"]


SQUARE = "<gml:exterior><gml:LinearRing><gml:posList>0 0 9 0 9 9 0 9 0 0</gml:posList></gml:LinearRing></gml:exterior>"
HOLE = "<gml:interior><gml:LinearRing><gml:posList>1 1 2 1 2 2 1 1</gml:posList></gml:LinearRing></gml:interior>"
LINE = "<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>{}</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>"


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("<gml:Point><gml:pos>2.4 48.6</gml:pos></gml:Point>", ("Point", [2.4, 48.6])),
        ("<gml:Point><gml:coordinates>2.4,48.6</gml:coordinates></gml:Point>", ("Point", [2.4, 48.6])),
        ("<gml:Point><gml:coord><gml:X>2.4</gml:X><gml:Y>48.6</gml:Y></gml:coord></gml:Point>", ("Point", [2.4, 48.6])),
        (
            '<gml:Point><gml:coordinates decimal="," cs=" " ts=";">2,4 48,6</gml:coordinates></gml:Point>',
            ("Point", [2.4, 48.6]),
        ),
        ('<gml:Point srsDimension="3"><gml:pos>2.4 48.6 75</gml:pos></gml:Point>', ("Point", [2.4, 48.6])),
        (
            '<gml:LineString><gml:posList srsDimension="3">0 0 5 1 1 5</gml:posList></gml:LineString>',
            ("LineString", [[0, 0], [1, 1]]),
        ),
        (
            "<gml:LineString><gml:pos>0 0</gml:pos><gml:pos>1 1</gml:pos></gml:LineString>",
            ("LineString", [[0, 0], [1, 1]]),
        ),
        (LINE.format("0 0 1 1"), ("LineString", [[0, 0], [1, 1]])),
        (
            f"<gml:CompositeCurve><gml:curveMember>{LINE.format('0 0 1 1')}</gml:curveMember><gml:curveMember>{LINE.format('1 1 2 0')}"
            "</gml:curveMember></gml:CompositeCurve>",
            ("LineString", [[0, 0], [1, 1], [2, 0]]),
        ),
        (
            f"<gml:Polygon>{SQUARE}{HOLE}</gml:Polygon>",
            ("Polygon", [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]),
        ),
        (
            f"<gml:Surface><gml:patches><gml:PolygonPatch>{SQUARE}</gml:PolygonPatch></gml:patches></gml:Surface>",
            ("Polygon", [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]]),
        ),
        (
            "<gml:MultiSurface><gml:surfaceMembers>"
            + f"<gml:Polygon>{SQUARE}</gml:Polygon>" * 2
            + "</gml:surfaceMembers></gml:MultiSurface>",
            ("MultiPolygon", [[[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]]] * 2),
        ),
        (
            f"<gml:MultiCurve><gml:curveMember>{LINE.format('0 0 1 1')}</gml:curveMember></gml:MultiCurve>",
            ("MultiLineString", [[[0, 0], [1, 1]]]),
        ),
        (
            "<gml:MultiPoint><gml:pointMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember><gml:pointMember>"
            "<gml:Point><gml:pos>3 4</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>",
            ("MultiPoint", [[1, 2], [3, 4]]),
        ),
        (
            "<gml:Envelope><gml:lowerCorner>0 0</gml:lowerCorner><gml:upperCorner>1 1</gml:upperCorner></gml:Envelope>",
            ("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]),
        ),
        ("<gml:Point><gml:pos/></gml:Point>", None),
        ("<gml:Polygon/>", None),
    ],
)
def test_every_form_of_geometry(elsewhere: Elsewhere, shape: str, expected: tuple[str, Any] | None) -> None:
    geometry = _one(elsewhere, shape)
    assert geometry == (expected and {"type": expected[0], "coordinates": expected[1]})


def test_polygons_of_the_second_version(elsewhere: Elsewhere) -> None:
    ring = "<gml:{0}><gml:LinearRing><gml:coordinates>{1}</gml:coordinates></gml:LinearRing></gml:{0}>"
    polygon = (
        "<gml:Polygon>"
        + ring.format("outerBoundaryIs", "0,0 9,0 9,9")
        + ring.format("innerBoundaryIs", "1,1 2,1 2,2 1,1")
        + "</gml:Polygon>"
    )
    assert _one(elsewhere, polygon, "2")["coordinates"] == [
        [[0, 0], [9, 0], [9, 9], [0, 0]],
        [[1, 1], [2, 1], [2, 2], [1, 1]],
    ]
    assert (
        _one(elsewhere, f"<gml:MultiPolygon><gml:polygonMember>{polygon}</gml:polygonMember></gml:MultiPolygon>", "2")[
            "type"
        ]
        == "MultiPolygon"
    )


@pytest.mark.parametrize(
    ("system", "written", "expected"),
    [
        (URN, "48.6 2.4", [2.4, 48.6]),
        ("urn:x-ogc:def:crs:EPSG:6.9:4326", "48.6 2.4", [2.4, 48.6]),
        ("http://www.opengis.net/def/crs/EPSG/0/4258", "48.6 2.4", [2.4, 48.6]),
        ("http://www.opengis.net/gml/srs/epsg.xml#4326", "2.4 48.6", [2.4, 48.6]),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "2.4 48.6", [2.4, 48.6]),
        ("EPSG:2154", "652469.02 6862035.26", [2.3522, 48.8566]),
        ("urn:ogc:def:crs:EPSG::2154", "652469.02 6862035.26", [2.3522, 48.8566]),
        ("EPSG:3949", "1700000 8200000", [3.0, 49.0]),
        ("urn:ogc:def:crs:EPSG::3035", "2889000 3760000", [2.3424, 48.8515]),  # north first
        ("EPSG:3035", "3760000 2889000", [2.3424, 48.8515]),
        ("EPSG:900913", "261848.15 6250564.35", [2.3522, 48.8566]),
    ],
)
def test_axes_and_projections_by_the_name_of_the_system(
    elsewhere: Elsewhere, system: str, written: str, expected: list[float]
) -> None:
    geometry = _one(elsewhere, f'<gml:Point srsName="{system}"><gml:pos>{written}</gml:pos></gml:Point>')
    assert geometry["coordinates"] == pytest.approx(expected, abs=1e-3)


def test_the_system_of_a_collection_is_that_of_its_features(elsewhere: Elsewhere) -> None:
    box = f'<gml:boundedBy><gml:Envelope srsName="{URN}"><gml:lowerCorner>48 2</gml:lowerCorner><gml:upperCorner>49 3</gml:upperCorner></gml:Envelope></gml:boundedBy>'
    body = _collection(box + _member("<gml:Point><gml:pos>48.6 2.4</gml:pos></gml:Point>"))
    assert in_degrees(read_collection(elsewhere.answer(body), {}))[0]["geometry"]["coordinates"] == [2.4, 48.6]


@pytest.mark.parametrize(
    "shape",
    [
        "<gml:Curve><gml:segments><gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc></gml:segments></gml:Curve>",
        "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:Curve><gml:segments><gml:CircleByCenterPoint/></gml:segments>"
        "</gml:Curve></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>",
        "<gml:Solid/>",
        "<gml:Point><gml:pos>a b</gml:pos></gml:Point>",
        "<gml:Point><gml:pos>1</gml:pos></gml:Point>",
        "<gml:LineString><gml:posList>1 2 3 4 5</gml:posList></gml:LineString>",
        "<gml:Point><gml:pos>nan inf</gml:pos></gml:Point>",
        '<gml:Point srsName="EPSG:999999"><gml:pos>1 2</gml:pos></gml:Point>',
        '<gml:Point srsName="local"><gml:pos>1 2</gml:pos></gml:Point>',
    ],
)
def test_what_cannot_be_read_rightly_is_refused(elsewhere: Elsewhere, shape: str) -> None:
    with pytest.raises((UnreadableAnswer, UnknownProjection)):
        _one(elsewhere, shape)


def test_metres_without_a_system_are_no_degrees(elsewhere: Elsewhere) -> None:
    with pytest.raises(UnreadableAnswer, match="système de coordonnées"):
        _one(elsewhere, "<gml:Point><gml:pos>652469 6862035</gml:pos></gml:Point>", system="")


SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:complexType name="arbreType"><xs:sequence>
<xs:element name="code" type="xs:string"/><xs:element name="hauteur" type="xs:double"/><xs:element name="abattu" type="xs:boolean"/>
<xs:element name="annee"><xs:simpleType><xs:restriction base="xs:int"/></xs:simpleType></xs:element>
<xs:element name="double" type="xs:int"/><xs:element name="double" type="xs:string"/></xs:sequence></xs:complexType></xs:schema>"""


def test_attributes_have_the_types_that_the_service_declares(elsewhere: Elsewhere) -> None:
    kinds = attribute_kinds(elsewhere.answer(SCHEMA))
    assert kinds == {"hauteur": "float", "abattu": "bool", "annee": "int"}
    more = (
        "<m:code>01234</m:code><m:hauteur>12.50</m:hauteur><m:abattu>true</m:abattu><m:annee>1987</m:annee>"
        '<m:note xsi:nil="true"/><m:photo xlink:href="https://evry.example/p.jpg"/><m:mot>a</m:mot><m:mot>b</m:mot>'
        "<m:inspireId><m:Identifier><m:localId>7</m:localId></m:Identifier></m:inspireId>"
    )
    body = _collection(_member("<gml:Point><gml:pos>2 48</gml:pos></gml:Point>", more))
    (feature,) = in_degrees(read_collection(elsewhere.answer(body), kinds, "EPSG:4326"))
    assert feature["properties"] == {
        "id": "a.1",
        "code": "01234",
        "hauteur": 12.5,
        "abattu": True,
        "annee": 1987,
        "note": None,
        "photo": "https://evry.example/p.jpg",
        "mot": ["a", "b"],
        "inspireId.localId": "7",
    }


def _server(version: str, count: int, page: int) -> Any:
    paged = version.startswith("2")
    wfs = "http://www.opengis.net/wfs/2.0" if paged else "http://www.opengis.net/wfs"

    def server(request: Request) -> str | Path:
        question = {key.lower(): value for key, value in parse_qsl(urlsplit(request.url).query)}
        if question["request"] == "GetCapabilities":
            return (
                f'<WFS_Capabilities version="{version}" xmlns="{wfs}" xmlns:ows="http://www.opengis.net/ows/1.1"><FeatureTypeList><FeatureType>'
                "<Name>m:arbre</Name><DefaultCRS>urn:ogc:def:crs:EPSG::2154</DefaultCRS><ows:WGS84BoundingBox><ows:LowerCorner>2.3 48.8"
                "</ows:LowerCorner><ows:UpperCorner>2.4 48.9</ows:UpperCorner></ows:WGS84BoundingBox></FeatureType></FeatureTypeList>"
                "</WFS_Capabilities>"
            )
        if question["request"] == "DescribeFeatureType":
            return SCHEMA if paged else "<ServiceExceptionReport/>"
        assert "outputformat" not in question
        assert "srsname" not in question
        start = int(question.get("startindex", "0")) if paged else 0
        shape = '<gml:Point srsName="urn:ogc:def:crs:EPSG::2154"><gml:pos>652469.02 6862035.26</gml:pos></gml:Point>'
        members = "".join(
            _member(shape, f"<m:annee>{rank}</m:annee>") for rank in range(start, min(start + page, count))
        )
        return _collection(members, "3.2" if paged else "2", f'numberMatched="{count}"' if paged else "")

    return server


def test_all_the_features_of_a_service_that_gives_gml_alone(elsewhere: Elsewhere) -> None:
    for version in ("2.0.0", "1.1.0"):
        rows = elsewhere.rows("wfs", _server(version, 5, 2 if version == "2.0.0" else 5), f"{WFS}?typeNames=m:arbre")
        expected = [0, 1, 2, 3, 4] if version == "2.0.0" else ["0", "1", "2", "3", "4"]  # no schema: texts
        assert [row["properties"]["annee"] for row in rows] == expected
        assert rows[0]["geometry"]["coordinates"] == pytest.approx([2.3522, 48.8566], abs=1e-4)


def test_the_only_layer_needs_no_name_and_rows_that_lack_are_an_error(elsewhere: Elsewhere) -> None:
    assert len(elsewhere.rows("wfs", _server("2.0.0", 3, 9), WFS)) == 3
    server = _server("2.0.0", 3, 9)
    two = "<FeatureType><Name>a</Name></FeatureType>" * 2
    with pytest.raises(BadSource, match="typeNames"):
        elsewhere.rows(
            "wfs", lambda request: server(request).replace("</FeatureTypeList>", f"{two}</FeatureTypeList>"), WFS
        )
    with pytest.raises(EndlessSource, match="annonce 9"):
        elsewhere.rows("wfs", lambda request: server(request).replace('numberMatched="3"', 'numberMatched="9"'), WFS)


def test_an_exception_or_something_else_is_no_empty_table(elsewhere: Elsewhere) -> None:
    server = _server("2.0.0", 3, 9)
    with pytest.raises(SourceRefuses, match="couche inconnue"):
        elsewhere.rows(
            "wfs",
            lambda request: (
                "<ExceptionReport>couche inconnue</ExceptionReport>" if "GetFeature" in request.url else server(request)
            ),
            WFS,
        )
    with pytest.raises(UnreadableAnswer, match="« autre »"):
        elsewhere.rows("wfs", lambda request: "<autre/>" if "GetFeature" in request.url else server(request), WFS)
    bomb = '<!DOCTYPE a [<!ENTITY a "b">]><a>&a;</a>'
    with pytest.raises(UnreadableAnswer, match="entités"):
        elsewhere.rows("wfs", lambda request: bomb if "GetFeature" in request.url else server(request), WFS)
