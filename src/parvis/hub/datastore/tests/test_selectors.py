"""The engine of a process."""

from __future__ import annotations

import threading

import pyarrow as pa

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import MemorySource
from parvis.core.engine.duckdb.factories import HandWritten
from parvis.hub.datastore.selectors import close_engine, engine
from parvis.hub.jobs.process_locks import process_folder


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


def test_what_its_questions_spill_lies_where_it_is_swept_when_the_process_was_killed():
    close_engine()
    engine()
    assert len(list(process_folder().glob("parvis-engine-*"))) == 1
    close_engine()
    assert not list(process_folder().glob("parvis-engine-*"))
