"""The form of the map maker: from the fields of an address to a description, and back to fields.

The fields of the first layer have plain names (``genre``, ``couleur``…), those of the second begin with ``c2-``, and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.atlas.completion import (
    SHADE_WORDS,
    Fits,
    is_code,
    is_coloured,
    is_moment,
    is_number,
    is_popup_column,
)
from parvis.core.atlas.description import FEWEST_CLASSES, MOST_CLASSES, MOST_LAYERS, MapDescription, MapLayer
from parvis.core.atlas.errors import BadMap, NoCodes
from parvis.core.atlas.kinds import KINDS, METHODS, PALETTES, TIME_STEPS
from parvis.core.charts.marks import CALCULATIONS, RATES, STEPS, TERRITORIES
from parvis.core.charts.questions import Table
from parvis.core.charts.territories import REACHED
from parvis.core.columns import TableShape
from parvis.core.descriptions import LONGEST_TEXT
from parvis.core.geo.tiles import has_only_points
from parvis.hub.drawings.drawn_conditions import condition_lines, condition_text, shown_condition, whole_conditions
from parvis.hub.drawings.forms import Select, column_select, select
from parvis.hub.ui.filters import conditions, read_filters_of

_PLAIN = {"couleur": "colour", "taille": "size", "palette": "palette", "temps": "time", "pas": "step", "codes": "territory", "niveau": "level", "mesure": "measure", "rapport": "per", "unite": "unit", "version": "version"}  # fmt: skip
"""Fields that are an attribute as it is."""
_FITS: Mapping[str, Fits] = {
    "couleur": is_coloured,
    "taille": is_number,
    "temps": is_moment,
    "codes": is_code,
    "mesure": is_number,
}


@dataclass(frozen=True, slots=True)
class LayerFields:
    """The part of the form for one layer."""

    rank: int
    prefix: str
    dataset: str
    title: str
    selects: list[Select]
    layer: MapLayer
    bounds: str
    condition: str
    popup_columns: list[tuple[str, str]]
    """What may be put in the text of its bubble, with its words."""
    menu: SafeString | str = ""
    """The menus of its condition."""

    @property
    def number(self) -> int:
        """Its rank, from 1."""
        return self.rank + 1


def prefix_of(rank: int) -> str:
    """How the fields of a layer begin."""
    return f"c{rank + 1}-" if rank else ""


def datasets_of(query: QueryDict, first: str = "") -> list[str]:
    """The datasets that the form names; ``first`` is that of the page, when there is one."""
    named = [first or query.get("jeu", ""), *(query.get(f"{prefix_of(rank)}jeu", "") for rank in range(1, MOST_LAYERS))]
    return [name for name in named if name]


def usual_kind(table: Table) -> str:
    """The kind that suits a dataset: what its places are, shaded territories when it has none but codes."""
    geometry = table.shape.geometry
    if geometry is None:
        return "choropleth" if any(map(is_code, table.shape)) else "points"
    return "points" if geometry.type.value == "geo_point_2d" else "areas"


def kind_of_source(source: object, table: Table) -> str:
    """The same, when the kinds of shapes of a version are known."""
    manifest = getattr(source, "manifest", None)
    geometry = table.shape.geometry
    if manifest is None or geometry is None:
        return usual_kind(table)
    if has_only_points(source, geometry):  # type: ignore[arg-type]
        return "points"
    kinds = {kind.upper().removeprefix("MULTI") for kind in manifest.geometry_types}
    return "lines" if kinds == {"LINESTRING"} else "points" if kinds == {"POINT"} else "areas"


def read_map(
    query: QueryDict, tables: Mapping[str, Table], kinds: Mapping[str, str], first: str = ""
) -> MapDescription | None:
    """The description that the fields ask for; None when they name no dataset of ``tables``.

    ``kinds`` are the usual kinds of each dataset. BadMap and BadFilter tell what makes no sense.
    """
    layers = []
    for rank in range(MOST_LAYERS):
        prefix = prefix_of(rank)
        dataset = first if rank == 0 and first else query.get(f"{prefix}jeu", "")
        if dataset in tables:
            layers.append(_layer(query, prefix, dataset, tables[dataset], kinds.get(dataset, "points")))
    if not layers:
        return None
    return MapDescription(
        tuple(layers),
        title=query.get("titre", "").strip()[:LONGEST_TEXT],
        subtitle=query.get("sous-titre", "").strip()[:LONGEST_TEXT],
        start=_numbers(query.get("depart", ""), _("Vue de départ"), "2,43 ; 48,63 ; 12"),
        compare=_pair(query.get("comparer", ""), len(layers)),
    ).checked()


def _layer(query: QueryDict, prefix: str, dataset: str, table: Table, usual: str) -> MapLayer:
    def said(name: str) -> str:
        return query.get(prefix + name, "").strip()

    where = () if prefix else conditions(table.shape, read_filters_of(query), query.get("q", "").strip()[:300])
    kind = said("genre") if said("genre") in KINDS else usual
    plain = {attribute: said(name) for name, attribute in _PLAIN.items()}
    for name, fits in _FITS.items():  # a column of a former choice, that does not fit any more, is dropped
        column = table.shape.get(plain[_PLAIN[name]])
        if column is None or not fits(column):
            plain[_PLAIN[name]] = ""
    layer = MapLayer(
        dataset,
        kind=kind,
        label=said("nom")[:LONGEST_TEXT],
        where=(*where, *whole_conditions(condition_text(query, prefix, table.shape), table.shape)),
        classes=said("classes") if said("classes") in METHODS else "quantiles",
        steps=_whole(said("nombre"), FEWEST_CLASSES, MOST_CLASSES, 5),
        bounds=_numbers(said("bornes"), _("Bornes des classes"), "10 ; 20 ; 50") if said("classes") == "chosen" else (),
        tint=_whole(said("teinte"), 1, 8, 1),
        popup=query.get(f"{prefix}bulle", "").strip().replace("\r\n", "\n")[:1_000],
        formula=said("formule")[:1_000],
        hidden=said("cachee") == "oui",
        calculation=said("calcul") if said("calcul") in CALCULATIONS else "count",
        **plain,
    )
    return _sensible(layer, table)


def _sensible(layer: MapLayer, table: Table) -> MapLayer:
    """The layer without what its kind knows nothing of, so that changing the kind alone is enough."""
    if layer.classes == "chosen" and not layer.bounds:
        layer = replace(layer, classes="quantiles")
    if layer.kind != "choropleth":
        layer = replace(layer, territory="", level="", calculation="count", measure="", formula="", per="")
        keeps = layer.drawn
        return replace(
            layer, colour=layer.colour if keeps.takes_colour else "", size=layer.size if keeps.takes_size else ""
        )
    codes = [column for column in table.shape if is_code(column)]
    if not codes:
        raise NoCodes(dataset=layer.dataset)
    column = table.shape.get(layer.territory) or codes[0]
    levels = REACHED[column.kind]
    measure = layer.measure
    if layer.calculation == "count":
        measure = ""
    elif not measure and not layer.formula:
        measure = next((one.name for one in table.shape if is_number(one)), "")
    level = layer.level if layer.level in levels else levels[0]
    return replace(layer, colour="", size="", territory=column.name, level=level, measure=measure)


def _whole(text: str, least: int, most: int, usual: int) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) and least <= int(text) <= most else usual


def _numbers(text: str, name: str, example: str) -> tuple[float, ...]:
    """Numbers parted by semicolons or spaces, with decimal commas; by commas too when each has a point or none."""
    words = re.split(r"[;\s]+", text.strip()) if re.search(r"[;\s]", text.strip()) else text.split(",")
    numbers = [word.replace(",", ".").replace("\u2212", "-") for word in words if word]
    if len(numbers) > 20 or not all(re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", word, re.ASCII) for word in numbers):
        raise BadMap(name=name, value=text[:80], expected=example)
    return tuple(float(word) for word in numbers)


def _pair(text: str, layers: int) -> tuple[int, ...]:
    match = re.fullmatch(r"([1-8])-([1-8])", text)
    ranks = (int(match[1]), int(match[2])) if match else ()
    return ranks if all(rank <= layers for rank in ranks) else ()


def layer_fields(
    description: MapDescription, tables: Mapping[str, Table], titles: Mapping[str, str], typed: Mapping[str, str]
) -> list[LayerFields]:
    """The form as it is filled; ``typed`` are its fields as they were: what was written by hand is shown as it is, sound or not."""
    fields = []
    for rank, layer in enumerate(description.layers):
        table = tables[layer.dataset]
        prefix = prefix_of(rank)
        if typed.get(f"{prefix}classes") == "chosen":
            layer = replace(layer, classes="chosen")
        bounds = " ; ".join(f"{bound:g}".replace(".", ",") for bound in layer.bounds)
        columns = [(column.name, column.label) for column in table.shape if is_popup_column(column)]
        fields.append(
            LayerFields(
                rank,
                prefix,
                layer.dataset,
                titles.get(layer.dataset, layer.dataset),
                list(_selects(layer, table, prefix)),
                layer,
                typed.get(f"{prefix}bornes", bounds),
                shown_condition(layer.where, table.shape, typed, prefix),
                shade_choices() if layer.kind == "choropleth" else columns,
            )
        )
    return fields


def shade_choices() -> list[tuple[str, str]]:
    """What the bubble of a shaded territory may say."""
    return list(zip(SHADE_WORDS, (_("Nom du territoire"), _("Valeur du territoire")), strict=True))


def is_mappable(shape: TableShape) -> bool:
    """Whether something of a dataset can be on a map: its rows, or the territories they name."""
    return shape.geometry is not None or any(map(is_code, shape))


def _selects(layer: MapLayer, table: Table, prefix: str) -> Iterable[Select]:
    language = get_language() or "fr"
    kinds = [(name, row.label(language)) for name, row in KINDS.items() if _is_offered(name, table)]
    yield select(f"{prefix}genre", _("Montrer comme"), kinds, layer.kind)
    if layer.kind == "choropleth":
        yield from _shade_selects(layer, table, prefix, language)
    elif layer.drawn.takes_colour:
        yield _columns(f"{prefix}couleur", _("Colorer par"), table, is_coloured, layer.colour, _("une seule couleur"))
    if layer.drawn.takes_size:
        yield _columns(f"{prefix}taille", _("Taille selon"), table, is_number, layer.size, _("toutes pareilles"))
    column = table.shape.get(layer.colour) if layer.colour else None
    if layer.kind == "choropleth" or (column is not None and column.type.is_number):
        methods = [(name, row.label(language)) for name, row in METHODS.items()]
        yield select(f"{prefix}classes", _("Découper en classes"), methods, layer.classes)
        if layer.classes != "chosen":
            counts = [(str(count), str(count)) for count in range(FEWEST_CLASSES, MOST_CLASSES + 1)]
            yield select(f"{prefix}nombre", _("Nombre de classes"), counts, str(layer.steps))
        palettes = [(name, _(words)) for name, words in PALETTES.items()]
        yield select(f"{prefix}palette", _("Couleurs"), palettes, layer.palette)
    if any(map(is_moment, table.shape)):
        yield _columns(f"{prefix}temps", _("Curseur de temps"), table, is_moment, layer.time, _("aucun"))
        if layer.step:
            steps = [(name, STEPS[name].label(language)) for name in TIME_STEPS]
            yield select(f"{prefix}pas", _("Pas du curseur"), steps, layer.step)


def _is_offered(kind: str, table: Table) -> bool:
    return any(map(is_code, table.shape)) if kind == "choropleth" else table.shape.geometry is not None


def _shade_selects(layer: MapLayer, table: Table, prefix: str, language: str) -> Iterable[Select]:
    yield _columns(f"{prefix}codes", _("Colonne des codes"), table, is_code, layer.territory)
    column = table.shape.get(layer.territory)
    levels = REACHED[column.kind] if column is not None and column.kind in REACHED else ()
    yield select(
        f"{prefix}niveau", _("Territoires"), [(one, TERRITORIES[one].label(language)) for one in levels], layer.level
    )
    calculations = [(name, row.label(language)) for name, row in CALCULATIONS.items() if name != "distinct"]
    yield select(f"{prefix}calcul", _("Calculer"), calculations, layer.calculation)
    if layer.calculation != "count":
        yield _columns(f"{prefix}mesure", _("Mesure"), table, is_number, layer.measure)
    rates = [("", _("non")), *((name, rate.asked(language)) for name, rate in RATES.items())]
    yield select(f"{prefix}rapport", _("Rapporter à la population ou à la surface"), rates, layer.per)


def _columns(name: str, label: str, table: Table, fits: Fits, chosen: str, none: str = "") -> Select:
    return column_select(name, label, filter(fits, table.shape), chosen, none)


def as_fields(description: MapDescription) -> list[tuple[str, str]]:
    """The fields of the address that ask for a description: the inverse of ``read_map``."""
    pairs = [("titre", description.title), ("sous-titre", description.subtitle)]
    pairs += [("depart", " ; ".join(f"{one:g}" for one in description.start))]
    pairs += [("comparer", "-".join(map(str, description.compare)))]
    for rank, layer in enumerate(description.layers):
        pairs += _fields_of(layer, prefix_of(rank))
    return [(name, value) for name, value in pairs if value]


def _fields_of(layer: MapLayer, prefix: str) -> list[tuple[str, str]]:
    body = [
        ("jeu", layer.dataset),
        ("genre", layer.kind),
        *((name, getattr(layer, attribute)) for name, attribute in _PLAIN.items()),
        ("classes", layer.classes if layer.classes != "quantiles" else ""),
        ("nombre", str(layer.steps) if layer.steps != 5 else ""),
        ("bornes", " ; ".join(f"{bound:.9g}" for bound in layer.bounds)),
        ("teinte", str(layer.tint) if layer.tint != 1 else ""),
        ("bulle", layer.popup),
        ("calcul", layer.calculation if layer.calculation != "count" else ""),
        ("formule", layer.formula),
        ("nom", layer.label),
        ("cachee", "oui" if layer.hidden else ""),
        ("condition", condition_lines(layer.where)),
    ]
    return [(prefix + name, value) for name, value in body]
