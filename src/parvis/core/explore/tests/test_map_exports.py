"""Files for maps, read back by GDAL: the same geometries and the same cells."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pyarrow as pa
import pytest
import shapely

from parvis.core import gdal
from parvis.core.columns import Column, ColumnType
from parvis.core.explore import ExploreRequest, InvalidParameter, Setting, export

COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("rang", "Rang", ColumnType.INT),
    Column("part", "Part", ColumnType.DOUBLE),
    Column("ouvert", "Ouvert ?", ColumnType.BOOLEAN),
    Column("jour", "Jour", ColumnType.DATE),
    Column("instant", "Instant", ColumnType.DATETIME),
    Column("themes", "Thèmes", ColumnType.TEXT, annotations={"multivalued": ","}),
    Column("lieu", "Lieu", ColumnType.GEO_POINT),
    Column("contour", "Contour", ColumnType.GEO_SHAPE),
)
NAMES = ['Évry <b> & "co"', "l'été 🌳\nsuite", "עברית", None, "=1+1", "]]>", "x;y,z\t|", " deux  espaces "]
SHAPES = [
    "POLYGON((2 48,2.5 48,2.5 48.5,2 48),(2.3 48.1,2.4 48.1,2.4 48.2,2.3 48.1))",
    "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5),(5.5 5.1,5.9 5.1,5.9 5.5,5.5 5.1)))",
    "LINESTRING(0 0,1 1e-7,-2.25 3)",
    "MULTILINESTRING((0 0,1 1),(2 2,3 3,4 4))",
    "POINT(2.345678901234567 48.12345678901234)",
    "MULTIPOINT(0 0,1 1)",
    None,
    "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))",
]


def made_rows(shapes: list[str | None] = SHAPES) -> list[list[object]]:
    return [
        [
            NAMES[n % 8],
            None if n % 3 == 2 else n * 10**17,
            None if n % 4 == 3 else n / 8,
            (True, False, None)[n % 3],
            None if n % 5 == 4 else f"202{n}-02-1{n}",
            None if n % 5 == 3 else f"2021-0{n + 1}-15T1{n}:30:00+00:00",
            [["sport", "été"], None, ["a"]][n % 3],
            f"POINT({n} {48 + n / 3})",
            shapes[n % len(shapes)],
        ]
        for n in range(8)
    ]


@pytest.fixture(scope="module")
def shapes(version_of):
    return version_of(COLUMNS, made_rows())


@pytest.fixture(scope="module")
def points(version_of):
    rows = made_rows()
    rows[3][7] = None
    return version_of(COLUMNS[:-1], [row[:-1] for row in rows])


def whole(engine, source, name, **parameters) -> bytes:
    return b"".join(export(engine, source, name, ExploreRequest(**parameters), setting=Setting("mes-lieux")))


def cells(engine, source) -> list[dict[str, str | None]]:
    """The rows as the CSV export tells them, which other tests check."""
    text = whole(engine, source, "csv").decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    return [dict(zip(head, [cell or None for cell in row], strict=True)) for row in rows]


# Our own processes only have the few drivers of core.gdal: GeoJSON is read in one that knows nothing of it.
PROGRAM = """
import json, sys
import pyarrow as pa
from pyogrio.raw import read_arrow
meta, table = read_arrow(sys.argv[1])
with pa.ipc.new_stream(sys.argv[2], table.schema) as stream:
    stream.write_table(table)
