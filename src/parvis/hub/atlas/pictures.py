"""Pictures of maps: drawn once for a version, a description, a moment, a theme and a language, then kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, radians
from typing import Any

import shapely
import shapely.geometry
from django.db.models import F

from parvis.core.atlas.canvas import all_places
from parvis.core.atlas.drawing import Drawing, Feature, Panel, Scene, svg
from parvis.core.atlas.legends import Step
from parvis.core.atlas.png import png_of
from parvis.core.charts.themes import THEMES, Theme
from parvis.core.geo.svg import Box, bounds
from parvis.core.lettering import with_font
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas import layer_queries
from parvis.hub.atlas.answers import Answered, LayerAnswer, geometry_of, layers_beside
from parvis.hub.maps.base_map import OSM_CREDIT
from parvis.hub.maps.opening import MAINLAND
from parvis.hub.maps.picture_ground import abroad_in, base_map_name, sketched
from parvis.hub.sites.lens import current_lens
from parvis.hub.territories.models import Contour
from parvis.hub.territories.selectors import Kind, touching
from parvis.hub.ui.derived import derived
from parvis.packs import bundled_files

_DAYS = 7 * 24 * 3600
_DRAWING = 11
"""Goes up when drawings change, so that no picture of before is given again."""
_HALF = 0.85
"""Half the width of a picture, in tiles of the zoom of MapLibre, without its margins."""
_BLUR = 2.5
"""Pixels of the side of the smallest detail of a contour that a picture keeps."""
_FINE = 2.5
"""Degrees of width up to which communes are drawn; beyond, departments."""
_NEAR = 7.0
"""Degrees of width up to which the largest towns are named beside departments."""
_MOST_NAMES = 14
_MOST_COMMUNES = 500
"""Communes beyond which their contours would weigh more than what is shown on them."""
_AROUND = 1.15
"""How much wider the ground is than what is shown of the data: pictures leave 6 % on each side."""

_OVERSEAS: tuple[Box, ...] = (
    (-61.85, 15.8, -60.95, 16.55),
    (-61.25, 14.35, -60.75, 14.9),
    (-54.65, 2.1, -51.6, 5.8),
    (55.2, -21.4, 55.85, -20.85),
    (44.95, -13.05, 45.35, -12.6),
)
"""Guadeloupe, Martinique, Guyane, La Réunion, Mayotte."""


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's size in pixels, without title and legend."""

    name: str
    width: int
    height: int


WIDE, NARROW = Size("wide", 960, 560), Size("narrow", 420, 420)
SIZES = {size.name: size for size in (WIDE, NARROW)}


def picture(
    actor: Actor,
    answered: Answered,
    form: str,
    *,
    theme: Theme = THEMES["light"],
    size: Size = WIDE,
    titled: bool = False,
) -> bytes:
    """The map as SVG or PNG; ``titled`` is for pictures that stand alone: title, legend, source, background."""
    key = f"parvis-map-{_DRAWING}-{base_map_name()}-{answered.key}-{form}-{theme.name}-{size.name}-{int(titled)}"
    cached: bytes | None = derived.get(key)
    if cached is not None:
        return cached
    drawn = svg(_scene(actor, answered), theme, size.width, size.height, titled=titled)
    made = png_of(drawn) if form == "png" else with_font(drawn.encode())
    derived.set(key, made, _DAYS)
    return made


def small_picture(actor: Actor, answered: Answered, theme: Theme, width: int, height: int) -> str:
    """The map as SVG for a card: without a word, closer to where most points are, each drawn alone, its marks small."""
    scene = _scene(actor, answered)
    layers = [replace(layer, kind=_ALONE.get(layer.kind, layer.kind)) for layer in scene.panels[0].layers]
    box = _crowded(layers) or scene.box
    scene = replace(scene, panels=[Panel(layers)], box=box, names=(), title="")
    drawn = svg(scene, theme, 2 * width, 2 * height)
    sides = f'width="{2 * width}" height="{2 * height}" viewBox'
    return drawn.replace(sides, f'width="{width}" height="{height}" viewBox', 1)


_ALONE = {"clusters": "points"}
"""Counts written in circles are specks on a card."""
_OUTLYING = 0.04
"""Share of points that a card may leave out on each side: one lost far away would shrink all the others to a stain."""
_FEWEST = 12
"""Points under which all are shown."""


def _crowded(layers: Sequence[Drawing]) -> Box | None:
    """The box of most of the points, when all that is drawn is points and they are many."""
    places = []
    for layer in layers:
        for feature in layer.features:
            if feature.geometry.get("type") != "Point":
                return None
            places.append(feature.geometry["coordinates"])
    if len(places) < _FEWEST:
        return None
    xs, ys = sorted(place[0] for place in places), sorted(place[1] for place in places)
    cut = int(len(places) * _OUTLYING)
    west, east, south, north = xs[cut], xs[-1 - cut], ys[cut], ys[-1 - cut]
    return (west, south, east, north) if west < east and south < north else None


