"""What the map's script needs to draw a map: where its layers are, how they are coloured, the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from parvis.core.atlas import Legend, Step
from parvis.core.atlas.questions import conditions_of
from parvis.core.geo.mercator import MAX_ZOOM
from parvis.core.years import holds_years
from parvis.hub.addresses import here
from parvis.hub.atlas.answering import Answered, LayerAnswer
from parvis.hub.atlas.pictures import start_box
from parvis.hub.atlas.words import atlas_words
from parvis.hub.drawings.trails import origin_of
from parvis.hub.maps.ground import base_of_maps
from parvis.hub.sites.lens import current_lens

type Address = Callable[..., str]
"""From a file's name to its address."""


def spec_of(
    answered: Answered, address: Address, *, name: str, centre: tuple[float, float] | None = None, beside: str = ""
) -> dict[str, Any]:
    """The map as JSON-able values, read by ``frontend/src/atlas``; ``centre`` is a place that was chosen, called ``beside``."""
    start = answered.description.start if current_lens() is None else ()
    return {
        "name": name,
        "title": answered.description.title,
        "language": answered.language,
        "base": base_of_maps(),
        "words": atlas_words(),
        "box": start_box(answered),
        "whole": answered.box,
        "start": list(start),
        "compare": [rank - 1 for rank in answered.description.compare],
        "moment": answered.moment,
        "again": address("cadre/", versioned=False),
        "places": address("lieux.json"),
        "centre": [*centre, beside] if centre else None,
        "layers": [_layer(answered, one, address) for one in answered.layers],
    }


def _layer(answered: Answered, one: LayerAnswer, address: Address) -> dict[str, Any]:
    layer, dataset, origin = one.layer, one.asked.dataset, origin_of(one.asked)
    return {
        "rank": one.rank,
        "label": layer.label,
        "kind": layer.kind,
        "hidden": layer.hidden,
        "timed": bool(layer.time),
        "total": one.total,
        "source": _tiles(answered, one)
        if one.is_large
        else {"type": "geojson", "data": address(f"couche-{one.rank + 1}.geojson")},
        "box": one.box,
        "legend": _legend(one.legend, layer.colour),
        "size": {"field": layer.size, "most": one.most} if layer.size and one.most else None,
        "popup": layer.popup.splitlines() if layer.popup else [],
        "titleField": one.title.name if one.title else None,
        "fields": [
            {
                "name": column.name,
                "label": column.label,
                "type": str(column.type),
                "unit": column.annotations.get("unit") or "",
                "years": holds_years(column),
            }
            for column in one.fields
        ],
        "table": f"{dataset.get_absolute_url()}table/",
        "version": one.asked.version.name,
        "origin": {"facts": origin.facts, "links": origin.links[1:]} if origin else None,
    }


def _tiles(answered: Answered, one: LayerAnswer) -> dict[str, Any]:
    fields = ",".join(column.name for column in one.fields)
    where = conditions_of(one.layer, answered.moment)
    pairs = [("v", one.asked.version.name), ("f", fields), *(("where", condition) for condition in where)]
    query = urlencode([*pairs, ("timezone", settings.TIME_ZONE)])
    tiles = here(f"/tiles/{one.asked.dataset.dataset_id}/{{z}}/{{x}}/{{y}}.mvt")
    return {"type": "vector", "tiles": f"{tiles}?{query}", "maxzoom": MAX_ZOOM}


def _legend(legend: Legend, colour: str) -> dict[str, Any]:
    return {
        "form": legend.form,
        "field": colour,
        "title": legend.title,
        "values": list(legend.values),
        "edges": list(legend.edges),
        "steps": [_step(step) for step in legend.steps],
        "missing": _step(legend.missing),
    }


def _step(step: Step) -> dict[str, Any]:
    return {"text": step.text, "light": step.light, "dark": step.dark, "mark": step.mark}
