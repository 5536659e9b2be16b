"""What is asked of the cells of one field: its type, then its constraints in the order in which they are evaluated."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any

from parvis.core.schemas.model import Field, TableSchema, noted
from parvis.core.schemas.vocabulary import TYPE_BY_NAME
from parvis.core.translation import Sentence
from parvis.core.validation.casting import Reader, value_reader
from parvis.core.validation.model import Rule
from parvis.core.validation.patterns import PUSHED_CHARACTERS, Pattern, pushed_down
from parvis.core.validation.plan import NEVER, Condition, Finding, Question, Stage, Texts, all_of, any_of
from parvis.core.validation.safe_predicates import SafePredicate, bound, member, safe_predicate

type Test = Callable[[Any], bool]

TYPE_ERROR, CONSTRAINT_ERROR = "type-error", "constraint-error"
_BOUNDS = ("minimum", "maximum")
_BOUNDED_MATCH = f"CASE WHEN length({{0}}) <= {PUSHED_CHARACTERS} THEN regexp_matches({{0}}, ?) ELSE false END"


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the cells of a field: ``value`` (None when missing or of another type) and ``broken`` (names of what is wrong)."""

    field: Field
    missing: frozenset[str]
    read: Reader
    tests: Mapping[str, Test]
    item: CellReader | None = None

    def value(self, cell: Any) -> Any:
        """The value of ``cell``, whatever its constraints say."""
        return None if cell is None or str(cell) in self.missing else self.read(cell)

    def broken(self, cell: Any) -> tuple[Any, dict[str, bool]]:
        """The value, and what is wrong: ``type`` or names of constraints, each true when it is about an item of an array."""
        if cell is None or str(cell) in self.missing:
            return None, {"required": False} if self.field.required else {}
        value = self.read(cell)
        if value is None:
            return None, {"type": False}
        wrong = {name: False for name, test in self.tests.items() if not test(value)}
        if self.item is not None and not wrong:
            for item in value:
                wrong |= dict.fromkeys(self.item.broken(item)[1], True)
        return value, wrong


def cell_reader(field: Field, missing: tuple[str, ...]) -> CellReader:
    """The reader of the cells of ``field``; its schema is sound."""
    read = value_reader(field)
    tests = dict(_tests(field, read))
    item = cell_reader(field.array_item, field.array_item.missing_values or ("",)) if field.array_item else None
    return CellReader(field, frozenset(missing), read, tests, item)


def _tests(field: Field, read: Reader) -> Iterator[tuple[str, Test]]:
    for name in TYPE_BY_NAME[field.type].constraints:
        limit = field.constraints.get(name)
        unread = name in _BOUNDS and limit is not None and read(limit) is None
        if limit is not None and name != "required" and not unread:
            yield name, _TESTS[name](field, read, limit)


def _shortest(_: Field, __: Reader, limit: int) -> Test:
    return lambda value: len(value) >= limit


def _longest(_: Field, __: Reader, limit: int) -> Test:
    return lambda value: len(value) <= limit


def _pattern(field: Field, _: Reader, limit: str) -> Test:
    return Pattern(limit, field.name).matches


def _enum(_: Field, read: Reader, limit: list[Any]) -> Test:
    allowed = [item for item in (read(item) for item in limit) if item is not None]

    def is_allowed(value: Any) -> bool:
        try:
            return value in allowed
        except (InvalidOperation, ValueError):  # a number that signals, an offset of more than a day
            return False

    try:
        allowed_set = frozenset(allowed)
        return lambda value: value in allowed_set if isinstance(value, (str, int, bool)) else is_allowed(value)
    except TypeError:
        return is_allowed


def _least(_: Field, read: Reader, limit: Any) -> Test:
    least = read(limit)
    return lambda value: in_order(least, value)


def _most(_: Field, read: Reader, limit: Any) -> Test:
    most = read(limit)
    return lambda value: in_order(value, most)


def in_order(first: Any, second: Any) -> bool:
    """``first`` <= ``second``; never for what is not a number. Of two moments one alone has a zone, or an offset of more
    than a day: both are read without it."""
    try:
        return bool(first <= second)
    except InvalidOperation:
        return False
    except (TypeError, ValueError):
        return bool(_without_zone(first) <= _without_zone(second))


def _without_zone(moment: Any) -> Any:
    return moment.replace(tzinfo=None) if isinstance(moment, (dt.datetime, dt.time)) else moment


_TESTS: Mapping[str, Callable[[Field, Reader, Any], Test]] = {
    "minLength": _shortest,
    "maxLength": _longest,
    "pattern": _pattern,
    "enum": _enum,
    "minimum": _least,
    "maximum": _most,
}


def cell_question(schema: TableSchema, field: Field, position: int, rank: int) -> Question:
    """The question about the cells of ``field``, the column at ``position`` from 0; ``rank`` orders it among the cells of a row."""
    reader = cell_reader(field, schema.missing(field))
    rules, index = _rules(field, position)

    def judge(texts: Texts) -> Iterator[Finding]:
        for name, of_item in reader.broken(texts[0])[1].items():
            yield Finding(index[name, of_item])

    return Question(Stage.CELLS, rank, (position,), rules, certain(schema, field, reader), judge)