def _scene(actor: Actor, answered: Answered) -> Scene:
    box, insets = _windows(answered)
    drawings = {one.rank: _drawing(actor, answered, one, box) for one in answered.layers}
    beside = list(layers_beside(answered))
    if beside:
        panels = [Panel([drawings[one.rank]], one.layer.label) for one in beside]
    else:
        panels = [Panel([drawings[one.rank] for one in answered.layers if not one.layer.hidden])]
    areas, names = _ground(box)
    ground, joints = _simpler(areas, box)
    frame = _framed(box)
    base = {one.kind: one.shapes for one in sketched(frame, WIDE.width)}
    waters = [] if base else _waters_in(box)
    publishers = dict.fromkeys(
        f"{one.asked.dataset.title}, {one.asked.dataset.organisation.name}" for one in answered.layers
    )
    when = dict(answered.moments).get(answered.moment, "")
    subtitle = " · ".join(filter(None, (answered.description.subtitle, when)))
    source = " ; ".join((*publishers, OSM_CREDIT) if base else publishers)
    title, language = answered.description.title, answered.language
    abroad = abroad_in(frame, WIDE.width)
    return Scene(panels, box, ground, joints, waters, abroad, base, names, title, subtitle, source, language, insets)


def _windows(answered: Answered) -> tuple[Box, tuple[Box, ...]]:
    """What a picture shows; mainland France, and what is overseas beside it, when its territories lie on both."""
    box = start_box(answered)
    west, south, east, north = box
    is_of_territories = all(one.is_shaded for one in answered.layers)
    overseas = tuple(one for one in _OVERSEAS if _meet(one, box))
    if not (is_of_territories and overseas and _meet(MAINLAND, box)):
        return box, ()
    main = max(west, MAINLAND[0]), max(south, MAINLAND[1]), min(east, MAINLAND[2]), min(north, MAINLAND[3])
    shaded = list(_shaded_boxes(answered))
    return main, tuple(one for one in overseas if any(_meet(one, box) for box in shaded))


def _shaded_boxes(answered: Answered) -> Iterator[Box]:
    for layer_answer in answered.layers:
        for contour in (layer_answer.contours or {}).values():
            if (box := bounds([contour])) is not None:
                yield box


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]


def start_box(answered: Answered) -> Box:
    """What the map shows at first: the commune of the site that asks, else where it was told to begin, else the territory of
    the site, else all its data."""
    lens = current_lens()
    if lens is not None:
        box = _lens_box(lens.territory)
        if box is not None:
            return box
    start = answered.description.start
    if start:
        longitude, latitude, zoom = start
        wide = 360 / 2**zoom * _HALF
        box = (longitude - wide, max(latitude - wide / 2, -85), longitude + wide, min(latitude + wide / 2, 85))
        if _shows_most(answered, box):
            return box
    return answered.opening or answered.box


def _shows_most(answered: Answered, box: Box) -> bool:
    """Whether half of the rows or territories that were read lie in a box, as far as they were all read."""
    inside, total = 0, 0
    for layer_answer in answered.layers:
        if layer_answer.is_large:
            return True
        for feature in _shades(layer_answer) if layer_answer.is_shaded else _rows(layer_answer):
            place = next(iter(all_places(feature.geometry)), None)
            total += 1
            inside += place is not None and box[0] <= place[0] <= box[2] and box[1] <= place[1] <= box[3]
    return inside * 2 >= total


def _lens_box(territory: int) -> Box | None:
    return Contour.objects.filter(territory=territory).values_list("west", "south", "east", "north").first()


def _drawing(actor: Actor, answered: Answered, layer_answer: LayerAnswer, box: Box) -> Drawing:
    layer = layer_answer.layer
    if layer_answer.is_shaded:
        features = list(_shades(layer_answer, _framed(box)))
    elif layer_answer.is_large and layer.drawn.geometry == "point" and layer_answer.box is not None:
        rows = layer_queries.point_cells(actor, layer_answer.asked, layer, answered.moment, box, _framed(box))
        features = [_square(layer_answer, row) for row in rows]
    else:
        features = list(_rows(layer_answer))
    is_sized = bool(layer.size) and layer.drawn.takes_size and not layer_answer.is_large
    legend = (
        replace(layer_answer.legend, title="")
        if layer_answer.is_shaded and layer_answer.is_named
        else layer_answer.legend
    )
    return Drawing(layer.kind, layer.label, features, legend, is_sized)


def _square(layer_answer: LayerAnswer, row: Mapping[str, Any]) -> Feature:
    step = layer_answer.legend.step_of(row["colour"]) if layer_answer.layer.colour else layer_answer.legend.steps[0]
    return Feature({"type": "Point", "coordinates": [row["x"], row["y"]]}, step, count=int(row["n"]))


