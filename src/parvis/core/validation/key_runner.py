"""Keys over a whole table: values that stand twice, values that are not found where they should be."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from parvis.core.schemas.model import TableSchema
from parvis.core.validation.cells import CellReader, cell_reader, missing_condition
from parvis.core.validation.headers import Columns
from parvis.core.validation.keys import NOTHING_EQUAL, key_of
from parvis.core.validation.plan import NEVER, Condition, Key, Stage, all_of
from parvis.core.validation.runner import FAULTS, Run
from parvis.core.validation.safe_predicates import safe_predicate
from parvis.core.validation.typed_cells import SIGN, is_text, read_cell, shown

_BATCH = 20_000


def check_keys(run: Run, schema: TableSchema, columns: Columns, keys: Sequence[Key]) -> None:
    """Add to the faults of ``run`` those of ``keys``."""
    positions = sorted({rank for key in keys for rank in (*key.columns, *key.reference)})
    if not positions or not run.rows.count:
        return
    expressions = [_key_expression(run, schema, columns, position) for position in positions]
    picked = ", ".join(f"{sql} AS k{position}" for position, (sql, _) in zip(positions, expressions, strict=True))
    parameters = [value for _, values in expressions for value in values]
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE validation_keys AS SELECT {run.rows.number} AS n, {picked} FROM {run.rows.relation}",
        parameters,
    )
    for key in keys:
        first = run.add_rules([key.rule])
        if key.stage is Stage.FOREIGN_KEY:
            _foreign(run, key, first)
        else:
            _twice(run, key, first)
        _with_cell_text(run, key, first)
    run.connection.execute("DROP TABLE validation_keys")


def _key_expression(run: Run, schema: TableSchema, columns: Columns, position: int) -> tuple[str, tuple[object, ...]]:
    """SQL that gives the key of a column's cells: the text itself where it is canonical, else what Python finds for it."""
    field, text = columns.fields[position], run.column(position)
    missing = missing_condition(schema.missing(field))
    predicate = safe_predicate(field)
    certain = predicate.condition if predicate.canonical else NEVER
    if run.rows.typed:
        certain = all_of(Condition(is_text("{0}")), certain)
    settled = Condition(
        f"({missing.sql}) OR coalesce(({certain.sql}), false)", (*missing.parameters, *certain.parameters)
    )
    table = f"validation_keys_{position}"
    has_rest = _map_rest(run, cell_reader(field, schema.missing(field)), text, settled, table)
    whole = missing.on([text])
    if not has_rest:
        return f"CASE WHEN {whole} THEN NULL ELSE {text} END", missing.parameters
    sql = f"""CASE WHEN {whole} THEN NULL WHEN coalesce(({certain.on([text])}), false) THEN {text}
        ELSE (SELECT key FROM {table} WHERE t = {text}) END"""
    return sql, (*missing.parameters, *certain.parameters)


def _key(reader: CellReader, cell: Any) -> str | None:
    """The key of a cell; in a column of any type, numbers and booleans are equal to each other and to no text."""
    value = reader.value(cell)
    if reader.field.type == "any" and isinstance(value, (bool, int, float)):
        return f"{SIGN}{key_of(float(value))}"
    if reader.field.type == "number" and isinstance(value, int):
        return key_of(Decimal(value))
    return key_of(value)


def _map_rest(run: Run, reader: CellReader, text: str, settled: Condition, table: str) -> bool:
    """Fill ``table`` with the key of each text that SQL does not settle; False when there is none."""
    run.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (t VARCHAR, key VARCHAR)")
    has_rest = False
    with run.connection.cursor() as cursor:
        result = cursor.execute(
            f"SELECT DISTINCT {text} AS t FROM {run.rows.relation} WHERE NOT coalesce(({settled.on([text])}), false)",
            list(settled.parameters),
        )
        for batch in result.to_arrow_reader(_BATCH):
            texts = batch.column(0).to_pylist()
            keys = pa.array([_key(reader, read_cell(item) if run.rows.typed else item) for item in texts], pa.string())
            run.connection.register("validation_batch", pa.table({"t": pa.array(texts, pa.string()), "key": keys}))
            run.connection.execute(f"INSERT INTO {table} SELECT t, key FROM validation_batch")
            run.connection.unregister("validation_batch")
            has_rest = has_rest or bool(texts)
    return has_rest


