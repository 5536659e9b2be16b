"""Formulas of indicators: four operations on named numbers, and nothing else of a language."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Collection, Mapping

from parvis.core.indicators.errors import BadFormula

LONGEST = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OPERATIONS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def names_of(formula: str, allowed: Collection[str]) -> set[str]:
    """The names that a formula uses, each among ``allowed``; BadFormula says what is not understood."""
    tree, used_names = _tree(formula, allowed), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id not in allowed or not _NAME.fullmatch(node.id):
                raise BadFormula(formula=_short(formula), place=node.id, names=", ".join(sorted(allowed)))
            used_names.add(node.id)
    return used_names


def compute(formula: str, values: Mapping[str, float | None]) -> float | None:
    """The value of a formula; None when one of its numbers is missing, or when it divides by zero."""
    names_of(formula, values)
    try:
        number = _value(_tree(formula, values).body, values)
    except (ZeroDivisionError, OverflowError):
        return None
    return number if number is not None and math.isfinite(number) else None


def _tree(formula: str, names: Collection[str]) -> ast.Expression:
    wrong = ""
    tree = None
    try:
        tree = ast.parse(formula.strip(), mode="eval") if len(formula) <= LONGEST else None
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        wrong = str(error)
    strange = next((node for node in ast.walk(tree) if not _is_known(node)), None) if tree else None
    if tree is None or strange is not None:
        place = type(strange).__name__ if strange is not None else wrong or f"> {LONGEST}"
        raise BadFormula(formula=_short(formula), place=place, names=", ".join(sorted(names)))
    return tree


def _is_known(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    shapes = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.USub, ast.Name, ast.Load, *_OPERATIONS)
    return isinstance(node, shapes)


def _value(node: ast.expr, values: Mapping[str, float | None]) -> float | None:
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, values), _value(node.right, values)
        return None if left is None or right is None else _OPERATIONS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp):
        under = _value(node.operand, values)
        return None if under is None else -under
    if isinstance(node, ast.Name):
        return values[node.id]
    return float(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, int | float) else None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
