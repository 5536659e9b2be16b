"""A map asked as somebody: each layer's rows or shades, its legend, its extent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.core.atlas.canvas import all_places
from parvis.core.atlas.classes import edges_of
from parvis.core.atlas.completion import completed
from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.atlas.errors import EmptyMap, NoContours, TooManyMoments
from parvis.core.atlas.legends import Legend, by_category, by_class, single
from parvis.core.atlas.popups import columns_of
from parvis.core.atlas.questions import MOST_MOMENTS, moments_question, rows_question, values_question
from parvis.core.atlas.shading import Shade, shaded
from parvis.core.charts.formats import moment_text, usual_decimals
from parvis.core.charts.marks import CALCULATIONS, RATES, TERRITORIES
from parvis.core.columns import Column
from parvis.core.errors import NotFound
from parvis.core.explore import ExploreRequest
from parvis.core.geo.svg import Box
from parvis.core.odsql.bound import ALWAYS
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas import layer_queries
from parvis.hub.drawings.places import places, require_level
from parvis.hub.drawings.questions import Asked, key_of, opened, rows_of, table_of
from parvis.hub.maps.naming import NAMELESS, Names, Naming, label_of, naming_of
from parvis.hub.maps.opening import box_of, box_of_most, covers, extent, padded, rows_in
from parvis.hub.maps.rules import MOST_FIELDS
from parvis.hub.maps.selectors import names_of_places
from parvis.hub.sites.lens import current_lens
from parvis.hub.territories.models import Contour, Territory

MOST_SHAPES = 400
"""Lines and areas that a browser is given at once; more are drawn from tiles."""


@dataclass(frozen=True, slots=True)
class LayerAnswer:
    """One layer with what its dataset answered."""

    rank: int
    layer: MapLayer
    """Completed, labelled."""
    asked: Asked
    legend: Legend
    total: int
    """Rows, or territories, in all."""
    rows: Sequence[Mapping[str, Any]] = ()
    shades: Sequence[Shade] = ()
    """Of the moment that is shown."""
    left_out: tuple[str, ...] = ()
    contours: Mapping[str, Mapping[str, Any]] | None = None
    """Of shaded territories, by code."""
    naming: Naming = NAMELESS
    """How its rows are called."""
    names: Names = field(default_factory=dict)
    """Of the territories whose codes its fields hold."""
    fields: tuple[Column, ...] = ()
    box: Box | None = None
    opening: Box | None = None
    """Around nearly all that it shows."""
    decimals: int = 0
    """Of the values of territories."""

    @property
    def is_shaded(self) -> bool:
        """Whether it shows territories."""
        return self.layer.kind == "choropleth"

    @property
    def is_named(self) -> bool:
        """Whether somebody gave it a name of its own."""
        return self.layer.label != self.asked.dataset.title

    @property
    def is_large(self) -> bool:
        """Whether it is too large to be given whole: the browser then draws it from tiles."""
        limit = MOST_SHAPES if self.layer.drawn.geometry in ("line", "area") else len(self.rows)
        return not self.is_shaded and self.total > min(limit, len(self.rows))

    @property
    def geometry(self) -> str:
        """The name of the column of places."""
        column = self.asked.source.shape.geometry
        return column.name if column else ""

    @property
    def most(self) -> float:
        """The largest size among the rows, 0 when nothing is sized."""
        sizes = [row.get(self.layer.size) for row in self.rows] if self.layer.size else []
        return max((float(size) for size in sizes if isinstance(size, int | float)), default=0.0)


@dataclass(frozen=True, slots=True)
class Answered:
    """A map with its answers: what pictures, lists and frames are made from."""

    description: MapDescription
    layers: tuple[LayerAnswer, ...]
    moments: tuple[tuple[str, str], ...]
    """Those of the slider, with their words."""
    moment: str
    """The one shown; empty for all of them."""
    box: Box
    language: str
    home: Box | None = None
    """Of the site's territory, where the map shows more than it: what is seen first, unless its author chose a view."""
    opening: Box | None = None
    """Else around nearly all that it shows."""

    @property
    def key(self) -> str:
        """What names everything that is drawn from it: versions, description, moment, language, the territory of the site."""
        lens = current_lens()
        words = (
            self.description.to_json(),
            self.moment,
            self.language,
            lens.code if lens else "",
            str(self.home or ""),
        )
        return key_of((one.asked for one in self.layers), *words)

    @property
    def shows_all(self) -> bool:
        """Whether all moments can be shown at once: not the shades of several, which are no sum."""
        return not any(one.is_shaded and one.layer.time for one in self.layers)


