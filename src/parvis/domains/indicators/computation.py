"""From a definition and versions to figures: each part is asked of the engine, then the formula is computed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from parvis.core.engine.contract import Source
from parvis.core.errors import NotFound
from parvis.core.explore import ExploreRequest, records
from parvis.core.indicators import (
    PERIOD,
    POPULATION,
    TERRITORY,
    VALUE,
    Definition,
    Part,
    TooManyValues,
    compute,
    question_of,
)
from parvis.core.odsql import Names
from parvis.domains.indicators.rules import MissingSource
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import dataset_called, versions_called
from parvis.hub.datastore.selectors import engine, whole_source_of
from parvis.hub.territories.selectors import Kind, communes_of, names_by_code, present_codes, territories

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

MOST_VALUES = 5_000
_ADDITIVE = re.compile(r"\s*(?:sum|count)\s*\([^()]*\)\s*", re.IGNORECASE)
"""Aggregates of two places that make that of both, added."""

type Key = tuple[str, str]
"""Territory code (empty for the whole) and period (empty when there is none)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One value with the numbers of its formula."""

    key: Key
    value: float | None
    parts: Mapping[str, float | None]


def dataset_named(dataset_id: str) -> Dataset:
    """The dataset of that identifier, present or former; MissingSource when there is none. Rights are the caller's care."""
    dataset = dataset_called(dataset_id)
    if dataset is None:
        raise MissingSource(name=dataset_id)
    return dataset


def current_versions(definition: Definition) -> dict[str, str]:
    """The version that readers see of each dataset asked; MissingSource when one has none."""
    versions = {}
    for dataset_id in definition.datasets:
        dataset = dataset_named(dataset_id)
        if dataset.status != Status.PUBLISHED or dataset.current is None:
            raise MissingSource(name=dataset_id)
        versions[dataset_id] = dataset.current.name
    return versions


def source_named(dataset_id: str, version_name: str) -> Source:
    """The rows of a version, whatever the site of the request; MissingSource when they are gone."""
    version = versions_called([version_name]).filter(dataset=dataset_named(dataset_id)).first()
    if version is None:
        raise MissingSource(name=dataset_id)
    try:
        return whole_source_of(version.dataset, version)
    except NotFound as error:
        raise MissingSource(name=dataset_id) from error


def figures(definition: Definition, versions: Mapping[str, str], population: Mapping[str, int]) -> list[Figure]:
    """The whole by period, then each territory by period, in the order of their keys.

    A count that has no row in a group is 0; any other aggregate without rows is missing, and so is what is computed from it.
    """
    all_figures = []
    for by_territory in (False, True) if definition.has_territories else (False,):
        answers = {
            name: _answers(name, part, versions[part.dataset], by_territory=by_territory)
            for name, part in definition.parts.items()
        }
        if by_territory and definition.level:
            answers = _of_today(definition, answers)
        for key in sorted(_keys(definition, answers)):
            numbers = {name: _number(definition.parts[name], rows, key) for name, rows in answers.items()}
            numbers[POPULATION] = population.get(key[0])
            all_figures.append(Figure(key, compute(definition.computed, numbers), _used(definition, numbers)))
    if len(all_figures) > MOST_VALUES:
        raise TooManyValues(name=definition.title, most=MOST_VALUES)
    return all_figures


def population_of(definition: Definition) -> dict[str, int]:
    """Inhabitants by code of the territories of its level, and of the whole under the empty code; nothing when not needed."""
    if not definition.needs_population:
        return {}
    kind, _colon, code = definition.territory.partition(":")
    whole = territories(kind).filter(code=code).first()
    inhabitants = {} if whole is None or whole.population is None else {"": whole.population}
    if definition.level and definition.has_territories:
        is_narrowed = definition.level == Kind.COMMUNE and whole is not None and kind != Kind.COMMUNE
        level = communes_of(whole) if is_narrowed else territories(definition.level)
        inhabitants |= dict(level.filter(population__isnull=False).values_list("code", "population"))
    return inhabitants


def names_of_territories(definition: Definition) -> dict[str, str]:
    """The name of each territory of the level by its code, former ones included."""
    return names_by_code(definition.level) if definition.level else {}


def _of_today(
    definition: Definition, answers: Mapping[str, Mapping[Key, float | None]]
) -> dict[str, dict[Key, float | None]]:
    """Sums and counts of communes that were joined since, added under the present code; other aggregates stay apart."""
    present = present_codes(definition.level)
    totals = {}
    for name, rows in answers.items():
        if not _ADDITIVE.fullmatch(definition.parts[name].select):
            totals[name] = dict(rows)
            continue
        added: dict[Key, float | None] = {}
        for (code, period), number in rows.items():
            key = (present.get(code, code), period)
            total = added.get(key)
            added[key] = number if total is None else total + (number or 0.0)
        totals[name] = added
    return totals


def _answers(name: str, part: Part, version: str, *, by_territory: bool) -> dict[Key, float | None]:
    source = source_named(part.dataset, version)
    select, group_by = question_of(part, by_territory=by_territory)
    limit = MOST_VALUES if group_by else 1
    page = records(
        engine(),
        source,
        ExploreRequest(select=select, where=part.where, group_by=group_by, limit=limit, timezone=settings.TIME_ZONE),
        names=Names(source.shape),
        seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"],
        most=MOST_VALUES,
    )
    if group_by and page.total_count > MOST_VALUES:
        raise TooManyValues(name=name, most=MOST_VALUES)
    rows = ((_text(row.get(TERRITORY)), _text(row.get(PERIOD)), row) for row in page.results)
    grouped = bool(by_territory and part.territory)
    return {
        (territory, period): None if row[VALUE] is None else float(row[VALUE])
        for territory, period, row in rows
        if (territory or not grouped) and (period or not part.period)
    }


def _keys(definition: Definition, answers: Mapping[str, Mapping[Key, float | None]]) -> set[Key]:
    """Places and periods of all parts; a part without period goes with each period of the others."""
    with_period = [name for name, part in definition.parts.items() if part.period] or list(answers)
    return {key for name in with_period for key in answers[name]}


def _number(part: Part, rows: Mapping[Key, float | None], key: Key) -> float | None:
    territory, period = key
    row_key = (territory, period if part.period else "")
    if row_key in rows:
        return rows[row_key]
    return 0.0 if part.select.strip().lower().startswith("count(") else None


def _used(definition: Definition, numbers: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: value for name, value in numbers.items() if name != POPULATION or definition.needs_population}


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