print(json.dumps({"crs": meta["crs"], "geometry_type": meta["geometry_type"]}))
"""


def read_elsewhere(path):
    target = path.with_suffix(".arrow")
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), str(target)],
        capture_output=True,
        check=True,
        env={**os.environ, "GDAL_SKIP": ""},
    )
    with pa.ipc.open_stream(target) as stream:
        return json.loads(run.stdout), stream.read_all()


def read_back(content: bytes, tmp_path, name: str, **options):
    path = tmp_path / name
    path.write_bytes(content)
    if name.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path / path.stem)
        path = tmp_path / path.stem
    if name.endswith(".geojson"):
        meta, table = read_elsewhere(path)
    elif name.endswith(".fgb"):
        # GDAL's Arrow reader of this format stumbles over missing geometries; its other one does not.
        meta, _ids, shapes, columns = gdal.pyogrio().raw.read(path, **options)
        table = pa.table({"geometry": shapes, **dict(zip(meta["fields"], map(list, columns), strict=True))})
    else:
        meta, table = gdal.pyogrio().raw.read_arrow(path, **options)
    geometry = next(c for c in ("geometry", "geom", "wkb_geometry", "") if c in table.schema.names or not c)
    drawn = [None if g is None else shapely.from_wkb(g) for g in table.column(geometry).to_pylist()] if geometry else []
    return meta, [{k: v for k, v in row.items() if k != geometry} for row in table.to_pylist()], drawn


def same_places(drawn, expected) -> bool:
    geometries = [None if text is None else shapely.from_wkt(text) for text in expected]
    return len(drawn) == len(geometries) and all(
        (a is None and b is None) or (a is not None and b is not None and shapely.equals_exact(a, b, 1e-12))
        for a, b in zip(drawn, geometries, strict=True)
    )


def test_kml_holds_every_kind_of_geometry_and_every_cell(engine, shapes, tmp_path):
    _meta, rows, drawn = read_back(whole(engine, shapes, "kml"), tmp_path, "a.kml")
    assert same_places(drawn, SHAPES)
    for row, cell in zip(rows, cells(engine, shapes), strict=True):
        assert row["Name"] == cell["nom"]
        for name in ("nom", "jour", "instant", "themes", "lieu"):
            assert row[name] == (cell[name] and cell[name].strip()), "GDAL strips the blanks around"
        assert row["rang"] == cell["rang"]
        assert row["part"] == (None if cell["part"] is None else float(cell["part"]))


def test_kml_of_points(engine, points, tmp_path):
    _meta, rows, drawn = read_back(whole(engine, points, "kml", use_labels=True), tmp_path, "a.kml")
    assert len(rows) == 8
    assert rows[0]["Thèmes"] == "sport,été"
    assert (drawn[1].x, drawn[1].y) == (1.0, 48 + 1 / 3)
    assert drawn[3] is None


def test_gpx_has_waypoints_then_tracks(engine, shapes, tmp_path):
    content = whole(engine, shapes, "gpx", select="nom, contour")
    _meta, rows, drawn = read_back(content, tmp_path, "a.gpx", layer="waypoints")
    assert [shapely.to_wkt(g, rounding_precision=-1) for g in drawn] == [
        "POINT (2.345678901234567 48.12345678901234)",
        "POINT (0 0)",
        "POINT (1 1)",
        "POINT (1 2)",
    ]
    assert [row["name"] for row in rows] == ["=1+1", "]]>", "]]>", " deux  espaces "]
    assert [row["ogr_nom"] for row in rows] == ["=1+1", "]]>", "]]>", " deux  espaces "]
    _meta, rows, drawn = read_back(content, tmp_path, "a.gpx", layer="tracks")
    assert [len(g.geoms) for g in drawn] == [2, 3, 1, 2, 1]
    assert shapely.equals_exact(drawn[2].geoms[0], shapely.from_wkt(SHAPES[2]))
    assert rows[0]["name"] == NAMES[0]
    # GDAL drops line ends inside extensions; the file has them.
    assert rows[1]["ogr_nom"] == NAMES[1].replace("\n", "")
    written = [tag.text for tag in ElementTree.fromstring(content).iter("{http://osgeo.org/gdal}nom")]
    assert NAMES[1] in written
    assert b"<!-- 1 rows without geometry" in content


def test_gpx_names_and_describes_places_as_asked(engine, points, tmp_path):
    parameters = {"name_field": "rang", "description_field_list": ("nom", "part"), "use_extension": False}
    content = whole(engine, points, "gpx", **parameters)
    _meta, rows, _drawn = read_back(content, tmp_path, "a.gpx", layer="waypoints")
    assert [row["name"] for row in rows][:2] == ["0", str(10**17)]
    assert rows[0]["desc"] == f"nom: {NAMES[0]}\npart: 0"
    assert b"extension" not in content
    whole_desc = read_back(whole(engine, points, "gpx", use_extension=False), tmp_path, "a.gpx", layer="waypoints")[1]
    assert "ouvert: True" in whole_desc[0]["desc"]


def test_geopackage_keeps_types_names_and_texts(engine, shapes, tmp_path):
    meta, rows, drawn = read_back(whole(engine, shapes, "gpkg"), tmp_path, "a.gpkg")
    assert meta["crs"] == "EPSG:4326"
    assert same_places(drawn, SHAPES)
    for row, cell in zip(rows, cells(engine, shapes), strict=True):
        assert row["nom"] == cell["nom"]
        assert row["rang"] == (None if cell["rang"] is None else int(cell["rang"]))
        assert row["ouvert"] == {"True": True, "False": False, None: None}[cell["ouvert"]]
        assert (None if row["jour"] is None else row["jour"].isoformat()) == cell["jour"]
        assert (None if row["instant"] is None else row["instant"].isoformat()) == cell["instant"]
        assert row["lieu"] == cell["lieu"]


def test_flatgeobuf_has_no_geographic_attribute_and_dates_as_text(engine, shapes, tmp_path):
    _meta, rows, drawn = read_back(whole(engine, shapes, "fgb"), tmp_path, "a.fgb")
    assert same_places(drawn, SHAPES)
    assert list(rows[0]) == ["nom", "rang", "part", "ouvert", "jour", "instant", "themes"]
    for row, cell in zip(rows, cells(engine, shapes), strict=True):
        assert [row[name] for name in ("nom", "jour", "instant", "themes")] == [
            cell[name] for name in ("nom", "jour", "instant", "themes")
        ]


def test_flatgeobuf_is_indexed_when_every_row_has_a_place(engine, version_of, tmp_path):
    made = version_of(COLUMNS[:-1], [row[:-1] for row in made_rows()])
    path = tmp_path / "a.fgb"
    path.write_bytes(whole(engine, made, "fgb"))
    _meta, table = gdal.pyogrio().raw.read_arrow(path, bbox=(0.5, 40, 2.5, 60))
    assert sorted(table.column("nom").to_pylist()) == sorted([NAMES[1], NAMES[2]])
    assert "geometry_type" in _meta
    assert _meta["geometry_type"] == "Point"


@pytest.mark.parametrize("name", ["fgb", "gpkg"])
def test_single_and_multiple_shapes_of_a_family_make_a_layer_of_multiple_ones(engine, version_of, tmp_path, name):
    for number, mixed in enumerate((SHAPES[:2], SHAPES[2:4], SHAPES[4:6])):
        made = version_of(COLUMNS, made_rows([*mixed, None]))
        path = tmp_path / f"{number}.{name}"
        meta, rows, drawn = read_back(whole(engine, made, name), tmp_path, path.name)
        kinds = {None if shape is None else shape.geom_type for shape in drawn}
        assert kinds == {None, str(meta["geometry_type"]).replace(" ", "")}
        assert [row["nom"] for row in rows] == NAMES
        for shape, text in zip(drawn, [[*mixed, None][n % 3] for n in range(8)], strict=True):
            assert (shape is None) is (text is None)
            assert shape is None or shape.equals(shapely.from_wkt(text))


def test_flatgeobuf_without_geometry_is_a_table(engine, points, tmp_path):
    content = whole(engine, points, "fgb", select="nom, rang")
    _meta, rows, _drawn = read_back(content, tmp_path, "a.fgb")
    assert [row["nom"] for row in rows] == NAMES


def test_shapefiles_come_one_a_family_of_geometries_with_a_note(engine, shapes, tmp_path):
    content = whole(engine, shapes, "shp")
    archive = zipfile.ZipFile(io.BytesIO(content))
    families = ("lignes", "multipoints", "points", "polygones")
    assert archive.testzip() is None
    assert sorted(n for n in archive.namelist() if n.endswith(".shp")) == [f"mes-lieux-{f}.shp" for f in families]
    assert archive.read("mes-lieux-polygones.cpg") == b"UTF-8"
    _meta, rows, drawn = read_back(content, tmp_path, "b.zip", layer="mes-lieux-polygones")
    assert [row["nom"] for row in rows] == [NAMES[0], NAMES[1], NAMES[6]]
    assert (drawn[0].area, drawn[1].area, drawn[2]) == (pytest.approx(0.12), pytest.approx(0.92), None)
    assert rows[1]["rang"] == 10**17
    assert [str(row["jour"]) for row in rows] == ["2020-02-10", "2021-02-11", "2026-02-16"]
    assert [row["instant"] for row in rows] == [f"2021-0{n + 1}-15T1{n}:30:00+00:00" for n in (0, 1, 6)]
    # Blanks around a cell are nothing to a DBF file.
    single = read_back(content, tmp_path, "b.zip", layer="mes-lieux-points")[1]
    assert [row["nom"] for row in single] == [NAMES[4], NAMES[7].strip()]
    note = archive.read("LISEZMOI.txt").decode()
    assert "Un fichier par type" in note


def test_a_shapefile_says_what_it_had_to_change(engine, version_of, tmp_path):
    columns = [
        Column("code_commune_insee", "C", ColumnType.TEXT),
        Column("code_commune_nom", "N", ColumnType.TEXT),
        Column("x", "X", ColumnType.DOUBLE),
        Column("lieu", "L", ColumnType.GEO_POINT),
    ]
    made = version_of(columns, [["é" * 200, "b", 1e300, "POINT(1 2)"], ["a", None, -0.125, None]])
    content = whole(engine, made, "shp")
    _meta, rows, drawn = read_back(content, tmp_path, "a.zip")
    assert rows == [
        {"code_commu": "é" * 127, "code_com_1": "b", "x": None},
        {"code_commu": "a", "code_com_1": None, "x": -0.125},
    ]
    assert drawn[1] is None
    note = zipfile.ZipFile(io.BytesIO(content)).read("LISEZMOI.txt").decode()
    for line in ("code_commu = code_commune_insee", "code_commune_insee : 1", "x : 1", "Lignes sans géométrie : 1"):
        assert line in note


ORACLE = {2154: (652301.564830528, 6861302.725899578), 3035: (3760536.823, 2888771.021), 3857: (261600.80, 6249447.75)}
"""Paris (2.35, 48.85), easting first: EPSG:3035 gives northing first by its own definition, files never do."""


@pytest.mark.parametrize("name", ["geojson", "shp", "fgb", "gpkg"])
@pytest.mark.parametrize("epsg", list(ORACLE))
def test_coordinates_come_in_the_system_asked_easting_first(engine, version_of, tmp_path, name, epsg):
    made = version_of(COLUMNS[-2:-1], [["POINT(2.35 48.85)"]])
    content = whole(engine, made, name, epsg=epsg)
    meta, _rows, drawn = read_back(content, tmp_path, f"a.{'zip' if name == 'shp' else name}")
    assert meta["crs"] == f"EPSG:{epsg}"
    assert (drawn[0].x, drawn[0].y) == pytest.approx(ORACLE[epsg], abs=0.01)


def test_shapes_are_projected_and_points_in_properties_are_not(engine, shapes):
    first = json.loads(whole(engine, shapes, "geojson", epsg=2154))["features"][0]
    assert first["properties"]["lieu"] == {"lon": 0.0, "lat": 48.0}
    assert first["geometry"]["coordinates"][0][0][1] > 6_000_000


@pytest.mark.parametrize("name", ["kml", "gpx", "csv", "parquet"])
def test_formats_of_one_system_ignore_epsg(engine, points, name):
    assert whole(engine, points, name, epsg=2154) == whole(engine, points, name)


def test_an_unknown_system_is_refused_before_the_first_byte(engine, points):
    with pytest.raises(InvalidParameter):
        export(engine, points, "geojson", ExploreRequest(epsg=999_999))


@pytest.mark.parametrize("name", ["geojson", "kml", "gpx", "shp", "fgb", "gpkg", "ov2", "parquet"])
@pytest.mark.parametrize("rows", [[], [[None, None], ["a", None]]])
def test_no_row_or_no_geometry_still_is_a_whole_file(engine, version_of, tmp_path, name, rows):
    made = version_of([COLUMNS[0], COLUMNS[-1]], rows)
    content = whole(engine, made, name)
    if name in ("ov2", "parquet", "gpx") or (name == "kml" and not rows):
        return  # GDAL sees no layer in a document without places
    _meta, back, drawn = read_back(content, tmp_path, f"a.{'zip' if name == 'shp' else name}")
    assert [row["nom"] for row in back] == [row[0] for row in rows]
    assert drawn in ([], [None] * len(rows))


def test_ov2_records_hold_longitude_latitude_and_name(engine, version_of):
    made = version_of([COLUMNS[0], COLUMNS[7]], [["Évry", "POINT(2.35 48.85)"], ["x", None]])
    content = whole(engine, made, "ov2")
    assert (
        content
        == b"\x02"
        + (18).to_bytes(4, "little")
        + (235000).to_bytes(4, "little")
        + (4885000).to_bytes(4, "little")
        + "Évry".encode("latin-1")
        + b"\0"
    )
