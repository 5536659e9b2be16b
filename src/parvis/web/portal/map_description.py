"""``/api/parvis/v1/maps`` described: its parameters, its forms, its errors."""

from __future__ import annotations

from parvis.core.atlas import KINDS
from parvis.web.openapi import Operation, Parameter, Part, Schema, Told, closed, ref

_TEXT: Schema = {"type": "string"}
_URI: Schema = {"type": "string", "format": "uri"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_CARD: dict[str, Schema] = {
    "slug": _TEXT,
    "title": _TEXT,
    "publisher": _TEXT,
    "modified": {"type": "string", "format": "date-time"},
    "url": _URI,
    "svg": _URI,
    "png": _URI,
    "embed": _URI,
}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_SCHEMAS: dict[str, Schema] = {
    "MapCard": closed(_CARD),
    "MapList": closed({"total_count": _COUNT, "results": _list(ref("MapCard"))}),
    "MapDescription": {
        "type": "object",
        "required": ["format", "layers"],
        "properties": {
            "format": {"const": 1},
            "layers": _list(
                {
                    "type": "object",
                    "required": ["dataset"],
                    "properties": {"dataset": _TEXT, "kind": {"type": "string", "enum": list(KINDS)}},
                }
            ),
        },
    },
    "MapLayer": closed(
        {
            "dataset_id": _TEXT,
            "title": _TEXT,
            "kind": {"type": "string", "enum": list(KINDS)},
            "version": _TEXT,
            "version_date": {"type": "string", "format": "date-time"},
            "select": _TEXT,
            "where": _list(_TEXT),
            "group_by": _TEXT,
            "total": _COUNT,
            "geojson": _URI,
            "legend": _list(closed({"text": _TEXT, "light": _TEXT, "dark": _TEXT})),
            "values": _list(closed({"code": _TEXT, "name": _TEXT, "value": {"type": "number"}})),
        }
    ),
    "Map": closed(
        {
            **_CARD,
            "description": ref("MapDescription"),
            "sentence": _TEXT,
            "moments": _list(_TEXT),
            "moment": _TEXT,
            "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            "layers": _list(ref("MapLayer")),
        }
    ),
}
_PARAMETERS = (
    Parameter(
        "offset",
        {"type": "integer", "minimum": 0, "maximum": 99_999_999},
        Told("Le nombre de cartes à passer.", "How many maps to pass over."),
        key="map_offset",
    ),
    Parameter(
        "periode",
        {"type": "string", "maxLength": 20},
        Told("Un moment du curseur de temps.", "A moment of the time slider."),
        key="map_moment",
    ),
    Parameter(
        "slug",
        {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,88}$"},
        Told("L’adresse de la carte.", "The address of the map."),
        place="path",
        key="map_slug",
    ),
)
_OPERATIONS = (
    Operation(
        "listMaps",
        "/maps",
        Told("Les cartes publiées, la dernière modifiée d’abord.", "The published maps, latest changed first."),
        ("map_offset",),
        {"application/json": ref("MapList")},
        (401, 405, 429, 503),
        others=(),
        tag="maps",
        headers=(),
    ),
    Operation(
        "getMap",
        "/maps/{slug}",
        Told(
            "Une carte : ses couches, ce qu’elles demandent, leurs légendes, l’adresse de leurs données.",
            "A map: its layers, what they ask, their legends, where their data are.",
        ),
        ("map_slug", "map_moment"),
        {"application/json": ref("Map")},
        (400, 401, 403, 404, 405, 429, 503),
        others=(),
        tag="maps",
        headers=(),
    ),
)

PART = Part("maps", Told("Cartes enregistrées", "Saved maps"), _OPERATIONS, _PARAMETERS, _SCHEMAS)
"""What maps add to the description of Parvis's own API."""
