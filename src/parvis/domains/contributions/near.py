"""Rows near a place, to be looked at on the spot: of one dataset, or of all those that take corrections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from parvis.core.columns import ColumnType
from parvis.core.errors import NotFound
from parvis.domains.contributions.presentation import haversine
from parvis.domains.contributions.rules import Kind
from parvis.domains.contributions.tables import ContributedTable, table_of
from parvis.hub.catalogue.rules import Access

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from parvis.hub.catalogue.models import Dataset

type Place = tuple[float, float]
"""Latitude and longitude, in degrees."""

METRES = 2_000
"""Farther, one does not walk to look at a bench."""
MOST_ROWS = 5
"""Of each dataset when there are several; five times as many of one alone."""
MOST_DATASETS, LOOKED_AT = 12, 200
MOST_READ = 100
"""Of each: many may be at the same place."""
_PLACE = re.compile(r"(-?\d{1,2}(?:\.\d{1,8})?),(-?\d{1,3}(?:\.\d{1,8})?)")


@dataclass(frozen=True, slots=True)
class NearRow:
    """A row, how far it is, where it is corrected."""

    title: str
    metres: int
    address: str


@dataclass(frozen=True, slots=True)
class NearDataset:
    """The nearest rows of a dataset, the nearest first."""

    dataset: Dataset
    rows: tuple[NearRow, ...]


def read_place(text: str) -> Place | None:
    """The place of an address, « latitude,longitude »; None for nonsense."""
    numbers = _PLACE.fullmatch(text[:40])
    latitude, longitude = map(float, numbers.groups()) if numbers else (100.0, 0.0)
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def takes_places(table: ContributedTable) -> bool:
    """Whether its rows are points that may be corrected."""
    return Kind.CORRECT in table.kinds and any(column.type is ColumnType.GEO_POINT for column in table.shape)


def near(datasets: QuerySet[Dataset], place: Place) -> list[NearDataset]:
    """The rows within two kilometres of a place, dataset by dataset, those with the nearest row first."""
    open_ones = datasets.filter(access=Access.PUBLIC, current__has_geometry=True).select_related(
        "current", "organisation"
    )
    around = (table_of(dataset) for dataset in open_ones.order_by("-data_modified")[:LOOKED_AT])
    tables = list(islice((table for table in around if _reaches(table, place)), MOST_DATASETS))
    most = MOST_ROWS if len(tables) > 1 else MOST_ROWS * 5
    groups = [NearDataset(table.dataset, tuple(islice(_rows(table, place), most))) for table in tables]
    return sorted((group for group in groups if group.rows), key=lambda group: group.rows[0].metres)


def _reaches(table: ContributedTable, place: Place) -> bool:
    """Whether the box of its rows comes within two kilometres of the place."""
    try:
        box = table.manifest.bbox
        if box is None or not takes_places(table):
            return False
    except NotFound:  # a version that cannot be read is told where it is read
        return False
    west, south, east, north = box
    latitude, longitude = place
    nearest = (min(max(latitude, south), north), min(max(longitude, west), east))
    return haversine(place, nearest) <= METRES


def _rows(table: ContributedTable, place: Place) -> Iterator[NearRow]:
    """One row for each place: an hourly count has thousands."""
    places = set()
    for row in table.nearest(place, METRES, MOST_READ):
        where = table.place_of(row)
        if where is not None and where not in places:
            places.add(where)
            yield NearRow(table.title_of(row)[:200], round(haversine(place, where)), table.address_of(row))
