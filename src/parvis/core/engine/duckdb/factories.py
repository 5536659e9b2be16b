"""Statements written by hand, for tests of what DuckDB may do and for how long; nothing else of the house can ask one."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.engine.duckdb.fragments import Statement
from parvis.core.engine.duckdb.statements import STATEMENTS


@dataclass(frozen=True, slots=True)
class HandWritten:
    """A statement as a plan."""

    sql: str
    parameters: tuple[object, ...] = ()
    loaded: HandWritten | None = None

    @property
    def statement(self) -> Statement:
        """What DuckDB runs."""
        return Statement(self.sql, self.parameters, self.loaded.statement if self.loaded else None)


STATEMENTS[HandWritten] = lambda plan: plan.statement
