"""Conditions written in XML: OGC Filter Encoding 1.1 (CSW 2.0.2) and 2.0 (CSW 3.0), elements sought by local name."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from parvis.web.geocatalogue.boxes import box_of
from parvis.web.geocatalogue.errors import BadFilter
from parvis.web.geocatalogue.predicates import (
    LONGEST_TEXT,
    MOST_CONDITIONS,
    Comparison,
    Every,
    Identified,
    Like,
    Missing,
    Operator,
    Opposite,
    Predicate,
    Relation,
    Some,
    Spatial,
    between,
)
from parvis.web.geocatalogue.xml_reader import local, text_of

_COMPARISONS = {
    "PropertyIsEqualTo": Operator.EQUAL,
    "PropertyIsNotEqualTo": Operator.DIFFERENT,
    "PropertyIsLessThan": Operator.LESS,
    "PropertyIsGreaterThan": Operator.GREATER,
    "PropertyIsLessThanOrEqualTo": Operator.LESS_OR_EQUAL,
    "PropertyIsGreaterThanOrEqualTo": Operator.GREATER_OR_EQUAL,
}
_RELATIONS = {
    "BBOX": Relation.INTERSECTS,
    "Intersects": Relation.INTERSECTS,
    "Disjoint": Relation.DISJOINT,
    "Within": Relation.WITHIN,
    "Contains": Relation.CONTAINS,
    "Equals": Relation.EQUALS,
}
COMPARISONS = (*_COMPARISONS, "PropertyIsLike", "PropertyIsNull", "PropertyIsBetween")
"""The comparisons that are read, as the standard names them."""
SPATIAL = tuple(_RELATIONS)
"""The spatial operators."""
_IDS = ("FeatureId", "GmlObjectId", "ResourceId")
_REFERENCES = ("PropertyName", "ValueReference")


def predicate_of(filter_element: Element) -> Predicate:
    """What a ``Filter`` asks; BadFilter for an operator that is not applied here."""
    if sum(local(part) in _READERS for part in filter_element.iter()) > MOST_CONDITIONS:
        raise BadFilter(name="Constraint", reason=f"> {MOST_CONDITIONS} conditions")
    parts = list(filter_element)
    if not parts:
        raise BadFilter(name="Constraint", reason="Filter: 0")
    if all(local(part) in _IDS for part in parts):
        return Identified(tuple(_id(part) for part in parts))
    if len(parts) > 1:
        raise BadFilter(name="Constraint", reason=f"Filter: {len(parts)}")
    return _one(parts[0])


def _one(element: Element) -> Predicate:
    name = local(element)
    reader = _READERS.get(name)
    if reader is None:
        raise BadFilter(name=name, reason=name)
    return reader(element)


def _id(element: Element) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] in ("fid", "id", "rid")), "")


def _property(element: Element) -> str:
    for part in element:
        if local(part) in _REFERENCES:
            return text_of(part)[:LONGEST_TEXT]
    raise BadFilter(name=local(element), reason=f"{local(element)} : PropertyName")


def _literal(element: Element, *way: str) -> str:
    for part in element:
        if way and local(part) == way[0]:
            return _literal(part, *way[1:])
        if not way and local(part) == "Literal":
            return text_of(part)[:LONGEST_TEXT]
    raise BadFilter(name=local(element), reason=f"{local(element)} : Literal")


def _comparison(element: Element) -> Predicate:
    match_case = element.get("matchCase", "true").lower() not in ("false", "0")
    return Comparison(_property(element), _COMPARISONS[local(element)], _literal(element), match_case)


def _like(element: Element) -> Predicate:
    marks = [
        element.get("wildCard", "%"),
        element.get("singleChar", "_"),
        element.get("escapeChar") or element.get("escape", "\\"),
    ]
    if any(len(mark) > 1 for mark in marks):
        raise BadFilter(name="PropertyIsLike", reason=" ".join(marks))
    match_case = element.get("matchCase", "false").lower() in ("true", "1")
    return Like(_property(element), _literal(element), *marks, match_case)


def _between(element: Element) -> Predicate:
    return between(_property(element), _literal(element, "LowerBoundary"), _literal(element, "UpperBoundary"))


def _spatial(element: Element) -> Predicate:
    envelope = next((part for part in element if local(part) in ("Envelope", "Box")), None)
    if envelope is None:
        raise BadFilter(name=local(element), reason=f"{local(element)} : gml:Envelope")
    corners = [text_of(part).replace(",", " ") for part in envelope if local(part).endswith(("Corner", "coordinates"))]
    return Spatial(_RELATIONS[local(element)], box_of(" ".join(corners).split(), envelope.get("srsName", ""), "bbox"))


def _both(element: Element) -> Predicate:
    return Every(tuple(_one(part) for part in element))


def _either(element: Element) -> Predicate:
    return Some(tuple(_one(part) for part in element))


def _opposite(element: Element) -> Predicate:
    if len(element) != 1:
        raise BadFilter(name="Not", reason=f"Not: {len(element)}")
    return Opposite(_one(element[0]))


_READERS: dict[str, Callable[[Element], Predicate]] = {
    **dict.fromkeys(_COMPARISONS, _comparison),
    **dict.fromkeys(_RELATIONS, _spatial),
    "PropertyIsLike": _like,
    "PropertyIsNull": lambda element: Missing(_property(element)),
    "PropertyIsBetween": _between,
    "And": _both,
    "Or": _either,
    "Not": _opposite,
}
