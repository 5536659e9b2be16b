"""Finding a place on a map: communes of the shipped reference, then what the map's own layers name. Nobody else is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import shapely
import shapely.geometry
from django.conf import settings

from parvis.core.atlas.questions import name_of, rows_question
from parvis.core.columns import Column, ColumnType
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas import layer_queries
from parvis.hub.atlas.answers import Answered, LayerAnswer, geometry_of
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import search
from parvis.hub.ui.filters import quoted

MOST = 8
LONGEST = 120
_WORDS = ("adresse", "voie", "rue", "lieu", "localisation", "address", "street")
"""Words in the name of a column that says where, besides the one that names a row."""
_ZOOMS = {"commune": 12.0, "epci": 10.0, "ept": 11.0, "departement": 8.5, "region": 7.0}


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its words, what it is, where, and how near to come."""

    text: str
    kind: str
    longitude: float
    latitude: float
    zoom: float

    @property
    def near(self) -> str:
        """The zoom, written for a script."""
        return f"{self.zoom:g}"

    @property
    def centre(self) -> str:
        """As addresses have it."""
        return f"{self.longitude:.5f},{self.latitude:.5f}"


def find_places(actor: Actor, answered: Answered, text: str) -> list[Place]:
    """The places whose name has the words, communes first; none for less than two letters."""
    words = " ".join(text.split())[:LONGEST]
    if len(words) < 2:
        return []
    matches = list(_territories(words))
    for layer_answer in answered.layers:
        if len(matches) < MOST and not layer_answer.is_shaded:
            matches += _features(actor, layer_answer, words)
    return matches[:MOST]


def _territories(words: str) -> Iterator[Place]:
    for territory in search(words, limit=5):
        if territory.contour and territory.kind in _ZOOMS:
            place = shapely.point_on_surface(shapely.geometry.shape(territory.contour))
            kind = str(Territory.Kind(territory.kind).label)
            yield Place(territory.name, kind, round(place.x, 5), round(place.y, 5), _ZOOMS[territory.kind])


def _features(actor: Actor, layer_answer: LayerAnswer, words: str) -> Iterator[Place]:
    columns = searched(layer_answer)
    if not columns:
        return
    like = quoted(" ".join(f"*{word}*" for word in re.sub(r"[*]", " ", words).split()))
    anywhere = " or ".join(f"{name_of(column.name)} like {like}" for column in columns)
    layer = replace(
        layer_answer.layer, where=(*layer_answer.layer.where, anywhere, f"{name_of(layer_answer.geometry)} is not null")
    )
    question = rows_question(
        layer, [layer_answer.geometry, *(column.name for column in columns)], timezone=settings.TIME_ZONE
    )
    rows, _total = layer_queries.rows_of(actor, replace(layer_answer.asked, question=replace(question, limit=MOST)))
    for row in rows:
        geometry = geometry_of(row.get(layer_answer.geometry))
        text = ", ".join(str(row[column.name]) for column in columns if row.get(column.name))
        if geometry and text:
            place = shapely.point_on_surface(shapely.geometry.shape(geometry))
            if not place.is_empty:
                yield Place(text[:LONGEST], layer_answer.layer.label, round(place.x, 5), round(place.y, 5), 16.0)


def searched(layer_answer: LayerAnswer) -> list[Column]:
    """The columns of a layer in which places are looked for: the one that names a row, those of addresses."""
    texts = [
        c for c in layer_answer.asked.source.shape if c.type is ColumnType.TEXT and not c.annotations.get("multivalued")
    ]
    addressed = [column for column in texts if any(word in column.name.split("_") for word in _WORDS)]
    named = [layer_answer.naming.leading] if layer_answer.naming.leading else []
    return list({column.name: column for column in (*named, *addressed)}.values())[:3]


def centre_of(text: str) -> tuple[float, float] | None:
    """The place that an address has (``2.44,48.63``: longitude, latitude); None when it says none."""
    match = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,9})?),(-?\d{1,2}(?:\.\d{1,9})?)", text.strip(), re.ASCII)
    if match is None:
        return None
    longitude, latitude = float(match[1]), float(match[2])
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 85 else None
