"""Tables of counts: small cells masked with those that would give them away, or added up until none is small."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pyarrow as pa

from parvis.core.profiling.detectors.geography import number
from parvis.core.staging import ROWS, StagedColumn, StagedTable, quote_identifier
from parvis.core.transforms.cells import parameter, text_column
from parvis.core.transforms.model import BadStep, Material, Outcome, Step
from parvis.core.transforms.rows import column_of, replace_cells, replace_rows
from parvis.core.transforms.secrecy import Sum, masked_cells

THRESHOLD = 11
MOST_CELLS = 500_000
"""Counts of a table that are weighed one by one; a larger one is added up first."""
_MOST_COLUMNS = 60
"""Columns among which totals are looked for."""
_ROWS_TRIED = 200
_MASKED = "masked_cells"
TOTAL = re.compile(r"\s*(?:(?:sous[- ]?)?total\w*|ensemble|tou[st]e?s?|_t|t|all)(?:\s.*)?", re.IGNORECASE)
"""What a row of totals has in the place of a sex, an age, a territory."""
_TOTAL_SQL = "(?i)" + TOTAL.pattern


def least(step: Step) -> int:
    """The least count that is shown, ``under`` (11 by default); BadStep when it is none."""
    under = step.parameters.get("under", THRESHOLD)
    if not isinstance(under, int) or isinstance(under, bool) or not 2 <= under <= 1000:
        raise BadStep(step=step.name, reason="« under » est un nombre, de 2 à 1000")
    return under


def mask_small_cells(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Empty the counts of ``columns`` from 1 to ``under`` - 1, then those that totals would give them away with.

    ``by``: the columns that cross (territory, sex, age…), whose rows of totals (« Ensemble ») are sums; a column that is, in each
    row, the sum of others is a total too. ``beside``: columns emptied where a count is masked (rates, amounts). BadStep when the
    table has more cells than are weighed one by one.
    """
    under = least(step)
    counts = [text_column(material, step, str(header)) for header in parameter(step, "columns", list)]
    by = [column_of(material.staged, step, str(header)) for header in step.parameters.get("by") or []]
    beside = [text_column(material, step, str(header)) for header in step.parameters.get("beside") or []]
    others = [column for column in material.staged.columns if column not in (*counts, *by, *beside)]
    columns = [*counts, *_numbers(material, others)][:_MOST_COLUMNS]
    if material.staged.rows * len(columns) > MOST_CELLS:
        raise BadStep(step=step.name, reason=f"le tableau a plus de {MOST_CELLS} effectifs : additionnez-les d’abord")
    lines, values, keys = _read(material, columns, by)
    wide = len(columns)
    sums = [*_sums_of_columns(values, wide), *_sums_of_rows(keys, wide)]
    small = {
        rank
        for rank, value in enumerate(values)
        if rank % wide < len(counts) and value is not None and 0 < value < under
    }
    hidden = masked_cells(values, sums, small, under)
    gone: defaultdict[str, set[int]] = defaultdict(set)
    for rank in hidden:
        row, column = divmod(rank, wide)
        for name in (columns[column].name, *(one.name for one in beside)):
            gone[name].add(lines[row])
    rows, cells = _empty(material, gone)
    details = {"under": under, "small": len(small), "more": len(hidden) - len(small)}
    return material.staged, Outcome(step, rows, cells, details)


def _numbers(material: Material, columns: Sequence[StagedColumn]) -> list[StagedColumn]:
    """The columns of text that hold numbers, for the most part."""
    types = dict(
        material.workspace.connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {ROWS})").fetchall()
    )
    texts = [column for column in columns if types[column.name] == "VARCHAR"]
    if not texts:
        return []
    cells = [quote_identifier(column.name) for column in texts]
    shares = ", ".join(f"count({number(cell)}) >= 0.5 * count({cell}) AND count({number(cell)}) > 0" for cell in cells)
    row = material.workspace.connection.execute(f"SELECT {shares} FROM {ROWS}").fetchone() or ()
    return [column for column, is_number in zip(texts, row, strict=True) if is_number]


def _read(
    material: Material, columns: Sequence[StagedColumn], by: Sequence[StagedColumn]
) -> tuple[list[int], list[float | None], list[list[str]]]:
    """The line of each row, its counts one after the other, and what crosses them, a list for each column."""
    counts = [number(quote_identifier(column.name)) for column in columns]
    keys = [f"coalesce({quote_identifier(column.name)}::VARCHAR, '')" for column in by]
    rows = material.workspace.connection.execute(
        f"SELECT line, {', '.join([*counts, *keys])} FROM {ROWS} ORDER BY line"
    ).fetchall()
    end = 1 + len(columns)
    values = [value for row in rows for value in row[1:end]]
    return [row[0] for row in rows], values, [[str(row[end + rank]) for row in rows] for rank in range(len(by))]


def _sums_of_columns(values: Sequence[float | None], wide: int) -> Iterator[Sum]:
    """In each row, the columns that are the sum of columns side by side, or of two others, in every whole row that is tried."""
    rows = [values[start : start + wide] for start in range(0, len(values), wide)]
    tried = [[value or 0.0 for value in row] for row in rows if None not in row][:_ROWS_TRIED]
    if len(tried) < 2 or wide < 3:
        return
    for total, parts in _totals(tried, wide):
        for start in range(0, len(values), wide):
            yield Sum(start + total, tuple(start + part for part in parts))


