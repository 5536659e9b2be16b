"""Ways to the editors of OpenStreetMap, at the right place and with the tags: ordinary links, which a person follows."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians
from urllib.parse import quote, urlencode

from parvis.core.osm.model import TYPES

ZOOM = 19
AROUND = 0.0006
"""Degrees of latitude shown on each side by JOSM."""


def _encoded(values: Mapping[str, str]) -> str:
    return urlencode(values, quote_via=quote)


def browse(site: str, key: str) -> str:
    """The page of an object."""
    return f"{site}/{TYPES[key[0]]}/{key[1:]}"


def place(site: str, longitude: float, latitude: float) -> str:
    """The map at a place."""
    return f"{site}/?mlat={latitude:.6f}&mlon={longitude:.6f}#map={ZOOM}/{latitude:.6f}/{longitude:.6f}"


def edit_in_id(
    site: str,
    longitude: float,
    latitude: float,
    *,
    key: str = "",
    preset: str = "",
    comment: str = "",
    hashtag: str = "",
    source: str = "",
) -> str:
    """iD at a place, the object chosen, or the preset alone offered for a new one: iD takes no tags in its address."""
    query = {"editor": "id", **({TYPES[key[0]]: key[1:]} if key else {})}
    parts = {"map": f"{ZOOM}/{latitude:.6f}/{longitude:.6f}", "comment": comment, "hashtags": hashtag, "source": source}
    if preset and not key:
        parts["presets"] = preset
    return f"{site}/edit?{_encoded(query)}#{_encoded({name: value for name, value in parts.items() if value})}"


def edit_in_josm(
    longitude: float,
    latitude: float,
    tags: Mapping[str, str],
    *,
    key: str = "",
    comment: str = "",
    hashtag: str = "",
    source: str = "",
) -> str:
    """JOSM by its remote control, the tags prepared: the person sees each of them and confirms in JOSM."""
    added = "|".join(f"{name}={value}" for name, value in sorted(tags.items()) if "|" not in value)
    if not key:
        facts = {"lat": f"{latitude:.7f}", "lon": f"{longitude:.7f}", "addtags": added}
        command = "add_node"
    else:
        width = AROUND / max(cos(radians(latitude)), 0.01)
        facts = {
            "left": f"{longitude - width:.6f}",
            "right": f"{longitude + width:.6f}",
            "bottom": f"{latitude - AROUND:.6f}",
            "top": f"{latitude + AROUND:.6f}",
            "select": f"{TYPES[key[0]]}{key[1:]}",
            "addtags": added,
            "changeset_comment": comment,
            "changeset_source": source,
            "changeset_hashtags": hashtag,
        }
        command = "load_and_zoom"
    return f"http://127.0.0.1:8111/{command}?{_encoded({name: value for name, value in facts.items() if value})}"


def open_in_streetcomplete(longitude: float, latitude: float) -> str:
    """The place for the applications of a telephone, StreetComplete among them, which asks there for what is missing."""
    return f"geo:{latitude:.6f},{longitude:.6f}?z={ZOOM}"


def new_note(site: str, longitude: float, latitude: float) -> str:
    """The form of a note of OpenStreetMap at a place."""
    return f"{site}/note/new#map={ZOOM}/{latitude:.6f}/{longitude:.6f}"
