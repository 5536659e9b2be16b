"""A layer as GeoJSON: what a small one is drawn from in the browser, and what anyone may take away."""

from __future__ import annotations

from typing import Any

from parvis.hub.atlas.answers import Answered, LayerAnswer, geometry_of
from parvis.hub.atlas.presentation import popup_lines, shade_rows

_DECIMALS = 6
"""Of coordinates: a tenth of a metre."""


def layer_geojson(answered: Answered, rank: int) -> dict[str, Any]:
    """The features of a layer, at the moment that is shown; of a large one, its first rows (``numberReturned`` tells how many)."""
    layer_answer = answered.layers[rank]
    features = _shades(answered, layer_answer) if layer_answer.is_shaded else _rows(layer_answer)
    return {
        "type": "FeatureCollection",
        "features": features,
        "numberMatched": layer_answer.total,
        "numberReturned": len(features),
    }


def _rows(layer_answer: LayerAnswer) -> list[dict[str, Any]]:
    names = [column.name for column in layer_answer.fields]
    features = []
    for rank, row in enumerate(layer_answer.rows, start=1):
        geometry = geometry_of(row.get(layer_answer.geometry))
        if geometry is not None:
            values = {name: row[name] for name in names if row.get(name) is not None}
            features.append({"type": "Feature", "id": rank, "geometry": rounded(geometry), "properties": values})
    return features


def _shades(answered: Answered, layer_answer: LayerAnswer) -> list[dict[str, Any]]:
    contours = layer_answer.contours or {}
    return [
        {
            "type": "Feature",
            "id": rank,
            "geometry": contours[shade.code],
            "properties": {
                "code": shade.code,
                "territoire": shade.name,
                "valeur": shade.value,
                "dit": popup_lines(layer_answer, shade, answered.language),
                "lignes": shade_rows(layer_answer, shade),
            },
        }
        for rank, shade in enumerate(layer_answer.shades, start=1)
        if shade.code in contours
    ]


def rounded(value: Any) -> Any:
    """A geometry whose coordinates have no more decimals than mean something."""
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {name: rounded(one) if name in ("coordinates", "geometries") else one for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value
