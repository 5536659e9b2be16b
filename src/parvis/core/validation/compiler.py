"""From a schema and the columns of a file to the plan of what is asked of each row."""

from __future__ import annotations

from parvis.core.schemas.model import TableSchema
from parvis.core.validation.cells import cell_question, unread_bounds
from parvis.core.validation.checks import check_questions
from parvis.core.validation.headers import Columns
from parvis.core.validation.model import Advice, Rule
from parvis.core.validation.plan import Key, Plan, Stage

LATER = 100_000
"""Added to the rank of fields that are read after those of keys."""


def compile_plan(schema: TableSchema, columns: Columns) -> tuple[Plan, tuple[Advice, ...]]:
    """What is asked of the rows of a table with these columns, and what its checks have to tell."""
    questions, faults, advice = check_questions(schema, columns)
    once = (*columns.faults, *faults)
    if columns.duplicated:
        return Plan(once=once, shape=False), tuple(advice)
    early = _early(schema, columns)
    cells = [
        cell_question(schema, field, rank, early.get(rank, LATER + rank))
        for rank, (field, extra) in enumerate(zip(columns.fields, columns.extra, strict=True))
        if not extra
    ]
    unread = [
        question
        for rank, (field, extra) in enumerate(zip(columns.fields, columns.extra, strict=True))
        if not extra
        for question in unread_bounds(schema, field, rank)
    ]
    plan = Plan((*cells, *unread, *questions), tuple(_keys(schema, columns)), once, True, tuple(early))
    return plan, tuple(advice)


def _early(schema: TableSchema, columns: Columns) -> dict[int, int]:
    """Columns of keys, whose cells are read before the others: position → rank."""
    unique = [rank for rank, field in enumerate(columns.fields) if field.unique]
    primary = [columns.position(name) for name in schema.primary_key]
    if None in primary:
        primary = []
    order = dict.fromkeys([*unique, *(rank for rank in primary if rank is not None)])
    return {position: rank for rank, position in enumerate(order)}


def _keys(schema: TableSchema, columns: Columns) -> list[Key]:
    keys = []
    for rank, field in enumerate(columns.fields):
        if field.unique:
            details = {"columns": [field.name]}
            keys.append(Key(Stage.UNIQUE, rank, (rank,), Rule("unique-error", "unique", field.name, rank + 1, details)))
    primary = _positions(columns, schema.primary_key)
    if primary:
        details = {"columns": list(schema.primary_key)}
        keys.append(Key(Stage.PRIMARY_KEY, 0, primary, Rule("primary-key", "primary-key", None, None, details)))
    for rank, foreign in enumerate(schema.foreign_keys):
        target, reference = _positions(columns, foreign.fields), _positions(columns, foreign.reference)
        if target and reference and not foreign.resource:
            details = {"columns": list(foreign.fields), "reference": list(foreign.reference)}
            rule = Rule("foreign-key", "foreign-key", None, None, details)
            keys.append(Key(Stage.FOREIGN_KEY, rank, target, rule, reference))
    return keys


def _positions(columns: Columns, names: tuple[str, ...]) -> tuple[int, ...]:
    ranks = [columns.position(name) for name in names]
    return tuple(rank for rank in ranks if rank is not None) if ranks and None not in ranks else ()
