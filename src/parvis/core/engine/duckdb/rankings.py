"""Which rows come first in an order that is asked again: the places of all rows of a loaded table, in that order.

A page of an ordered table is then fetched where it lies, the thousandth like the first, and texts are not folded once more to be
compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import duckdb
from cachetools import LRUCache

from parvis.core.engine.contract import ROW
from parvis.core.engine.duckdb.fragments import Ranking
from parvis.core.engine.duckdb.rooms import Room

RANKED_FROM = 20_000
"""Rows from which an order is kept: fewer are put in order in some milliseconds."""

ASKED = 2
"""Questions after which an order is kept."""

LARGEST_PAGE = 200
"""Rows of the largest page fetched by its places: beyond, going through all rows costs less."""

_MOST = 8
_COUNTED = 64
_BYTES = 4


class Rankings:
    """The orders kept of one table, by their SQL; four bytes a row each."""

    def __init__(self, table: str, rows: int, room: Room) -> None:
        self._table, self._rows, self._room = table, rows, room
        self._places: dict[str, Sequence[int]] = {}
        self._asked: LRUCache[str, int] = LRUCache(_COUNTED)
        self._wanted: set[str] = set()

    @property
    def bytes(self) -> int:
        """What they take."""
        return _BYTES * self._rows * len(self._places)

    def page(self, ranking: Ranking) -> list[int] | None:
        """Where the rows of a page lie, in no order; None when that order is not kept."""
        places = self._places.get(ranking.order)
        return None if places is None else sorted(places[ranking.offset : ranking.offset + ranking.limit])

    def is_wanted(self, ranking: Ranking) -> bool:
        """Count a question whose order is not kept; True the time that makes it worth keeping."""
        if self._rows < RANKED_FROM or len(self._places) + len(self._wanted) >= _MOST:
            return False
        count = self._asked[ranking.order] = self._asked.get(ranking.order, 0) + 1
        if count != ASKED:
            return False
        self._wanted.add(ranking.order)
        return True

    def complete(self, cursor: duckdb.DuckDBPyConnection, left: int) -> None:
        """Put the rows in the orders that became worth keeping, within ``left`` bytes; those for which memory lacks are left out."""
        for order in [*self._wanted]:
            left -= _BYTES * self._rows
            if left >= 0:
                with suppress(duckdb.OutOfMemoryException):
                    ordered = f"SELECT CAST(rowid AS UINTEGER) FROM {self._table} ORDER BY {order}, {ROW}"
                    (self._places[order],) = self._room.numbers(cursor.execute(ordered))
            self._wanted.discard(order)
