"""What the map's script needs to draw a map: where its layers are, how they are coloured, the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from parvis.core.atlas.legends import Legend, Step
from parvis.core.atlas.questions import conditions_of
from parvis.core.mercator import MAX_ZOOM
from parvis.hub.addresses import absolute_path
from parvis.hub.atlas.answers import Answered, LayerAnswer
from parvis.hub.atlas.pictures import start_box
from parvis.hub.atlas.script_messages import atlas_words
from parvis.hub.drawings.trails import origin_of
from parvis.hub.maps.base_map import base_of_maps
from parvis.hub.maps.selectors import field_facts, naming_facts
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


def _layer(answered: Answered, layer_answer: LayerAnswer, address: Address) -> dict[str, Any]:
    layer, dataset, origin = layer_answer.layer, layer_answer.asked.dataset, origin_of(layer_answer.asked)
    return {
        "rank": layer_answer.rank,
        "label": layer.label,
        "kind": layer.kind,
        "hidden": layer.hidden,
        "timed": bool(layer.time),
        "total": layer_answer.total,
        "source": _tiles(answered, layer_answer)
        if layer_answer.is_large
        else {"type": "geojson", "data": address(f"couche-{layer_answer.rank + 1}.geojson")},
        "box": layer_answer.box,
        "legend": _legend(layer_answer.legend, layer.colour),
        "size": {"field": layer.size, "most": layer_answer.most} if layer.size and layer_answer.most else None,
        "popup": layer.popup.splitlines() if layer.popup else [],
        **naming_facts(layer_answer.naming),
        "fields": [
            field_facts(column, layer_answer.names, layer_answer.asked.source) for column in layer_answer.fields
        ],
        "table": f"{dataset.get_absolute_url()}table/",
        "version": layer_answer.asked.version.name,
        "origin": {"facts": origin.facts, "links": origin.links[1:]} if origin else None,
    }


def _tiles(answered: Answered, layer_answer: LayerAnswer) -> dict[str, Any]:
    fields = ",".join(column.name for column in layer_answer.fields)
    where = conditions_of(layer_answer.layer, answered.moment)
    pairs = [("v", layer_answer.asked.version.name), ("f", fields), *(("where", condition) for condition in where)]
    query = urlencode([*pairs, ("timezone", settings.TIME_ZONE)])
    tiles = absolute_path(f"/tiles/{layer_answer.asked.dataset.dataset_id}/{{z}}/{{x}}/{{y}}.mvt")
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
