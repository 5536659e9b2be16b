"""Datasets that modules read by their identifiers: what is missing of them, and what reads one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.rules import may_see
from parvis.hub.registry import publications, readings


@dataclass(frozen=True, slots=True)
class MissingReading:
    """A dataset that is read and is not there for readers, or has not the ``columns`` that are read."""

    dataset_id: str
    columns: tuple[str, ...]
    records: tuple[CivicRecord, ...]
    """What reads it, of records."""


def missing_readings() -> Iterator[MissingReading]:
    """What is read in vain, by identifier. A dataset that a module is about to publish for the first time is not missed."""
    by_name: dict[str, list[tuple[tuple[str, ...], CivicRecord | None]]] = {}
    for reading in readings():
        by_name.setdefault(reading.dataset_id, []).append((reading.columns, reading.record))
    own = {publication.dataset_id for publication in publications()}
    for name in sorted(by_name):
        dataset = dataset_called(name)
        if dataset is None and name in own:
            continue
        wanted_columns = dict.fromkeys(column for columns, _record in by_name[name] for column in columns)
        lacking = tuple(column for column in wanted_columns if not _has(dataset, column))
        if dataset is None or dataset.current is None or dataset.status != Status.PUBLISHED or lacking:
            records = tuple(record for _columns, record in by_name[name] if record is not None)
            yield MissingReading(name, lacking, records)


def records_reading(actor: Actor, dataset: Dataset) -> list[CivicRecord]:
    """The charts, maps, indicators… that read a dataset and exist for the actor, by kind then title."""
    names = dataset.identifiers
    records = {
        (type(reading.record)._meta.label, reading.record.pk): reading.record
        for reading in readings()
        if reading.record is not None and reading.dataset_id in names
    }
    return [record for record in records.values() if may_see(actor, record.status, record.organisation_id)]


def _has(dataset: Dataset | None, column: str) -> bool:
    if dataset is None or dataset.current is None:
        return False
    try:
        return shape_of(dataset).get(column) is not None
    except NotFound:  # its folder is away: told by another check
        return True