def _totals(rows: Sequence[Sequence[float]], wide: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    runs = [tuple(range(first, last)) for first in range(wide) for last in range(first + 2, wide + 1)]
    pairs = [pair for pair in combinations(range(wide), 2) if pair[1] - pair[0] > 1]
    for total in range(wide):
        if not any(row[total] for row in rows):
            continue
        seen: set[tuple[int, ...]] = set()
        for run in (*runs, *pairs):
            parts = tuple(part for part in run if part != total)
            if len(parts) < 2 or parts in seen:
                continue
            seen.add(parts)
            if all(abs(sum(row[part] for part in parts) - row[total]) < 1e-6 for row in rows) and _adds(rows, parts):
                yield total, parts


def _adds(rows: Sequence[Sequence[float]], parts: Sequence[int]) -> bool:
    """Whether at least two parts are more than zero somewhere: a sum of one is the same column twice."""
    return sum(any(row[part] for row in rows) for part in parts) >= 2


def _sums_of_rows(keys: Sequence[Sequence[str]], wide: int) -> Iterator[Sum]:
    """The rows of totals, by what crosses the table: « Ensemble » in one column, the others being the same."""
    groups = _alike(keys)
    for place, group in enumerate(groups):
        totals = [
            any(TOTAL.fullmatch(cell) for cell in cells) for cells in zip(*(keys[one] for one in group), strict=True)
        ]
        if not any(totals):
            continue
        others = [keys[one] for rank, other in enumerate(groups) if rank != place for one in other]
        parts: defaultdict[Any, list[int]] = defaultdict(list)
        wholes: list[tuple[Any, int]] = []
        for row, is_total in enumerate(totals):
            key = tuple(column[row] for column in others)
            if is_total:
                wholes.append((key, row))
            else:
                parts[key].append(row)
        for key, whole in wholes:
            for column in range(wide if len(parts[key]) > 1 else 0):
                yield Sum(whole * wide + column, tuple(row * wide + column for row in parts[key]))


def _alike(keys: Sequence[Sequence[str]]) -> list[list[int]]:
    """The columns that cross a table, those that say the same (a code and its label) together."""
    groups: list[list[int]] = []
    for rank, column in enumerate(keys):
        distinct = len(set(column))
        for group in groups:
            other = keys[group[0]]
            if distinct == len(set(other)) == len(set(zip(column, other, strict=True))):
                group.append(rank)
                break
        else:
            groups.append([rank])
    return groups


def _empty(material: Material, gone: dict[str, set[int]]) -> tuple[int, int]:
    """Empty the cells of columns (by staged name) in some lines; how many rows and cells changed."""
    if not gone:
        return 0, 0
    connection = material.workspace.connection
    pairs = [(name, line) for name, lines in gone.items() for line in sorted(lines)]
    batch = pa.table(
        {"name": pa.array([name for name, _line in pairs]), "line": pa.array([line for _name, line in pairs])}
    )
    connection.register("masked_batch", batch)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_MASKED} AS SELECT name, line FROM masked_batch")
    connection.unregister("masked_batch")
    expressions = {
        name: f"CASE WHEN line NOT IN (SELECT m.line FROM {_MASKED} m WHERE m.name = '{name}') THEN {quote_identifier(name)} END"
        for name in gone
    }
    changed = replace_cells(material.workspace, material.staged, expressions)
    connection.execute(f"DROP TABLE {_MASKED}")
    return changed


def add_up_counts(material: Material, step: Step) -> tuple[StagedTable, Outcome]:
    """Add up the counts of ``columns`` over what ``column`` tells apart, which is removed: coarser counts are fewer small ones.

    Rows that are the same in the columns ``by`` become one; rows of totals (« Ensemble ») of that column are used as they are.
    Other columns keep their value where it is the same in all those rows.
    """
    over = column_of(material.staged, step, parameter(step, "column", str))
    counts = [text_column(material, step, str(header)) for header in parameter(step, "columns", list)]
    by = [column_of(material.staged, step, str(header)) for header in step.parameters.get("by") or []]
    keys = [quote_identifier(column.name) for column in by if column != over]
    if not counts or over in counts:
        raise BadStep(step=step.name, reason="« columns » est vide, ou contient « column »")
    total = f"regexp_full_match(coalesce({quote_identifier(over.name)}::VARCHAR, ''), '{_TOTAL_SQL}')"
    chosen = []
    remaining = tuple(column for column in material.staged.columns if column != over)
    for column in remaining:
        cell = quote_identifier(column.name)
        if cell in keys:
            chosen.append(cell)
        elif column in counts:
            parts = f"CASE WHEN count_if({cell} IS NOT NULL AND {number(cell)} IS NULL AND NOT {total}) = 0 THEN sum({number(cell)}) FILTER (NOT {total}) END"
            whole = f"coalesce(max({number(cell)}) FILTER ({total}), {parts})"
            chosen.append(f"regexp_replace({whole}::DECIMAL(18, 3)::VARCHAR, '[.]?0+$', '') AS {cell}")
        else:
            chosen.append(f"CASE WHEN count(DISTINCT {cell}) = 1 THEN any_value({cell}) END AS {cell}")
    grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
    row_count = replace_rows(
        material.workspace, f"SELECT min(line) AS line, {', '.join(chosen)} FROM {ROWS}{grouped} ORDER BY line"
    )
    gone = material.staged.rows - row_count
    return replace(material.staged, columns=remaining, rows=row_count), Outcome(step, gone, 0)
