"""The query language: text → tokens → nodes → bound trees → SQL and parameters."""

from parvis.core.odsql.binder import Binder
from parvis.core.odsql.names import Names
from parvis.core.odsql.parser import parse_group_by, parse_order_by, parse_select, parse_where
from parvis.core.odsql.sql import GeoForm, to_count, to_counted_groups, to_group_count, to_marked, to_statement

__all__ = [
    "Binder",
    "GeoForm",
    "Names",
    "parse_group_by",
    "parse_order_by",
    "parse_select",
    "parse_where",
    "to_count",
    "to_counted_groups",
    "to_group_count",
    "to_marked",
    "to_statement",
]
