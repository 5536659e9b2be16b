"""The tree of a statement, from the parser that will read it again when it runs."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from parvis.core.statements.error_messages import error_of, parse_error
from parvis.core.statements.errors import SqlEmpty


def parse(connection: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """The tree of a statement; SqlError when the text has none."""
    if not text.strip():
        raise SqlEmpty
    try:
        row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchone()
    except duckdb.Error as error:
        raise error_of(error, text) from error
    tree: dict[str, Any] = json.loads(row[0]) if row else {}
    if tree.get("error"):
        raise parse_error(tree, text)
    if not tree.get("statements"):
        raise SqlEmpty
    return tree
