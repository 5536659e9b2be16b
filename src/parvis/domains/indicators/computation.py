"""Where the figures of indicators come from: versions of datasets that readers see, inhabitants of territories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings

from parvis.core.engine.contract import Source
from parvis.core.errors import NotFound
from parvis.core.explore import ExploreRequest, RecordsPage, records
from parvis.core.indicators.definition import Definition, Part
from parvis.core.indicators.figures import MOST_VALUES, Cause, Figure, figures_of
from parvis.core.odsql import Names
from parvis.domains.indicators.rules import MissingSource
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import dataset_called, versions_called
from parvis.hub.datastore.selectors import engine, whole_source_of
from parvis.hub.territories.selectors import Kind, communes_of, names_by_code, present_codes, territories

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def dataset_named(dataset_id: str) -> Dataset:
    """The dataset of that identifier, present or former; MissingSource when there is none. Rights are the caller's care."""
    dataset = dataset_called(dataset_id)
    if dataset is None:
        raise MissingSource(name=dataset_id)
    return dataset


def cause_of(definition: Definition) -> Cause:
    """What would be computed now, from the versions that readers see; MissingSource when a dataset has none."""
    versions = {}
    for dataset_id in definition.datasets:
        dataset = dataset_named(dataset_id)
        if dataset.status != Status.PUBLISHED or dataset.current is None:
            raise MissingSource(name=dataset_id)
        versions[dataset_id] = dataset.current.name
    return Cause(definition, versions, _population_of(definition))


def figures(definition: Definition, versions: Mapping[str, str], population: Mapping[str, int]) -> list[Figure]:
    """The figures of those versions, whatever the site of the request; MissingSource when one is gone."""
    present = present_codes(definition.level) if definition.level and definition.has_territories else {}
    seconds = settings.PARVIS["PARVIS_ENGINE_SECONDS"]

    def ask(part: Part, request: ExploreRequest) -> RecordsPage:
        source = _source_named(part.dataset, versions[part.dataset])
        return records(engine(), source, request, names=Names(source.shape), seconds=seconds, most=MOST_VALUES)

    return figures_of(definition, ask, population, present, settings.TIME_ZONE)


def names_of_territories(definition: Definition) -> dict[str, str]:
    """The name of each territory of the level by its code, former ones included; that of the whole under the empty code."""
    return {"": definition.place, **(names_by_code(definition.level) if definition.level else {})}


def _source_named(dataset_id: str, version_name: str) -> Source:
    version = versions_called([version_name]).filter(dataset=dataset_named(dataset_id)).first()
    try:
        if version is not None:
            return whole_source_of(version.dataset, version)
    except NotFound as error:
        raise MissingSource(name=dataset_id) from error
    raise MissingSource(name=dataset_id)


def _population_of(definition: Definition) -> dict[str, int]:
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
