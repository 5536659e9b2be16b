"""The forms of ``/api/parvis/v1/charts`` and ``/maps``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from parvis.core.atlas.description import AMONG, MapDescription, MapLayer
from parvis.core.atlas.kinds import KINDS
from parvis.core.atlas.legends import Step
from parvis.core.atlas.shading import Shade
from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.marks import CALCULATIONS, MARKS
from parvis.core.descriptions import FORMAT
from parvis.hub.api.schemas import Body, Count, Documented, Listing, Moment, Number, OpenBody, Uri, among, body_of


class SavedCard(Body):
    """What is told of each in a list."""

    slug: str
    title: str
    publisher: str
    modified: Moment
    url: Uri
    svg: Uri
    png: Uri
    embed: Uri


class ChartList(Listing[SavedCard]):
    """Charts."""


class MapList(Listing[SavedCard]):
    """Maps."""


ChartSeries = body_of(
    "ChartSeries",
    SeriesSource,
    base=OpenBody,
    forms={"calculation": Annotated[str, among(CALCULATIONS)]},
)
ChartDescription = body_of(
    "ChartDescription",
    ChartDescription,
    base=OpenBody,
    forms={"format": Literal[FORMAT], "mark": Annotated[str, among(MARKS)], "sources": list[ChartSeries]},
)
MapQuestion = body_of(
    "MapQuestion",
    MapLayer,
    base=OpenBody,
    forms={name: Annotated[str, among(words)] for name, words in AMONG.items()},
)
MapDescription = body_of(
    "MapDescription",
    MapDescription,
    base=OpenBody,
    forms={"format": Literal[FORMAT], "layers": list[MapQuestion]},
)


class ChartSource(Body):
    """A dataset, and the question it was asked."""

    dataset_id: str
    title: str
    version: str
    version_date: Moment
    select: str
    where: list[str]
    group_by: str
    order_by: str
    csv: Uri


class ChartTable(Body):
    """The answer as the page shows it, in words."""

    columns: list[str]
    rows: list[list[str]]


class ChartValue(Body):
    """A point; ``against`` where a chart compares two measures."""

    group: str
    series: str
    value: Number | None
    against: Number | None = None


class Chart(SavedCard):
    """A chart whole."""

    description: ChartDescription
    sentence: str
    sources: list[ChartSource]
    table: ChartTable
    values: list[ChartValue]
    vega_lite: Annotated[dict[str, Any], Documented(required=["$schema", "data"])]


LegendStep = body_of("LegendStep", Step, "text", "light", "dark")
PlaceValue = body_of("PlaceValue", Shade, "code", "name", "value")


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
