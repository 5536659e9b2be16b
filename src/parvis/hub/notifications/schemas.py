"""What webhooks are told of each event."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from parvis.hub.api.schemas import Body, Count, Moment, Uri
from parvis.hub.notifications.webhook_rules import TEST


class EventData(Body):
    """What every event tells of a thing."""

    kind: str
    identifier: str
    title: str
    address: Uri
    organisation: str


class DatasetVersionData(EventData):
    """A dataset, and the version that its readers now see."""

    version: str


class BrokenSchemaData(DatasetVersionData):
    """A dataset whose new version does not respect its schema."""

    # A field called ``schema`` would hide a method of pydantic's.
    followed: Annotated[str, Field(alias="schema")]
    faults: Count


class RenamedColumn(Body):
    """A column that seems to have another name."""

    before: str
    after: str


class RetypedColumn(Body):
    """A column that has another type."""

    name: str
    before: str
    after: str


class ColumnsChangedData(DatasetVersionData):
    """A dataset whose new version has other columns, by the names that the API gives them; the first 100 of each kind."""

    gone: list[str]
    added: list[str]
    renamed: list[RenamedColumn]
    retyped: list[RetypedColumn]


class LicenceChangedData(EventData):
    """A dataset and its licence before and now, by their identifiers; empty for none."""

    before: str
    after: str


class SilentFeedData(EventData):
    """A dataset of which nothing came for longer than its card or its feed says, and since when."""

    since: Moment


class HeardFeedData(EventData):
    """A dataset of which something came again: since when it was silent, and when that ended."""

    since: Moment
    until: Moment


class WebhookTestData(EventData):
    """A test tells of the webhook itself, which has no public page."""

    address: str


DATA: dict[str, type[EventData]] = {
    "dataset.published": DatasetVersionData,
    "dataset.schema_broken": BrokenSchemaData,
    "dataset.columns_changed": ColumnsChangedData,
    "dataset.licence_changed": LicenceChangedData,
    "dataset.silent": SilentFeedData,
    "dataset.heard": HeardFeedData,
    TEST: WebhookTestData,
}
"""What each event tells; those that are not here tell what every event does."""


def data_of(event: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of an event as they are described; pydantic's ValidationError when some lack."""
    return DATA.get(event, EventData).model_validate(facts).model_dump(by_alias=True)
