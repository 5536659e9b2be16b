"""GeoJSON: properties as written, geometry in WGS 84."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from parvis.core.formats.refusals import BrokenJson, UnknownProjection
from parvis.core.staging import ROWS, Workspace

Stage = Callable[..., Any]
POINT = {"type": "Point", "coordinates": [2.43, 48.63, 80.0]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def texts(workspace: Workspace, column: str) -> list[str | None]:
    rows = workspace.connection.execute(
        f"SELECT ST_AsText(ST_ReducePrecision({column}, 0.00001)) FROM {ROWS}"
    ).fetchall()
    return [row[0] for row in rows]


def test_points_lose_their_height_and_properties_nothing(stage: Stage, workspace: Workspace) -> None:
    table = stage(
        collection(feature(POINT, code="01", date="2020/01/02", n=12.0), feature(None, code="02")), name="x.csv"
    )
    assert table.headers == ["code", "date", "n", "geometry"]
    assert [row[:3] for row in table.rows] == [("01", "2020/01/02", "12.0"), ("02", None, None)]
    assert texts(workspace, table.staged.columns[-1].name) == ["POINT (2.43 48.63)", None]
    assert table.hints[-1] == "geo_point_2d"


def test_shapes_and_mixtures_are_shapes(stage: Stage) -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    assert stage(collection(feature(POINT, a=1), feature(square, a=2))).hints[-1] == "geo_shape"


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::2154", "EPSG:2154"])
@pytest.mark.parametrize("first", [True, False])
def test_the_announced_system_is_honoured(stage: Stage, workspace: Workspace, name: str, first: bool) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    body = json.loads(collection(feature({"type": "Point", "coordinates": [658_000.0, 6_838_000.0]}, a=1)))
    text = json.dumps({"crs": crs, **body} if first else {**body, "crs": crs})
    table = stage(text)
    (point,) = workspace.connection.execute(f"SELECT ST_X(c1), ST_Y(c1) FROM {ROWS}").fetchall()
    assert point == pytest.approx((2.4295, 48.6395), abs=0.01)
    assert table.reading["crs"] == "EPSG:2154"


def test_an_unknown_system_is_refused(stage: Stage) -> None:
    crs = {"type": "name", "properties": {"name": "EPSG:999999"}}
    with pytest.raises(UnknownProjection):
        stage(collection(feature(POINT, a=1), crs=crs))


def test_one_feature_and_features_line_by_line(stage: Stage) -> None:
    assert stage(json.dumps(feature(POINT, a=1))).staged.rows == 1
    assert stage("\n".join(json.dumps(feature(POINT, a=n)) for n in range(3))).staged.rows == 3


def test_identifiers_and_foreign_members_are_kept(stage: Stage) -> None:
    table = stage(collection({**feature(POINT, a=1), "id": "X1"}))
    assert table.headers == ["a", "id", "geometry"]


def test_geometries_that_mean_nothing_are_noted(stage: Stage) -> None:
    bad = {"type": "Polygon", "coordinates": "no"}
    empty = {"type": "MultiPolygon", "coordinates": []}
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    table = stage(collection(feature(bad, a=1), feature(empty, a=2), feature(bow_tie, a=3)))
    assert table.notes["geometry-unreadable"]["count"] == 1
    assert table.notes["geometry-empty"] == {"count": 1, "lines": [2]}
    assert table.notes["geometry-invalid"] == {"count": 1, "lines": [3]}
    assert [row[1] is None for row in table.rows] == [True, True, False]


def test_what_is_no_feature_is_refused(stage: Stage) -> None:
    table = stage(collection(feature(POINT, a=1), {"type": "Point"}, None))
    assert [(rank, reason) for rank, reason, _ in table.rejects] == [(2, "not-a-feature"), (3, "not-a-feature")]


def test_a_cut_collection_is_refused(stage: Stage) -> None:
    with pytest.raises(BrokenJson):
        stage(collection(feature(POINT, a=1), feature(POINT, a=2))[:-30])


def test_features_whose_geometry_nobody_can_read_have_a_column_of_nothing(stage: Stage) -> None:
    feature = {"type": "Feature", "properties": {"nom": "x"}, "geometry": {"type": "Point", "coordinates": ["a", "b"]}}
    table = stage(json.dumps({"type": "FeatureCollection", "features": [feature]}), name="x.geojson")
    assert table.rows == [("x", None)]
    assert table.hints[-1] == "text"
    assert table.notes["geometry-unreadable"] == {"count": 1}


def test_records_that_hold_a_feature_in_a_cell_are_records(stage: Stage) -> None:
    rows = [{"nom": "a", "zone": feature(POINT)}, {"nom": 'b "type": "Feature"', "zone": None}]
    listed = stage(json.dumps(rows), name="x.json")
    assert (listed.headers, len(listed.rows)) == (["nom", "zone"], 2)
    lines = stage("\n".join(map(json.dumps, rows)), name="x.jsonl")
    assert (lines.headers, len(lines.rows)) == (["nom", "zone"], 2)


def test_a_collection_that_says_what_it_is_at_its_end_is_one(stage: Stage) -> None:
    text = json.dumps({"name": "x", "crs": None, "features": [feature(POINT, nom="a")], "type": "FeatureCollection"})
    assert stage(text, name="x.json").headers == ["nom", "geometry"]
