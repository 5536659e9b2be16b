"""Proposals about the table as a whole: names of columns, empty rows and columns, rows said twice, coordinates in two columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from parvis.core.profiling.coordinates import find_pairs
from parvis.core.profiling.detectors.geography import number, of_pair
from parvis.core.profiling.parsers import filled, once
from parvis.core.profiling.territory import PROJECTIONS
from parvis.core.readings.model import Certainty
from parvis.core.readings.text_values import MOST_COMPARED, closest, key
from parvis.core.repairs.model import Proposal, Sample
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.staging import ROWS, StagedColumn, StagedTable, Workspace, quote_identifier
from parvis.core.text import slugify
from parvis.core.transforms.pairs import degrees, moved, swapped

_SHOWN = 5
_CUT_AT = 10


def header_proposals(staged: StagedTable, schema: TableSchema) -> Iterator[Proposal]:
    """A column whose name is nearly that of a field which no column has."""
    headers = [column.header for column in staged.columns]
    absent = [item.name for item in schema.fields if item.name not in headers]
    taken: set[str] = set()
    for header in headers:
        if not header.strip() or schema.find(header) is not None:
            continue
        free = [name for name in absent if name not in taken]
        name, certainty = _near(header, free, thorough=len(absent) * len(headers) <= MOST_COMPARED)
        if name:
            taken.add(name)
            sample = Sample(1, header, name, True)
            yield Proposal(
                "headers",
                "close" if certainty is Certainty.LIKELY else "signs",
                header,
                1,
                1,
                certainty,
                (sample,),
                parameters={"names": {header: name}},
            )


def _near(header: str, names: Sequence[str], *, thorough: bool) -> tuple[str, Certainty]:
    same = [name for name in names if key(name) == key(header)]
    if len(same) == 1:
        return same[0], Certainty.SURE
    cut = [name for name in names if len(header) == _CUT_AT and name.lower().startswith(header.lower())]
    if len(cut) == 1:
        return cut[0], Certainty.LIKELY
    return (closest(key(header), names) if thorough and len(key(header)) > 3 else ""), Certainty.LIKELY


def row_proposals(workspace: Workspace, staged: StagedTable, schema: TableSchema) -> Iterator[Proposal]:
    """Rows that say nothing; rows that say again what another said, where the schema wants each to differ."""
    if not staged.columns:
        return
    texts = [f"{quote_identifier(column.name)}::VARCHAR" for column in staged.columns]
    some = " OR ".join(f"coalesce({filled(text)}, false)" for text in texts)
    if empty := _count(workspace, f"SELECT count(*) FROM {ROWS} WHERE NOT ({some})"):
        yield Proposal("empty_rows", "empty", "", empty, empty, Certainty.SURE)
    if schema.primary_key or any(item.unique for item in schema.fields):
        again = _count(
            workspace,
            f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {ROWS} GROUP BY {', '.join(texts)} HAVING count(*) > 1 AND bool_or({some}))",
        )
        if again:
            yield Proposal("identical_rows", "identical", "", again, again, Certainty.SURE)


def empty_column_proposals(workspace: Workspace, staged: StagedTable) -> Iterator[Proposal]:
    """Columns without a name that hold nothing."""
    unnamed = [column for column in staged.columns if not column.header.strip()]
    if not unnamed or len(unnamed) == len(staged.columns):
        return
    tests = ", ".join(f"count_if({filled(quote_identifier(c.name) + '::VARCHAR')})" for c in unnamed)
    row = workspace.connection.execute(f"SELECT {tests} FROM {ROWS}").fetchone() or ()
    gone = [column.name for column, count in zip(unnamed, row, strict=True) if not count]
    if gone:
        yield Proposal("empty_columns", "empty", "", len(gone), len(gone), Certainty.SURE, parameters={"columns": gone})


def pair_proposals(workspace: Workspace, staged: StagedTable, schema: TableSchema) -> Iterator[Proposal]:
    """A longitude and a latitude in two columns of the schema: exchanged, or in metres."""
    named = {
        c.name: slugify(c.header, "_")
        for c in staged.columns
        if (item := schema.find(c.header)) and item.type in ("number", "string")
    }
    headers = {column.name: column.header for column in staged.columns}
    for pair in find_pairs(named):
        if pair.family != "degrees":
            continue  # « x » and « y » are metres by right
        x, y = quote_identifier(pair.x), quote_identifier(pair.y)
        projections = [projection for projection in PROJECTIONS if not projection.headers]
        swaps, *metres = _counts_of_pair(workspace, (x, y), [swapped, *(p.box.contains for p in projections)])
        axes = {"x": headers[pair.x], "y": headers[pair.y]}
        label = f"{axes['x']}, {axes['y']}"
        if swaps:
            test = swapped(number(x), number(y))
            samples = _samples(workspace, f"{x} || ', ' || {y}", f"{y} || ', ' || {x}", test)
            yield Proposal("swap", "swapped", label, swaps, swaps, Certainty.SURE, samples, parameters=axes)
        for projection, count in zip(projections, metres, strict=True):
            if count:
                inside = projection.box.contains(number(x), number(y))
                point = moved(projection, number(x), number(y))
                after = f"{degrees(f'ST_X({point})')} || ', ' || {degrees(f'ST_Y({point})')}"
                samples = _samples(workspace, f"{x} || ', ' || {y}", after, inside)
                yield Proposal(
                    "project",
                    projection.name,
                    label,
                    count,
                    count,
                    Certainty.SURE,
                    samples,
                    parameters={**axes, "epsg": projection.epsg},
                )
                break


def _counts_of_pair(
    workspace: Workspace, pair: tuple[str, str], tests: Sequence[Callable[[str, str], str]]
) -> list[int]:
    """How many rows meet each test of a pair of numbers, which are read once."""
    counts = ", ".join(f"count_if({test('x', 'y')})" for test in tests)
    x, y = map(number, pair)
    row = workspace.connection.execute(f"SELECT {counts} FROM (SELECT {x} AS x, {y} AS y FROM {ROWS})").fetchone()
    return [int(count or 0) for count in row or [0] * len(tests)]


def metre_proposals(workspace: Workspace, column: StagedColumn, item: Field) -> Iterator[Proposal]:
    """Points in one cell that are in metres."""
    if item.type != "geopoint":
        return
    cell = quote_identifier(column.name)
    for projection in (p for p in PROJECTIONS if not p.headers):
        inside = of_pair(cell, projection.box.contains)
        if count := _count(workspace, f"SELECT count_if({inside}) FROM {ROWS}"):
            point = of_pair(cell, partial(moved, projection))
            after = once(point, "g", f"{degrees('ST_X(g)')} || ',' || {degrees('ST_Y(g)')}")
            samples = _samples(workspace, cell, after, inside)
            parameters = {"column": column.header, "epsg": projection.epsg, "format": item.format}
            yield Proposal(
                "project_point",
                projection.name,
                column.header,
                count,
                count,
                Certainty.SURE,
                samples,
                parameters=parameters,
            )
            return


def _samples(workspace: Workspace, before: str, after: str, test: str) -> tuple[Sample, ...]:
    rows = workspace.connection.execute(
        f"SELECT line, {before}, {after} FROM {ROWS} WHERE {test} LIMIT {_SHOWN}"
    ).fetchall()
    return tuple(Sample(line, old, new, True) for line, old, new in rows)


def _count(workspace: Workspace, sql: str) -> int:
    row = workspace.connection.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0
