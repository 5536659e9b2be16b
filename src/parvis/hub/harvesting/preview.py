"""What a source would bring, before anything is saved: the first twenty items, and what would become of each."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from parvis.core.children import call
from parvis.core.databases.errors import DatabaseTooLarge
from parvis.core.fetching import FetchTooLarge
from parvis.core.progress import Progress, no_progress
from parvis.core.sources.contract import EXTRA, Item, Request, Standing
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.origins import comes_from
from parvis.core.sources.reading import Line, Reading, lines_of, read_answer
from parvis.core.translation import Sentence
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.asking import send, settings_of, shown_title
from parvis.hub.harvesting.cards import ToldCard, card_of_item
from parvis.hub.harvesting.files import EACH, OPTION, files_of
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.outcomes import FILTERED, FROM_HERE
from parvis.hub.harvesting.resources import best_resource
from parvis.hub.harvesting.rules import (
    MOST_PAGES,
    PAGE_BYTES,
    PAGE_SECONDS,
    Correspondence,
    Filters,
    Mode,
    SourceBusy,
)
from parvis.hub.harvesting.selectors import own_servers
from parvis.hub.jobs.process_locks import process_folder

SHOWN = 20
MOST_ANSWERS = 5
"""Answers read for a preview: some sources begin with pages that hold no item."""
SECONDS = 20.0
BYTES = 100_000_000
TRIED_BYTES = 1_000_000
"""Of a file or a table, which are enough to know that it comes."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """An item, its card here, the file that would be copied, and why it would be left out."""

    title: str
    identifier: str
    publisher: str
    licence: str
    file: str
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What was read: items, how many could not be, how many the source says that it has."""

    items: tuple[Previewed, ...]
    refused: int = 0
    total: int | None = None


def preview(source: Source, progress: Progress = no_progress) -> Preview:
    """The first items of a source, saved or not; what is wrong with it is raised, within ``SECONDS`` or little more."""
    items: list[Previewed] = []
    counted = {"refused": 0, "total": None}
    for item in _each(source, _items(source, counted, progress)):
        items.append(_previewed(source, item))
        if len(items) == SHOWN:
            break
    return Preview(tuple(items), counted["refused"] or 0, counted["total"])


def whole_catalogue(source: Source, progress: Progress = no_progress) -> Iterator[Line]:
    """Every item that the source tells, page after page, of its datasets; nothing is written, and what is wrong with it is raised."""
    dialect, wishes = DIALECTS[source.dialect], settings_of(source)
    if isinstance(dialect, Standing):
        yield from (Line(item=item) for item in dialect.items(wishes))
    pending, count = list(dialect.first(wishes)), 0
    for _rank in range(MOST_PAGES):
        if not pending:
            return
        request, bounds = pending.pop(0), {"max_bytes": PAGE_BYTES, "seconds": PAGE_SECONDS}
        if EXTRA in request.state:
            continue
        with _answered(source, request, progress, **bounds) as (lines, reading):
            for line in lines:
                if line.service is not None:
                    continue
                count += 1
                progress("read", count, reading.total)
                yield line
        pending += reading.following


def _each(source: Source, items: Iterator[Item]) -> Iterator[Item]:
    """As a reading takes them: a dataset a file where the source wants it."""
    is_each = source.options.get(OPTION) == EACH
    return chain.from_iterable(map(files_of, items)) if is_each else items


def _items(source: Source, counted: dict[str, int | None], progress: Progress) -> Iterator[Item]:
    dialect, wishes = DIALECTS[source.dialect], settings_of(source)
    if isinstance(dialect, Standing):
        for item in dialect.items(wishes):
            _try(source, item, progress)
            yield item
    pending, deadline = list(dialect.first(wishes)), time.monotonic() + SECONDS
    for _rank in range(MOST_ANSWERS):
        left = deadline - time.monotonic()
        if not pending or left <= 0:
            return
        request = pending.pop(0)
        if EXTRA in request.state:
            continue
        bounds = {"seconds": 60.0, "idle_seconds": min(left, 10.0), "total_seconds": left}
        with _answered(source, request, progress, max_bytes=BYTES, **bounds) as (lines, reading):
            counted["total"] = reading.total
            for line in lines:
                if line.item is not None:
                    yield line.item
                elif line.refusal is not None:
                    counted["refused"] = (counted["refused"] or 0) + 1
        pending += reading.following


@contextmanager
def _answered(
    source: Source, request: Request, progress: Progress, *, max_bytes: int, seconds: float, **limits: float
) -> Iterator[tuple[Iterator[Line], Reading]]:
    """The lines of one answer, and what it says besides; SourceBusy."""
    with tempfile.TemporaryDirectory(prefix="preview-", dir=process_folder()) as folder:
        answer = Path(folder, "answer")
        try:
            send(source, request, answer, progress, max_bytes=max_bytes, **limits)
        except ComeBackLater as later:
            raise SourceBusy from later
        with confined(source.title, answer, seconds=seconds) as (work, permits):
            written, wishes = work / "lines", settings_of(source)
            reading = call(read_answer, answer, source.dialect, request, wishes, written, permits=permits)
            with written.open("rb") as stream:
                yield lines_of(stream), reading


def _try(source: Source, item: Item, progress: Progress) -> None:
    """Bring the beginning of a file or a table that is known without asking: what keeps it from coming is raised."""
    resource = best_resource(item.resources)
    if resource is None or source.mode != Mode.COPY:
        return
    limits = {"max_bytes": TRIED_BYTES, "idle_seconds": 10.0, "total_seconds": SECONDS}
    with tempfile.TemporaryDirectory(prefix="preview-", dir=process_folder()) as folder:
        try:
            send(source, Request(resource.url), Path(folder, "answer"), progress, **limits)
        except (FetchTooLarge, DatabaseTooLarge):
            return  # it comes, and is longer than its beginning
        except ComeBackLater as later:
            raise SourceBusy from later


def _previewed(source: Source, item: Item) -> Previewed:
    card: ToldCard = card_of_item(
        item,
        Correspondence.of(source.mapping),
        source_title=shown_title(source),
        default_licence=source.default_licence,
    )
    kind = Filters.of(source.filters).refused_by(item)
    resource = best_resource(item.resources)
    reason = FILTERED[kind] if kind else FROM_HERE if comes_from(item, own_servers()) else None
    if reason is None and not card.has_licence:
        reason = Sentence("resterait en brouillon : aucune licence")
    licence = card.values["licence"] if card.has_licence else ""
    return Previewed(
        card.values["title"], item.identifier, item.publisher, licence, resource.url if resource else "", reason
    )
