"""The tree of a statement, from the parser that will read it again when it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from parvis.core.errors import OperationError
from parvis.core.statements.error_messages import error_of, parse_error
from parvis.core.statements.errors import SqlEmpty
from parvis.core.translation import Sentence


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


@contextmanager
def guarded(text: str, refuse: Callable[[Sentence], Exception]) -> Iterator[None]:
    """Turn what DuckDB says of a stranger's statement into what ``refuse`` makes of it; never an error of the machine."""
    try:
        yield
    except duckdb.Error as error:
        reason = error_of(error, text)
        if isinstance(reason, OperationError):
            raise reason from error
        raise refuse(
            Sentence("le SQL n’est pas accepté : {reason}", {"reason": reason.message().rstrip(".")})
        ) from error


def succeeds(run: Callable[[], object]) -> bool:
    """Whether DuckDB takes what a stranger wrote: a pattern, a format."""
    try:
        run()
    except duckdb.Error:
        return False
    return True
