"""From a definition to its figures: each part is asked, then the formula is computed. Who computes knows where rows are."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from parvis.core.explore import ExploreRequest, RecordsPage
from parvis.core.indicators.assessment import PERIOD, TERRITORY, VALUE, question_of
from parvis.core.indicators.definition import COMPUTING, POPULATION, Definition, Part
from parvis.core.indicators.errors import TooManyValues
from parvis.core.indicators.formula import compute

MOST_VALUES = 5_000
_ADDITIVE = re.compile(r"\s*(?:sum|count)\s*\([^()]*\)\s*", re.IGNORECASE)
"""Aggregates of two places that make that of both, added."""

type Key = tuple[str, str]
"""Territory code (empty for the whole) and period (empty when there is none)."""
type Numbers = dict[Key, float | None]
type Ask = Callable[[Part, ExploreRequest], RecordsPage]
"""Gives the rows of a question about the dataset of a part."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with the numbers of its formula."""

    key: Key
    value: float | None
    parts: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Cause:
    """All that values come from: ``versions`` by dataset, inhabitants by territory; the same ``mark`` gives the same values."""

    definition: Definition
    versions: Mapping[str, str]
    population: Mapping[str, int]

    @property
    def mark(self) -> str:
        """Its fingerprint."""
        body = self.definition.to_dict()
        cause = [{name: body.get(name) for name in COMPUTING}, dict(self.versions), dict(self.population)]
        text = json.dumps(cause, sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def figures_of(
    definition: Definition, ask: Ask, population: Mapping[str, int], present: Mapping[str, str], timezone: str
) -> list[Figure]:
    """The whole by period, then each territory by period, in the order of their keys.

    A count that has no row in a group is 0; any other aggregate without rows is missing, and so is what is computed from it.
    ``present`` gives, by former code of a territory, that of today.
    """
    figures = []
    for by_territory in (False, True) if definition.has_territories else (False,):
        answers = {
            name: _of_today(part, _answer(name, part, ask, timezone, by_territory=by_territory), present)
            for name, part in definition.parts.items()
        }
        for key in sorted(_keys(definition, answers)):
            numbers = {name: _number(definition.parts[name], rows, key) for name, rows in answers.items()}
            if definition.needs_population:
                numbers[POPULATION] = population.get(key[0])
            figures.append(Figure(key, compute(definition.computed, numbers), numbers))
    if len(figures) > MOST_VALUES:
        raise TooManyValues(name=definition.title, most=MOST_VALUES)
    return figures


def _answer(name: str, part: Part, ask: Ask, timezone: str, *, by_territory: bool) -> Numbers:
    select, group_by = question_of(part, by_territory=by_territory)
    limit = MOST_VALUES if group_by else 1
    page = ask(part, ExploreRequest(select=select, where=part.where, group_by=group_by, limit=limit, timezone=timezone))
    if group_by and page.total_count > MOST_VALUES:
        raise TooManyValues(name=name, most=MOST_VALUES)
    rows = ((_text(row.get(TERRITORY)), _text(row.get(PERIOD)), row) for row in page.results)
    grouped = bool(by_territory and part.territory)
    return {
        (territory, period): None if row[VALUE] is None else float(row[VALUE])
        for territory, period, row in rows
        if (territory or not grouped) and (period or not part.period)
    }


def _of_today(part: Part, rows: Numbers, present: Mapping[str, str]) -> Numbers:
    """Sums and counts of communes that were joined since, added under the present code; other aggregates stay apart."""
    if not _ADDITIVE.fullmatch(part.select):
        return rows
    added: Numbers = {}
    for (code, period), number in rows.items():
        key = (present.get(code, code), period)
        total = added.get(key)
        added[key] = number if total is None else total + (number or 0.0)
    return added


def _keys(definition: Definition, answers: Mapping[str, Numbers]) -> set[Key]:
    """Places and periods of all parts; a part without period goes with each period of the others."""
    with_period = [name for name, part in definition.parts.items() if part.period] or list(answers)
    return {key for name in with_period for key in answers[name]}


def _number(part: Part, rows: Numbers, key: Key) -> float | None:
    territory, period = key
    row_key = (territory, period if part.period else "")
    if row_key in rows:
        return rows[row_key]
    return 0.0 if part.select.strip().lower().startswith("count(") else None


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
