"""The tree of a statement, from the parser that will read it again when it runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import duckdb

from parvis.core.errors import OperationError, ParvisError
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
def guarded(
    text: str, refuse: Callable[[Sentence], Exception], words: Mapping[str, Sentence] = MappingProxyType({})
) -> Iterator[None]:
    """Turn what DuckDB says of a stranger's statement into what ``refuse`` makes of it; never an error of the machine.

    ``words`` are our own for what it may say: those of the first sign in its message.
    """
    try:
        yield
    except duckdb.Error as error:
        if reason_in_words := next((sentence for sign, sentence in words.items() if sign in str(error)), None):
            raise refuse(reason_in_words) from error
        reason = error_of(error, text)
        if isinstance(reason, OperationError):
            raise reason from error
        raise refuse(
            Sentence("le SQL n’est pas accepté : {reason}", {"reason": reason.message().rstrip(".")})
        ) from error


def refusal(run: Callable[[], object]) -> str | None:
    """What DuckDB says against what a stranger wrote, a pattern or a format; None when it takes it."""
    try:
        run()
    except duckdb.Error as error:
        return str(error)
    return None


def succeeds(run: Callable[[], object]) -> bool:
    """Whether DuckDB takes what a stranger wrote."""
    return refusal(run) is None


@contextmanager
def stopped_after(
    connection: duckdb.DuckDBPyConnection, seconds: float, too_long: Callable[[], Exception]
) -> Iterator[None]:
    """Stop what DuckDB does at the end of these seconds, and raise what ``too_long`` makes; 0 for no end."""
    if not seconds:
        yield
        return
    late = threading.Event()

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (ParvisError, duckdb.Error) as error:
        if late.is_set():
            raise too_long() from error
        raise
    finally:
        timer.cancel()
