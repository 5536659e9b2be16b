"""What drawings ask of datasets: the dataset as somebody may read it, its version, the rows of a question, kept for the next."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from parvis.core.charts.questions import MOST_PLACES, Table
from parvis.core.engine.contract import Source
from parvis.core.errors import NotFound
from parvis.core.explore import ExploreRequest, records
from parvis.core.odsql import Names
from parvis.hub.accounts.rules import Actor
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.selectors import dataset as any_dataset
from parvis.hub.catalogue.selectors import public_dataset, renamed
from parvis.hub.catalogue.selectors import version as version_of
from parvis.hub.datastore.selectors import described_source, engine

_ROW = 240
"""About what a kept row takes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One dataset as it was asked."""

    dataset: Dataset
    version: Version
    source: Source
    question: ExploreRequest


type Rows = tuple[Sequence[dict[str, Any]], int]
"""The rows of an answer, and how many there were in all."""


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


def table_of(source: Source) -> Table:
    """What the description needs to know of a version."""
    return Table(source.shape, source.manifest.profile, source.rows, source.manifest.created)


def _usual_weight(rows: Sequence[dict[str, Any]]) -> int:
    return _ROW * len(rows)


def rows_of(
    actor: Actor,
    query: Asked,
    *,
    cache: str = "chart-rows",
    most: int = MOST_PLACES,
    weight: Callable[[Sequence[dict[str, Any]]], int] = _usual_weight,
) -> Rows:
    """The rows of an answer and how many there were in all, kept by version and question; safe to call from many threads."""
    key = (query.source.key, query.question)
    cached: Rows | None = byte_cache(cache).get(key)
    if cached is not None:
        return cached
    page = records(
        engine(),
        query.source,
        query.question,
        names=Names(query.source.shape),
        seconds=settings.PARVIS["PARVIS_ENGINE_SECONDS"],
        most=most,
    )
    rows = (page.results, page.total_count)
    byte_cache(cache).put(key, rows, weight(page.results))
    return rows


def key_of(queries: Iterable[Asked], *words: str) -> str:
    """What names everything that is drawn from some answers: versions, cards, and the words that say how."""
    sources = [f"{one.source.key}:{one.dataset.modified.isoformat()}" for one in queries]
    return hashlib.blake2b("\n".join([*sources, *words]).encode(), digest_size=16).hexdigest()
