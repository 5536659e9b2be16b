"""CSV: ``;``, CRLF, quotes only where needed, byte-order mark first (specification, section 9)."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.explore.text_columns import csv_column
from parvis.core.explore.writers.rows import Answer, joined_bytes

_BOM = b"\xef\xbb\xbf"
_END = "\r\n"


def write_csv(answer: Answer) -> Iterator[bytes]:
    """The header line at once, then the rows. Cells are written as they are, formulas included."""
    request = answer.request
    header = [
        _quoted(pa.array([title]), request.delimiter, always=request.quote_all)[0].as_py() for title in answer.titles
    ]
    first = (request.delimiter.join(header) + _END).encode()
    yield _BOM + first if request.with_bom else first
    for piece in answer.pieces():
        columns = [
            csv_column(piece.column(rank), output, answer.rendering) for rank, output in enumerate(answer.outputs)
        ]
        cells = [
            _cells(text, piece.column(rank).type, request.delimiter, always=request.quote_all)
            for rank, text in enumerate(columns)
        ]
        if len(cells) == 1:
            # A line with nothing on it would be skipped by readers, and the row lost.
            cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
        cells[-1] = pc.binary_join_element_wise(cells[-1], "", _END)
        yield joined_bytes(pc.binary_join_element_wise(*cells, request.delimiter) if len(cells) > 1 else cells[0])


def _cells(text: pa.Array, kind: pa.DataType, delimiter: str, *, always: bool) -> pa.Array:
    filled = pc.fill_null(text, "")
    if not always and (any(is_plain(kind) for is_plain in _PLAIN) or (pa.types.is_struct(kind) and delimiter != ",")):
        return filled
    return _quoted(filled, delimiter, always=always)


def _quoted(text: pa.Array, delimiter: str, *, always: bool) -> pa.Array:
    if always:
        needed = pc.is_valid(text)
    else:
        # Looked for in all cells at once first: most columns of text hold none of them.
        written = joined_bytes(text)
        if not any(mark in written for mark in (b'"', b"\r", b"\n", delimiter.encode())):
            return text
        needed = pc.match_substring_regex(text, f'["\r\n{_IN_CLASS.get(delimiter, delimiter)}]')
    escaped = pc.binary_join_element_wise('"', pc.replace_substring(text, '"', '""'), '"', "")
    return pc.if_else(needed, escaped, text)


_IN_CLASS = {"\t": r"\t", "|": r"\|"}

_PLAIN = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_temporal)
"""Types whose text holds none of the delimiters allowed, nor quotes or line ends; a point holds a comma."""
