"""One batch of the log, as bytes that say themselves whether they are whole.

::

    magic (4) | bytes of head, rows, refusals (3 × 4) | CRC-32 of all that follows (4) | head (JSON) | rows (Arrow IPC) | refusals (JSON)

The head of each batch bears the check of the one before it: a batch that was lost in the midst of a log is seen.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pyarrow as pa

from parvis.core.errors import OperationError
from parvis.core.translation import gettext_noop

MAGIC = b"PRB1"
_FIXED = struct.Struct("<4s4I")
FIXED = _FIXED.size

ROWS, UNDO = "rows", "undo"
"""What a batch is: rows to put or take away, or the undoing of former ones."""

_SMALL = 16_384
"""Bytes of rows under which compressing them saves nothing."""


class LogDamaged(OperationError):
    """Bytes of a log that were whole are not any more: the disk changed them, or somebody did."""

    code: ClassVar[str] = "rows-log-damaged"
    sentence: ClassVar[str] = gettext_noop(
        "Le journal des lignes poussées est abîmé (« {name} », octet {offset}) : plus rien n’y est écrit."
    )
    advice: ClassVar[str] = gettext_noop(
        "Rétablissez-le d’une sauvegarde ; ce que les versions contiennent n’est pas touché."
    )


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a batch without its rows."""

    number: int
    """Its place in the log of its dataset, from 1, without holes."""
    moment: float
    """When it was kept, in seconds since 1970; never before that of the batch before it."""
    kind: str = ROWS
    put: int = 0
    """How many rows it puts, whether they were there or not."""
    deleted: int = 0
    """How many it takes away by their key."""
    refused: int = 0
    who: str = ""
    """On whose behalf, as the journal names them."""
    caller: str = ""
    """Whose idempotency keys these are."""
    token: str = ""
    """The name that the caller gave this batch, so that it may be sent again."""
    digest: str = ""
    """Of what was sent under that name: another content is no second sending."""
    undone: tuple[tuple[int, int], ...] = ()
    """Ranges of batches, ends included, that this one undoes."""
    before: int = 0
    """The check of the batch before it."""

    def to_json(self) -> bytes:
        """What is not implied."""
        usual = Head(0, 0.0)
        body = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) != getattr(usual, name)}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Head:
        """The head that ``to_json`` wrote."""
        body = json.loads(text)
        body["undone"] = tuple((int(first), int(last)) for first, last in body.get("undone", ()))
        return cls(**body)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken: its rank among those sent, from 1, which column, why, and what it said."""

    row: int
    code: str
    message: str
    column: str = ""
    value: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Its values by name; what is empty is left out."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) not in ("", None)}


@dataclass(frozen=True, slots=True)
class Content:
    """What a batch holds besides its head: rows as Arrow, refusals as they are told."""

    rows: bytes = b""
    refusals: bytes = b""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of the log, read."""

    head: Head
    content: Content = field(default_factory=Content)
    check: int = 0

    def table(self) -> pa.Table:
        """Its rows: columns of the dataset, and ``OPERATION``."""
        return pa.ipc.open_stream(self.content.rows).read_all()

    def refusals(self) -> list[Refusal]:
        """The rows that were not taken: the first of them when they were many."""
        return [Refusal(**row) for row in json.loads(self.content.refusals or b"[]")]


def written_rows(table: pa.Table) -> bytes:
    """A table as the bytes of a batch, compressed when there is much of it."""
    options = pa.ipc.IpcWriteOptions(compression="lz4" if table.nbytes > _SMALL else None)
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=options) as stream:
        stream.write_table(table)
    return sink.getvalue()


def written_refusals(refusals: Sequence[Refusal | Mapping[str, Any]]) -> bytes:
    """Refusals as the bytes of a batch."""
    rows = [row.to_dict() if isinstance(row, Refusal) else dict(row) for row in refusals]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode() if rows else b""


def written(head: Head, content: Content) -> tuple[bytes, int]:
    """The bytes of a batch, and its check."""
    text = head.to_json()
    body = text + content.rows + content.refusals
    check = zlib.crc32(body)
    return _FIXED.pack(MAGIC, len(text), len(content.rows), len(content.refusals), check) + body, check


def read_at(data: bytes | memoryview, offset: int) -> tuple[Batch, int] | None:
    """The batch that begins there and the place after it; None when what is there is no whole batch."""
    view = memoryview(data)
    if len(view) - offset < FIXED:
        return None
    magic, head, rows, refusals, check = _FIXED.unpack_from(view, offset)
    start, end = offset + FIXED, offset + FIXED + head + rows + refusals
    if magic != MAGIC or end > len(view) or zlib.crc32(view[start:end]) != check:
        return None
    rows_start, refusals_start = start + head, start + head + rows
    content = Content(bytes(view[rows_start:refusals_start]), bytes(view[refusals_start:end]))
    return Batch(Head.from_json(bytes(view[start:rows_start])), content, check), end


def is_torn(data: bytes | memoryview, offset: int) -> bool:
    """Whether what lies at ``offset`` is the beginning of a batch that was being written when its writer died.

    Nothing whole comes after it: the same bytes with a whole batch behind them are a damage.
    """
    text = bytes(memoryview(data)[offset:])
    place = text.find(MAGIC, 1)
    while place >= 0:
        if read_at(text, place) is not None:
            return False
        place = text.find(MAGIC, place + 1)
    return True
