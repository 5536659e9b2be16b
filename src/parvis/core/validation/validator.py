"""The doors of the room: a file, or a staged table, against a schema; a report that holds every fault."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from parvis.core.formats.limits import DEFAULT_LIMITS, Limits
from parvis.core.formats.regular_text import UNREADABLE
from parvis.core.progress import Progress, no_progress
from parvis.core.schemas.model import TableSchema
from parvis.core.staging import StagedTable, Workspace, open_workspace
from parvis.core.text import cut_label
from parvis.core.validation.cells import missing_condition
from parvis.core.validation.compiler import compile_plan
from parvis.core.validation.fault_store import counted, first_examples, store
from parvis.core.validation.file_reader import Reading, read_file, staged_rows
from parvis.core.validation.headers import Columns, match_columns
from parvis.core.validation.key_runner import check_keys, reorder_cells
from parvis.core.validation.model import Count, Fault, FewFaults, Report, Rule
from parvis.core.validation.patterns import pattern_budget
from parvis.core.validation.plan import Condition, Once, Plan, Question, all_of
from parvis.core.validation.runner import Rows, Run
from parvis.core.validation.soundness import schema_problems

MEMORY = "384MB"
VALIDATA_CAP = 1_000
"""Faults after which Validata stops: ``itertools.islice(report.faults, VALIDATA_CAP)`` are the ones it lists."""

VALIDATA_ROWS = 100_000
"""Rows beyond which Validata 0.12.5 refuses a table, which strict checking tells too."""

_FILE = "faults.parquet"


def validate(
    path: Path,
    schema: TableSchema,
    folder: Path,
    *,
    strict: bool = False,
    any_case: bool = False,
    name: str | None = None,
    progress: Progress = no_progress,
    limits: Limits = DEFAULT_LIMITS,
) -> Report:
    """Check the file ``path``, called ``name`` in messages, against ``schema``; all faults go to a file in ``folder``.

    ``strict`` reads as Validata does: first record the header, names in their exact case, its guess of the separator; ``any_case``
    is then its option to ignore capitals. Otherwise the file is read as it is (any separator and encoding, spreadsheets, names
    that differ by capitals), and what Validata would have refused is told as advice.

    Raises the refusals of ``core.formats`` for a file that cannot be read at all, SlowPattern for a pattern that takes too long.
    """
    problems = schema_problems(schema)
    if problems:
        return _without_table(schema, [_problem_fault(item.kind, item.details()) for item in problems])
    folder.mkdir(parents=True, exist_ok=True)
    with pattern_budget(), open_workspace(folder, memory=MEMORY, spatial=False) as workspace:
        # Lists of texts that become joins would lose the order of rows, which numbers them.
        workspace.connection.execute("SET disabled_optimizers = 'extension, in_clause'")
        reading = read_file(
            workspace, path, schema, name=name or path.name, strict=strict, progress=progress, limits=limits
        )
        reading = replace(reading, header=tuple(map(cut_label, reading.header)))
        if reading.refusal is not None:
            return _without_table(schema, [reading.refusal])
        columns = match_columns(schema, reading.header, any_case=any_case and strict, tell_case=not strict)
        return _report(workspace, schema, columns, reading, folder, progress, strict=strict)


def validate_staged(
    workspace: Workspace, staged: StagedTable, schema: TableSchema, folder: Path, *, progress: Progress = no_progress
) -> Report:
    """Check the staged table of ``workspace`` against ``schema``; rows are told by their line in the source.

    Faults go to a file in ``folder``, which may outlive the workspace.
    """
    problems = schema_problems(schema)
    if problems:
        return _without_table(schema, [_problem_fault(item.kind, item.details()) for item in problems])
    folder.mkdir(parents=True, exist_ok=True)

    rows = staged_rows(staged)
    header = tuple(column.header for column in staged.columns)
    columns = match_columns(schema, header, any_case=False, tell_case=True)
    with pattern_budget():
        return _report(workspace, schema, columns, Reading(header, rows), folder, progress)


def _report(
    workspace: Workspace,
    schema: TableSchema,
    columns: Columns,
    reading: Reading,
    folder: Path,
    progress: Progress,
    *,
    strict: bool = False,
) -> Report:
    plan, plan_advice = compile_plan(schema, columns)
    blank = all_of(*(missing_condition(schema.missing(item)).moved(rank) for rank, item in enumerate(columns.fields)))
    rows = _stream(reading.stream, schema, columns) if reading.stream else _fitted(_rows_of(reading), columns)
    run = Run(workspace.connection, rows, progress)
    run.tell_once([item for item in plan.once if not item.with_first_row and not item.last])
    if plan.shape:
        _ask(run, schema, columns, plan, blank, _waiting(run, columns, plan, blank, reading))
        run.tell_once([item for item in plan.once if item.with_first_row])
    if strict and run.rows.count > VALIDATA_ROWS:
        run.tell_once(
            [
                Once(
                    Rule("table-dimensions", "source:table-dimensions", None, None, {"limit": VALIDATA_ROWS}),
                    None,
                    last=True,
                )
            ],
            -1,
        )
    run.tell_once([item for item in plan.once if item.last])
    stored = store(run.connection, run.rules, folder / _FILE)
    advice = (*reading.advice, *columns.advice, *plan_advice)
    return Report(
        not stored.total,
        schema.name,
        schema.version,
        run.rows.count,
        tuple(reading.header),
        counted(run.connection, run.rules),
        first_examples(run.connection, run.rules),
        advice,
        stored,
    )


def _rows_of(reading: Reading) -> Rows:
    rows = reading.read_rows()
    assert rows is not None
    return rows


def _fitted(rows: Rows, columns: Columns) -> Rows:
    """The rows with no more columns than there are labels."""
    return replace(rows, columns=rows.columns[: len(columns.labels)])


def _stream(rows: Rows, schema: TableSchema, columns: Columns) -> Rows:
    """The same for rows whose empty cells are NULL, which stands for the empty text unless that is a missing value too."""
    fitted = _fitted(rows, columns)
    missing = [schema.missing(field) for field in columns.fields] or [()] * len(fitted.columns)
    pairs = zip(fitted.columns, missing, strict=True)
    return replace(fitted, columns=tuple(sql if "" in texts else f"coalesce({sql}, '')" for sql, texts in pairs))


def _waiting(run: Run, columns: Columns, plan: Plan, blank: Condition, reading: Reading) -> list[Question]:
    """The questions that one scan leaves open; of the file itself when it is as regular as it seems."""
    if reading.stream:
        keys = {rank for key in plan.keys for rank in (*key.columns, *key.reference)}
        with suppress(*UNREADABLE):
            waiting = run.look(plan.questions, blank, keys)
            if waiting is not None:
                return waiting
        run.rows = _fitted(_rows_of(reading), columns)
    return run.look(plan.questions, blank, ()) or []


def _ask(
    run: Run, schema: TableSchema, columns: Columns, plan: Plan, blank: Condition, waiting: Sequence[Question]
) -> None:
    """The questions about rows that are open, then what the order of Validata asks for."""
    run.find_blank(blank)
    run.ask(waiting)
    run.shape()
    run.missing_cells([field.name for field in columns.fields])
    run.forget_blank()
    check_keys(run, schema, columns, plan.keys)
    reorder_cells(run, columns, plan.field_order)


def _without_table(schema: TableSchema, faults: Sequence[Fault]) -> Report:
    """The report of what could not even be looked at."""
    counts: dict[tuple[str, str, str | None], int] = {}
    for fault in faults:
        key = (fault.kind, fault.rule, fault.column)
        counts[key] = counts.get(key, 0) + 1
    listed = tuple(Count(*key, count) for key, count in counts.items())
    few = FewFaults(tuple(faults))
    return Report(False, schema.name, schema.version, 0, (), listed, tuple(faults), (), few)


def _problem_fault(kind: str, details: dict[str, object]) -> Fault:
    return Fault(kind, None, None, None, None, f"schema:{kind}", details)
