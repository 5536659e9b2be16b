"""A layer as GeoJSON: what a small one is drawn from in the browser, and what anyone may take away."""

from __future__ import annotations

from typing import Any

from parvis.hub.atlas.answering import Answered, LayerAnswer, geometry_of
from parvis.hub.atlas.telling import said_of_shade, shade_rows

_DECIMALS = 6
"""Of coordinates: a tenth of a metre."""


def layer_geojson(answered: Answered, rank: int) -> dict[str, Any]:
    """The features of a layer, at the moment that is shown; of a large one, its first rows (``numberReturned`` tells how many)."""
    one = answered.layers[rank]
    features = _shades(answered, one) if one.is_shaded else _rows(one)
    return {
        "type": "FeatureCollection",
        "features": features,
        "numberMatched": one.total,
        "numberReturned": len(features),
    }


def _rows(one: LayerAnswer) -> list[dict[str, Any]]:
    names = [column.name for column in one.fields]
    found = []
    for rank, row in enumerate(one.rows, start=1):
        geometry = geometry_of(row.get(one.geometry))
        if geometry is not None:
            values = {name: row[name] for name in names if row.get(name) is not None}
            found.append({"type": "Feature", "id": rank, "geometry": rounded(geometry), "properties": values})
    return found


def _shades(answered: Answered, one: LayerAnswer) -> list[dict[str, Any]]:
    contours = one.contours or {}
    return [
        {
            "type": "Feature",
            "id": rank,
            "geometry": contours[shade.code],
            "properties": {
                "code": shade.code,
                "territoire": shade.name,
                "valeur": shade.value,
                "dit": said_of_shade(one, shade, answered.language),
                "lignes": shade_rows(one, shade),
            },
        }
        for rank, shade in enumerate(one.shades, start=1)
        if shade.code in contours
    ]


def rounded(value: Any) -> Any:
    """A geometry whose coordinates have no more decimals than mean something."""
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {name: rounded(one) if name in ("coordinates", "geometries") else one for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value
