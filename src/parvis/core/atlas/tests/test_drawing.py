"""The picture of the server: every kind of layer, well-formed whatever data and titles hold, in both themes."""

import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.atlas.drawing import Drawing, Feature, Panel, Scene, svg
from parvis.core.atlas.kinds import KINDS
from parvis.core.atlas.legends import by_category, by_class, single
from parvis.core.charts.themes import THEMES

SVG = "{http://www.w3.org/2000/svg}"
BOX = (2.3, 48.5, 2.6, 48.7)
POINT = {"type": "Point", "coordinates": [2.45, 48.6]}
LINE = {"type": "LineString", "coordinates": [[2.35, 48.55], [2.45, 48.6], [2.55, 48.65]]}
AREA = {
    "type": "Polygon",
    "coordinates": [
        [[2.35, 48.55], [2.55, 48.55], [2.55, 48.65], [2.35, 48.65], [2.35, 48.55]],
        [[2.44, 48.59], [2.46, 48.59], [2.46, 48.61], [2.44, 48.61], [2.44, 48.59]],
    ],
}
MIXED = {
    "type": "GeometryCollection",
    "geometries": [POINT, LINE, {"type": "MultiPoint", "coordinates": [[2.4, 48.6]]}],
}
GEOMETRIES = {"point": POINT, "line": LINE, "area": AREA, "code": AREA}


def drawing(kind, geometry=None, label="Arbres", size=0.5, count=1):
    legend = single(label, 1, "fr")
    feature = Feature(geometry or GEOMETRIES[KINDS[kind].geometry], legend.steps[0], size, count)
    return Drawing(kind, label, [feature], legend, KINDS[kind].takes_size)


def drawn(*layers, theme="light", width=960, height=560, titled=True, **more):
    scene = Scene([Panel(layers)], more.pop("box", BOX), ground=[AREA], **more)
    text = svg(scene, THEMES[theme], width, height, titled=titled)
    root = ET.fromstring(text)
    numbers = " ".join(value for one in root.iter() for name, value in one.attrib.items() if name != "aria-label")
    assert not re.search(r"\b(nan|inf)\b", numbers, re.I)
    return root


def words(root):
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_layer_is_drawn_in_its_colour(kind, theme):
    with_it, without = drawn(drawing(kind), theme=theme), drawn(theme=theme)
    assert len(list(with_it.iter())) > len(list(without.iter()))
    colour = single("", 1, "fr").steps[0].colour(theme)
    assert colour in ET.tostring(with_it, encoding="unicode")


def test_a_point_stands_where_it_is():
    root = drawn(drawing("points"), titled=False)
    circle = next(root.iter(f"{SVG}circle"))
    assert (float(circle.get("cx")), float(circle.get("cy"))) == pytest.approx((480, 280), abs=1.5)


def test_larger_values_have_larger_points_drawn_first():
    layer = drawing("points")
    small, large = (Feature(POINT, layer.legend.steps[0], size) for size in (0.1, 1.0))
    root = drawn(Drawing("points", "", [small, large], layer.legend, is_sized=True), titled=False)
    first, second = (float(one.get("r")) for one in root.iter(f"{SVG}circle"))
    assert first > second
    assert (first - 3) ** 2 / (second - 3) ** 2 == pytest.approx(10, rel=0.1), "areas tell values"


def test_points_at_one_place_are_counted_together():
    layer = drawing("clusters")
    many = [Feature(POINT, layer.legend.steps[0], count=count) for count in (1, 40, 1_200)]
    assert words(drawn(Drawing("clusters", "", many, layer.legend), titled=False)) == ["1\u202f241"]


def test_a_dataset_that_mixes_geometries_is_drawn_whole():
    root = drawn(drawing("areas", MIXED), titled=False)
    assert len(list(root.iter(f"{SVG}circle"))) == 2
    assert any(path.get("fill") == "none" for path in root.iter(f"{SVG}path"))


def test_two_maps_side_by_side_bear_their_names_and_share_the_width():
    panels = [Panel([drawing("points")], "2018"), Panel([drawing("points")], "2023")]
    root = ET.fromstring(svg(Scene(panels, BOX), THEMES["light"], 960, 400))
    inner = list(root.findall(f"{SVG}svg"))
    assert [float(one.get("x")) for one in inner] == [0, 486]
    assert {"2018", "2023"} <= set(words(root))


def test_a_legend_says_each_class_and_each_category():
    classes = by_class("Hauteur", [1.5, 30], (10, 20), "fr", unit="m")
    categories = by_category("Essence", ["Tilleul", "Platane"], "fr", others=True)
    layers = [
        Drawing("points", "a", [Feature(POINT, classes.step_of(12))], classes),
        Drawing("points", "b", [Feature(POINT, categories.step_of("Chêne"))], categories),
    ]
    texts = words(drawn(*layers))
    assert {"Hauteur", "Essence", "Tilleul", "Platane", "Autres valeurs"} <= set(texts)
    assert [classes.step_of(value).text for value in (9.99, 10, 25)] == [step.text for step in classes.steps]
    assert {step.text for step in classes.steps} <= set(texts)
    assert categories.step_of(None) == categories.missing and classes.step_of("x") == classes.missing


