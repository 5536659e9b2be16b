"""Pages of rows as they lie, cut from blocks: the engine is asked once for some hundred rows, not for each page of twenty.

All that such pages can reach is twenty blocks of a version. Only for columns told as they are: an expression could fail, or
cost much, on a row of the block that is not of the page.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from parvis.core.engine.contract import AnySource, Engine, Source
from parvis.core.engine.plans import Rows
from parvis.core.explore.request import LAST_ROW
from parvis.core.odsql.bound import ALWAYS, Cell, Query
from parvis.core.odsql.valuetypes import ValueType

BLOCK = 512
"""Rows of a block, which begins at a multiple of it."""

LIGHT = 128 * 1024
"""Most bytes a block may take in the files of its version, compressed: a heavier one would be much work for one page."""


def plain_page(engine: Engine, source: AnySource, query: Query, seconds: float) -> pa.Table | None:
    """What the engine answers to ``Rows(query)``, cut from its blocks; None for a question that is not so plain."""
    if not _is_plain(source, query):
        return None
    limit = query.limit or 0
    start = query.offset - query.offset % BLOCK
    blocks = [
        engine.table(source, Rows(replace(query, limit=BLOCK, offset=first)), seconds=seconds)
        for first in range(start, query.offset + limit, BLOCK)
    ]
    return pa.concat_tables(blocks).slice(query.offset - start, limit)


def _is_plain(source: AnySource, query: Query) -> bool:
    if not isinstance(source, Source) or not query.limit or query.limit + query.offset > LAST_ROW:
        return False
    if query.where != ALWAYS or query.order_by or query.groups or query.totals or query.after is not None:
        return False
    whole = sum(part.bytes for part in source.manifest.parts)
    if whole * min(BLOCK, source.rows) > LIGHT * source.rows:
        return False
    cells = (output.expression for output in query.outputs)
    return all(isinstance(cell, Cell) and cell.type is not ValueType.SHAPE for cell in cells)