def answer(
    actor: Actor,
    description: MapDescription,
    language: str = "fr",
    *,
    moment: str = "",
    territory: Territory | None = None,
) -> Answered:
    """The answers to a map's questions, for the actor; ``moment`` is one of the slider, the last one when it is not known, and
    ``territory`` that of the site.

    NotFound or DataOnRequest for a dataset they may not read, MapError for a map that cannot be drawn, the engine's own errors
    otherwise.
    """
    resolved = [opened(actor, layer.dataset, layer.version) for layer in description.layers]
    tables = {
        layer.dataset: table_of(source)
        for layer, (_one, _version, source) in zip(description.layers, resolved, strict=True)
    }
    whole = completed(description, tables)
    queries = [Asked(dataset, version, source, ExploreRequest()) for dataset, version, source in resolved]
    pairs = list(zip(whole.layers, queries, strict=True))
    layers = tuple(replace(layer, label=layer.label or query.dataset.title) for layer, query in pairs)
    whole = replace(
        whole, layers=layers, title=whole.title or " · ".join(dict.fromkeys(layer.label for layer in layers))
    )
    moments = _moments(actor, list(zip(layers, queries, strict=True)), language)
    shown = _shown_moment(layers, moments, moment)
    answers = tuple(
        _answered(actor, rank, layer, query, shown, language)
        for rank, (layer, query) in enumerate(zip(layers, queries, strict=True))
    )
    box = _box(answers)
    home = None if territory is None or whole.start else _home(answers, shown, box, territory)
    opening = home or _around([one.opening or one.box for one in answers if one.box is not None])
    return Answered(whole, answers, moments, shown, box, language, home, opening)


def _home(answers: Sequence[LayerAnswer], moment: str, box: Box, territory: Territory) -> Box | None:
    """The box of a territory, when the map has something there and shows more than it."""
    own = box_of(territory)
    if own is None or not covers(box, own):
        return None
    return own if any(_lies_in(one, moment, own) for one in answers if not one.layer.hidden) else None


def _lies_in(layer_answer: LayerAnswer, moment: str, box: Box) -> bool:
    """Whether something of a layer begins in a box; of shaded territories, whether several lie there whole: one that is larger
    than the box would fill it with one colour."""
    if layer_answer.is_shaded:
        contours, around = (layer_answer.contours or {}).values(), padded(box)
        return sum(all(_is_in(place, around) for place in all_places(contour)) for contour in contours) > 1
    query = layer_answer.asked
    geometry = query.source.shape.geometry
    if layer_answer.is_large and geometry is not None:
        where = layer_queries.filtered(query, layer_answer.layer, moment)
        return rows_in(query.source, geometry, where, box, layer_queries.seconds()) > 0
    shapes = (geometry_of(row.get(layer_answer.geometry)) for row in layer_answer.rows)
    return any(_is_in(next(iter(all_places(shape)), None), box) for shape in shapes if shape is not None)


def _is_in(place: Sequence[float] | None, box: Box) -> bool:
    return place is not None and box[0] < place[0] < box[2] and box[1] < place[1] < box[3]


def _moments(actor: Actor, pairs: Sequence[tuple[MapLayer, Asked]], language: str) -> tuple[tuple[str, str], ...]:
    moments: dict[str, str] = {}
    for layer, query in pairs:
        if not layer.time:
            continue
        question = moments_question(layer, timezone=settings.TIME_ZONE)
        rows, total = rows_of(actor, replace(query, question=question))
        if total > MOST_MOMENTS:
            raise TooManyMoments(count=total, most=MOST_MOMENTS)
        for row in rows:
            key = str(row["c_group"])
            moments[key] = moment_text(key, layer.step, language) if layer.step else key
    if len(moments) > MOST_MOMENTS:
        raise TooManyMoments(count=len(moments), most=MOST_MOMENTS)
    return tuple(sorted(moments.items(), key=lambda one: (len(one[0]), one[0])))


