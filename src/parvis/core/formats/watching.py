"""Running one long SQL statement while telling how far it is, ready to stop it."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import duckdb

from parvis.core.progress import Progress

PAUSE = 0.2
"""Seconds between two looks at a running statement."""


def execute_watched(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object], progress: Progress, total: int
) -> None:
    """Run ``sql`` to its end, calling ``progress("read", …, total)`` meanwhile; what progress raises stops the statement."""
    failures: list[duckdb.Error] = []

    def work() -> None:
        try:
            connection.execute(sql, dict(parameters))
        except duckdb.Error as error:
            failures.append(error)

    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    worker = threading.Thread(target=work, name="parvis-read", daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(PAUSE)
            percent = max(connection.query_progress(), 0.0)
            progress("read", int(total * min(percent, 99.0) / 100), total)
    except BaseException:
        while worker.is_alive():
            connection.interrupt()
            worker.join(PAUSE)
        raise
    if failures:
        raise failures[0]
