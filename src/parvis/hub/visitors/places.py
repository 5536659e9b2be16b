"""Finding a place by its address or its name, in the references that the portal ships or publishes: nothing is asked outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from parvis.core.columns import Column, ColumnType
from parvis.core.explore import ExploreRequest, records
from parvis.core.geo.svg import bounds
from parvis.core.odsql import Names
from parvis.core.text import fold
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.datastore.selectors import engine, shape_of, whole_source_of
from parvis.hub.territories.selectors import search as territories_called
from parvis.hub.ui.filters import quoted

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

MOST_PLACES = 8
MOST_REFERENCES = 3
LONGEST_WORDS = 120
_NUMBER, _STREET = ("numero", "num_voie", "no_voie", "house_number"), ("voie", "rue", "street", "libelle_voie")


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place by its name, in degrees."""

    title: str
    latitude: float
    longitude: float


def places_called(actor: Actor, words: str) -> list[dict[str, Any]]:
    """Territories, then addresses of the datasets of addresses that the reader may see, by the words of their name."""
    text = " ".join(re.findall(r"[\w’'-]+", words[:LONGEST_WORDS]))
    if len(text) < 2:
        return []
    towns, addresses = list(_territories(text))[: MOST_PLACES // 2], list(_addresses(actor, text))
    return [asdict(place) for place in (*towns, *addresses)][:MOST_PLACES]


def _addresses(actor: Actor, text: str) -> Iterator[FoundPlace]:
    references = datasets_visible_to(actor).filter(current__has_geometry=True)
    likely = references.filter(title__icontains="adresse")[:MOST_REFERENCES]
    for dataset in likely:
        yield from _rows(dataset, text)


def _rows(dataset: Dataset, text: str) -> Iterator[FoundPlace]:
    shape = shape_of(dataset)
    number, street = (_column(shape.columns, words) for words in (_NUMBER, _STREET))
    point = next((column for column in shape if column.type is ColumnType.GEO_POINT), None)
    if number is None or street is None or point is None:
        return
    town = _column(shape.columns, ("commune", "ville", "city"))
    question = ExploreRequest(where=(f"search({quoted(text)})",), limit=MOST_PLACES)
    source = whole_source_of(dataset, dataset.current)
    seconds = settings.PARVIS["PARVIS_ENGINE_SECONDS"]
    for row in records(engine(), source, question, names=Names(shape), seconds=seconds).results:
        place = row.get(point.name)
        if place:
            names = [row.get(column.name) for column in (number, street, town) if column]
            yield FoundPlace(" ".join(str(name) for name in names if name), place["lat"], place["lon"])


def _column(columns: tuple[Column, ...], words: tuple[str, ...]) -> Column | None:
    exact = (column for column in columns if fold(column.name) in words)
    partial = (column for column in columns if any(word in fold(column.name) for word in words))
    return next((*exact, *partial).__iter__(), None)


def _territories(text: str) -> Iterator[FoundPlace]:
    for territory in territories_called(text, MOST_PLACES):
        box = bounds([territory.contour]) if territory.contour else None
        if box is not None:
            west, south, east, north = box
            yield FoundPlace(territory.name, round((south + north) / 2, 5), round((west + east) / 2, 5))
