"""What a step of preparation is: its parameters with their kinds, its words, and the function that does it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from parvis.core.transforms.model import BadStep, Step
from parvis.core.translation import Sentence

if TYPE_CHECKING:
    from parvis.core.transforms.preparation.work import Result, Work

PREFIX = "prepare."
"""Of the names of these steps among all transforms; recipes leave it out."""
COMMENT = "comment"
"""The parameter that any step may have: why it is there, in the words of whoever wrote it."""
OFF = "off"
"""The parameter of a step that stays in its recipe and does nothing, until it is wanted again."""
LONGEST_TEXT = 2_000
LONGEST_SQL = 20_000
MOST_ITEMS = 2_000


class Kind(StrEnum):
    """What a parameter holds; each has its own input on screens and its own check."""

    COLUMN = "column"
    COLUMNS = "columns"
    NEW = "new-column"
    NEWS = "new-columns"
    TEXT = "text"
    TEXTS = "texts"
    NAMES = "names"
    """A table from a column to a new name."""
    VALUES = "values"
    """A table from a text to another one."""
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    PATTERN = "pattern"
    SQL = "sql"
    CONDITIONS = "conditions"
    AGGREGATES = "aggregates"
    DATASET = "dataset"
    QUERY = "query"
    """A condition in a language of questions, which the engine answers before the step."""


class Group(StrEnum):
    """What a step is about, to find it in a menu."""

    COLUMNS = "columns"
    TEXT = "text"
    VALUES = "values"
    ROWS = "rows"
    SHAPE = "shape"
    STRUCTURES = "structures"
    PLACES = "places"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a parameter may have, and its words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name in recipes, its kind, its words. What is not required has a default."""

    name: str
    kind: Kind
    label: str
    required: bool = True
    default: Any = None
    choices: tuple[Choice, ...] = ()
    low: int | None = None
    high: int | None = None


ON_FAILURE = "on_failure"
DATASET = "dataset:"
"""Before the identifier of a dataset, among the tables that a step reads."""
EXTRACT = "extract:"
"""Before what is asked of a dataset, as JSON: a table of the rows that answer it."""
TERRITORIES, CONTOURS, ADDRESSES, NATIONAL = "territories", "contours", "addresses", "national-addresses"
"""Tables of the instance: communes and what they are part of, where communes lie, the addresses that it has loaded, the answers of the
national service of addresses."""


