"""How terms make an indicator, as menus say it: to a formula and back; None for a formula that is written otherwise."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

POPULATION = "population"
"""The name that formulas give to inhabitants."""


@dataclass(frozen=True, slots=True)
class Combination:
    """A shape of formula: how many terms it takes, at least and at most, and how it is written with their names."""

    name: str
    fewest: int
    most: int
    write: Callable[[Sequence[str]], str]


_ROWS = (
    Combination("percent", 2, 2, lambda names: f"{names[0]} / {names[1]} * 100"),
    Combination("ratio", 2, 2, lambda names: f"{names[0]} / {names[1]}"),
    Combination("sum", 2, 99, " + ".join),
    Combination("difference", 2, 99, " - ".join),
    Combination("change", 2, 2, lambda names: f"({names[0]} - {names[1]}) / {names[1]} * 100"),
    Combination("per_inhabitant", 1, 1, lambda names: f"{names[0]} / {POPULATION}"),
    Combination("per_thousand", 1, 1, lambda names: f"{names[0]} / {POPULATION} * 1000"),
)
COMBINATIONS: Mapping[str, Combination] = {row.name: row for row in _ROWS}


def write_formula(name: str, names: Sequence[str]) -> str | None:
    """The formula of a combination of terms, by their names in order; None when it does not take that many."""
    row = COMBINATIONS[name]
    return row.write(names) if row.fewest <= len(names) <= row.most else None


def read_formula(formula: str, names: Sequence[str]) -> str | None:
    """The combination that a formula is, whatever its spaces and useless parentheses."""
    written = _shape(formula)
    fitting = (name for name in COMBINATIONS if (text := write_formula(name, names)) and _shape(text) == written)
    return next(fitting, None) if written else None


def _shape(formula: str) -> str:
    """The same for ``a/b*100`` and ``100 * a / b``: what is multiplied by a number before is so after."""
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ""
    match tree:
        case ast.BinOp(ast.BinOp(ast.Constant() as factor, ast.Mult(), over), ast.Div(), under):
            tree = ast.BinOp(ast.BinOp(over, ast.Div(), under), ast.Mult(), factor)
        case ast.BinOp(ast.Constant() as factor, ast.Mult(), under):
            tree = ast.BinOp(under, ast.Mult(), factor)
    return ast.dump(tree)