def _shown_moment(layers: Sequence[MapLayer], moments: Sequence[tuple[str, str]], moment: str) -> str:
    keys = [key for key, _text in moments]
    if moment in keys:
        return moment
    is_shaded = any(layer.time and layer.kind == "choropleth" for layer in layers)
    return keys[-1] if keys and is_shaded else ""


def _answered(actor: Actor, rank: int, layer: MapLayer, query: Asked, moment: str, language: str) -> LayerAnswer:
    # A moment of one layer may be none of another: a year and a month are not the same slider.
    if layer.kind == "choropleth":
        return _with_shades(actor, rank, layer, query, moment, language)
    return _with_rows(actor, rank, layer, query, moment, language)


def _with_rows(actor: Actor, rank: int, layer: MapLayer, query: Asked, moment: str, language: str) -> LayerAnswer:
    shape = query.source.shape
    plain = [column for column in shape if not column.type.is_geographic]
    naming = naming_of(plain, query.source.manifest.profile, query.source.rows)
    leading = [*(column.name for column in naming.columns), *columns_of(layer.popup)]
    fields = tuple(layer_queries.carried(layer, plain, leading, MOST_FIELDS))
    geometry = shape.geometry
    if geometry is None:
        raise NotFound(name=layer.dataset)
    placed_layer = replace(layer, where=(*layer.where, f"`{geometry.name}` is not null"))
    question = rows_question(
        placed_layer, [geometry.name, *(column.name for column in fields)], moment, timezone=settings.TIME_ZONE
    )
    query = replace(query, question=question)
    rows, total = layer_queries.rows_of(actor, query)
    names = names_of_places(query.source, fields, rows)
    legend = _legend(actor, layer, query, names, language)
    box = _box_of(row.get(geometry.name) for row in rows) if len(rows) == total else None
    if box is None and total:
        where = layer_queries.filtered(query, layer, moment)
        box = (
            extent(query.source, geometry, where, layer_queries.seconds())[1]
            if where != ALWAYS
            else query.source.manifest.bbox
        )
    where = layer_queries.filtered(query, layer, moment)
    most = box_of_most(query.source, geometry, where, (total, box), seconds=layer_queries.seconds())
    return LayerAnswer(
        rank, layer, query, legend, total, rows, naming=naming, names=names, fields=fields, box=box, opening=most
    )


def _legend(actor: Actor, layer: MapLayer, query: Asked, names: Names, language: str) -> Legend:
    column = query.source.shape.get(layer.colour) if layer.colour else None
    if column is None or not layer.drawn.takes_colour:
        return single(layer.label, layer.tint, language)
    if column.type.is_number:
        values = layer_queries.numbers_of(actor, query, layer, column.name)
        edges = edges_of(values, layer.classes, layer.steps, layer.bounds)
        unit = layer.unit or column.annotations.get("unit") or ""
        return by_class(column.label, values, edges, language, unit=unit, palette=layer.palette)
    profile = query.source.manifest.profile.get(column.name)
    top = [str(value) for value, _count in profile.top] if profile else []
    others = profile is None or profile.distinct > len(top)
    words = {**names.get(column.name, {}), **column.labels_of(top)}
    return by_category(label_of(column, names), top, language, others=others, words=words)


def _with_shades(actor: Actor, rank: int, layer: MapLayer, query: Asked, moment: str, language: str) -> LayerAnswer:
    require_level(query.dataset, query.version, layer.level, language)
    query = replace(query, question=values_question(layer, timezone=settings.TIME_ZONE))
    rows, _total = rows_of(actor, query)
    column = query.source.shape.get(layer.territory)
    codes = {str(row["c_group"]) for row in rows if row.get("c_group") not in (None, "")}
    place_by_code = places(column.kind if column else "", codes, layer.level, with_area=layer.per == "km2")
    every, left_out = shaded(layer, rows, place_by_code)
    contours = _contours(layer.level, {shade.code for shade in every})
    drawn = [shade for shade in every if shade.code in contours]
    values = [shade.value for shade in drawn]
    edges = edges_of(values, layer.classes, layer.steps, layer.bounds)
    title = measured(layer, query, language)
    unit = layer.unit or _unit(layer, query)
    legend = by_class(title, values, edges, language, unit=unit if not layer.per else "", palette=layer.palette)
    shown = tuple(shade for shade in every if shade.moment == moment or not layer.time)
    box = _box_of(contours.values())
    decimals = usual_decimals(values or [0.0])
    return LayerAnswer(
        rank, layer, query, legend, len(shown), (), shown, left_out, contours, box=box, decimals=decimals
    )


