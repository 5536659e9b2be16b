"""The forms of ``/api/parvis/v1/maps``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from parvis.core.atlas import KINDS
from parvis.hub.api.schemas import Body, Count, Listing, Moment, Number, OpenBody, Uri, among
from parvis.web.portal.drawing_api import SavedCard


class MapList(Listing[SavedCard]):
    """Maps."""


class MapQuestion(OpenBody):
    """What a layer asks of a dataset."""

    dataset: str
    kind: Annotated[str, among(KINDS)] = ""


class MapDescription(OpenBody):
    """A map as it was saved."""

    format: Literal[1]
    layers: list[MapQuestion]


class LegendStep(Body):
    """A colour of a legend, in the light and in the dark."""

    text: str
    light: str
    dark: str


class PlaceValue(Body):
    """The value of a territory."""

    code: str
    name: str
    value: Number


class MapLayer(Body):
    """A layer and its answer."""

    dataset_id: str
    title: str
    kind: Annotated[str, among(KINDS)]
    version: str
    version_date: Moment
    select: str
    where: list[str]
    group_by: str
    total: Count
    geojson: Uri
    legend: list[LegendStep]
    values: list[PlaceValue]


class Map(SavedCard):
    """A map whole."""

    description: MapDescription
    sentence: str
    moments: list[str]
    moment: str
    bbox: Annotated[list[Number], Field(min_length=4, max_length=4)]
    layers: list[MapLayer]
