"""Every dialect of a source, by slug: a tuple to add to."""

from __future__ import annotations

from parvis.core.sources.contract import Dialect, RowsDialect
from parvis.core.sources.explore import EXPLORE
from parvis.core.sources.file import FILE

_DIALECTS: tuple[Dialect, ...] = (FILE, EXPLORE)
_ROWS: tuple[RowsDialect, ...] = ()

DIALECTS: dict[str, Dialect] = {dialect.slug: dialect for dialect in _DIALECTS}
ROWS: dict[str, RowsDialect] = {dialect.slug: dialect for dialect in _ROWS}
