"""The form of the map maker for an actor: their datasets, the map its fields ask for, the same fields filled again."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parvis.core.atlas.completion import completed
from parvis.core.atlas.description import MOST_LAYERS, MapDescription
from parvis.core.atlas.errors import MapError, NoCodes
from parvis.core.charts.questions import Table
from parvis.core.errors import RequestError
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas.maker import (
    LayerFields,
    datasets_of,
    kind_of_source,
    layer_fields,
    prefix_of,
    read_map,
)
from parvis.hub.datastore.selectors import described_source
from parvis.hub.drawings.drawn_conditions import drawn_condition
from parvis.hub.drawings.menu_sources import MenuSource
from parvis.hub.drawings.questions import readable_dataset, table_of
from parvis.hub.drawings.selectors import offered_datasets
from parvis.hub.ui.filters import BadFilter

OFFERED = 300
"""Datasets offered for a layer."""
_FILTERS = ("colonne", "op", "valeur", "q")


@dataclass(frozen=True, slots=True)
class Composed:
    """A map as a form asks for it; what made no sense is told by ``refused``, and left out of ``description``."""

    description: MapDescription | None
    refused: RequestError | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    """What ``parvis/atlas/maker_fields.html`` shows."""


@dataclass(frozen=True, slots=True)
class _DatasetFacts:
    """What the form must know of each dataset: its columns, the kind of layer that suits it, its title."""

    tables: dict[str, Table]
    kinds: dict[str, str]
    titles: dict[str, str]


def compose(actor: Actor, query: QueryDict, *, first: str = "", saved: MapDescription | None = None) -> Composed:
    """The map that the fields of a form ask for; ``saved`` when they ask for none.

    ``first`` is the dataset of the first layer when the page is its own. NotFound for a dataset that the actor may not read.
    """
    dataset_ids = datasets_of(query, first)
    dataset_facts = _dataset_facts(actor, dataset_ids or [layer.dataset for layer in (saved.layers if saved else ())])
    refused = None
    try:
        description = read_map(query, dataset_facts.tables, dataset_facts.kinds, first)
    except RequestError as error:
        description, refused = _forgiving(query, dataset_facts, first), error
    is_opened = description is None
    description = description or saved
    datasets = offered_datasets(actor, dataset_facts.titles, OFFERED)
    facts: dict[str, Any] = {
        "datasets": datasets,
        "dataset_ids": [dataset.dataset_id for dataset in datasets],
    }
    if description is not None and all(layer.dataset in dataset_facts.tables for layer in description.layers):
        facts |= _filled(description, dataset_facts, {} if is_opened else query, MenuSource(actor))
    return Composed(description, refused, facts)


def _dataset_facts(actor: Actor, names: list[str]) -> _DatasetFacts:
    datasets = _DatasetFacts({}, {}, {})
    for name in dict.fromkeys(names):
        dataset = readable_dataset(actor, name)
        source = described_source(dataset, dataset.current) if dataset.current else None
        if source is not None:
            datasets.tables[name] = table_of(source)
            datasets.kinds[name] = kind_of_source(source, datasets.tables[name])
            datasets.titles[name] = dataset.title
    return datasets


def _forgiving(query: QueryDict, datasets: _DatasetFacts, first: str) -> MapDescription | None:
    """The map without the fields that make no sense: the form stays as it was filled."""
    fields = query.copy()
    for _attempt in range(4):
        try:
            return read_map(fields, datasets.tables, datasets.kinds, first)
        except BadFilter:
            left_out = _FILTERS
        except NoCodes:
            left_out = ("genre",)
        except RequestError:
            left_out = ("bornes", "depart", "unite", "version", "condition")
        for name in [name for name in fields if name.rpartition("-")[2] in left_out]:
            del fields[name]
    return read_map(QueryDict(), datasets.tables, datasets.kinds, first)


def _filled(
    description: MapDescription, datasets: _DatasetFacts, typed: Mapping[str, str], source: MenuSource
) -> dict[str, Any]:
    shown = description
    with contextlib.suppress(MapError):  # the form shows what was guessed; what is wrong is told beside it
        shown = completed(description, datasets.tables)
    ranks = range(1, len(shown.layers) + 1)
    pairs = [
        (f"{layer_rank}-{two}", _("couches %(one)s et %(two)s") % {"one": layer_rank, "two": two})
        for layer_rank in ranks
        for two in ranks
        if layer_rank < two
    ]
    start = " ; ".join(f"{layer_rank:g}" for layer_rank in description.start)
    return {
        "description": description,
        "layers": [
            replace(part, menu=_menu_of(part, datasets.tables[part.dataset], source))
            for part in layer_fields(shown, datasets.tables, datasets.titles, typed)
        ],
        "next": prefix_of(len(shown.layers)) if len(shown.layers) < MOST_LAYERS else "",
        "pairs": pairs,
        "chosen_pair": "-".join(map(str, description.compare)),
        "start": typed.get("depart", start),
        "tints": range(1, 9),
        "shape": datasets.tables[shown.layers[0].dataset].shape,
    }


def _menu_of(part: LayerFields, table: Table, source: MenuSource) -> SafeString:
    name = f"maker-{part.prefix}condition"
    return drawn_condition(part.condition, table.shape, source, part.dataset, part.prefix, name)
