"""Whole answers as files, streamed."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from parvis.core.columns import ColumnType
from parvis.core.engine.contract import BATCH_ROWS, DEFAULT_SECONDS, AnySource, Batches, Engine
from parvis.core.engine.plans import WGS84, FormulaCells
from parvis.core.explore.errors import NoGeometry
from parvis.core.explore.formats import ExportFormat, export_format
from parvis.core.explore.geometries import drawn_rank, geometry_plan, require_projection
from parvis.core.explore.query import bind, names_of
from parvis.core.explore.request import ExploreRequest
from parvis.core.explore.text_columns import is_shape
from parvis.core.explore.writers.rows import Answer, Setting
from parvis.core.odsql import Names
from parvis.core.odsql.bound import Cell
from parvis.core.odsql.valuetypes import ValueType, type_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take a cell for a formula."""

_SHAPE_ROWS = 4_096
"""Rows fetched at a time where each may hold a long outline."""


def export(
    engine: Engine,
    source: AnySource,
    format_name: str,
    request: ExploreRequest,
    *,
    names: Names | None = None,
    seconds: float = DEFAULT_SECONDS,
    setting: Setting | None = None,
) -> Pieces:
    """The bytes of a file, in constant memory; what is wrong with the request is raised here, before the first byte.

    ``seconds`` is the longest wait for the next rows, not for the whole file. Anyone who leaves it before its end closes it.
    """
    chosen = export_format(format_name)
    limit, offset = request.as_export()
    query = bind(names or names_of(source), request, limit, offset)
    drawn = drawn_rank(query.outputs)
    if chosen.needs_geometry and drawn is None and not _leaves_it_out(chosen, source):
        raise NoGeometry(name=chosen.name)
    request = request if chosen.projects else replace(request, epsg=WGS84)
    require_projection(engine, source, request.epsg)
    heavy = any(is_shape(output) for output in query.outputs)
    rows = _SHAPE_ROWS if heavy else BATCH_ROWS
    plan = geometry_plan(query, chosen.leaving, request.epsg)
    batches = engine.stream(source, plan, seconds=seconds, rows_per_batch=rows)
    try:
        # The first rows are computed now, so that a refusal of the engine is still an error and not half a file.
        first = next(batches, None)
        answer = Answer(query.outputs, _all(first, batches), request, setting or Setting())
        return Pieces(chosen.write(answer), batches, compressed=request.compressed)
    except BaseException:
        batches.close()
        raise


def _leaves_it_out(chosen: ExportFormat, source: AnySource) -> bool:
    """Whether the rows have places and the selection does not ask for them, in a format whose features may have none."""
    return chosen.may_draw_nothing and any(column.type.is_geographic for column in source.shape)


class Pieces:
    """The bytes of a file on their way. What a format must write whole is written when this is made, so that it still fails well."""

    def __init__(self, pieces: Iterator[bytes], batches: Batches, *, compressed: bool) -> None:
        self._written, self._batches = pieces, batches
        first = next(pieces, b"")
        chained = itertools.chain([first], pieces)
        self._pieces = _gzipped(chained) if compressed else chained

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop the query and remove temporary files; harmless when done twice."""
        close = getattr(self._written, "close", None)
        if close is not None:
            close()
        self._batches.close()


def formula_cells(engine: Engine, source: AnySource, *, seconds: float = DEFAULT_SECONDS) -> int:
    """How many text cells a spreadsheet would take for a formula when it opens the CSV; plain numbers do not count."""
    cells = tuple(Cell(c, type_of(c)) for c in source.shape if c.type is ColumnType.TEXT)
    cells = tuple(cell for cell in cells if cell.type is ValueType.TEXT)
    return int(engine.value(source, FormulaCells(cells, FORMULA_STARTS), seconds=seconds)) if cells else 0


def _all(first: pa.RecordBatch | None, batches: Batches) -> Iterator[pa.RecordBatch]:
    empty = pa.RecordBatch.from_pylist([], schema=batches.schema)
    return itertools.chain([empty if first is None else first], batches)


def _gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
