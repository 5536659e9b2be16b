"""What the map widgets ask, over real rows."""

from __future__ import annotations

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version
from parvis.core.errors import RequestError
from parvis.core.explore import NoGeometry
from parvis.core.explore.query import names_of
from parvis.core.explore_v1 import V1Request
from parvis.core.explore_v1.geography import Map, bounding_box, clusters, polygons, preview

PLACES = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("places", "Places", ColumnType.INT),
    Column("point", "Point", ColumnType.GEO_POINT),
)


@pytest.fixture
def ask(engine, source):
    """``ask(view, "name=value", …)`` asks the trees; ``of=`` another source."""

    def answer(view, *parameters, of=source):
        pairs = [tuple(parameter.split("=", 1)) for parameter in parameters]
        map_query = Map(engine, of, names_of(of), V1Request.from_query(pairs))
        return view(map_query) if view is bounding_box else view(map_query, pairs)

    return answer


@pytest.fixture(scope="session")
def places(root):
    """Points alone: three together, one far away, one without place."""
    rows = [
        ("a", 10, "POINT(2.0 48.0)"),
        ("b", 20, "POINT(2.001 48.0)"),
        ("c", 60, "POINT(2.0 48.001)"),
        ("d", 5, "POINT(-61.5 16.2)"),
        ("e", 7, None),
    ]
    return make_version(root / "places" / "v1", PLACES, rows)


def test_the_extent_is_that_of_the_rows_kept(ask, places):
    assert ask(bounding_box, of=places) == {
        "bbox": [-61.5, 16.2, 2.001, 48.001],
        "count": 4,
        "geometries": {"Point": 4},
    }
    assert ask(bounding_box, "geofilter.bbox=47,1,49,3", of=places)["bbox"] == [2.0, 48.0, 2.001, 48.001]
    assert ask(bounding_box, "q=nom:e", of=places) == {"bbox": [], "count": 0, "geometries": {}}


def test_the_extent_prefers_shapes_to_points(ask):
    assert ask(bounding_box) == {"bbox": [1.40, 48.40, 1.42, 48.42], "count": 1, "geometries": {"Polygon": 1}}


def test_near_points_make_one_cluster(ask, places):
    answer = ask(clusters, "clusterprecision=6", "clusterdistance=50", of=places)
    assert [row["count"] for row in answer["clusters"]] == [3, 1]
    assert answer["clusters"][0]["cluster"]["type"] == "Polygon"
    assert answer["clusters"][1]["cluster"] == {"type": "Point", "coordinates": [-61.5, 16.2]}
    assert answer["clusters"][1]["cluster_center"] == [16.2, -61.5]
    assert answer["count"] == {"min": 1, "max": 3}
    assert answer["series"] == {}


def test_zooming_in_parts_them(ask, places):
    answer = ask(clusters, "clusterprecision=20", "clusterdistance=50", "geofilter.bbox=47,1,49,3", of=places)
    assert [row["count"] for row in answer["clusters"]] == [1, 1, 1]


def test_clusters_carry_series(ask, places):
    answer = ask(clusters, "clusterprecision=6", "y.s.func=AVG", "y.s.expr=places", of=places)
    assert [row["series"] for row in answer["clusters"]] == [{"s": 30}, {"s": 5}]
    assert answer["series"] == {"s": {"min": 5, "max": 30}}


def test_shapes_seen_from_afar_are_found_again_by_their_digest(ask):
    seen = ask(preview, "clusterprecision=12")
    assert [row["geometry"]["type"] for row in seen] == ["Polygon"]
    again = ask(polygons, f"geo_digest={seen[0]['geo_digest']}", "y.h.func=MAX", "y.h.expr=hauteur")
    assert [(row["count"], row["series"]) for row in again["clusters"]] == [(1, {"h": 9})]
    assert again["series"] == {"h": {"min": 9, "max": 9}}
    assert ask(polygons, "geo_digest=nope")["clusters"] == []


def test_rows_with_one_geometry_are_gathered(ask, root, tmp_path):
    rows = [("a", 1, "POINT(1 2)"), ("b", 3, "POINT(1 2)"), ("c", 5, "POINT(3 4)")]
    source = make_version(root / tmp_path.name / "v1", PLACES, rows)
    answer = ask(polygons, "y.s.func=SUM", "y.s.expr=places", of=source)
    assert [(row["count"], row["series"]["s"]) for row in answer["clusters"]] == [(2, 4), (1, 5)]
    assert len(ask(preview, "rows=1", of=source)) == 1


@pytest.mark.parametrize(
    ("view", "parameters"),
    [
        (clusters, ()),
        (clusters, ("clusterprecision=x",)),
        (clusters, ("clusterprecision=nan",)),
        (clusters, ("clusterprecision=99",)),
        (clusters, ("clusterprecision=5", "clusterdistance=0")),
        (clusters, ("clusterprecision=5", "geofilter.polygon=(1,2)")),
        (clusters, ("clusterprecision=5", "geofilter.bbox=1,2,3")),
        (clusters, ("clusterprecision=5", "geofilter.nope=1")),
        (preview, ("clusterprecision=-1",)),
    ],
)
def test_what_is_out_of_range_is_refused(ask, view, parameters):
    with pytest.raises(RequestError):
        ask(view, *parameters)


def test_a_dataset_without_place_says_so(ask, root, tmp_path):
    source = make_version(root / tmp_path.name / "v1", (Column("a", "A", ColumnType.TEXT),), [("x",)])
    with pytest.raises(NoGeometry):
        ask(bounding_box, of=source)
