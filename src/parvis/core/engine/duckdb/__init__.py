"""DuckDB as an engine: the only place that writes its SQL for questions."""

from parvis.core.engine.duckdb.engine import DuckDBEngine

__all__ = ["DuckDBEngine"]