def _unit(layer: MapLayer, query: Asked) -> str:
    column = query.source.shape.get(layer.measure) if layer.measure and not layer.formula else None
    return str(column.annotations.get("unit") or "") if column and layer.calculation != "distinct" else ""


def measured(layer: MapLayer, query: Asked, language: str) -> str:
    """What a choropleth shows, in words: « Places, en moyenne », « Montant, en € pour 1 000 habitants »."""
    column = query.source.shape.get(layer.measure) if layer.measure else None
    if layer.formula or column is None:
        words = layer.formula or CALCULATIONS[layer.calculation].label(language)
    else:
        words = _CALCULATED[layer.calculation]() % {"column": column.label}
    if not layer.per:
        return words
    unit, rate = layer.unit or _unit(layer, query), RATES[layer.per].label(language)
    return (
        _("%(words)s, en %(unit)s %(rate)s") % {"words": words, "unit": unit, "rate": rate}
        if unit
        else f"{words} {rate}"
    )


_CALCULATED: Mapping[str, Callable[[], str]] = {
    "count": lambda: "%(column)s",
    "sum": lambda: "%(column)s",
    "avg": lambda: _("%(column)s, en moyenne"),
    "median": lambda: _("%(column)s, valeur médiane"),
    "min": lambda: _("%(column)s, valeur la plus basse"),
    "max": lambda: _("%(column)s, valeur la plus haute"),
    "distinct": lambda: _("%(column)s, nombre de valeurs différentes"),
}
"""What a calculation makes of a column, in words: a sum needs none."""


def level_words(layer: MapLayer, language: str) -> str:
    """The territories of a choropleth: « Commune »."""
    return TERRITORIES[layer.level].label(language)


def _contours(level: str, codes: set[str]) -> dict[str, Mapping[str, Any]]:
    contours = Contour.objects.filter(territory__kind=level)
    if len(codes) < 400:
        contours = contours.filter(territory__code__in=codes)
    rows = contours.values_list("territory__code", "geojson")
    return {code: json.loads(text) for code, text in rows if code in codes}


def geometry_of(value: object) -> Mapping[str, Any] | None:
    """The GeoJSON geometry of a place as the API's JSON gives it: a point, or a feature."""
    if not isinstance(value, Mapping):
        return None
    if "lon" in value:
        return {"type": "Point", "coordinates": [value["lon"], value["lat"]]}
    geometry = value.get("geometry", value)
    return geometry if isinstance(geometry, Mapping) and geometry.get("type") else None


def _box_of(values: Any) -> Box | None:
    west, south, east, north = 180.0, 90.0, -180.0, -90.0
    for value in values:
        geometry = geometry_of(value)
        for place in all_places(geometry) if geometry else ():
            west, east = min(west, place[0]), max(east, place[0])
            south, north = min(south, place[1]), max(north, place[1])
    return None if west > east else (west, south, east, north)


def _box(layers: Sequence[LayerAnswer]) -> Box:
    """What shows all layers; EmptyMap when there is nothing to show, NoContours when there would be."""
    boxes = [one.box for one in layers if one.box is not None]
    if not boxes:
        unshaped = next((one.layer.label for one in layers if one.shades), None)
        raise EmptyMap() if unshaped is None else NoContours(label=unshaped)
    return _around(boxes)


def _around(boxes: Sequence[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def layers_beside(answered: Answered) -> Iterator[LayerAnswer]:
    """The two layers that are compared, left then right; none when the map is one."""
    for rank in answered.description.compare:
        yield answered.layers[rank - 1]
