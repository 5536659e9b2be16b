"""What browsers are told of the base map: what lies under the data, where its tiles are, whom to name."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings

from parvis.core.basemap.files import BaseMap
from parvis.hub.maps import basemap_files, ign
from parvis.hub.maps.own_ground import ground_archive, ground_revision

ADDRESS: Final = "/carte/"
"""On every site the same, whatever its prefix: tiles hold nothing of a site, and browsers keep them once."""
OWN_CREDIT: Final = "Contours : IGN, Natural Earth"
OSM_CREDIT: Final = "© les contributeurs d’OpenStreetMap"


def base_of_maps() -> dict[str, Any]:
    """What the browser needs to draw the base map: the shipped ground, always, and what the operator chose to put on it.

    Where the chosen one has nothing (abroad, a server that does not answer), the ground is seen: no map is ever empty.
    """
    choice = settings.PARVIS["PARVIS_MAP_BASE"]
    ground = {
        "kind": "own",
        "tiles": f"{ADDRESS}base/{{z}}/{{x}}/{{y}}.mvt?v={ground_revision()}",
        "maxzoom": ground_archive().zooms[1],
        "credit": OWN_CREDIT,
    }
    if choice == "ign" and ign.is_answering():
        tiles = f"{ADDRESS}ign/{{z}}/{{x}}/{{y}}.png"
        return {**ground, "kind": "ign", "plan": {"tiles": tiles, "maxzoom": ign.MAX_ZOOM, "credit": ign.CREDIT}}
    base_map = basemap_files.base_map_in_service() if choice == "pmtiles" else None
    return {**ground, "kind": "pmtiles", "detail": _detail(base_map)} if base_map is not None else ground


def _detail(base_map: BaseMap) -> dict[str, Any]:
    west, south, east, north = base_map.box
    return {
        "tiles": f"{ADDRESS}fond/{base_map.name}/{{z}}/{{x}}/{{y}}.mvt",
        "minzoom": base_map.zooms[0],
        "maxzoom": base_map.zooms[1],
        "credit": OSM_CREDIT,
        "box": [round(side, 4) for side in (west, south, east, north)],
        "coverage": base_map.coverage,
        "wideCoverage": base_map.wide_coverage or base_map.coverage,
    }
