"""What browsers are told of the base map: where its tiles are; without the libraries that draw them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from django.conf import settings

from parvis.hub.addresses import absolute_path
from parvis.packs import bundled_files

MAX_ZOOM = 11
"""Deepest tiles of the base map: contours hold no finer detail."""

IGN_TILES = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
    "&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)
"""Plan IGN v2 of the Géoplateforme, used only when the operator asks for it."""

_DRAWING = 2
"""Goes up when tiles are drawn otherwise from the same contours: they are kept for ever under their revision."""


def base_of_maps() -> dict[str, Any]:
    """What the browser needs to draw the base map."""
    if settings.PARVIS["PARVIS_MAP_BASE"] == "ign":
        return {"kind": "ign", "tiles": IGN_TILES, "maxzoom": 19, "credit": "© IGN — Géoplateforme"}
    revision = contours_revision()
    return {
        "kind": "own",
        "tiles": f"{absolute_path('/carte/base/')}{{z}}/{{x}}/{{y}}.mvt?v={revision}",
        "maxzoom": MAX_ZOOM,
        "credit": "Contours : IGN, Licence Ouverte",
    }


@lru_cache(maxsize=1)
def contours_revision() -> str:
    """Changes when the shipped contours do, or how they are drawn."""
    return f"{hashlib.sha256(bundled_files.CONTOURS.read_bytes()).hexdigest()[:12]}-{_DRAWING}"
