"""The forms of ``/api/parvis/v1/indicators``."""

from __future__ import annotations

from typing import Annotated, Any

from parvis.core.indicators.assessment import State
from parvis.domains.indicators.models import Value
from parvis.domains.indicators.sources import Origin
from parvis.hub.addresses import canonical
from parvis.hub.api.schemas import Body, Count, Day, Documented, Listing, Moment, Number, Uri, among


class IndicatorFigure(Body):
    """A figure: of a place, or of the whole when ``territory`` is empty."""

    territory: str
    name: str
    period: str
    value: Number | None
    url: Uri

    @classmethod
    def of(cls, value: Value) -> IndicatorFigure:
        """A value, at its permanent address."""
        facts = {name: getattr(value, name) for name in ("territory", "name", "period", "value")}
        return cls(**facts, url=canonical(value.get_absolute_url()))


class IndicatorSource(Body):
    """Where the figures come from: a question asked of a version of a dataset."""

    part: str
    dataset_id: str
    title: str
    version: str
    question: str
    rows: Uri

    @classmethod
    def of(cls, origin: Origin) -> IndicatorSource:
        """Where the number of one part comes from."""
        return cls(
            part=origin.name,
            dataset_id=origin.dataset.dataset_id,
            title=origin.dataset.title,
            version=origin.version_name,
            question=origin.question,
            rows=canonical(origin.rows_address),
        )


class IndicatorCard(Body):
    """An indicator in a list; what is null is closed to the caller, or not known."""

    slug: str
    title: str
    question: str
    publisher: str
    url: Uri
    svg: Uri
    png: Uri
    embed: Uri
    feed: Uri
    readable: bool
    unit: str
    value: IndicatorFigure | None
    change: Number | None
    better: bool | None
    state: Annotated[str, among(state for state in State if state)] | None
    target: Number | None
    deadline: str | None
    data_date: Day | None
    age_days: Count | None
    late: bool
    source_missing: bool
    warning: str | None


class IndicatorList(Listing[IndicatorCard]):
    """Indicators."""


class Indicator(IndicatorCard):
    """An indicator whole."""

    definition: Annotated[dict[str, Any], Documented(required=["slug", "title", "parts"])] | None
    computed: Moment | None
    sources: list[IndicatorSource]
    values: list[IndicatorFigure]
