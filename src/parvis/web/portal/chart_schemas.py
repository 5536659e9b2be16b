"""The forms of ``/api/parvis/v1/charts``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from parvis.core.charts import CALCULATIONS, MARKS
from parvis.hub.api.schemas import Body, Documented, Listing, Moment, Number, OpenBody, Uri, among
from parvis.web.portal.drawing_api import SavedCard


class ChartList(Listing[SavedCard]):
    """Charts."""


class ChartSeries(OpenBody):
    """What a chart asks of a dataset."""

    dataset: str
    calculation: Annotated[str, among(CALCULATIONS)] = ""


class ChartDescription(OpenBody):
    """A chart as it was saved."""

    format: Literal[1]
    mark: Annotated[str, among(MARKS)]
    sources: list[ChartSeries]


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
