"""The form of the map maker for an actor: their datasets, the map its fields ask for, the same fields filled again."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from parvis.core.atlas import MapDescription, MapError, completed
from parvis.core.atlas.description import MOST_LAYERS
from parvis.core.atlas.errors import NoCodes
from parvis.core.charts import Table
from parvis.core.errors import RequestError
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas.maker import condition_of, datasets_of, kind_of_source, layer_fields, prefix_of, read_map
from parvis.hub.datastore.selectors import described_source
from parvis.hub.drawings.questions import readable_dataset, table_of
from parvis.hub.drawings.selectors import offered_datasets
from parvis.hub.drawings.trails import filters_of
from parvis.hub.ui.filters import OPERATORS, BadFilter, Filter, begun_filter, read_filters_of

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
class _Known:
    """What the form must know of each dataset: its columns, the kind of layer that suits it, its title."""

    tables: dict[str, Table]
    kinds: dict[str, str]
    titles: dict[str, str]


def compose(actor: Actor, query: QueryDict, *, first: str = "", saved: MapDescription | None = None) -> Composed:
    """The map that the fields of a form ask for; ``saved`` when they ask for none.

    ``first`` is the dataset of the first layer when the page is its own. NotFound for a dataset that the actor may not read.
    """
    asked = datasets_of(query, first)
    known = _known(actor, asked or [layer.dataset for layer in (saved.layers if saved else ())])
    refused = None
    try:
        description = read_map(query, known.tables, known.kinds, first)
    except RequestError as error:
        description, refused = _forgiving(query, known, first), error
    is_opened = description is None
    description = description or saved
    datasets = offered_datasets(actor, known.titles, OFFERED)
    facts: dict[str, Any] = {
        "datasets": datasets,
        "dataset_ids": [dataset.dataset_id for dataset in datasets],
        "operators": OPERATORS,
        "blank": begun_filter(query),
    }
    if description is not None and all(layer.dataset in known.tables for layer in description.layers):
        facts |= _opened(description) if is_opened else {"filters": read_filters_of(query), "typed": query}
        facts |= _filled(description, known, facts["typed"])
    return Composed(description, refused, facts)


def _known(actor: Actor, names: list[str]) -> _Known:
    known = _Known({}, {}, {})
    for name in dict.fromkeys(names):
        dataset = readable_dataset(actor, name)
        source = described_source(dataset, dataset.current) if dataset.current else None
        if source is not None:
            known.tables[name] = table_of(source)
            known.kinds[name] = kind_of_source(source, known.tables[name])
            known.titles[name] = dataset.title
    return known


def _forgiving(query: QueryDict, known: _Known, first: str) -> MapDescription | None:
    """The map without the fields that make no sense: the form stays as it was filled."""
    kept = query.copy()
    for _attempt in range(4):
        try:
            return read_map(kept, known.tables, known.kinds, first)
        except BadFilter:
            left_out = _FILTERS
        except NoCodes:
            left_out = ("genre",)
        except RequestError:
            left_out = ("bornes", "depart", "unite", "version", "condition")
        for name in [name for name in kept if name.rpartition("-")[2] in left_out]:
            del kept[name]
    return read_map(QueryDict(), known.tables, known.kinds, first)


def _opened(saved: MapDescription) -> dict[str, Any]:
    """A saved map as if its form had been filled: filters where they say its conditions."""
    filters = filters_of(saved.layers[0].where)
    if filters is None:
        return {"filters": [], "typed": {"condition": condition_of(saved.layers[0])}}
    return {"filters": [Filter(*one) for one in filters], "typed": {}}


def _filled(description: MapDescription, known: _Known, typed: Mapping[str, str]) -> dict[str, Any]:
    shown = description
    with contextlib.suppress(MapError):  # the form shows what was guessed; what is wrong is told beside it
        shown = completed(description, known.tables)
    ranks = range(1, len(shown.layers) + 1)
    pairs = [
        (f"{one}-{two}", _("couches %(one)s et %(two)s") % {"one": one, "two": two})
        for one in ranks
        for two in ranks
        if one < two
    ]
    start = " ; ".join(f"{one:g}" for one in description.start)
    return {
        "description": description,
        "layers": layer_fields(shown, known.tables, known.titles, typed),
        "next": prefix_of(len(shown.layers)) if len(shown.layers) < MOST_LAYERS else "",
        "pairs": pairs,
        "chosen_pair": "-".join(map(str, description.compare)),
        "start": typed.get("depart", start),
        "tints": range(1, 9),
        "shape": known.tables[shown.layers[0].dataset].shape,
    }
