"""Proposing a mapping: the best column for each field, each column once, points made of two columns and put apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from parvis.core.mapping.fit import value_score
from parvis.core.mapping.model import Extras, Mapping, Match, Reason
from parvis.core.mapping.names import SAME, name_score
from parvis.core.mapping.portrait import Portrait
from parvis.core.mapping.vocabulary import words_of
from parvis.core.profiling.coordinates import find_pairs
from parvis.core.readings.field_readings import accepts
from parvis.core.readings.places import find_pair, in_boxes
from parvis.core.readings.text_values import MOST_COMPARED, key
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.text import slugify

ENOUGH = 0.5
"""From this score on, a column is proposed for a field."""
_SHOWN = 0.3
"""From this score on, a column is shown among the others."""
_BY_VALUES = 0.55
_OTHERS = 3
_MOST_PAIRS = 300_000
"""Columns × fields beyond which only the same names are found."""
_PERIOD = "2021-12-31/2022-01-31"

type _Pair = tuple[float, str, str, tuple[Reason, ...]]
"""Score, field, header, reasons."""


def propose_mapping(portrait: Portrait, schema: TableSchema) -> Mapping:
    """The mapping of a file to a schema, by names, types and values; fields for which nothing is found have no source."""
    rated = sorted(_rated(portrait, schema), key=lambda pair: -pair[0])
    chosen: dict[str, _Pair] = {}
    taken: set[str] = set()
    for pair in rated:
        score, name, header, _reasons = pair
        if score >= ENOUGH and name not in chosen and header not in taken:
            chosen[name] = pair
            taken.add(header)
    matches = []
    by_field: dict[str, list[_Pair]] = {}
    for pair in rated:
        by_field.setdefault(pair[1], []).append(pair)
    pairs = _Pairs(portrait)
    for item in schema.fields:
        if item.name in chosen:
            score, name, header, reasons = chosen[item.name]
            others = tuple(p[2] for p in by_field[name] if p[2] != header and p[0] >= _SHOWN)[:_OTHERS]
            matches.append(Match(name, item.required, {"from": header}, round(score, 2), reasons, others))
            continue
        made = pairs.made(item)
        others = tuple(p[2] for p in by_field.get(item.name, ()) if p[0] >= _SHOWN)[:_OTHERS]
        matches.append(made or Match(item.name, item.required, others=others))
    taken = {column for match in matches for column in match.columns}
    left = tuple(header for header in portrait.headers if header not in taken)
    return Mapping(schema.name, schema.version, tuple(matches), left, Extras.KEEP)


def _rated(portrait: Portrait, schema: TableSchema) -> Iterator[_Pair]:
    """Every header with every field it could stand for; of tables and schemas beyond any in use, by words and first values only."""
    pairs = len(portrait.headers) * len(schema.fields)
    thorough, looked = pairs <= MOST_COMPARED, 0
    names = {key(item.name): [item] for item in schema.fields}
    for header, values in zip(portrait.headers, portrait.values, strict=True):
        for item in schema.fields if pairs <= _MOST_PAIRS else names.get(key(header), ()):
            by_name, why = name_score(header, item, thorough=thorough)
            if by_name == SAME and header == item.name:
                yield 1.0, item.name, header, (Reason("same-name"),)
                continue
            if by_name == 0 and "enum" not in item.constraints:
                continue  # values alone prove nothing but when they are all of a list
            looked += 1
            share, telling = value_score(values if looked <= MOST_COMPARED else (), item, schema)
            score, reasons = _score(by_name, why, share, telling, item)
            if score >= _SHOWN:
                yield score, item.name, header, reasons


def _score(
    by_name: float, why: Reason | None, share: float, telling: bool, item: Field
) -> tuple[float, tuple[Reason, ...]]:
    """Names count most; values that cannot be those of the field forbid, values that can be no others' help."""
    if not telling:
        return by_name, (why,) if why else ()
    values = Reason("values", {"share": round(share, 2)})
    if by_name == 0:
        particular = "enum" in item.constraints and share == 1.0
        return (_BY_VALUES - 0.1 if particular else 0.0), (values,)
    if share < 0.2:
        return by_name * 0.7, ((why, values) if why else (values,))
    return min(0.99, by_name * 0.75 + 0.25 * share), ((why, values) if why else (values,))


