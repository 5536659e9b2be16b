"""Thumbnails asked for, written and removed. None is ever drawn in a visitor's request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import Q

from parvis.core.versions.period import period_of
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.atlas.models import Map
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.charts.models import Chart
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.models import CivicRecord
from parvis.hub.records.rules import Status as RecordStatus
from parvis.hub.store import manifest_of, record_thumbnails_name, store, thumbnails_name
from parvis.hub.thumbnails import kinds
from parvis.hub.thumbnails.models import Thumbnail
from parvis.hub.thumbnails.rules import ABOUT, DRAWING, NOTHING, Drawn, file_of

SAVED = {Chart.noun: Chart, Map.noun: Map}
"""The kinds of drawings that are saved, by the name that their thumbnails have."""


def version_published(dataset: Dataset, **_facts: Any) -> None:
    """Have the dataset drawn, and the saved drawings that show it."""
    _enqueue(kinds.DATASET, dataset=dataset.pk)
    for kind, key in showing(dataset.dataset_id):
        if kind in SAVED:
            _enqueue(kinds.DRAWING, noun=kind, key=key)


def drawing_changed(record: CivicRecord, **_facts: Any) -> None:
    """Have a drawing drawn anew, or forgotten once it is not online."""
    if record.status == RecordStatus.PUBLISHED:
        _enqueue(kinds.DRAWING, noun=record.noun, key=record.pk)
    elif record.pk:
        forget(record.noun, record.pk)


def showing(dataset_id: str) -> list[tuple[str, int]]:
    """Kind and key of the things whose thumbnail shows a dataset."""
    rows = Thumbnail.objects.values_list("kind", "object_id", "datasets")
    return [(kind, key) for kind, key, datasets in rows if dataset_id in datasets]


def ask_for_missing() -> int:
    """Ask for what has no thumbnail as they are drawn today: another release, a restored backup; how many."""
    current = Q(current__thumbnail__startswith=f"{DRAWING}-")
    datasets = Dataset.objects.filter(status=Status.PUBLISHED, current__isnull=False).exclude(current)
    jobs = [_enqueue(kinds.DATASET, dataset=key) for key in datasets.values_list("pk", flat=True)]
    for kind, model in SAVED.items():
        drawn = Thumbnail.objects.filter(kind=kind, name__startswith=f"{DRAWING}-").values("object_id")
        published = model.objects.filter(status=RecordStatus.PUBLISHED).exclude(pk__in=drawn)
        jobs += [_enqueue(kinds.DRAWING, noun=kind, key=key) for key in published.values_list("pk", flat=True)]
    return sum(job is not None for job in jobs)


def ask_again() -> int:
    """Ask for every thumbnail anew, what lies under maps having changed; how many."""
    datasets = Dataset.objects.filter(status=Status.PUBLISHED, current__isnull=False)
    jobs = [_enqueue(kinds.DATASET, dataset=key) for key in datasets.values_list("pk", flat=True)]
    for kind, model in SAVED.items():
        published = model.objects.filter(status=RecordStatus.PUBLISHED)
        jobs += [_enqueue(kinds.DRAWING, noun=kind, key=key) for key in published.values_list("pk", flat=True)]
    return sum(job is not None for job in jobs)


def _enqueue(kind: str, **arguments: Any) -> Job | None:
    """Ask for a job, unless the same one waits already."""
    waiting = Job.objects.filter(kind=kind, state=Job.State.QUEUED, arguments=arguments)
    return None if waiting.exists() else enqueue(OPERATOR, kind, **arguments)


def keep_of_dataset(dataset: Dataset, drawn: Drawn | None) -> None:
    """Write the thumbnail of the current version, then remove those of all others."""
    version = dataset.current
    name = drawn.name if drawn else NOTHING
    if drawn:
        others = {file_of(small.name, theme): body for small in drawn.suggested for theme, body in small.bodies.items()}
        about = {ABOUT: json.dumps(asdict(drawn.about)).encode()}
        _write(thumbnails_name(dataset.uid, version.name), drawn, {**others, **about})
    # Versions older than the column learn their period here too, their folder being at hand.
    facts = {"thumbnail": name, "period": version.period or period_of(manifest_of(dataset.uid, version.name))}
    if any(getattr(version, column) != value for column, value in facts.items()):
        Version.objects.filter(pk=version.pk).update(**facts)
        bump_revision(dataset)
    for other in store().children(thumbnails_name(dataset.uid)):
        if other != version.name:
            store().delete(thumbnails_name(dataset.uid, other))


def keep_of_record(kind: str, key: int, drawn: Drawn | None, datasets: Iterable[str]) -> None:
    """Write the thumbnail of a map, a chart or a page that shows some datasets."""
    folder = record_thumbnails_name(kind, key)
    if drawn:
        _write(folder, drawn)
    name = drawn.name if drawn else NOTHING
    Thumbnail.objects.update_or_create(
        kind=kind, object_id=key, defaults={"name": name, "datasets": sorted(set(datasets))}
    )
    if not drawn:
        store().delete(folder)


def forget(kind: str, key: int) -> None:
    """Remove the thumbnail of a map, a chart or a page."""
    Thumbnail.objects.filter(kind=kind, object_id=key).delete()
    store().delete(record_thumbnails_name(kind, key))


def _write(folder: str, drawn: Drawn, others: Mapping[str, bytes] | None = None) -> None:
    """Write the files of a thumbnail, then remove those of former ones."""
    files = {file_of(drawn.name, theme): body for theme, body in drawn.bodies.items()} | dict(others or {})
    for file, body in files.items():
        store().put(f"{folder}/{file}", body)
    for file in store().children(folder):
        if file not in files:
            store().delete(f"{folder}/{file}")
