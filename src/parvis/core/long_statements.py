"""Running one long SQL statement while telling how far it is, ready to stop it."""

from __future__ import annotations

import threading

import duckdb

from parvis.core.progress import Progress

PAUSE = 0.2
"""Seconds between two looks at a running statement."""


def execute_watched(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: object = None,
    *,
    stage: str,
    progress: Progress,
    total: int,
) -> None:
    """Run ``sql`` to its end, calling ``progress(stage, …, total)`` meanwhile; what progress raises stops the statement."""
    failures: list[duckdb.Error] = []

    def work() -> None:
        try:
            connection.execute(sql, parameters)
        except duckdb.Error as error:
            failures.append(error)

    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    worker = threading.Thread(target=work, name=f"parvis-{stage}", daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(PAUSE)
            percent = max(connection.query_progress(), 0.0)
            progress(stage, int(total * min(percent, 99.0) / 100), total)
    except BaseException:
        while worker.is_alive():
            connection.interrupt()
            worker.join(PAUSE)
        raise
    if failures:
        raise failures[0]
