"""A chart asked as somebody: its questions go the way of every other question, with rights, limits and memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from parvis.core.charts import (
    Answer,
    ChartDescription,
    ChartTable,
    Reading,
    Table,
    completed,
    questions,
    read,
    sentence,
    table,
    title_of,
)
from parvis.core.charts.questions import MOST_PLACES
from parvis.core.engine.contract import Source
from parvis.core.errors import NotFound
from parvis.core.explore import ExploreRequest, records
from parvis.core.odsql import Names
from parvis.hub.accounts.rules import Actor
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.selectors import dataset as any_dataset
from parvis.hub.catalogue.selectors import datasets_visible_to, public_dataset, renamed
from parvis.hub.catalogue.selectors import version as version_of
from parvis.hub.charts.models import Chart
from parvis.hub.charts.places import placed, require_level
from parvis.hub.datastore.selectors import described_source, engine
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import visible_to

_ROW = 240
"""About what a kept row takes."""


def readable_dataset(actor: Actor, dataset_id: str) -> Dataset:
    """The dataset when the actor may read its rows, by its present or a former identifier; editors draw their drafts too.

    NotFound or DataOnRequest otherwise.
    """
    try:
        return public_dataset(actor, dataset_id)
    except NotFound:
        present = renamed(actor, dataset_id)
        if present is not None:
            return public_dataset(actor, present)
        if not actor.everything and not actor.roles:
            raise
        return any_dataset(actor, dataset_id)


type Rows = tuple[Sequence[dict[str, Any]], int]
"""The rows of an answer, and how many there were in all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One source of a chart as it was asked."""

    dataset: Dataset
    version: Version
    source: Source
    question: ExploreRequest


@dataclass(frozen=True, slots=True)
class Answered:
    """A chart with its answers: what pictures, sentences, tables and frames are made from."""

    description: ChartDescription
    """Completed: nothing is left to be guessed."""
    asked: tuple[Asked, ...]
    reading: Reading
    language: str

    @property
    def key(self) -> str:
        """What names everything that is drawn from it: versions, description, language."""
        sources = [f"{one.source.key}:{one.dataset.modified.isoformat()}" for one in self.asked]
        text = "\n".join([*sources, self.description.to_json(), self.language])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    @property
    def sentence(self) -> str:
        """The text alternative."""
        return sentence(self.description, self.reading, self.language)

    @property
    def table(self) -> ChartTable:
        """The same values written out."""
        return table(self.description, self.reading, self.language)

    @property
    def title(self) -> str:
        """Its title, or one made from its columns."""
        return self.description.title


def answer(actor: Actor, description: ChartDescription, language: str = "fr") -> Answered:
    """The answers to a chart's questions, for the actor.

    NotFound or DataOnRequest for a dataset they may not read, ChartError for a chart that cannot be drawn, the engine's own
    errors otherwise.
    """
    whole, asked = prepared(actor, description, language)
    return from_rows(whole, asked, [rows_of(actor, one) for one in asked], language)


def from_rows(
    whole: ChartDescription, asked: tuple[Asked, ...], rows: Sequence[Rows], language: str = "fr"
) -> Answered:
    """The answers to the questions of ``prepared``, once their rows were fetched (``rows_of``), in the same order."""
    answers = [
        placed(source, Answer(found, total, table_of(one.source)), (one.source.key, one.question))
        for source, (found, total), one in zip(whole.sources, rows, asked, strict=True)
    ]
    return Answered(whole, asked, read(whole, answers, language), language)


def prepared(
    actor: Actor, description: ChartDescription, language: str = "fr"
) -> tuple[ChartDescription, tuple[Asked, ...]]:
    """The completed description and its questions, before anything is computed; the errors of ``answer`` but the engine's."""
    found = [opened(actor, source.dataset, source.version) for source in description.sources]
    names = [source.dataset for source in description.sources]
    tables = {name: table_of(source) for name, (_dataset, _version, source) in zip(names, found, strict=True)}
    whole = completed(description, tables)
    for source, (dataset, version, _rows) in zip(whole.sources, found, strict=True):
        require_level(dataset, version, source.territory, language)
    whole = replace(whole, title=title_of(whole, tables[whole.sources[0].dataset], language))
    asked = tuple(
        Asked(dataset, version, source, question)
        for (dataset, version, source), question in zip(
            found, questions(whole, timezone=settings.TIME_ZONE), strict=True
        )
    )
    return whole, asked


def table_of(source: Source) -> Table:
    """What the description needs to know of a version."""
    return Table(source.shape, source.manifest.profile, source.rows)


def charts_of_readable_data(actor: Actor) -> list[Chart]:
    """The published charts, latest first, whose datasets the actor may all read: of the others not even a title is told."""
    readable = set(datasets_visible_to(actor).prefetch_related(None).values_list("dataset_id", flat=True))
    found = visible_to(Chart, actor).filter(status=Status.PUBLISHED).order_by("-modified", "id")
    return [
        chart for chart in found if all(name in readable or renamed(actor, name) in readable for name in chart.datasets)
    ]


def opened(actor: Actor, dataset_id: str, version_name: str = "") -> tuple[Dataset, Version, Source]:
    """A dataset that the actor may read, the version asked (the current one by default) and its rows as the card tells them.

    NotFound or DataOnRequest otherwise.
    """
    dataset = readable_dataset(actor, dataset_id)
    version = version_of(dataset, version_name) if version_name else dataset.current
    source = described_source(dataset, version) if version else None
    if version is None or source is None:
        raise NotFound(name=dataset_id)
    return dataset, version, source


def rows_of(actor: Actor, asked: Asked) -> Rows:
    """The rows of an answer and how many there were in all, kept by version and question; safe to call from many threads."""
    key = (asked.source.key, asked.question)
    cached: Rows | None = byte_cache("chart-rows").get(key)
    if cached is not None:
        return cached
    page = records(
        engine(),
        asked.source,
        asked.question,
        names=Names(asked.source.shape),
        seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"],
        most=MOST_PLACES,
    )
    found = (page.results, page.total_count)
    byte_cache("chart-rows").put(key, found, _ROW * len(page.results))
    return found
