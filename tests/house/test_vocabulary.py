"""Variables say what a thing is: those that only say that there is one (``found``, ``told``, ``asked``) are refused."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EMPTY = {"found", "one", "told", "asked", "said", "kept", "known", "wanted", "given", "held", "ours", "theirs"}
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LINES = 3
"""A comprehension that is read at a glance may keep a short word."""


def empty_names(tree: ast.AST) -> Iterator[ast.Name | ast.arg]:
    """Parameters and variables so called, but for fields of classes and variables of short comprehensions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, COMPREHENSIONS) and node.end_lineno - node.lineno < LINES:
            continue
        if isinstance(node, FUNCTIONS):
            arguments = node.args
            yield from (
                argument
                for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
                if argument.arg in EMPTY
            )
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in EMPTY:
            yield node
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                if not isinstance(statement, ast.Assign | ast.AnnAssign):
                    yield from empty_names(ast.Module([statement], []))
        else:
            yield from empty_names(node)


def test_variables_say_what_they_are():
    empty = [
        f"{path.relative_to(ROOT)}:{name.lineno}"
        for folder in ("src/parvis", "tests", "scripts")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
        for name in empty_names(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert empty == []


def test_the_rule_sees_a_variable_a_parameter_and_a_loop():
    source = "def f(asked):\n    for one in asked:\n        found = one\n    return [one for one in asked]\n"
    assert len(list(empty_names(ast.parse(source)))) == 3
