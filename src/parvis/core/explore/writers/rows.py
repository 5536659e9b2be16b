"""What writers share: the answer to write, pieces of batches small enough to be written as text, bytes of a column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from parvis.core.explore.geometries import drawn_rank
from parvis.core.explore.request import ExploreRequest
from parvis.core.explore.text_columns import Rendering
from parvis.core.odsql.bound import Output

PIECE_BYTES = 16 * 1024 * 1024
_PIECE_ROWS = 16_384


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a file is made: the dataset's name, its address for formats that cite it, a folder for temporary files.

    ``work`` None: the system's folder. ``files``: the address below which the files of its fields are.
    ``counted_instants``: dates and instants are numbers in JSON.
    """

    name: str = "export"
    about: str = "urn:parvis:export"
    work: Path | None = None
    files: str = ""
    counted_instants: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be written: columns, titles, batches and the request they answer."""

    outputs: tuple[Output, ...]
    batches: Iterable[pa.RecordBatch]
    request: ExploreRequest
    setting: Setting = Setting()

    @property
    def titles(self) -> tuple[str, ...]:
        """Names of the columns; labels with ``use_labels``, but an alias stays an alias."""
        if not self.request.use_labels:
            return tuple(output.key for output in self.outputs)
        return tuple(
            output.column.label if output.column and output.column.name == output.key else output.key
            for output in self.outputs
        )

    @property
    def rendering(self) -> Rendering:
        """How values are written as text."""
        request, setting = self.request, self.setting
        return Rendering(request.timezone, request.list_separator, setting.files, setting.counted_instants)

    @property
    def drawn(self) -> int | None:
        """The place of the column drawn on a map; None when there is none."""
        return drawn_rank(self.outputs)

    @property
    def others(self) -> list[int]:
        """The places of the columns that are not drawn."""
        return [rank for rank in range(len(self.outputs)) if rank != self.drawn]

    def pieces(self) -> Iterator[pa.RecordBatch]:
        """The batches, cut so that none weighs much more than 16 MiB."""
        for batch in self.batches:
            rows = min(_PIECE_ROWS, max(1, batch.num_rows * PIECE_BYTES // max(batch.nbytes, 1)))
            for start in range(0, batch.num_rows, rows):
                yield batch.slice(start, rows)


def joined_bytes(array: pa.Array) -> bytes:
    """All texts of an array one after the other; it has no null and was just computed."""
    _validity, offsets, data = array.buffers()
    if data is None:
        return b""
    wide = pa.types.is_large_string(array.type)
    ends = memoryview(offsets).cast("q" if wide else "i")
    return bytes(memoryview(data)[ends[array.offset] : ends[array.offset + len(array)]])
