"""« Faire une carte »: from the map of a dataset, a plain form whose address says the whole map."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.core.atlas import MapDescription, MapError, completed
from parvis.core.atlas.description import MOST_LAYERS
from parvis.core.charts import Table
from parvis.core.errors import NotFound, RequestError
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.atlas.frames import MapFrame, frame_of
from parvis.hub.atlas.maker import datasets_of, kind_of_source, layer_fields, prefix_of, read_map
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.charts.answering import readable_dataset, table_of
from parvis.hub.datastore.selectors import described_source
from parvis.hub.ui.filters import OPERATORS, Filter, read_filters
from parvis.web.portal.dataset import of_dataset, shared_facts

OFFERED = 300
"""Datasets offered for a further layer."""


@of_dataset
def compose(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The form and the map it asks for; what makes no sense is explained in the map's place."""
    actor = actor_of(request.user)
    address = f"{dataset.get_absolute_url()}map/composer/"
    filters = read_filters(request)
    facts: dict[str, Any] = {
        **shared_facts(dataset, "map"),
        "filters": filters,
        "blank": Filter("", "contient", ""),
        "operators": OPERATORS,
        "address": address,
        "others": others(actor),
    }
    status = 200
    tables, kinds, titles = known(actor, datasets_of(request.GET, dataset.dataset_id))
    try:
        description = read_map(request.GET, tables, kinds, dataset.dataset_id)
        if description is None:
            raise NotFound(name=dataset.dataset_id)
    except RequestError as error:
        description, status = None, 400
        facts["frame"] = _refusal(error)
    if description is not None:
        facts |= filled(description, tables, titles)
        frame = frame_of(actor, description, request=request, level=3)
        status = 400 if frame.error and frame.code != "map-empty" else 200
        facts |= {"frame": frame, "shape": tables[dataset.dataset_id].shape}
    return render(request, "portal/map_maker.html", facts, status=status)


def known(actor: Actor, names: list[str]) -> tuple[dict[str, Table], dict[str, str], dict[str, str]]:
    """What the form must know of each dataset: its columns, the kind of layer that suits it, its title."""
    tables: dict[str, Table] = {}
    kinds, titles = {}, {}
    for name in dict.fromkeys(names):
        dataset = readable_dataset(actor, name)
        source = described_source(dataset, dataset.current) if dataset.current else None
        if source is not None:
            tables[name] = table_of(source)
            kinds[name] = kind_of_source(source, tables[name])
            titles[name] = dataset.title
    return tables, kinds, titles


def filled(description: MapDescription, tables: Mapping[str, Table], titles: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the form as the description fills them."""
    shown = description
    with contextlib.suppress(MapError):  # the form shows what was guessed; what is wrong is told beside it
        shown = completed(description, tables)
    ranks = range(1, len(shown.layers) + 1)
    pairs = [
        (f"{one}-{two}", _("couches %(one)s et %(two)s") % {"one": one, "two": two})
        for one in ranks
        for two in ranks
        if one < two
    ]
    return {
        "description": description,
        "layers": layer_fields(shown, tables, titles, filtered=True),
        "next": prefix_of(len(shown.layers)) if len(shown.layers) < MOST_LAYERS else "",
        "pairs": pairs,
        "chosen_pair": "-".join(map(str, description.compare)),
        "start": " ; ".join(f"{one:g}" for one in description.start),
        "tints": range(1, 9),
    }


def others(actor: Actor) -> list[Dataset]:
    """The datasets that a further layer may show."""
    found = datasets_visible_to(actor).prefetch_related(None).filter(current__isnull=False)
    return list(found.order_by("title")[:OFFERED])


def _refusal(error: RequestError) -> MapFrame:
    language = get_language() or "fr"
    return MapFrame("carte", error=error.message(language), remedy=error.hint(language), code=error.code)