def test_no_two_categories_share_a_colour_or_a_shape():
    legend = by_category("Essence", [f"e{n}" for n in range(12)], "fr", others=True)
    assert len(legend.steps) == 8
    for theme in ("light", "dark"):
        assert len({step.colour(theme) for step in legend.steps}) == 8
    assert len({step.mark for step in legend.steps}) == 8


@pytest.mark.parametrize("box", [(2.4, 48.6, 2.4, 48.6), (-180, -85, 180, 85), (2.4, 48.6, 2.4000001, 48.7)])
def test_a_place_without_extent_and_the_whole_world_are_drawn(box):
    assert drawn(drawing("points"), box=box).tag == f"{SVG}svg"


_hostile = st.text(max_size=30) | st.sampled_from(
    ["</text><script>alert(1)</script>", "&amp;", '"><g', "\x00\x0b", "]]>"]
)


@settings(max_examples=60)
@given(_hostile, _hostile, _hostile, st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(sorted(KINDS)))
def test_a_picture_is_well_formed_whatever_words_and_places_it_bears(title, label, name, longitude, latitude, kind):
    geometry = {"type": "Point", "coordinates": [longitude, latitude]} if KINDS[kind].geometry == "point" else None
    root = drawn(
        drawing(kind, geometry, label), names=[(2.45, 48.6, name)], title=title, subtitle=label, source=name
    )  # fmt: skip
    assert not list(root.iter(f"{SVG}script")) and not list(root.iter("script"))


@settings(max_examples=60)
@given(st.floats(0, 1e12), st.integers(1, 10**9))
def test_sizes_and_counts_make_no_absurd_drawing(size, count):
    for kind in ("points", "clusters", "heat"):
        root = drawn(drawing(kind, size=min(size, 1), count=count), titled=False)
        assert all(math.isfinite(float(one.get("r"))) and float(one.get("r")) < 60 for one in root.iter(f"{SVG}circle"))


def test_rivers_and_lakes_lie_under_what_is_said():
    river = {"type": "LineString", "coordinates": [[BOX[0], BOX[1]], [BOX[2], BOX[3]]]}
    lake = {
        "type": "Polygon",
        "coordinates": [[[BOX[0], BOX[1]], [BOX[2], BOX[1]], [BOX[2], BOX[3]], [BOX[0], BOX[1]]]],
    }
    dry, wet = (svg(Scene([Panel([])], BOX, waters=waters), THEMES["dark"], 960, 400) for waters in ([], [river, lake]))
    assert dry.count("#1c3745") == 0
    assert wet.count("#1c3745") == 2


@pytest.mark.parametrize("count", [40, 4_000])
def test_areas_too_small_for_edges_of_another_colour_have_their_own(count):
    legend = single("Densité", 1, "fr")
    paths = drawn(Drawing("choropleth", "Densité", [Feature(AREA, legend.steps[0])] * count, legend)).iter(f"{SVG}path")
    edges = {one.get("stroke") for one in paths if one.get("fill-opacity")}
    assert edges == {legend.steps[0].colour("light") if count > 1_000 else THEMES["light"].paper}


def test_what_lies_overseas_is_drawn_beside_at_its_own_scale_and_alone():
    island = {"type": "Polygon", "coordinates": [[[55.3, -21.3], [55.8, -21.3], [55.8, -20.9], [55.3, -21.3]]]}
    legend = single("Densité", 1, "fr")
    layer = Drawing("choropleth", "Densité", [Feature(one, legend.steps[0]) for one in (AREA, island)], legend)
    scene = Scene([Panel([layer])], BOX, insets=[(55.2, -21.4, 55.85, -20.85)])
    panel = ET.fromstring(svg(scene, THEMES["light"], 960, 560)).find(f"{SVG}svg")
    inset = panel.find(f"{SVG}svg")
    assert len(inset.findall(f"{SVG}path")) == 1
    assert 0 < float(inset.get("width")) <= 560


def test_the_base_map_lies_under_the_data_and_over_the_contours():
    layer = drawing("points")
    scene = Scene(
        [Panel([layer])], BOX, ground=[AREA], joints=LINE, base={"sea": [AREA], "rail": [LINE], "wood": [AREA]}
    )
    text = svg(scene, THEMES["light"], 960, 560)
    order = [
        text.index(colour) for colour in ("#f6f3ed", '#d6e3e6"/><path', "#dfe5d0", "#ded8cc", "#8f887b", "<circle")
    ]
    assert order[0] < order[2] < order[3] < order[4] < order[5]