def _twice(run: Run, key: Key, first: int) -> None:
    """Later rows of a key that stands several times; for a primary key, also rows that have no key at all."""
    names = [f"k{position}" for position in key.columns]
    listed = ", ".join(names)
    some = " OR ".join(f"{name} IS NOT NULL" for name in names)
    same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in names)
    equal = " AND ".join(f"{name} IS DISTINCT FROM ?" for name in names)
    run.connection.execute(
        f"""INSERT INTO {FAULTS} SELECT a.n, a.n, {key.stage.value}, {key.rank}, 0, {first}, a.{names[0]},
            json_object('first_row', b.first)::VARCHAR
        FROM validation_keys a JOIN (SELECT {listed}, min(n) AS first FROM validation_keys WHERE ({some}) AND {equal}
            GROUP BY {listed} HAVING count(*) > 1) b ON {same} AND a.n > b.first""",
        [NOTHING_EQUAL] * len(names),
    )
    if key.stage is Stage.PRIMARY_KEY:
        run.connection.execute(
            f"""INSERT INTO {FAULTS} SELECT n, n, {key.stage.value}, {key.rank}, 0, {first}, NULL, '{{"empty": true}}'
            FROM validation_keys WHERE NOT ({some})"""
        )


def _foreign(run: Run, key: Key, first: int) -> None:
    """Rows whose key, unless it is all missing, is not among those referred to."""
    target = [f"a.k{position}" for position in key.columns]
    reference = [f"b.k{position}" for position in key.reference]
    some = " OR ".join(f"{name} IS NOT NULL" for name in target)
    same = " AND ".join(f"{one} IS NOT DISTINCT FROM {two}" for one, two in zip(target, reference, strict=True))
    run.connection.execute(
        f"""INSERT INTO {FAULTS} SELECT a.n, a.n, {key.stage.value}, {key.rank}, 0, {first}, {target[0]}, NULL
        FROM validation_keys a ANTI JOIN validation_keys b ON {same} WHERE {some}"""
    )


def _with_cell_text(run: Run, key: Key, rule: int) -> None:
    """Put the text of the cell in place of its key: « 12,50 » and « 12.5 » are equal and neither is written « 125E-1 »."""
    condition = f"rule = {rule} AND value IS NOT NULL"
    if not run.connection.execute(f"SELECT 1 FROM {FAULTS} WHERE {condition} LIMIT 1").fetchone():
        return
    text = run.column(key.columns[0])
    run.connection.execute(
        f"""UPDATE {FAULTS} SET value = r.t
        FROM (SELECT {run.rows.number} AS n, {shown(text) if run.rows.typed else text} AS t FROM {run.rows.relation}) r
        WHERE {FAULTS}.n = r.n AND {condition}"""
    )


def reorder_cells(run: Run, columns: Columns, early: Sequence[int]) -> None:
    """Where a unique value stands twice, the cells after that column are read in the order of the file.

    Cells of keys are read first; the first duplicate found has the rest of the row read at once.
    """
    uniques = [position for position in early if columns.fields[position].unique]
    if not uniques:
        return
    ranks = {position: rank for rank, position in enumerate(early)}
    whens = " ".join(f"WHEN {position} THEN {ranks[position]}" for position in uniques)
    run.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE validation_twice AS SELECT n, min(CASE rank {whens} END) AS first
        FROM {FAULTS} WHERE stage = {Stage.UNIQUE.value} GROUP BY n"""
    )
    from_rank = " ".join(f"WHEN {rank} THEN {position}" for position, rank in ranks.items())
    run.connection.execute(
        f"""UPDATE {FAULTS} SET rank = 100000 + (CASE rank {from_rank} ELSE rank - 100000 END) FROM validation_twice t
        WHERE {FAULTS}.n = t.n AND stage = {Stage.CELLS.value} AND rank > t.first AND rank < 100000"""
    )
