"""Rows pushed into a dataset, by thousands."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from parvis_client.errors import Invalid
from parvis_client.session import Facts, Session
from parvis_client.transport import path_of

BATCH, BATCH_BYTES = 5_000, 4_000_000
"""Rows and bytes of one sending at most."""


class Rows(Session):
    """``/datasets/…/rows``, for a key whose scope is ``push``."""

    def push_rows(
        self,
        dataset_id: str,
        rows: Iterable[Mapping[str, Any]],
        operation: str = "put",
        *,
        whole: bool = False,
        size: int = BATCH,
        name: str = "",
    ) -> Iterator[Facts]:
        """Push rows, so many at a time; the receipt of each batch, as they leave: read them all.

        ``put`` lays whole rows, ``merge`` changes of a row the columns that it tells and no other, ``delete`` takes rows away by their
        key; a row says so itself by its ``_operation``. Rows are taken from ``rows`` as they are sent, however many there are. A receipt
        is given when its rows are kept for good; those refused are told in it one by one. ``whole``: a batch of which a row is refused
        is refused. Batches are named after ``name`` (one of the moment without it): those that were kept are not kept twice when the
        same rows are pushed again under the same name, in batches of the same size.
        """
        name, path = name or uuid.uuid4().hex, path_of("datasets", dataset_id, "rows")
        query = {"operation": operation, "whole": "true" if whole else None}
        for rank, body in enumerate(_batches(rows, size)):
            headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": f"{name}-{rank}"}
            try:
                yield self._ask("POST", path, data=body, query=query, headers=headers)
            except Invalid as error:
                if error.status != 422 or "refusals" not in error.facts:
                    raise
                yield error.facts  # nothing of it was kept: its receipt says why, row by row

    def row_stream(self, dataset_id: str) -> Facts:
        """How a dataset takes rows, and where it stands."""
        return self._ask("GET", path_of("datasets", dataset_id, "rows"))

    def open_rows(self, dataset_id: str, key: Iterable[str] = (), **choices: Any) -> Facts:
        """Let programs push rows into a dataset; ``key`` are the columns that tell rows apart."""
        return self._ask("PUT", path_of("datasets", dataset_id, "rows"), body={"key": list(key), **choices})

    def close_rows(self, dataset_id: str) -> Facts:
        """Take no more rows; those that came stay."""
        return self._ask("DELETE", path_of("datasets", dataset_id, "rows"))

    def undo_batch(self, dataset_id: str, number: int) -> Facts:
        """Have a batch never have come."""
        return self._ask("POST", path_of("datasets", dataset_id, "rows", "batches", number, "undo"))

    def restore_rows(self, dataset_id: str, moment: str) -> Facts:
        """Go back to the rows of that moment."""
        return self._ask("POST", path_of("datasets", dataset_id, "rows", "restore"), body={"moment": moment})


def _batches(rows: Iterable[Mapping[str, Any]], most: int) -> Iterator[bytes]:
    lines: list[bytes] = []
    size = 0
    for row in rows:
        line = json.dumps(row, ensure_ascii=False, default=str).encode()
        if lines and (len(lines) >= most or size + len(line) >= BATCH_BYTES):
            yield b"\n".join(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line) + 1
    if lines:
        yield b"\n".join(lines)
