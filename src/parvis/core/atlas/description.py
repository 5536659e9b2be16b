"""What a map is: layers of datasets, how each is drawn, what is said of a feature, where it begins. A value, kept as JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from typing import Any

from parvis.core.atlas.errors import BadMap
from parvis.core.atlas.kinds import KINDS, METHODS, PALETTES, TIME_STEPS, Kind
from parvis.core.charts import CALCULATIONS, RATES, TERRITORIES

FORMAT = 1
"""Version of the shape of ``to_dict``; a later one will read the former ones."""

MOST_LAYERS = 8
MOST_CONDITIONS = 20
LONGEST_TEXT = 300
LONGEST_ODSQL = 4_000
LONGEST_POPUP = 1_000
LARGEST_JSON = 64_000
FEWEST_CLASSES, MOST_CLASSES = 2, 7

_NAME = re.compile(r"[a-z0-9_]{0,200}")
_DATASET = re.compile(r"[a-z0-9][a-z0-9_-]{0,199}")


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One layer: rows of a dataset where they are, or territories shaded by what the rows say of them.

    Columns are technical names.
    """

    dataset: str
    """Public identifier of the dataset."""
    kind: str = "points"
    """One of ``KINDS``."""
    label: str = ""
    """Its name in the list of layers; the dataset's title when empty."""
    where: tuple[str, ...] = ()
    """Conditions in ODSQL; all must hold."""
    version: str = ""
    """A version of the dataset; empty for the current one."""
    colour: str = ""
    """Column whose values give the colours: texts one by one, numbers by classes; empty for one colour."""
    tint: int = 1
    """Rank, from 1 to 8, of the colour of a layer that has only one."""
    size: str = ""
    """Column of numbers that gives the size of points, the width of lines."""
    classes: str = "quantiles"
    """How numbers are cut, one of ``METHODS``."""
    steps: int = 5
    """How many classes, at most."""
    bounds: tuple[float, ...] = ()
    """The bounds between classes when they are chosen, rising."""
    palette: str = ""
    """``diverging`` for values on both sides of a middle."""
    popup: str = ""
    """What is said of a feature, with ``{column}`` where values go; its first line is a title. Text, never HTML."""
    time: str = ""
    """Column of dates or numbers that a slider runs over."""
    step: str = ""
    """For dates, how wide a moment is: ``year``, ``month`` or ``day``; guessed when empty."""
    territory: str = ""
    """For shaded territories, the column of codes; guessed when empty."""
    level: str = ""
    """The territories that are shaded: ``commune``, ``epci``, ``departement``, ``region``; those of the codes when empty."""
    calculation: str = "count"
    """What is computed for each territory, of those of charts."""
    measure: str = ""
    """Column of numbers that is calculated; empty when rows are counted."""
    formula: str = ""
    """The same written by hand, as an aggregation of ODSQL: ``sum(places) / count(*)``."""
    per: str = ""
    """What it is related to: ``inhabitants`` (1,000 of them), ``km2``; empty for nothing."""
    unit: str = ""
    """Of the values; the column's own unit when empty."""
    hidden: bool = False
    """Whether it waits to be asked for."""

    @property
    def drawn(self) -> Kind:
        """The row of its kind."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class MapDescription:
    """A map: the same value makes the questions, the map of the browser, the picture and the list."""

    layers: tuple[MapLayer, ...]
    """From the lowest to the uppermost."""
    title: str = ""
    """What is seen; made from the layers when empty."""
    subtitle: str = ""
    start: tuple[float, ...] = ()
    """Longitude, latitude and zoom at first; empty to show all the data."""
    compare: tuple[int, ...] = ()
    """Ranks, from 1, of two layers that are shown side by side; empty for one map of all."""

    @property
    def main_dataset(self) -> str:
        """The identifier of the first dataset it asks."""
        return self.layers[0].dataset

    @property
    def datasets(self) -> list[str]:
        """Identifiers of the datasets it asks, sorted, each once."""
        return sorted({layer.dataset for layer in self.layers})

    def with_changes(self, **changes: Any) -> MapDescription:
        """A copy with some attributes replaced, checked."""
        return checked(replace(self, **changes))

    def to_dict(self) -> dict[str, Any]:
        """The JSON object kept and shown by the API: ``format``, then what differs from the defaults."""
        return {"format": FORMAT, **_told(self), "layers": [_told(layer) for layer in self.layers]}

    def to_json(self) -> str:
        """The text of ``to_dict``, the same for equal descriptions."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_dict(cls, body: object) -> MapDescription:
        """The description that an object says, whoever wrote it; BadMap names what is wrong."""
        if not isinstance(body, Mapping):
            raise BadMap(name="/", value=shown(body), expected="un objet JSON")
        if body.get("format", FORMAT) != FORMAT:
            raise BadMap(name="format", value=shown(body.get("format")), expected=FORMAT)
        rows = body.get("layers")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_LAYERS:
            raise BadMap(name="layers", value=shown(rows), expected=f"1 – {MOST_LAYERS}")
        layers = tuple(_read(MapLayer, row, f"layers[{rank}].") for rank, row in enumerate(rows))
        rest = {name: value for name, value in body.items() if name not in ("format", "layers")}
        return checked(_read(cls, {**rest, "layers": layers}, ""))

    @classmethod
    def from_json(cls, text: str) -> MapDescription:
        """The description that a JSON text says; BadMap when it says none."""
        if len(text) > LARGEST_JSON:
            raise BadMap(name="/", value=f"{len(text)}", expected=f"{LARGEST_JSON} caractères au plus")
        try:
            body = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadMap(name="/", value=shown(text), expected="JSON") from error
        return cls.from_dict(body)


