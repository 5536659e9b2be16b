"""JSON: one array of flat objects; JSON Lines: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.explore.text_columns import json_column
from parvis.core.explore.writers.rows import Answer, joined_bytes


def write_json(answer: Answer) -> Iterator[bytes]:
    """``[{…},{…}]``, the bracket at once."""
    yield b"["
    first = True
    for piece in answer.pieces():
        text = joined_bytes(pc.binary_join_element_wise(",\n", objects(answer, piece), ""))
        yield text[2:] if first else text
        first = False
    yield b"]"


def write_jsonl(answer: Answer) -> Iterator[bytes]:
    """One object a line, each line ended."""
    for piece in answer.pieces():
        yield joined_bytes(pc.binary_join_element_wise(objects(answer, piece), "\n", ""))


def objects(answer: Answer, piece: pa.RecordBatch, ranks: list[int] | None = None) -> pa.Array:
    """Each row as the text of a JSON object with the columns of those ranks (all by default)."""
    chosen = list(range(len(answer.outputs))) if ranks is None else ranks
    if not chosen:
        return pa.array(["{}"] * piece.num_rows, pa.string())
    parts: list[object] = []
    for place, rank in enumerate(chosen):
        key = json.dumps(answer.titles[rank], ensure_ascii=False)
        parts.append(f"{', ' if place else '{'}{key}: ")
        parts.append(json_column(piece.column(rank), answer.outputs[rank], answer.rendering))
    return pc.binary_join_element_wise(*parts, "}", "")