def _shades(layer_answer: LayerAnswer, frame: Box | None = None) -> Iterator[Feature]:
    """The shaded territories; of many, those that a picture of ``frame`` may show."""
    near = frame if len(layer_answer.shades) > _MOST_COMMUNES else None
    for shade in layer_answer.shades:
        contour = (layer_answer.contours or {}).get(shade.code)
        if contour is not None and (near is None or _lies_near(contour, near)):
            yield Feature(contour, layer_answer.legend.step_of(shade.value))


def _lies_near(contour: Mapping[str, Any], frame: Box) -> bool:
    box = bounds([contour])
    return box is not None and _meet(box, frame)


def _rows(layer_answer: LayerAnswer) -> Iterator[Feature]:
    most = layer_answer.most
    for row in layer_answer.rows:
        geometry = geometry_of(row.get(layer_answer.geometry))
        if geometry is not None:
            step: Step = layer_answer.legend.step_of(
                row.get(layer_answer.layer.colour) if layer_answer.layer.colour else None
            )
            size = row.get(layer_answer.layer.size) if most else None
            share = max(float(size), 0.0) / most if isinstance(size, int | float) else 0.0
            yield Feature(geometry, step, share)


def _ground(box: Box) -> tuple[list[Mapping[str, Any]], list[tuple[float, float, str]]]:
    """The contours that a picture of ``box`` may show, a margin around it included, and the names to write on them."""
    west, _south, east, _north = box
    frame = _framed(box)
    is_fine = east - west < _FINE and touching(Kind.COMMUNE, frame).count() <= _MOST_COMMUNES
    kind = Kind.COMMUNE if is_fine else Kind.DEPARTMENT
    near = list(touching(kind, frame).order_by("territory__code"))
    communes = touching(Kind.COMMUNE, box) if east - west < _NEAR else touching(kind, box).none()
    largest = communes.defer("geojson").order_by(F("territory__population").desc(nulls_last=True))[:_MOST_NAMES]
    named = largest if kind == Kind.COMMUNE else [*largest, *near]
    middles = [((one.west + one.east) / 2, (one.south + one.north) / 2, one.territory.name) for one in named]
    return [one.geometry for one in near], middles


@lru_cache(maxsize=1)
def _waters() -> shapely.STRtree:
    """The shipped rivers and lakes, by where they are."""
    rows = [*bundled_files.lakes()["features"], *bundled_files.rivers()["features"]]
    return shapely.STRtree([shapely.geometry.shape(row["geometry"]) for row in rows])


def _waters_in(box: Box) -> list[Mapping[str, Any]]:
    """The rivers and lakes that a picture of ``box`` may show, cut at its margins."""
    west, south, east, north = box
    frame = _framed(box)
    tree = _waters()
    shapes = tree.geometries.take(sorted(tree.query(shapely.box(*frame))))
    cut = shapely.simplify(shapely.clip_by_rect(shapes, *frame), max(east - west, north - south) / WIDE.width)
    return [shapely.geometry.mapping(shape) for shape in cut if not shape.is_empty]


def _framed(box: Box) -> Box:
    """A box with the margins that a picture of it may show."""
    west, south, east, north = box
    x, y = _margins(box)
    return west - x, south - y, east + x, north + y


def _margins(box: Box) -> tuple[float, float]:
    """How much wider and higher than ``box`` the ground of a picture may be, on each side, whichever its size."""
    west, south, east, north = box
    shrink = cos(radians((south + north) / 2))
    width, height = max(east - west, 0.02), max(north - south, 0.02)
    shapes = [size.width / size.height for size in SIZES.values()]
    wide, high = max(shapes) * height / shrink, width * shrink / min(shapes)
    return (max(width, wide) * _AROUND - width) / 2, (max(height, high) * _AROUND - height) / 2


def _simpler(areas: list[Mapping[str, Any]], box: Box) -> tuple[list[Mapping[str, Any]], Mapping[str, Any]]:
    """Areas without what a picture of ``box`` cannot show, those that touched still do; and the borders between them, without coasts."""
    if not areas:  # far from any territory: at sea, abroad
        return [], shapely.geometry.mapping(shapely.MultiLineString())
    across = max(box[2] - box[0], box[3] - box[1])
    shapes = shapely.coverage_simplify([shapely.geometry.shape(area) for area in areas], across / WIDE.width * _BLUR)
    edges = shapely.union_all(shapely.boundary(shapes))
    coasts = shapely.union_all(shapely.boundary(shapely.get_parts(shapely.coverage_union_all(shapes))))
    joints = shapely.difference(edges, coasts)
    return [shapely.geometry.mapping(shape) for shape in shapes], shapely.geometry.mapping(shapely.line_merge(joints))
