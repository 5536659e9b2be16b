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
from parvis.hub.atlas import fetching
from parvis.hub.atlas.answering import Answered, LayerAnswer, geometry_of
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import search
from parvis.hub.ui.filters import quoted

MOST = 8
LONGEST = 120
_WORDS = ("adresse", "voie", "rue", "lieu", "localisation", "address", "street")
"""Words in the name of a column that says where, besides the one that names a row."""
_ZOOMS = {"commune": 12.0, "epci": 10.0, "ept": 11.0, "departement": 8.5, "region": 7.0}


@dataclass(frozen=True, slots=True)
class Found:
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
        """As addresses bear it."""
        return f"{self.longitude:.5f},{self.latitude:.5f}"


def find_places(actor: Actor, answered: Answered, text: str) -> list[Found]:
    """The places whose name has the words, communes first; none for less than two letters."""
    words = " ".join(text.split())[:LONGEST]
    if len(words) < 2:
        return []
    found = list(_territories(words))
    for one in answered.layers:
        if len(found) < MOST and not one.is_shaded:
            found += _features(actor, one, words)
    return found[:MOST]


def _territories(words: str) -> Iterator[Found]:
    for territory in search(words, limit=5):
        if territory.contour and territory.kind in _ZOOMS:
            place = shapely.point_on_surface(shapely.geometry.shape(territory.contour))
            kind = str(Territory.Kind(territory.kind).label)
            yield Found(territory.name, kind, round(place.x, 5), round(place.y, 5), _ZOOMS[territory.kind])


def _features(actor: Actor, one: LayerAnswer, words: str) -> Iterator[Found]:
    columns = searched(one)
    if not columns:
        return
    like = quoted(" ".join(f"*{word}*" for word in re.sub(r"[*]", " ", words).split()))
    anywhere = " or ".join(f"{name_of(column.name)} like {like}" for column in columns)
    layer = replace(one.layer, where=(*one.layer.where, anywhere, f"{name_of(one.geometry)} is not null"))
    question = rows_question(layer, [one.geometry, *(column.name for column in columns)], timezone=settings.TIME_ZONE)
    rows, _total = fetching.rows_of(actor, replace(one.asked, question=replace(question, limit=MOST)))
    for row in rows:
        geometry = geometry_of(row.get(one.geometry))
        text = ", ".join(str(row[column.name]) for column in columns if row.get(column.name))
        if geometry and text:
            place = shapely.point_on_surface(shapely.geometry.shape(geometry))
            if not place.is_empty:
                yield Found(text[:LONGEST], one.layer.label, round(place.x, 5), round(place.y, 5), 16.0)


def searched(one: LayerAnswer) -> list[Column]:
    """The columns of a layer in which places are looked for: the one that names a row, those of addresses."""
    texts = [c for c in one.asked.source.shape if c.type is ColumnType.TEXT and not c.annotations.get("multivalued")]
    addressed = [column for column in texts if any(word in column.name.split("_") for word in _WORDS)]
    named = [one.title] if one.title else []
    return list({column.name: column for column in (*named, *addressed)}.values())[:3]


def centre_of(text: str) -> tuple[float, float] | None:
    """The place that an address bears (``2.44,48.63``: longitude, latitude); None when it says none."""
    found = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,9})?),(-?\d{1,2}(?:\.\d{1,9})?)", text.strip(), re.ASCII)
    if found is None:
        return None
    longitude, latitude = float(found[1]), float(found[2])
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 85 else None