class _Pairs:
    """What the columns of a file make together, worked out once for all fields."""

    def __init__(self, portrait: Portrait) -> None:
        self._portrait = portrait

    def made(self, item: Field) -> Match | None:
        """A field made of two columns (a point) or of one number of a point."""
        if item.type == "geopoint" or _names_a_point(item):
            return self._point(item)
        if (
            item.type == "string"
            and "pattern" in item.constraints
            and accepts(item, _PERIOD)
            and not accepts(item, "texte")
        ):
            return self._period(item)
        axis = _axis_of(item)
        return self._apart(item, axis) if axis else None

    @cached_property
    def bounds(self) -> tuple[str, str] | None:
        """The columns of the beginning and of the end of a period, when there is one of each and they say something."""
        bounds = []
        for word in ("debut", "fin"):
            headers = [
                h
                for h, values in zip(self._portrait.headers, self._portrait.values, strict=True)
                if values and word in words_of(h).values() and "date" in slugify(h)
            ]
            if len(headers) != 1:
                return None
            bounds += headers
        return bounds[0], bounds[1]

    @cached_property
    def point(self) -> tuple[str, str] | None:
        """The columns of the two coordinates of a point, degrees first."""
        pairs = find_pairs({header: slugify(header, "_") for header in self._portrait.headers})
        degrees = [pair for pair in pairs if pair.family == "degrees"] or pairs
        return (degrees[0].x, degrees[0].y) if degrees else None

    @cached_property
    def both(self) -> tuple[str, str] | None:
        """The first column that holds both coordinates, and their order."""
        for header, values in zip(self._portrait.headers, self._portrait.values, strict=True):
            pairs = [pair for value in values if (pair := find_pair(value))]
            if len(pairs) < max(1, 0.9 * len(values)):
                continue
            straight = sum(in_boxes(x, y) for x, y, _said in pairs)
            turned = sum(in_boxes(y, x) for x, y, _said in pairs)
            if max(straight, turned) >= 0.9 * len(pairs):
                return header, "lat-lon" if turned > straight else "lon-lat"
        return None

    def _period(self, item: Field) -> Match | None:
        if self.bounds is None:
            return None
        start, end = self.bounds
        source = {"join": [start, end], "with": "/"}
        return Match(item.name, item.required, source, 0.7, (Reason("period", {"start": start, "end": end}),))

    def _point(self, item: Field) -> Match | None:
        if self.point is None:
            return None
        x, y = self.point
        form = item.format if item.type == "geopoint" and item.format in ("array", "object") else "default"
        source = {"point": {"x": x, "y": y, "format": form}}
        return Match(item.name, item.required, source, 0.8, (Reason("two-columns", {"x": x, "y": y}),))

    def _apart(self, item: Field, axis: str) -> Match | None:
        if self.both is None:
            return None
        header, order = self.both
        source = {"axis": {"of": header, "axis": axis, "order": order}}
        return Match(item.name, item.required, source, 0.75, (Reason("one-of-point", {"of": header}),))


def _names_a_point(item: Field) -> bool:
    return (
        item.type == "string"
        and re.search(r"(?:^|_)(?:coordonnees_?xy|geo_?point|coordonnees_gps)(?:_|$)", slugify(item.name, "_"))
        is not None
    )


def _axis_of(item: Field) -> str:
    """``x`` for a field of longitudes, ``y`` for one of latitudes; empty for others."""
    if item.type not in ("number", "string"):
        return ""
    slug = slugify(item.name, "_")
    if re.search(r"(?:^|_)(?:long|lon|lng|longitude)(?:_|$)", slug):
        return "x"
    return "y" if re.search(r"(?:^|_)(?:lat|latitude)(?:_|$)", slug) else ""
