"""Measuring versions and reckoning scores, in the background; each act may run twice without harm."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.core.progress import Progress, no_progress
from parvis.core.quality.facts import Measures
from parvis.core.quality.measures import Area, Reference
from parvis.core.quality.measures import measure as measure_rows
from parvis.core.quality.portraits import portraits
from parvis.core.quality.score import score
from parvis.core.versions.manifest import read_manifest
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import CardRevision, Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.jobs.services import enqueue
from parvis.hub.quality.kinds import MEASURE
from parvis.hub.quality.links import due_sources, note_sources
from parvis.hub.quality.models import ScoreDay, SourceCheck, VersionPortraits, VersionQuality
from parvis.hub.quality.selectors import around_of, published_datasets
from parvis.hub.quality.sources import ask, source_address
from parvis.hub.store import is_stored, store, version_name
from parvis.hub.territories.models import Territory
from parvis.hub.territories.selectors import contours_of

logger = logging.getLogger("parvis.quality")

DISTRICTS = (("75", 101, 120), ("13", 201, 216), ("69", 381, 389))
"""Municipal districts of Paris, Marseille and Lyon: codes used as those of communes (department, first, last)."""

SOURCES_SECONDS = 300.0
"""The longest time that a day's questions to sources may take."""

WORTH_JUDGING = 3
"""When so many sources or more are asked and none answers, the fault is more likely to be this machine's."""


def ask_to_measure(version: Version) -> Job | None:
    """Have a version measured, and its dataset's score reckoned, in the background; None when it is already asked for, or its rows are
    not here."""
    if version.is_federated:
        return None
    arguments = {"version": version.pk}
    waiting = Job.objects.filter(kind=MEASURE, state=Job.State.QUEUED, arguments=arguments)
    return None if waiting.exists() else enqueue(OPERATOR, MEASURE, **arguments)


def version_published(version: Version, **_said: Any) -> None:
    """What follows each publication."""
    ask_to_measure(version)


def card_changed(instance: CardRevision, created: bool, raw: bool = False, **_said: Any) -> None:
    """What follows each change of a card: its score moves, once there is one."""
    version = instance.dataset.current
    if created and not raw and version is not None and VersionQuality.objects.filter(version=version).exists():
        transaction.on_commit(lambda: ask_to_measure(version))


def ask_for_missing() -> int:
    """Ask for the measures that published datasets lack (a restored backup, a former release); how many."""
    lacking = published_datasets().filter(current__quality=None)
    return sum(ask_to_measure(dataset.current) is not None for dataset in lacking)


def measure(version: Version, progress: Progress = no_progress) -> VersionQuality | None:
    """Measure the rows of a version and draw its columns, once; None when its folder is gone."""
    dataset = version.dataset
    quality = VersionQuality.objects.filter(version=version).first()
    drawn = VersionPortraits.objects.filter(version=version).exists()
    try:
        if quality is None:
            quality = _measured(dataset, version, progress)
        if not drawn:
            folder = store().local(version_name(dataset.uid, version.name))
            columns = [portrait.to_dict() for portrait in portraits(folder, progress=progress, **_limits())]
            VersionPortraits.objects.update_or_create(version=version, defaults={"columns": columns})
    except NotFound:
        logger.warning("version %s has no folder: not measured", version.name)
        return None
    return quality


def _measured(dataset: Dataset, version: Version, progress: Progress) -> VersionQuality:
    folder = store().local(version_name(dataset.uid, version.name))
    before = previous_version(version)
    measures = measure_rows(
        folder,
        reference=Reference(area_of(dataset), _codes(read_manifest(folder).shape)),
        previous=store().local(version_name(dataset.uid, before.name)) if before else None,
        progress=progress,
        **_limits(),
    )
    now = timezone.now()
    facts = {"measures": measures.to_dict(), "measured": now, "reckoned": now}
    quality, _created = VersionQuality.objects.update_or_create(version=version, defaults=facts)
    return quality


def _limits() -> Mapping[str, Any]:
    return {"work": process_folder(), "memory": settings.PARVIS["PARVIS_IMPORT_MEMORY"]}


def previous_version(version: Version) -> Version | None:
    """The version that readers saw before this one and whose folder is still there."""
    before = version.dataset.versions.filter(published__isnull=False, created__lt=version.created)
    return next((row for row in before[:5] if is_stored(version.dataset.uid, row.name)), None)


