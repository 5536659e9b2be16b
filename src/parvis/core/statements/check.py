"""Is this parsed statement a question about these tables and nothing else? Decided on the tree of DuckDB's own parser.

The tree (``json_serialize_sql``) comes from the parser that will read the statement, so nothing can be understood in two
ways. Each node must be of a kind that a row of ``allowed`` names; tables are checked with the scope of each ``WITH``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from parvis.core.statements.allowed import (
    EXPRESSIONS,
    FUNCTIONS,
    MODIFIERS,
    NAMED_TYPES,
    QUERIES,
    TABLE_FUNCTIONS,
    TABLES,
    TYPE_SHAPES,
    TYPES,
)
from parvis.core.statements.errors import NotAllowed, OneStatement, UnknownFunction, line_and_column, near
from parvis.core.statements.tables import TableName

type Node = dict[str, Any]
type Scope = frozenset[str]

_NOWHERE = 2**63
_CRS = re.compile(r"(?:EPSG|OGC|IGNF|ESRI):\w{1,20}", re.IGNORECASE)
_BUILT_IN = ("", "main")
"""Schemas of functions: the parser itself writes ``main`` for what has a syntax of its own, such as ``[1, 2]``."""


def tables_of(tree: Node, text: str) -> list[TableName]:
    """The tables that the statement reads, each once; NotAllowed, UnknownFunction or OneStatement when it is refused."""
    statements = tree.get("statements", [])
    if len(statements) != 1:
        raise OneStatement(count=len(statements))
    walk = _Walk(text)
    walk.query(statements[0], frozenset())
    return list(walk.found.values())


class _Walk:
    """One passage over a tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[str, TableName] = {}

    def query(self, statement: Node, scope: Scope) -> None:
        if set(statement) != {"node", "named_param_map"} or statement["named_param_map"]:
            self._refuse("paramètre", None)
        self._query_node(statement["node"], scope)

    def any(self, value: Any, scope: Scope) -> None:
        """A part of the tree, whatever it is."""
        if isinstance(value, list):
            for part in value:
                self.any(part, scope)
        elif isinstance(value, dict):
            self._dict(value, scope)

    def _dict(self, node: Node, scope: Scope) -> None:
        kind = node.get("type")
        if "class" in node:
            self._expression(node, scope)
        elif "node" in node:
            self.query(node, scope)
        elif "type_info" in node:
            self._type(node, scope)
        elif isinstance(kind, str):
            if kind in QUERIES:
                self._query_node(node, scope)
            elif kind in TABLES:
                self._table(node, scope)
            elif kind in MODIFIERS or kind in TYPE_SHAPES:
                self._parts(node, scope)
            else:
                self._refuse(kind, node)
        else:
            # Containers without a kind: CASE branches, PIVOT columns, samples, a constant's type and value.
            self._parts(node, scope)

    def _parts(self, node: Node, scope: Scope) -> None:
        for part in node.values():
            self.any(part, scope)

    def _query_node(self, node: Node, scope: Scope) -> None:
        if node.get("type") not in QUERIES:
            self._refuse(str(node.get("type")), node)
        for entry in node["cte_map"]["map"]:
            name = entry["key"].lower()
            self._common_table(name, entry["value"], scope)
            scope = scope | {name}
        parts = {key: part for key, part in node.items() if key != "cte_map"}
        if node["type"] == "RECURSIVE_CTE_NODE":
            # Only the second half may name the table being built.
            self.any(parts.pop("right"), scope | {node["cte_name"].lower()})
        self._parts(parts, scope)

    def _common_table(self, name: str, value: Node, scope: Scope) -> None:
        if not name.replace("_", "a").isalnum():
            self._refuse(name, None)
        self._parts(value, scope)

    def _table(self, node: Node, scope: Scope) -> None:
        checks: dict[str, Callable[[Node, Scope], None]] = {
            "BASE_TABLE": self._base_table,
            "TABLE_FUNCTION": self._table_function,
        }
        check = checks.get(node["type"])
        if check:
            check(node, scope)
        else:
            self._parts(node, scope)

    def _base_table(self, node: Node, scope: Scope) -> None:
        name = node["table_name"]
        if node["schema_name"] or node["catalog_name"] or node["at_clause"]:
            qualified = ".".join(filter(None, (node["catalog_name"], node["schema_name"], name)))
            self._refuse(qualified, node)
        self.any(node["sample"], scope)
        if name.lower() not in scope:
            self.found.setdefault(name.lower(), TableName(name, _position(node)))

    def _table_function(self, node: Node, scope: Scope) -> None:
        function = node["function"]
        name = str(function.get("function_name", "")).lower()
        if function.get("class") != "FUNCTION" or name not in TABLE_FUNCTIONS:
            self._refuse(name or "FROM", function)
        self._parts(node, scope)

    def _expression(self, node: Node, scope: Scope) -> None:
        kind = node["class"]
        if kind not in EXPRESSIONS:
            self._refuse({"PARAMETER": "paramètre"}.get(kind, str(kind)), node)
        if kind in ("FUNCTION", "WINDOW"):
            self._function(node)
        self._parts({key: part for key, part in node.items() if key not in ("class", "type")}, scope)

    def _function(self, node: Node) -> None:
        name = node["function_name"].lower()
        if node["catalog"] or node["schema"] not in _BUILT_IN:
            # ``name.upper()`` is read so too, where ``upper(name)`` says the same.
            written = ".".join(filter(None, (node["catalog"], node["schema"], name)))
            self._refuse(f"{written}()", node)
        if node.get("export_state"):
            self._refuse("EXPORT_STATE", node)
        if name == "st_transform":
            self._coordinate_systems(node)
        if name not in FUNCTIONS:
            raise UnknownFunction(
                name=name, **line_and_column(self.text, _position(node)), **near(name, sorted(FUNCTIONS))
            )

    def _coordinate_systems(self, node: Node) -> None:
        """Only codes: a definition written out may name grid files, which PROJ opens by itself."""
        for argument in node["children"][1:3]:
            value = argument.get("value", {}).get("value") if argument.get("class") == "CONSTANT" else None
            if not (isinstance(value, str) and _CRS.fullmatch(value)):
                self._refuse("ST_Transform : EPSG:…", node)

    def _type(self, node: Node, scope: Scope) -> None:
        info = node["type_info"]
        if isinstance(info, dict) and info.get("type") == "UNBOUND_TYPE_INFO":
            if info["catalog"] or info["schema"] or info["name"].lower() not in NAMED_TYPES:
                self._refuse(info["name"], None)
            self.any(info["user_type_modifiers"], scope)
            return
        if node["id"] not in TYPES:
            self._refuse(str(node["id"]), None)
        self.any(info, scope)

    def _refuse(self, name: str, node: Node | None) -> NoReturn:
        raise NotAllowed(name=name, **line_and_column(self.text, _position(node) if node else None))


def _position(node: Node) -> int | None:
    place = node.get("query_location")
    return place if isinstance(place, int) and place < _NOWHERE else None
