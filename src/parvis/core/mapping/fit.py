"""How well the values of a column suit a field: as they are, or once mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from parvis.core.readings.field_readings import Wanted, accepts, wanted
from parvis.core.readings.model import Certainty
from parvis.core.readings.text_values import key
from parvis.core.schemas.model import Field, TableSchema

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
_SHAPES: dict[str, Callable[[str, Field], bool]] = {
    "integer": lambda text, item: re.fullmatch(r"\s*[+-]?[0-9]+\s*", text) is not None,
    "number": lambda text, item: _NUMBER.fullmatch(text) is not None,
    "date": lambda text, item: (
        re.fullmatch(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", text) is not None and "-" in item.format + "-"
    ),
    "datetime": lambda text, item: re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*", text) is not None,
    "time": lambda text, item: re.fullmatch(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?", text) is not None,
    "year": lambda text, item: re.fullmatch(r"[12][0-9]{3}", text) is not None,
    "boolean": lambda text, item: text in (*item.true_values, *item.false_values),
    "geopoint": lambda text, item: re.fullmatch(r"\[?\s*-?[0-9.]+\s*,\s*-?[0-9.]+\s*\]?", text) is not None,
    "geojson": lambda text, item: text.lstrip().startswith("{") and '"coordinates"' in text,
    "array": lambda text, item: text.strip().startswith("["),
    "object": lambda text, item: text.strip().startswith("{"),
}
_LOOKED = 25
"""Values looked at, the most frequent first."""
_FREE = 0.5
"""What a field of free text says of values: nothing."""


def value_score(values: Sequence[str], item: Field, schema: TableSchema) -> tuple[float, bool]:
    """The share of values that suit the field, from 0 to 1, and whether that is telling; (0.5, False) when nothing can be said."""
    enum = item.constraints.get("enum")
    values = values[:_LOOKED]
    if not values:
        return _FREE, False
    if isinstance(enum, list):
        allowed = {key(str(value)) for value in enum}
        return _share([key(value) in allowed for value in values]), True
    readings = [want for want in wanted(item, schema) if want.reading not in ("trim", "missing")]
    if item.type in _SHAPES:
        return _share(
            [_SHAPES[item.type](value, item) or _is_repairable(value, item, readings) for value in values]
        ), True
    if "pattern" in item.constraints:
        return _share([accepts(item, value) or _is_repairable(value, item, readings) for value in values]), not accepts(
            item, "Texte libre, ou presque."
        )
    if item.format in ("email", "uri"):
        sign = "@" if item.format == "email" else "."
        return _share([sign in value for value in values]), True
    return _FREE, False


def _share(suits: Sequence[bool]) -> float:
    return sum(suits) / len(suits)


def _is_repairable(value: str, item: Field, readings: Sequence[Wanted]) -> bool:
    """True when a reading knows the value and the field would take it; what is lost counts, since it was such a value once."""
    for want in readings:
        candidates = want.read(value)
        if candidates and (candidates[0].certainty is Certainty.LOST or accepts(item, candidates[0].after)):
            return True
    return False
