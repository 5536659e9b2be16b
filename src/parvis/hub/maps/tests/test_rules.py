import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.versions.manifest import ColumnProfile
from parvis.hub.maps import rules


def text(name: str, **extra) -> Column:
    return Column(name, name, ColumnType.TEXT, **extra)


@pytest.mark.parametrize(
    ("types", "only_points", "kind"),
    [
        (["Point"], True, "points"),
        (["MULTIPOINT"], False, "points"),
        (["LineString", "MultiLineString"], False, "lines"),
        (["POLYGON", "MULTIPOLYGON"], False, "areas"),
        (["Point", "Polygon"], False, "mixed"),
        (["GeometryCollection"], False, "mixed"),
        ([], False, "mixed"),
    ],
)
def test_a_layer_has_a_kind_by_its_geometries(types, only_points, kind):
    assert rules.geometry_kind(types, only_points) == kind


@pytest.mark.parametrize(("distinct", "legend"), [(1, False), (2, True), (60, True), (61, False)])
def test_a_column_is_a_legend_when_colours_can_tell_its_values_apart(distinct, legend):
    profile = {"type": ColumnProfile(0, distinct, top=[("a", 3)])}
    assert rules.is_category(text("type"), profile) is legend


def test_a_code_or_a_coordinate_is_no_measure():
    names = ("hauteur", "code_insee", "latitude", "coord_x")
    profile = {name: ColumnProfile(0, 500, 1, 500) for name in names}
    measures = [name for name in names if rules.is_measure(Column(name, name, ColumnType.INT), profile)]
    assert measures == ["hauteur"]
    assert not rules.is_measure(Column("hauteur", "hauteur", ColumnType.INT, kind="uai"), profile)


def test_equal_quantiles_leave_fewer_classes():
    assert rules.class_edges([0, 0, 0, 12.5]) == [0.0, 12.5]
    assert rules.class_edges([None]) == []


def test_a_column_where_one_value_reigns_tells_little():
    assert rules.is_dominated(ColumnProfile(0, 2, top=[("oui", 97), ("non", 3)]), 100)
    assert not rules.is_dominated(ColumnProfile(0, 2, top=[("oui", 60), ("non", 40)]), 100)


def test_codes_are_left_where_their_names_stand_beside_them():
    columns = [text("code_commune", kind="insee_commune"), text("commune"), text("depcom", kind="insee_commune")]
    profile = {column.name: ColumnProfile(0, 20, top=[("a", 3)]) for column in columns}
    assert rules.is_named_beside(columns[0], columns, profile)
    assert not rules.is_named_beside(columns[0], columns[:1], profile)
    empty = {**profile, "commune": ColumnProfile(100, 0)}
    assert not rules.is_named_beside(columns[0], columns, empty)
