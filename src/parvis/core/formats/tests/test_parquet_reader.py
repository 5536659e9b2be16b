"""Parquet and GeoParquet: canonical text and hints from types."""

import datetime as dt
import decimal
import io
import json
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from parvis.core.formats.refusals import BrokenFile, TooManyColumns
from parvis.core.staging import ROWS, Workspace

Stage = Callable[..., Any]


def parquet(table: pa.Table) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def test_values_become_canonical_text_with_hints(stage: Stage) -> None:
    moment = dt.datetime(2024, 3, 5, 10, 0, 0)  # noqa: DTZ001
    columns = {
        "texte": pa.array(["01", ""]),
        "entier": pa.array([2**62, None], pa.int64()),
        "réel": pa.array([12.0, 0.1]),
        "exact": pa.array([decimal.Decimal("1.50"), None]),
        "oui": pa.array([True, None]),
        "jour": pa.array([dt.date(2024, 3, 5), None]),
        "naïf": pa.array([moment, moment.replace(microsecond=500_000)], pa.timestamp("us")),
        "instant": pa.array([moment, None], pa.timestamp("ms", tz="Europe/Paris")),
        "liste": pa.array([["a", "b"], None]),
        "objet": pa.array([{"x": 1}, None]),
        "genre": pa.array(["u", None]).dictionary_encode(),
        "octets": pa.array([b"\x01\xff", None]),
        'c"0 x': pa.array([float("nan"), float("inf")]),
    }
    table = stage(parquet(pa.table(columns)), name="x.csv")
    assert table.headers == list(columns)
    assert table.rows == [
        (
            "01", str(2**62), "12", "1.50", "true", "2024-03-05", "2024-03-05T10:00:00", "2024-03-05T10:00:00+00:00",
            '["a","b"]', '{"x":1}', "u", "01FF", None,
        ),
        (None, None, "0.1", None, None, None, "2024-03-05T10:00:00.500000", None, None, None, None, None, None),
    ]  # fmt: skip
    assert table.hints == [
        "text", "int", "double", "double", "boolean", "date", "datetime", "datetime", "json_blob", "json_blob", "text", None,
        "double",
    ]  # fmt: skip
    assert table.lines == [1, 2]


@pytest.mark.parametrize("code", [2154, None])
def test_geoparquet_comes_in_wgs_84(stage: Stage, workspace: Workspace, code: int | None) -> None:
    point = shapely.Point(652_469.0, 6_862_035.0) if code else shapely.Point(2.3522, 48.8566)
    about: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if code:
        about["crs"] = {"type": "ProjectedCRS", "name": "x", "id": {"authority": "EPSG", "code": code}}
    geo = {"version": "1.0.0", "primary_column": "geom", "columns": {"geom": about}}
    table = pa.table({"n": [1], "geom": pa.array([shapely.to_wkb(point)], pa.binary())})
    imported = stage(parquet(table.replace_schema_metadata({"geo": json.dumps(geo)})))
    assert imported.headers == ["n", "geometry"]
    assert imported.hints == ["int", "geo_point_2d"]
    row = workspace.connection.execute(f"SELECT ST_X(c1), ST_Y(c1) FROM {ROWS}").fetchone()
    assert row == pytest.approx((2.3522, 48.8566), abs=0.01)


def test_what_duckdb_writes_is_read(stage: Stage, tmp_path: Any, workspace: Workspace) -> None:
    path = tmp_path / "x.parquet"
    workspace.connection.execute(f"COPY (SELECT 1 AS n, ST_Point(2, 48) AS g) TO '{path}' (FORMAT parquet)")
    assert stage(path.read_bytes()).hints == ["int", "geo_point_2d"]


def test_damaged_and_giant_files_are_refused(stage: Stage) -> None:
    content = parquet(pa.table({"a": list(range(1000))}))
    with pytest.raises(BrokenFile):
        stage(content[:-100])
    with pytest.raises(BrokenFile):
        stage(content[:50] + b"\xff" * 200 + content[250:])
    with pytest.raises(TooManyColumns):
        stage(parquet(pa.table({f"c{n}": [1] for n in range(2500)})))


def test_no_file_name_is_ever_expanded(stage: Stage) -> None:
    assert duckdb.__version__
    assert stage(parquet(pa.table({"a": [1]})), name="*.parquet").rows == [("1",)]


@pytest.mark.parametrize(
    ("encoding", "value", "kind"),
    [
        ("point", {"x": 2.0, "y": 48.0}, "POINT"),
        ("linestring", [{"x": 2.0, "y": 48.0}, {"x": 3.0, "y": 48.0}], "LINESTRING"),
        (
            "multipolygon",
            [[[{"x": 2.0, "y": 48.0}, {"x": 3.0, "y": 48.0}, {"x": 3.0, "y": 49.0}, {"x": 2.0, "y": 48.0}]]],
            "MULTIPOLYGON",
        ),
    ],
)
def test_geometries_written_as_coordinates_are_read(
    stage: Stage, workspace: Workspace, encoding: str, value: Any, kind: str
) -> None:
    geo = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": encoding, "geometry_types": []}}}
    table = pa.table({"n": [1, 2], "g": [value, None]})
    imported = stage(parquet(table.replace_schema_metadata({"geo": json.dumps(geo)})))
    row = workspace.connection.execute(f"SELECT ST_GeometryType(c1)::VARCHAR, ST_XMin(c1) FROM {ROWS}").fetchall()
    assert row == [(kind, 2.0), (None, None)]
    assert imported.hints[-1] == ("geo_point_2d" if kind == "POINT" else "geo_shape")


def test_the_first_versions_of_geoparquet_are_read(stage: Stage, workspace: Workspace) -> None:
    geo = {"schema_version": "0.1.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", "crs": "EPSG:2154"}}}
    table = pa.table({"g": pa.array([shapely.to_wkb(shapely.Point(652_469.0, 6_862_035.0)), b"?"], pa.binary())})
    imported = stage(parquet(table.replace_schema_metadata({"geo": json.dumps(geo)})))
    row = workspace.connection.execute(f"SELECT ST_X(c0), ST_Y(c0) FROM {ROWS}").fetchone()
    assert row == pytest.approx((2.3522, 48.8566), abs=0.01)
    assert imported.notes["geometry-unreadable"] == {"count": 1}
