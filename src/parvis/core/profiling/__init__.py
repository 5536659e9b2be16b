"""What is in this table? Types of columns, meanings of codes, points on the map; with reasons and confidence."""

from parvis.core.profiling.plans import ColumnGuess, ColumnPlan, Override, overrides_from_fields

__all__ = ["ColumnGuess", "ColumnPlan", "Override", "overrides_from_fields"]
