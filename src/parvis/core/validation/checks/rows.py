"""Checks that look at several columns of a row."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from parvis.core.validation.cells import missing_condition
from parvis.core.validation.checks.check_rows import CHECKS, Built, Subject, once_with_rows
from parvis.core.validation.plan import NEVER, Condition, Finding, Question, Texts, all_of, any_of
from parvis.core.validation.safe_predicates import SafePredicate, safe_predicate

_WHOLE = re.compile(r"[+-]?[0-9]+(?:_[0-9]+)*")
_NUMERIC_TEXT = Condition("regexp_full_match({0}, ?)", (r"0|-?[1-9][0-9]{0,14}",))

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
}
_SQL = {"==": "="}


def cohesive(subject: Subject) -> Built:
    """All of these columns filled, or none; a cell of the wrong type counts as empty."""
    params = subject.check.params
    names = list(dict.fromkeys([params["column"], *params["othercolumns"]]))
    here = [name for name in names if subject.columns.position(name) is not None]
    if not here:
        return ()
    if len(here) < len(names):
        absent = [name for name in names if name not in here]
        return (once_with_rows(subject, subject.rule(subject.check.name, None, None, absent=absent)),)
    positions = subject.positions(names) or ()
    readers = [subject.reader(position) for position in positions]

    def judge(texts: Texts) -> Iterator[Finding]:
        filled = [reader.value(text) is not None for reader, text in zip(readers, texts, strict=True)]
        if any(filled) and not all(filled):
            yield Finding(0, _shown(names, texts))

    none = all_of(*(item for item, _ in _presence(subject, positions)))
    every = all_of(*(item for _, item in _presence(subject, positions)))
    rule = subject.rule(subject.check.name, params["column"], positions[0])
    return (Question(CHECKS, subject.rank, positions, (rule,), any_of(none, every), judge),)


def _presence(subject: Subject, positions: Sequence[int]) -> Iterator[tuple[Condition, Condition]]:
    """For each column in turn: surely missing, surely filled with a value of its type."""
    for rank, position in enumerate(positions):
        missing = missing_condition(subject.missing(position)).moved(rank)
        filled = Condition(f"NOT ({missing.sql})", missing.parameters)
        yield missing, all_of(filled, safe_predicate(subject.field(position)).condition.moved(rank))


def one_of_required(subject: Subject) -> Built:
    """At least one of two columns filled; zero, false and empty lists count as empty."""
    first, second = subject.check.params["column1"], subject.check.params["column2"]
    kind = subject.check.name
    here = [name for name in dict.fromkeys([first, second]) if subject.columns.position(name) is not None]
    if not here:
        return (once_with_rows(subject, subject.rule(kind, None, None, absent=[first, second])),)
    positions = subject.positions(here) or ()
    readers = [subject.reader(position) for position in positions]

    def judge(texts: Texts) -> Iterator[Finding]:
        if not any(reader.value(text) for reader, text in zip(readers, texts, strict=True)):
            yield Finding(0, _shown(here, texts))

    texts_only = [
        (rank, subject.field(position))
        for rank, position in enumerate(positions)
        if subject.field(position).type == "string"
    ]
    presence = list(_presence(subject, positions))
    filled = any_of(*(all_of(presence[rank][1], Condition(f"{{{rank}}} <> ''")) for rank, _ in texts_only))
    alone = len(here) == 1
    rule = subject.rule(kind, first if alone else None, positions[0] if alone else None, columns=[first, second])
    shown = 0 if alone else None
    return (Question(CHECKS, subject.rank, positions, (rule,), filled, judge, value=shown),)


def compare(subject: Subject) -> Built:
    """``column`` op ``column2``, as numbers when both read as numbers, else as texts of the same type."""
    params = subject.check.params
    names = [params["column"], params["column2"]]
    positions = subject.positions(names)
    if positions is None:
        return ()
    readers = [subject.reader(position) for position in positions]
    holds = OPERATORS[params["op"]]

    def judge(texts: Texts) -> Iterator[Finding]:
        first, second = (reader.value(text) for reader, text in zip(readers, texts, strict=True))
        if first is not None and second is not None and not _compared(first, second, holds):
            yield Finding(0, _shown(names, texts))

    missing = any_of(*(item for item, _ in _presence(subject, positions)))
    rule = subject.rule(subject.check.name, names[0], positions[0])
    certain = any_of(missing, _certain_comparison(subject, positions, params["op"]))
    return (Question(CHECKS, subject.rank, positions, (rule,), certain, judge),)


def _compared(first: Any, second: Any, holds: Callable[[Any, Any], bool]) -> bool:
    left, right = written(first), written(second)
    first_number, second_number = as_number(left), as_number(right)
    if first_number is not None and second_number is not None:
        return holds(first_number, second_number)
    return type(first) is type(second) and holds(left, right)


def written(value: Any) -> str:
    """A value as Python writes it, which is the form in which values that are no numbers are compared."""
    try:
        return str(value)
    except ValueError:  # a moment whose offset is of more than a day
        return str(value.replace(tzinfo=None))


def as_number(text: str) -> int | float | None:
    """The number that ``text`` writes, whole or floating, or None."""
    plain = text.strip()
    if _WHOLE.fullmatch(plain) and len(plain) < 4_000:
        return int(plain)
    try:
        return float(plain)
    except ValueError:
        return None


def _certain_comparison(subject: Subject, positions: Sequence[int], op: str) -> Condition:
    """Both columns surely numbers that are in this order, or surely dates that do."""
    sign = _SQL.get(op, op)
    first, second = (subject.field(position) for position in positions)
    predicates = [safe_predicate(first), safe_predicate(second)]
    if first.type == second.type == "date" and all(item.text for item in predicates):
        return all_of(predicates[0].condition, predicates[1].condition.moved(1), Condition(f"{{0}} {sign} {{1}}"))
    numbers = [_numeric(item, field.type) for item, field in zip(predicates, (first, second), strict=True)]
    if None in numbers:
        return NEVER
    conditions = [item.moved(rank) for rank, item in enumerate(numbers) if item is not None]
    return all_of(*conditions, Condition(f"TRY_CAST({{0}} AS DOUBLE) {sign} TRY_CAST({{1}} AS DOUBLE)"))


def _numeric(predicate: SafePredicate, kind: str) -> Condition | None:
    if predicate.number is not None:
        return predicate.condition
    return _NUMERIC_TEXT if kind in {"string", "any"} and predicate.text is not None else None


def add_up(subject: Subject) -> Built:
    """``column`` is exactly the sum of ``columns``."""
    params = subject.check.params
    names = [params["column"], *params["columns"]]
    positions = subject.positions(names)
    if positions is None:
        return ()
    readers = [subject.reader(position) for position in positions]

    def judge(texts: Texts) -> Iterator[Finding]:
        total, *parts = (reader.value(text) for reader, text in zip(readers, texts, strict=True))
        if total is not None and None not in parts and not _is_sum(total, parts):
            yield Finding(0, _shown(names, texts))

    missing = any_of(*(item for item, _ in _presence(subject, positions)))
    rule = subject.rule(subject.check.name, names[0], positions[0])
    return (
        Question(CHECKS, subject.rank, positions, (rule,), any_of(missing, _certain_sum(subject, positions)), judge),
    )


def _is_sum(total: Any, parts: Sequence[Any]) -> bool:
    try:
        return bool(sum(parts) == total)
    except InvalidOperation:
        return False
    except TypeError:  # floating and exact numbers side by side
        return bool(sum(Decimal(part) for part in parts) == Decimal(total))


def _certain_sum(subject: Subject, positions: Sequence[int]) -> Condition:
    """Whole numbers of at most fifteen digits: their sum is exact."""
    predicates = [safe_predicate(subject.field(position)) for position in positions]
    if len(positions) < 2 or len(positions) > 100 or not all(item.whole for item in predicates):
        return NEVER
    terms = " + ".join(f"TRY_CAST({{{rank}}} AS BIGINT)" for rank in range(1, len(positions)))
    conditions = [item.condition.moved(rank) for rank, item in enumerate(predicates)]
    return all_of(*conditions, Condition(f"TRY_CAST({{0}} AS BIGINT) = {terms}"))


def _shown(names: Sequence[str], texts: Texts) -> dict[str, Any]:
    return {"values": {name: "" if text is None else str(text) for name, text in zip(names, texts, strict=True)}}
