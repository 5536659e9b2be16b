"""``{% dataset_map dataset table_url %}``: the map of a dataset, its legend and its list."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.models import Dataset
from parvis.hub.maps.base_map import base_of_maps
from parvis.hub.maps.script_messages import map_words

register = template.Library()


@register.inclusion_tag("parvis/maps/map.html")
def dataset_map(dataset: Dataset, table_url: str, conditions: str = "", total: int = 0) -> dict[str, Any]:
    """The element that ``frontend/src/map.ts`` brings to life; without JavaScript, a link to the table.

    ``conditions``, encoded for an address, are those of the tiles: ``total`` rows meet them.
    """
    return {
        "dataset": dataset,
        "table_url": table_url,
        "layer_url": f"{absolute_path('/tiles/')}{dataset.dataset_id}/layer.json{'?' if conditions else ''}{conditions}",
        "conditions": conditions,
        "total": total,
        "settings": {"words": map_words(), "base": base_of_maps(), "language": get_language()},
    }
