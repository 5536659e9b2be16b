"""What a process holds of the catalogue: its dataset objects packed, and the same as rows of a table."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from parvis.web.api.explore.catalogue_table import fixed_table


@dataclass(frozen=True, slots=True)
class Entry:
    """One dataset: its identifier, its packed object, its added metadata; whether its rows have an extent, whether it is announced."""

    dataset_id: str
    packed: bytes
    custom: Mapping[str, Any]
    has_extent: bool
    is_announced: bool

    def unpacked(self) -> dict[str, Any]:
        """The object, its links relative to the prefix of the API."""
        whole: dict[str, Any] = json.loads(zlib.decompress(self.packed))
        return whole


MOST_PIECES = 24
"""Pieces that a table may be in: a scan of many small ones takes several times as long."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Datasets as rows of a table; ``rank`` is where each stands."""

    table: pa.Table
    rank: Mapping[int, int]

    def renewed(self, added: Sequence[tuple[Sequence[int], pa.Table]], order: Sequence[int]) -> Rows:
        """The rows of the datasets of ``order``, in that order: those added, those there were for the others."""
        rank, tables, start = dict(self.rank), [self.table], self.table.num_rows
        for keys, table in added:
            rank.update((key, start + place) for place, key in enumerate(keys))
            tables.append(table)
            start += table.num_rows
        table, runs = pa.concat_tables(tables), _runs([rank[key] for key in order])
        if len(runs) <= MOST_PIECES:
            # What was there is cut, not copied: a copy at each publication leaves its room to the process for a long time.
            table = pa.concat_tables([table.slice(first, length) for first, length in runs] or [table.slice(0, 0)])
        else:
            places = [first + step for first, length in runs for step in range(length)]
            table = table.take(pa.array(places, pa.int64()))
        if table.num_columns and table.column(0).num_chunks > MOST_PIECES:
            table = table.combine_chunks()
        return Rows(table, {key: place for place, key in enumerate(order)})


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Where rows that follow one another begin, and how many they are."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and place == sum(runs[-1]):
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((place, 1))
    return runs


def _no_rows() -> Rows:
    return Rows(fixed_table(()), {})


@dataclass(frozen=True, slots=True)
class Stock:
    """Every published dataset at one revision of the catalogue, by key; ``rows`` are in the order of the catalogue.

    ``reserved`` are the rows of those that are announced to all, as they are told to anyone who may not read them.
    """

    revision: int = 0
    entries: Mapping[int, Entry] = field(default_factory=dict)
    rows: Rows = field(default_factory=_no_rows)
    reserved: Rows = field(default_factory=_no_rows)
