"""What a file may cost the machine that reads it."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file; sizes are bytes once unpacked, text is counted in UTF-8.

    ``max_ratio`` (unpacked to packed) is only looked at above ``ratio_floor`` bytes: small files compress as they like.
    ``max_cells`` is the rectangle of the sheets of a workbook, empty cells included: readers hold all of it.
    """

    max_bytes: int = 20 * GIB
    max_ratio: int = 200
    ratio_floor: int = 64 * MIB
    max_members: int = 1000
    max_nesting: int = 2
    max_columns: int = 2000
    max_cell_bytes: int = 10 * MIB
    max_record_lines: int = 10_000
    max_json_depth: int = 64
    max_sheet_bytes: int = GIB
    max_cells: int = 50_000_000


DEFAULT_LIMITS = Limits()
