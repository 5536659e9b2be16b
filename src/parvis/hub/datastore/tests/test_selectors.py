"""The engine of a process."""

from __future__ import annotations

import threading

import pyarrow as pa

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import MemorySource
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.hub.datastore.selectors import close_engine, engine


def test_an_engine_is_closed_with_its_threads_and_the_next_is_another():
    close_engine()
    others = set(threading.enumerate())
    opened = engine()
    source = MemorySource(pa.table({"n": [1, 2]}), TableShape((Column("n", "N", ColumnType.INT),)))
    assert opened.table(source, HandWritten("SELECT n FROM rows")).num_rows == 2
    threads = set(threading.enumerate()) - others
    assert threads
    close_engine()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)
    assert engine() is not opened