def unread_bounds(schema: TableSchema, field: Field, position: int) -> Iterator[Question]:
    """For each bound that is no value of the type: told once, as soon as a value would be compared with it."""
    reader = cell_reader(field, schema.missing(field))

    def judge(texts: Texts) -> Iterator[Finding]:
        if reader.value(texts[0]) is not None:
            yield Finding()

    for name in _BOUNDS:
        limit = field.constraints.get(name)
        if limit is not None and reader.read(limit) is None:
            note = Sentence("la borne « {limit} » n’est pas une valeur de ce type", {"limit": str(limit)})
            details = noted(f"{field.name}/constraints/{name}", note, field.name)
            rule = Rule("error", "schema:error", None, None, details)
            missing = missing_condition(schema.missing(field))
            yield Question(Stage.CELLS, 0, (position,), (rule,), missing, judge, value=None, told_once=True)


def missing_condition(missing: tuple[str, ...]) -> Condition:
    """The cell is not there or is one of ``missing``.

    It is named once: DuckDB looks for what expressions have in common, half a minute for two thousand columns that name each cell twice.
    """
    if not missing:
        return Condition("{0} IS NULL")
    return Condition(f"coalesce({{0}} IN ({', '.join('?' * len(missing))}), true)", missing)


def certain(schema: TableSchema, field: Field, reader: CellReader) -> Condition:
    """True where the cell is surely without fault."""
    missing = missing_condition(schema.missing(field))
    filled = Condition(f"NOT ({missing.sql})", missing.parameters)
    conditions = list(_certain_value(field, reader, safe_predicate(field)))
    sql_conditions = [item for item in conditions if item is not None]
    right = all_of(*sql_conditions) if len(sql_conditions) == len(conditions) else NEVER
    if right is not NEVER:
        right = any_of(*_quick(reader, safe_predicate(field)), right)
    return all_of(filled, right) if field.required else any_of(missing, right)


def _quick(reader: CellReader, predicate: SafePredicate) -> Iterator[Condition]:
    """A condition that stands for type and constraints when these are but bounds."""
    if predicate.quick and set(reader.tests) <= set(_BOUNDS):
        limits = [reader.read(reader.field.constraints[name]) if name in reader.tests else None for name in _BOUNDS]
        yield predicate.quick(*(None if limit is None else float(limit) for limit in limits))


def _certain_value(field: Field, reader: CellReader, predicate: SafePredicate) -> Iterator[Condition | None]:
    """Conditions about type and constraints; None among them where SQL cannot tell."""
    yield predicate.condition
    if field.array_item is not None:
        yield None
    for name in reader.tests:
        limit = field.constraints[name]
        if name in _BOUNDS:
            yield bound(predicate, name, reader.read(limit))
        elif name == "pattern":
            pushed = pushed_down(limit)
            yield Condition(_BOUNDED_MATCH, (pushed,)) if pushed else None
        elif name == "enum":
            yield _certain_enum(field, limit, reader.tests["enum"])
        elif field.type == "string":
            yield Condition(f"length({{0}}) {'>=' if name == 'minLength' else '<='} ?", (limit,))
        else:
            yield None


def _certain_enum(field: Field, limit: list[Any], test: Test) -> Condition | None:
    if field.type == "boolean":
        spelt = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)
        return member(tuple(text for text, value in spelt.items() if test(value)))
    texts = tuple(text for text in limit if isinstance(text, str))
    return member(texts) if field.type in {"string", "any"} else None


def _rules(field: Field, position: int) -> tuple[tuple[Rule, ...], dict[tuple[str, bool], int]]:
    """Every rule of the field and of its items, and where each stands."""
    rules: list[Rule] = []
    index: dict[tuple[str, bool], int] = {}
    for of_item, item in ((False, field), (True, field.array_item)):
        if item is None:
            continue
        index["type", of_item] = len(rules)
        rules.append(_type_rule(field, item, position, of_item=of_item))
        for name in TYPE_BY_NAME[item.type].constraints:
            if item.constraints.get(name) is not None:
                index[name, of_item] = len(rules)
                details = constraint_details(item, name) | ({"item": True} if of_item else {})
                rules.append(Rule(CONSTRAINT_ERROR, f"constraint:{name}", field.name, position + 1, details))
    return tuple(rules), index


def _type_rule(field: Field, item: Field, position: int, *, of_item: bool) -> Rule:
    plain = item.format == "default"
    rule = f"type:{item.type}" if plain else f"type:{item.type}:{item.format}"
    if item.type in {"date", "datetime", "time"}:
        rule = f"type:{item.type}"  # their formats are patterns, without end
    details: dict[str, Any] = {"format": item.format}
    if item.type == "boolean":
        details |= {"true_values": list(item.true_values), "false_values": list(item.false_values)}
    if item.type == "number":
        details |= {"decimal_char": item.decimal_char, "group_char": item.group_char}
    if item.type == "array" and item.array_item is not None:
        details["item"] = item.array_item.type
    return Rule(TYPE_ERROR, rule, field.name, position + 1, details | ({"in_array": True} if of_item else {}))


def constraint_details(field: Field, name: str) -> dict[str, Any]:
    """What a sentence about this constraint needs."""
    limit = field.constraints[name]
    if name == "enum":
        return {"values": list(limit), "type": field.type}
    if name == "pattern":
        return {"pattern": limit, "example": field.example, "type": field.type}
    return {"limit": limit if isinstance(limit, (str, bool)) else json.dumps(limit, default=str), "type": field.type}