def _nothing(_values: Mapping[str, Any]) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Preparation:
    """One row: a step, what it does in one sentence, how a page tells that it was done (``summary``, whose placeholders are the
    parameters), its parameters.

    ``fails``: what rows may do wrong is told row by row, under the parameter ``on_failure``. ``example`` is a step that works on
    the table of the documentation, tested as such.
    """

    name: str
    group: Group
    label: str
    sentence: str
    summary: str
    parameters: tuple[Parameter, ...]
    run: Callable[[Work, Mapping[str, Any]], Result]
    fails: bool = False
    needs: Callable[[Mapping[str, Any]], Iterable[str]] = _nothing
    """The tables of the instance that it reads for such parameters, beside the datasets that these name."""

    @property
    def step_name(self) -> str:
        """Its name among all transforms."""
        return PREFIX + self.name

    def parameter(self, name: str) -> Parameter | None:
        """Its parameter of that name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


def read_values(preparation: Preparation, step: Step) -> dict[str, Any]:
    """The parameters of a step, checked and completed by their defaults; BadStep says which will not do, and why."""
    names = [parameter.name for parameter in preparation.parameters]
    for name in step.parameters:
        if name not in (*names, COMMENT, OFF):
            raise bad(
                step,
                Sentence(
                    "« {name} » n’est pas un réglage de cette étape{near}", {"name": name, "near": _near(name, names)}
                ),
            )
    if not isinstance(step.parameters.get(OFF, False), bool):
        raise bad(step, Sentence("« {name} » attend {expected}", {"name": OFF, "expected": Sentence("true ou false")}))
    values: dict[str, Any] = {}
    for parameter in preparation.parameters:
        value = step.parameters.get(parameter.name)
        if value is None or (value == "" and parameter.kind is not Kind.TEXT):
            if parameter.required:
                raise bad(step, Sentence("il manque « {name} »", {"name": parameter.name}))
            values[parameter.name] = parameter.default
        else:
            values[parameter.name] = _CHECKS[parameter.kind](step, parameter, value)
    return values


def is_off(step: Step) -> bool:
    """Whether a step of preparation does nothing for now."""
    return step.name.startswith(PREFIX) and step.parameters.get(OFF) is True


def bad(step: Step, reason: str | Sentence) -> BadStep:
    """The refusal of a step, by the name that recipes give it."""
    return BadStep(step=step.name.removeprefix(PREFIX), reason=reason)


def _near(name: str, names: Iterable[str]) -> Sentence | str:
    matches = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return Sentence(" (« {name} » ?)", {"name": matches[0]}) if matches else ""


def _wrong(step: Step, parameter: Parameter, expected: Sentence) -> BadStep:
    return bad(step, Sentence("« {name} » attend {expected}", {"name": parameter.name, "expected": expected}))


def _text(step: Step, parameter: Parameter, value: object) -> str:
    longest = LONGEST_SQL if parameter.kind in (Kind.SQL, Kind.QUERY) else LONGEST_TEXT
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _wrong(step, parameter, Sentence("un texte"))
    if len(value) > longest or "\0" in value:
        raise _wrong(step, parameter, Sentence("un texte plus court"))
    return value


def _texts(step: Step, parameter: Parameter, value: object) -> list[str]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not items or len(items) > MOST_ITEMS:
        raise _wrong(step, parameter, Sentence("une liste de textes"))
    return [_text(step, parameter, item) for item in items]


def _pairs(step: Step, parameter: Parameter, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or not value or len(value) > MOST_ITEMS:
        raise _wrong(step, parameter, Sentence("des paires de textes : un texte, puis ce qui le remplace"))
    return {_text(step, parameter, key): _text(step, parameter, item) for key, item in value.items()}


def _number(step: Step, parameter: Parameter, value: object) -> float:
    whole = parameter.kind is Kind.INTEGER
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise _wrong(step, parameter, Sentence("un nombre entier") if whole else Sentence("un nombre"))
    low, high = parameter.low, parameter.high
    if (low is not None and value < low) or (high is not None and value > high) or abs(value) > 1e15:
        raise _wrong(
            step,
            parameter,
            Sentence(
                "un nombre de {low} à {high}",
                {"low": low if low is not None else "…", "high": high if high is not None else "…"},
            ),
        )
    return value


def _boolean(step: Step, parameter: Parameter, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(step, parameter, Sentence("true ou false"))
    return value


def _choice(step: Step, parameter: Parameter, value: object) -> str:
    values = [choice.value for choice in parameter.choices]
    if value not in values:
        raise _wrong(step, parameter, Sentence("une de ces valeurs : {values}", {"values": ", ".join(values)}))
    return str(value)


def _conditions(step: Step, parameter: Parameter, value: object) -> list[dict[str, Any]]:
    items = [value] if isinstance(value, Mapping) else value
    if (
        not isinstance(items, list)
        or not items
        or len(items) > 50
        or not all(isinstance(item, Mapping) for item in items)
    ):
        raise _wrong(step, parameter, Sentence("une liste de conditions : une colonne, un test, une valeur"))
    return [{str(key): item[key] for key in item} for item in items]


_CHECKS: Mapping[Kind, Callable[[Step, Parameter, Any], Any]] = {
    Kind.COLUMN: _text,
    Kind.COLUMNS: _texts,
    Kind.NEW: _text,
    Kind.NEWS: _texts,
    Kind.TEXT: _text,
    Kind.TEXTS: _texts,
    Kind.NAMES: _pairs,
    Kind.VALUES: _pairs,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.PATTERN: _text,
    Kind.SQL: _text,
    Kind.CONDITIONS: _conditions,
    Kind.AGGREGATES: _conditions,
    Kind.DATASET: _text,
    Kind.QUERY: _text,
}
"""One check a kind."""