def checked(description: MapDescription) -> MapDescription:
    """The same description when every word of it is known and short enough; BadMap otherwise.

    Whether its columns exist is told by ``completed``, which knows the datasets.
    """
    for name in ("title", "subtitle"):
        _short(getattr(description, name), LONGEST_TEXT, name)
    if not 1 <= len(description.layers) <= MOST_LAYERS:
        raise BadMap(name="layers", value=len(description.layers), expected=f"1 – {MOST_LAYERS}")
    for rank, layer in enumerate(description.layers):
        _check_layer(layer, f"layers[{rank}].")
    _check_start(description.start)
    ranks = description.compare
    if ranks and (len(ranks) != 2 or not all(1 <= rank <= len(description.layers) for rank in ranks)):
        raise BadMap(name="compare", value=shown(list(ranks)), expected=f"deux rangs, de 1 à {len(description.layers)}")
    return description


def _check_start(start: tuple[float, ...]) -> None:
    if not start:
        return
    limits = ((-180, 180), (-85, 85), (0, 20))
    fits = len(start) == 3 and all(low <= value <= high for value, (low, high) in zip(start, limits, strict=True))
    if not fits:
        raise BadMap(name="start", value=shown(list(start)), expected="longitude, latitude, zoom")


def _check_layer(layer: MapLayer, place: str) -> None:
    if not _DATASET.fullmatch(layer.dataset):
        raise BadMap(name=f"{place}dataset", value=shown(layer.dataset), expected="[a-z0-9_-]+")
    for name, allowed in _AMONG.items():
        _among(getattr(layer, name), allowed, place + name)
    for name in ("colour", "size", "time", "territory", "measure"):
        if not _NAME.fullmatch(getattr(layer, name)):
            raise BadMap(name=place + name, value=shown(getattr(layer, name)), expected="[a-z0-9_]+")
    if len(layer.where) > MOST_CONDITIONS:
        raise BadMap(name=f"{place}where", value=len(layer.where), expected=f"0 – {MOST_CONDITIONS}")
    for text in (*layer.where, layer.formula):
        _short(text, LONGEST_ODSQL, f"{place}where, formula")
    for name, most in (("label", LONGEST_TEXT), ("version", 40), ("unit", 40), ("popup", LONGEST_POPUP)):
        _short(getattr(layer, name), most, place + name)
    if not 1 <= layer.tint <= 8:
        raise BadMap(name=f"{place}tint", value=layer.tint, expected="1 – 8")
    if not FEWEST_CLASSES <= layer.steps <= MOST_CLASSES:
        raise BadMap(name=f"{place}steps", value=layer.steps, expected=f"{FEWEST_CLASSES} – {MOST_CLASSES}")
    _check_bounds(layer, place)


def _check_bounds(layer: MapLayer, place: str) -> None:
    rising = all(low < high for low, high in zip(layer.bounds, layer.bounds[1:], strict=False))
    if len(layer.bounds) >= MOST_CLASSES or not rising or not all(map(math.isfinite, layer.bounds)):
        expected = f"{MOST_CLASSES - 1} nombres au plus, du plus petit au plus grand"
        raise BadMap(name=f"{place}bounds", value=shown(list(layer.bounds)), expected=expected)
    if layer.classes == "chosen" and not layer.bounds:
        raise BadMap(name=f"{place}bounds", value="—", expected="10, 20, 50")


_AMONG: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(KINDS),
    "classes": tuple(METHODS),
    "palette": tuple(PALETTES),
    "step": ("", *TIME_STEPS),
    "level": ("", *TERRITORIES),
    "calculation": tuple(CALCULATIONS),
    "per": ("", *RATES),
}
"""The words that some attributes of a layer may take."""


def _among(value: str, allowed: tuple[str, ...], name: str) -> None:
    if value not in allowed:
        raise BadMap(name=name, value=shown(value), expected=", ".join(filter(None, allowed)))


def _short(text: str, most: int, name: str) -> None:
    if len(text) > most:
        raise BadMap(name=name, value=shown(text), expected=f"{most} caractères au plus")


def _told(value: Any) -> dict[str, Any]:
    """The attributes of a dataclass that are not at their default."""
    body, told = asdict(value), {}
    for one in fields(value):
        if body[one.name] != one.default:
            told[one.name] = list(body[one.name]) if isinstance(body[one.name], tuple) else body[one.name]
    return told


def _read[T](kind: type[T], row: object, place: str) -> T:
    if not isinstance(row, Mapping):
        raise BadMap(name=place.rstrip("."), value=shown(row), expected="un objet JSON")
    known = {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name not in known:
            raise BadMap(name=place + str(name)[:80], value=shown(value), expected=", ".join(known))
        reader = _READERS.get(str(known[name].type))
        if reader is not None and not reader(value):
            raise BadMap(name=place + name, value=shown(value), expected=known[name].type)
        values[name] = tuple(value) if isinstance(value, list) else value
    for name, one in known.items():
        if name not in values and one.default is MISSING:
            raise BadMap(name=place + name, value="—", expected=one.type)
    return kind(**values)


def _is_number(value: object) -> bool:
    """A finite number that fits a double: JSON of strangers may hold ``NaN`` or a thousand digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= 1e300


def _list_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list | tuple) and all(map(fits, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_READERS: Mapping[str, Callable[[object], bool]] = {
    "str": _is_text,
    "int": _is_whole,
    "bool": lambda value: isinstance(value, bool),
    "tuple[str, ...]": _list_of(_is_text),
    "tuple[float, ...]": _list_of(_is_number),
    "tuple[int, ...]": _list_of(_is_whole),
}
"""How a value of JSON is checked, by the type of the attribute."""


def shown(value: object) -> str:
    """A value as an error shows it."""
    text = value if isinstance(value, str) else repr(value)[:200]
    return text if len(text) <= 80 else text[:79] + "…"
