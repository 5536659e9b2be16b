"""Bounds of a question as the constraint of an XLSForm, and back: ``. >= 1 and . <= 120``, ``regex(., '[A-Z]{2}')``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parvis.core.surveys.conditions import BadCondition, Tree, parse
from parvis.core.surveys.model import Field, Kind
from parvis.core.validation.patterns import pushed_down

_MEASURES = {
    Kind.TEXT: "string-length(.)",
    Kind.LONG_TEXT: "string-length(.)",
    Kind.SEVERAL: "count-selected(.)",
}
_ANCHORS = re.compile(r"^\^(?=[^|]*$)|(?<!\\)\$$")
_QUOTED = (Kind.DATE, Kind.TIME)
_TURNED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a constraint says."""

    minimum: str = ""
    maximum: str = ""
    pattern: str = ""


def constraint_of(field: Field) -> str:
    """The expression that says the bounds and the pattern of a question; empty without."""
    measure = _MEASURES.get(field.kind, ".")
    parts = []
    if field.kind.has_bounds and field.kind is not Kind.REPEAT:
        for sign, bound in ((">=", field.minimum), ("<=", field.maximum)):
            if bound:
                plain = bound.replace(",", ".").replace(" ", "")
                parts.append(f"{measure} {sign} '{bound}'" if field.kind in _QUOTED else f"{measure} {sign} {plain}")
    if field.pattern:
        quote = '"' if "'" in field.pattern else "'"
        parts.append(f"regex(., {quote}{field.pattern}{quote})")
    return " and ".join(parts)


def limits_of(kind: Kind, constraint: str) -> Limits | None:
    """What an expression says of a question of that kind; None when it says more than bounds and a pattern."""
    if not constraint.strip():
        return Limits()
    try:
        terms = _terms(parse(constraint))
    except BadCondition:
        return None
    limits = {"minimum": "", "maximum": "", "pattern": ""}
    for term in terms:
        limit = _limit(kind, term)
        if limit is None or limits[limit[0]]:
            return None
        limits[limit[0]] = limit[1]
    return Limits(**limits)


def _terms(tree: Tree) -> list[Tree]:
    return [*_terms(tree[1]), *_terms(tree[2])] if tree[0] == "and" else [tree]


def _limit(kind: Kind, tree: Tree) -> tuple[str, str] | None:
    if tree[0] == "regex" and kind in (Kind.TEXT, Kind.LONG_TEXT):
        if tree[1] != ["self"] or tree[2][0] != "text":
            return None
        pattern = _ANCHORS.sub("", tree[2][1])  # the whole text is compared, with anchors or without
        return ("pattern", pattern) if pushed_down(f"(?:{pattern})") is not None else None
    if tree[0] not in _TURNED:
        return None
    sign, left, right = tree
    if _is_measure(kind, right):
        sign, left, right = _TURNED[sign], right, left
    bound = _bound(kind, right)
    if not _is_measure(kind, left) or bound is None:
        return None
    if sign in ("<", ">"):  # only whole numbers have one just below or above
        if kind in (Kind.DECIMAL, Kind.DATE, Kind.TIME):
            return None
        bound = str(int(bound) + (1 if sign == ">" else -1))
    return ("minimum" if sign in (">", ">=") else "maximum"), bound


def _is_measure(kind: Kind, tree: Tree) -> bool:
    measure = _MEASURES.get(kind)
    return tree == (parse(measure) if measure else ["self"])


def _bound(kind: Kind, tree: Tree) -> str | None:
    if kind in _QUOTED:
        return tree[1] if tree[0] == "text" else None
    negative = tree[0] == "-" and tree[1] == ["number", 0.0]
    number = tree[2] if negative else tree
    if number[0] != "number" or (kind is not Kind.DECIMAL and not number[1].is_integer()):
        return None
    text = f"{number[1]:.10f}".rstrip("0").rstrip(".")
    return f"-{text}" if negative else text
