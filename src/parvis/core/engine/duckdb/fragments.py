"""Pieces of SQL with the values of their ``?``, how they are put together, and whole statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parvis.core.engine.duckdb.keys import Equality


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL and the values of its ``?`` in order."""

    sql: str
    parameters: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A question: SQL over the table ``rows``, and the values for its ``?`` in order.

    ``sql`` starts with ``SELECT`` or ``WITH``; it holds names and operators that Parvis wrote, never a value from outside.
    """

    sql: str
    parameters: tuple[object, ...] = ()
    loaded: Statement | None = None
    """The same question written for rows that lie in memory and have a ``PLACE``: which rows first, then what they hold."""
    equalities: tuple[Equality, ...] = ()
    """What the rows it reads must hold; the condition is in ``sql`` too."""
    ranking: Ranking | None = None
    """Set for a page of all rows in an order."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The rows of a page by their ranks: ``limit`` of them after ``offset``, in the ``order`` (SQL, without any ``?``) of all rows."""

    order: str
    offset: int
    limit: int
    page: Statement
    """The same question over these rows alone."""


PLACE = "__place"
"""Column of ``rows`` in ``Statement.loaded``: where a row lies in memory; a few rows are fetched by it at once."""


def written(*parts: Fragment) -> Statement:
    """These pieces as a statement."""
    whole = concat(parts)
    return Statement(whole.sql, whole.parameters)


def concat(parts: Sequence[Fragment]) -> Fragment:
    """One after the other."""
    return Fragment("".join(part.sql for part in parts), tuple(value for part in parts for value in part.parameters))


def joined(parts: Sequence[Fragment], separator: str) -> Fragment:
    """One after the other, with a separator between."""
    return Fragment(
        separator.join(part.sql for part in parts), tuple(value for part in parts for value in part.parameters)
    )


def filled(template: str, *arguments: Fragment) -> Fragment:
    """A template with ``{0}``, ``{1}``… filled; an argument used twice brings its parameters twice."""
    pieces = re.split(r"\{(\d)\}", template)
    return concat([arguments[int(piece)] if rank % 2 else Fragment(piece) for rank, piece in enumerate(pieces)])


def parameter(value: object) -> Fragment:
    """A value alone, with the type DuckDB would not guess from it."""
    return Fragment(_TYPED.get(type(value), "?"), (value,))


# Without a type, a parameter alone in a select would take that of its bytes, and a sum of two small numbers overflow.
_TYPED: dict[type, str] = {
    str: "CAST(? AS VARCHAR)",
    int: "CAST(? AS BIGINT)",
    float: "CAST(? AS DOUBLE)",
    type(None): "CAST(? AS VARCHAR)",
}
