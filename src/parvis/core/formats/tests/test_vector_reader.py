"""Geographic files: any driver, any projection, attributes as canonical text."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from parvis.core import gdal
from parvis.core.formats.refusals import BrokenFile, NoSuchPart, UnknownProjection, XmlEntities
from parvis.core.staging import ROWS, Workspace

Stage = Callable[..., Any]
PARIS_93 = (652_469.0, 6_862_035.0)
"""Notre-Dame in Lambert-93; in WGS 84 it stands at 2.3522, 48.8566 within a hundredth."""


def layer(
    path: Path, driver: str, crs: str | None, point: tuple[float, float], name: str = "lieux", **more: Any
) -> None:
    gdal.pyogrio().raw.write(
        path,
        geometry=np.array([shapely.to_wkb(shapely.Point(point)), None], dtype=object),
        field_data=[np.array(["Été", "Cœur"], dtype=object), np.array([1, 2], dtype=np.int32)],
        fields=["nom", "code"],
        geometry_type="Point",
        crs=crs,
        driver=driver,
        layer=name,
        **more,
    )


def zipped(folder: Path, *leave_out: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted(folder.iterdir()):
            if path.suffix not in leave_out:
                archive.write(path, f"export/{path.name}")
        archive.writestr("licence.txt", "Etalab")
    return stream.getvalue()


def where(workspace: Workspace, column: str) -> tuple[float, float]:
    row = workspace.connection.execute(f"SELECT ST_X({column}), ST_Y({column}) FROM {ROWS} LIMIT 1").fetchone()
    assert row is not None
    return row[0], row[1]


def check(table: Any, workspace: Workspace) -> None:
    assert table.headers == ["nom", "code", "geometry"]
    assert [row[:2] for row in table.rows] == [("Été", "1"), ("Cœur", "2")]
    assert table.rows[1][2] is None
    assert table.hints == ["text", "int", "geo_point_2d"]
    assert where(workspace, table.staged.columns[-1].name) == pytest.approx((2.3522, 48.8566), abs=0.01)


@pytest.mark.filterwarnings("ignore:.*")
@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252"])
def test_a_zipped_shapefile_in_lambert_93(stage: Stage, workspace: Workspace, tmp_path: Path, encoding: str) -> None:
    folder = tmp_path / "shp"
    folder.mkdir()
    layer(folder / "Lieux publics.shp", "ESRI Shapefile", "EPSG:2154", PARIS_93, encoding=encoding)
    for leave_out in ((), (".cpg",)):
        table = stage(zipped(folder, *leave_out), name="lieux.csv")
        assert table.format == "shapefile"
        assert table.reading["crs"] == "EPSG:2154"
        check(table, workspace)


@pytest.mark.filterwarnings("ignore:.*")
def test_characters_cut_by_the_width_of_a_field_do_not_hide_utf_8(stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "shp"
    folder.mkdir()
    layer(folder / "x.shp", "ESRI Shapefile", "EPSG:2154", PARIS_93, encoding="UTF-8")
    table = folder / "x.dbf"
    content = bytearray(table.read_bytes())
    content[48] = 254  # the length of the first field, no text, as wide as exporters like them
    start = int.from_bytes(content[8:10], "little")
    texts = (
        "Été".encode() + b" " * 250 + b"\xc3" + b" " * 9 + b"1" + b" " + "Cœur".encode() + b" " * 249 + b" " * 9 + b"2"
    )
    content[10:12] = (1 + 254 + 10).to_bytes(2, "little")
    content[72] = 9
    table.write_bytes(bytes(content[:start]) + b" " + texts + b"\x1a")
    assert stage(zipped(folder, ".cpg"), name="x.zip").reading["encoding"] == "utf-8"


@pytest.mark.filterwarnings("ignore:.*")
@pytest.mark.parametrize(
    ("point", "crs"), [(PARIS_93, "EPSG:2154"), ((2.3522, 48.8566), "EPSG:4326"), ((1.6e7, 1e7), None)]
)
def test_without_prj_the_coordinates_tell_or_the_file_is_refused(
    stage: Stage, workspace: Workspace, tmp_path: Path, point: tuple[float, float], crs: str | None
) -> None:
    folder = tmp_path / "shp"
    folder.mkdir()
    layer(folder / "x.shp", "ESRI Shapefile", None, point, encoding="UTF-8")
    if crs is None:
        with pytest.raises(UnknownProjection):
            stage(zipped(folder, ".prj"))
        return
    table = stage(zipped(folder, ".prj"))
    assert table.notes["projection-guessed"] == {"crs": crs}
    check(table, workspace)


@pytest.mark.filterwarnings("ignore:.*")
@pytest.mark.parametrize(
    ("driver", "suffix", "format_"), [("GPKG", ".gpkg", "geopackage"), ("FlatGeobuf", ".fgb", "flatgeobuf")]
)
def test_geopackage_and_flatgeobuf(
    stage: Stage, workspace: Workspace, tmp_path: Path, driver: str, suffix: str, format_: str
) -> None:
    more = {"SPATIAL_INDEX": "NO"} if driver == "FlatGeobuf" else {}
    layer(tmp_path / f"x{suffix}", driver, "EPSG:2154", PARIS_93, **more)
    table = stage((tmp_path / f"x{suffix}").read_bytes(), name="x.csv")
    assert table.format == format_
    check(table, workspace)


@pytest.mark.filterwarnings("ignore:.*")
def test_a_layer_of_a_geopackage_can_be_chosen(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    layer(path, "GPKG", "EPSG:4326", (2, 48), "premier")
    layer(path, "GPKG", "EPSG:4326", (3, 48), "second", append=True)
    table = stage(path.read_bytes())
    assert table.notes["other-sheets"] == {"read": "premier", "others": ["second"]}
    assert stage(path.read_bytes(), sheet="second").reading["sheet"] == "second"
    with pytest.raises(NoSuchPart):
        stage(path.read_bytes(), sheet="tiers")


@pytest.mark.filterwarnings("ignore:.*")
def test_mapinfo_exchange_files(stage: Stage, workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "mif"
    folder.mkdir()
    layer(folder / "x.mif", "MapInfo File", "EPSG:4326", (2.3522, 48.8566), FORMAT="MIF", encoding="CP1252")
    table = stage(zipped(folder))
    assert table.format == "mapinfo-mif"
    assert [row[:2] for row in table.rows] == [("Été", "1"), ("Cœur", "2")]


KML = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Lieux</name>
<Placemark><name>Mairie</name><ExtendedData><Data name="code"><value>01</value></Data></ExtendedData>
<Point><coordinates>2.43,48.63,10</coordinates></Point></Placemark>
<Placemark><name>École</name><Point><coordinates>2.44,48.64</coordinates></Point></Placemark></Document></kml>"""


