"""Conditions of OData over Python values, as the standard says it: three values of truth, null equal to null alone."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from parvis.core.odata import nodes
from parvis.core.odata.nodes import LiteralKind

PARIS = ZoneInfo("Europe/Paris")


def holds(node: nodes.Node, row: Mapping[str, Any]) -> bool:
    """Whether a row is kept."""
    return value(node, row) is True


def value(node: nodes.Node, row: Mapping[str, Any]) -> Any:
    """The value of an expression; None for null."""
    if isinstance(node, nodes.Literal):
        return _literal(node)
    if isinstance(node, nodes.Name):
        return row[node.name]
    if isinstance(node, nodes.Chain):
        values = [value(part, row) for part in node.operands]
        decisive = node.operator == "or"
        return decisive if decisive in values else None if None in values else not decisive
    if isinstance(node, nodes.Unary):
        inside = value(node.operand, row)
        return None if inside is None else not inside if node.operator == "not" else -inside
    if isinstance(node, nodes.Among):
        return value(node.operand, row) in [value(part, row) for part in node.values]
    if isinstance(node, nodes.Call):
        arguments = [value(part, row) for part in node.arguments]
        return None if None in arguments else FUNCTIONS[node.name](*arguments)
    return _binary(node.operator, value(node.left, row), value(node.right, row))


def _literal(node: nodes.Literal) -> Any:
    if node.kind is not LiteralKind.MOMENT:
        return node.value
    text = str(node.value)
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _binary(operator: str, left: Any, right: Any) -> Any:
    if operator == "eq":
        return left == right
    if operator == "ne":
        return left != right
    if operator in COMPARED:
        return left is not None and right is not None and COMPARED[operator](left, right)
    return None if left is None or right is None else ARITHMETIC[operator](left, right)


COMPARED = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


def _remainder(number: float, other: float) -> float | None:
    return None if other == 0 else number - other * int(number / other)


ARITHMETIC = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: None if b == 0 else int(a / b) if isinstance(a, int) and isinstance(b, int) else a / b,
    "divby": lambda a, b: None if b == 0 else a / b,
    "mod": _remainder,
}
FUNCTIONS = {
    "contains": lambda text, part: part in text,
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
    "length": len,
    "indexof": lambda text, part: text.find(part),
    "substring": lambda text, start, size=None: text[start:] if size is None else text[start : start + size],
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
    "concat": lambda text, other: text + other,
    "year": lambda moment: _local(moment).year,
    "month": lambda moment: _local(moment).month,
    "day": lambda moment: _local(moment).day,
    "hour": lambda moment: _local(moment).hour,
    "floor": lambda number: number // 1,
    "ceiling": lambda number: -(-number // 1),
    "round": lambda number: (abs(number) + 0.5) // 1 * (1 if number >= 0 else -1),
}


def _local(moment: Any) -> Any:
    return moment.astimezone(PARIS) if isinstance(moment, datetime) else moment


def as_properties(row: Mapping[str, Any], rank: int) -> dict[str, Any]:
    """A row of the tests as the properties of its entity."""
    place, themes = row["lieu"], row["themes"]
    return {
        "_row": rank,
        **{name: row[name] for name in ("nom", "rang", "montant", "ouvert")},
        "jour": date.fromisoformat(row["jour"]) if row["jour"] else None,
        "instant": datetime.fromisoformat(row["instant"]).astimezone(UTC) if row["instant"] else None,
        "themes": ",".join(themes) if themes else None,
        "lieu_latitude": place[1] if place else None,
        "lieu_longitude": place[0] if place else None,
    }


class Filters:
    """Filters at random, the same for the same seed, with the types that they need."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def condition(self, depth: int = 3) -> str:
        """A condition."""
        draw = self.random.choice
        if depth and self.random.random() < 0.5:
            form = draw(("{} and {}", "{} or {}", "not ({})", "({}) eq false", "({}) eq true", "({}) ne true"))
            return form.format(*(f"({self.condition(depth - 1)})" for _ in range(form.count("{}"))))
        kind = draw(("number", "text", "date", "instant", "boolean", "in", "called", "null"))
        compared = draw(("eq", "ne", "lt", "le", "gt", "ge"))
        if kind == "boolean":
            return draw(("ouvert", "not ouvert", "ouvert eq true", "ouvert ne false", "ouvert eq null"))
        if kind == "null":
            return f"{draw(('nom', 'rang', 'jour', 'instant', 'themes', 'lieu_latitude'))} {draw(('eq', 'ne'))} null"
        if kind == "in":
            values = ", ".join(self.number(0) if self.random.random() < 0.9 else "null" for _ in range(3))
            return f"{draw(('rang', '_row', 'montant'))} in ({values})"
        if kind == "called":
            return f"{draw(('contains', 'startswith', 'endswith'))}({self.text()}, {self.text()})"
        made = {"number": self.number, "text": self.text, "date": self.date, "instant": self.instant}[kind]
        return f"{made()} {compared} {made()}"

    def number(self, depth: int = 2) -> str:
        """A number."""
        draw = self.random.choice
        if not depth or self.random.random() < 0.4:
            return draw(("rang", "montant", "_row", "lieu_latitude", "3", "-7", "2.5", "0", "48.3"))
        if self.random.random() < 0.3:
            return draw((f"length({self.text()})", f"year({self.date()})", f"hour({self.instant()})", "month(jour)"))
        if self.random.random() < 0.3:
            return f"{draw(('floor', 'ceiling', 'round'))}({self.number(depth - 1)})"
        return f"({self.number(depth - 1)} {draw(('add', 'sub', 'mul', 'div', 'divby', 'mod'))} {self.number(0)})"

    def text(self) -> str:
        """A text."""
        draw = self.random.choice
        plain = draw(("nom", "themes", "'Évry'", "'evry'", "''", "'s'", "'L''Haÿ'", "'é'"))
        return draw(
            (plain, plain, f"tolower({plain})", f"trim({plain})", f"concat({plain}, 'r')", f"substring({plain}, 1)")
        )

    def date(self) -> str:
        """A date."""
        return self.random.choice(("jour", "jour", "2015-06-15", "2011-01-01"))

    def instant(self) -> str:
        """An instant."""
        return self.random.choice(("instant", "instant", "2021-05-15T04:30:00Z", "2021-03-15T00:30:00+02:00"))