def area_of(dataset: Dataset) -> Area:
    """Where the rows of a dataset should lie: the contours of its territories, none when one of them is not known."""
    territories = list(dataset.territories.all())
    contours = [contour.geometry for contour in contours_of(dataset.territories.all())]
    if not contours or len(contours) < len(territories):
        return Area()
    name = ", ".join(territory.name for territory in territories)
    return Area(
        name[:200], contours[0] if len(contours) == 1 else {"type": "GeometryCollection", "geometries": contours}
    )


def _codes(shape: Any) -> dict[str, Sequence[str]]:
    """Every code that a commune has or bore, when a column holds such codes."""
    if not any(column.kind == "insee_commune" for column in shape):
        return {}
    rows = Territory.objects.filter(kind=Territory.Kind.COMMUNE).values_list("code", "former_codes")
    codes = {code for own, former in rows for code in (own, *former)}
    if not codes:
        return {}
    codes |= {f"{department}{n}" for department, first, last in DISTRICTS for n in range(first, last + 1)}
    return {"insee_commune": sorted(codes)}


def reckon(dataset: Dataset, now: datetime | None = None) -> VersionQuality | None:
    """Bring the score of the version that readers see to this moment, and write it down when it changed; None when unmeasured."""
    now = now or timezone.now()
    version = dataset.current
    quality = VersionQuality.objects.filter(version=version).first() if version else None
    if quality is None or dataset.status != Status.PUBLISHED:
        return None
    try:
        around = around_of(dataset, now)
    except NotFound:
        return None
    result = score(Measures.from_dict(quality.measures), around)
    quality.around, quality.reckoned, quality.score = around.to_dict(), now, result.value
    quality.shares = {mark.criterion.name: mark.share for mark in result.marks}
    with transaction.atomic():
        quality.save(update_fields=["around", "reckoned", "score", "shares"])
        _keep_day(dataset, version, result.value, now)
    return quality


def _keep_day(dataset: Dataset, version: Version, value: float, now: datetime) -> None:
    day = timezone.localtime(now).date()
    last = ScoreDay.objects.filter(dataset=dataset, day__lt=day).order_by("-day").first()
    today = ScoreDay.objects.filter(dataset=dataset, day=day)
    if last is not None and (last.score, last.version_name) == (value, version.name):
        today.delete()
        return
    ScoreDay.objects.update_or_create(dataset=dataset, day=day, defaults={"score": value, "version_name": version.name})


def reckon_all(now: datetime | None = None, progress: Progress = no_progress) -> int:
    """Reckon the score of every published dataset; how many have one."""
    datasets = list(published_datasets())
    done = 0
    for rank, dataset in enumerate(datasets):
        progress("reckon", rank, len(datasets))
        done += reckon(dataset, now) is not None
    return done


def check_sources(now: datetime | None = None, progress: Progress = no_progress) -> int:
    """Ask each address that data comes from whether it answers, once an address; how many answered.

    One that answers is asked each day, one that fails more and more seldom (``links.WAITS``). Those asked longest ago come first, for ``SOURCES_SECONDS`` at most, since imports wait meanwhile; the rest waits for the
    next day. When not one of several answers, this machine is probably cut off: nothing is written.
    """
    if not settings.PARVIS["PARVIS_SOURCE_CHECKS"]:
        return 0
    now = now or timezone.now()
    addresses = {dataset.pk: address for dataset in published_datasets() if (address := source_address(dataset))}
    answers: dict[str, dict[str, Any] | None] = {}
    checked_at = dict(SourceCheck.objects.filter(dataset__in=addresses).values_list("url", "checked"))
    end = time.monotonic() + SOURCES_SECONDS
    due = due_sources(addresses.values(), now)
    for address in sorted(due, key=lambda url: (url in checked_at, checked_at.get(url), url)):
        if time.monotonic() > end:
            break
        progress("sources", len(answers), len(due))
        answers[address] = ask(address, process_folder())
    answered = sum(error is None for error in answers.values())
    if not answered and len(answers) >= WORTH_JUDGING:
        logger.warning("none of %s sources answers: this machine is probably cut off", len(answers))
        return 0
    for key, address in addresses.items():
        if address not in answers:
            continue
        _write_check(key, address, answers[address], now)
    SourceCheck.objects.exclude(dataset__in=addresses).delete()
    note_sources(addresses, answers, now)
    return answered


def _write_check(dataset: int, address: str, error: dict[str, Any] | None, now: datetime) -> None:
    before = SourceCheck.objects.filter(dataset=dataset, url=address).first()
    since = None
    if error is not None:
        since = before.failing_since if before and before.failing_since else timezone.localtime(now).date()
    facts = {"url": address, "answered": error is None, "checked": now, "failing_since": since, "error": error}
    SourceCheck.objects.update_or_create(dataset_id=dataset, defaults=facts)