def kmz() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("doc.kml", KML.format(doctype=""))
        archive.writestr("files/icon.png", b"\x89PNG")
    return stream.getvalue()


@pytest.mark.parametrize("content", [KML.format(doctype="").encode(), kmz()])
def test_kml_keeps_its_extended_data(stage: Stage, workspace: Workspace, content: bytes) -> None:
    table = stage(content, name="x.csv")
    assert table.format == "kml"
    rows = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    assert [(row["Name"], row["code"]) for row in rows] == [("Mairie", "01"), ("École", None)]
    assert not {"tessellate", "visibility", "drawOrder"} & set(table.headers)
    assert where(workspace, table.staged.columns[-1].name) == pytest.approx((2.43, 48.63))


def test_entities_are_refused(stage: Stage) -> None:
    with pytest.raises(XmlEntities):
        stage(KML.format(doctype='<!DOCTYPE k [<!ENTITY a "b">]>'))
    with pytest.raises(XmlEntities):
        stage(KML.replace("UTF-8", "UTF-16").format(doctype='<!DOCTYPE k [<!ENTITY a "b">]>').encode("utf-16"))


def test_gpx_points_are_read_first(stage: Stage, workspace: Workspace) -> None:
    text = """<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
    <wpt lat="48.63" lon="2.43"><ele>80</ele><name>Fontaine</name></wpt>
    <trk><name>Boucle</name><trkseg><trkpt lat="48.6" lon="2.4"/><trkpt lat="48.7" lon="2.5"/></trkseg></trk></gpx>"""
    table = stage(text)
    assert table.reading["sheet"] == "waypoints"
    assert "tracks" in table.notes["other-sheets"]["others"]
    assert where(workspace, table.staged.columns[-1].name) == pytest.approx((2.43, 48.63))
    assert stage(text, sheet="tracks").hints[-1] == "geo_shape"


@pytest.mark.filterwarnings("ignore:.*")
def test_cut_files_are_refused(stage: Stage, tmp_path: Path) -> None:
    layer(tmp_path / "x.gpkg", "GPKG", "EPSG:4326", (2, 48))
    with pytest.raises(BrokenFile):
        stage((tmp_path / "x.gpkg").read_bytes()[:6000])
    with pytest.raises(BrokenFile) as refusal:
        stage(KML.format(doctype="")[:300], name="lieux.kml")
    assert str(tmp_path) not in str(refusal.value)
    assert "« lieux.kml »" in str(refusal.value)


@pytest.mark.filterwarnings("ignore:.*")
def test_fields_of_one_name_are_two_columns(stage: Stage, tmp_path: Path) -> None:
    layer(tmp_path / "x.shp", "ESRI Shapefile", "EPSG:2154", PARIS_93, encoding="UTF-8")
    table = bytearray((tmp_path / "x.dbf").read_bytes())
    table[64:75] = table[32:43]
    imported = stage(bytes(table), name="x.dbf")
    assert [row[:2] for row in imported.rows] == [("Été", "1"), ("Cœur", "2")]


@pytest.mark.parametrize(("codes", "joined"), [([2, 1], True), ([2, 3], False), ([1, 1], False)])
def test_a_map_has_the_columns_of_the_table_beside_it_when_they_share_a_key(
    stage: Stage, tmp_path: Path, workspace: Workspace, codes: list[int], joined: bool
) -> None:
    folder = tmp_path / "mif"
    folder.mkdir()
    layer(folder / "x.mif", "MapInfo File", "EPSG:4326", (2.3522, 48.8566), FORMAT="MIF", encoding="CP1252")
    gdal.pyogrio().raw.write(
        folder / "x.dbf",
        geometry=None,
        field_data=[np.array(codes, dtype=np.int32), np.array([30, 12], dtype=np.int32)],
        fields=["CODE", "menages"],
        geometry_type=None,
        driver="ESRI Shapefile",
    )
    table = stage(zipped(folder), name="carreaux.zip")
    if joined:
        assert table.headers == ["CODE", "menages", "nom", "geometry"]
        assert [row[:3] for row in table.rows] == [("2", "30", "Cœur"), ("1", "12", "Été")]
        assert [row[3] is None for row in table.rows] == [True, False]
        assert table.hints[-1] == "geo_point_2d"
    else:
        assert table.headers == ["nom", "code", "geometry"]
        assert "table-beside" in table.notes
