"""The query language: text → tokens → nodes → bound trees, that any engine answers."""

from parvis.core.odsql.binder import Binder
from parvis.core.odsql.names import Names
from parvis.core.odsql.parser import parse_group_by, parse_order_by, parse_select, parse_where

__all__ = [
    "Binder",
    "Names",
    "parse_group_by",
    "parse_order_by",
    "parse_select",
    "parse_where",
]
