"""The quick route: DuckDB reads the whole of a regular text; anything odd sends it back to the careful route."""

from __future__ import annotations

import re

import duckdb

from parvis.core.connections import exact_pattern
from parvis.core.formats.csv_layout import BOM, Layout
from parvis.core.formats.encodings import PreparedText
from parvis.core.formats.job import Job
from parvis.core.formats.record_kinds import EDGES_SQL, bare, is_footer, repeatable, set_aside
from parvis.core.formats.regular_text import LONGEST, UNREADABLE, mapped, number, reader_sql
from parvis.core.formats.sink import RAW, Sink, clear_rows, staged_name
from parvis.core.long_statements import execute_watched
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace

FOOT = 20
"""Last rows that are looked at for remarks."""


def quick_route(job: Job, text: PreparedText, layout: Layout) -> StagedTable | None:
    """Stage ``text``; None when it is not regular enough to be sure that the careful route would say the same."""
    if not _is_candidate(text, layout) or (text.quotes and job.options.multiline is False):
        return None
    connection = job.workspace.connection
    clear_rows(connection)
    try:
        _load(job, text, layout)
        lines = text.breaks + text.open_end - (layout.data_line - 1)
        rows = _number(job.workspace, layout, lines)
    except UNREADABLE:
        rows = None
    if rows is None:
        clear_rows(connection)
        return None
    total = job.path.stat().st_size
    job.progress("read", total, total)
    return _staged(job, layout, rows)


def _is_candidate(text: PreparedText, layout: Layout) -> bool:
    regular = layout.width > 1 and not text.lone_returns and text.longest <= LONGEST
    return regular and not (text.skip and layout.data_line == 1) and not _has_spaced_quotes(text, layout.delimiter)


def _has_spaced_quotes(text: PreparedText, delimiter: str) -> bool:
    """True when blanks are between a quote and the edge of its cell: DuckDB drops them, while they are part of it.

    The pattern begins with the quote, which is looked for fast; what is before the blanks before it is looked at for those alone.
    """
    if not text.quotes:
        return False
    edges = b"\r\n" + delimiter.encode()
    suspect = re.compile(rb'"(?:[ \t]+(?:\Z|"|[' + re.escape(edges) + rb'])|(?<=[ \t]"))')
    with mapped(text.path) as content:
        for match in suspect.finditer(content):
            if len(match[0]) > 1:
                return True
            start = match.start()
            while start and content[start - 1] in b" \t":
                start -= 1
            if not start or content[start - 1] in edges:
                return True
    return False


def _load(job: Job, text: PreparedText, layout: Layout) -> None:
    sql = f"CREATE OR REPLACE TABLE {RAW} AS SELECT * FROM {reader_sql(layout.width, skip='$skip')}"
    parameters = {"path": exact_pattern(text.path), "delimiter": layout.delimiter, "skip": layout.data_line - 1}
    size = job.path.stat().st_size
    execute_watched(job.workspace.connection, sql, dict(parameters), stage="read", progress=job.progress, total=size)


def _number(workspace: Workspace, layout: Layout, lines: int) -> int | None:
    """Give ROWS its line numbers; the count of rows, or None when rows and physical lines cannot be matched."""
    connection = workspace.connection
    names = [staged_name(rank) for rank in range(layout.width)]
    rows = number(connection, f"SELECT count(*) FROM {RAW}")
    if rows == lines:
        if _needs_care(connection, names, layout):
            return None
        connection.execute(
            f"CREATE OR REPLACE VIEW {ROWS} AS SELECT rowid + {layout.data_line} AS line, {', '.join(names)} FROM {RAW}"
        )
        return rows
    broken = _with_line_feeds(connection, names)
    breaks = " + ".join(f"coalesce(strlen({name}) - strlen(replace({name}, chr(10), '')), 0)" for name in broken) or "0"
    if not rows or rows > lines or _needs_care(connection, names, layout):
        return None
    connection.execute(f"""CREATE OR REPLACE TABLE {ROWS} AS
        SELECT ({layout.data_line - 1} + row_number() OVER () - breaks
                + sum(breaks) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))::BIGINT AS line, {", ".join(names)}
        FROM (SELECT *, {breaks} AS breaks FROM {RAW})""")
    last = number(connection, f"SELECT max(line) FROM {ROWS}") + number(
        connection, f"SELECT {breaks} FROM {RAW} WHERE rowid = {rows - 1}"
    )
    if last != lines + layout.data_line - 1:
        return None
    connection.execute(f"DROP TABLE {RAW}")
    return rows


def _with_line_feeds(connection: duckdb.DuckDBPyConnection, names: list[str]) -> list[str]:
    """The columns in which some cell has several lines: to count them costs more than to see whether there are any."""
    checks = ", ".join(f"coalesce(bool_or(contains({name}, chr(10))), false)" for name in names)
    answers = connection.execute(f"SELECT {checks} FROM {RAW}").fetchone() or ()
    return [name for name, answer in zip(names, answers, strict=True) if answer]


def _needs_care(connection: duckdb.DuckDBPyConnection, names: list[str], layout: Layout) -> bool:
    """True when some row is empty or repeats the headers, or when the last ones may be remarks or a lone mark."""
    empty = " AND ".join(f"{name} IS NULL" for name in names)
    if number(connection, f"SELECT count(*) FROM {RAW} WHERE {empty}"):
        return True
    if repeatable(layout.headers):
        same = " AND ".join(f"trim(coalesce({name}, ''), {EDGES_SQL}) = ?" for name in names)
        headers = [bare(header) for header in layout.headers]
        repeated = connection.execute(f"SELECT 1 FROM {RAW} WHERE {same} LIMIT 1", headers).fetchone()
        if repeated is not None:
            return True
    total = number(connection, f"SELECT count(*) FROM {RAW}")
    last = connection.execute(f"SELECT {', '.join(names)} FROM {RAW} WHERE rowid >= ?", [total - FOOT]).fetchall()
    return any(is_footer(row, len(names)) or (row[0] or "").startswith(BOM) for row in last)


def _staged(job: Job, layout: Layout, rows: int) -> StagedTable:
    columns = tuple(StagedColumn(staged_name(rank), header) for rank, header in enumerate(layout.headers))
    sink = Sink(job.workspace, job.name, job.limits, None)
    set_aside(sink, layout.preamble, layout.second)
    sink.flush()
    return StagedTable(columns, rows, sink.rejects, layout.empty_above.note("empty-lines"))
