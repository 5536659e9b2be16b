"""When comparisons are made; apart from what they are made with, which weighs on every process that hears of changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from parvis.domains.osm.kinds import COMPARE
from parvis.domains.osm.models import Conflation
from parvis.domains.osm.selectors import with_runs
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.jobs.services import enqueue, enqueue_once

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version
    from parvis.hub.jobs.models import Job

MOST_A_NIGHT = 500
"""Reviews that are compared again in one night."""


def ask_to_compare(actor: Actor, conflation: Conflation) -> Job:
    """Have it compared in the background."""
    require(actor, "edit", conflation.organisation_id, f"comparer « {conflation.title} »")
    return enqueue(actor, COMPARE, conflation=conflation.pk)


def version_published(dataset: Dataset, version: Version, **_rest: Any) -> None:
    """Compare again what reads a dataset that has just changed."""
    names = dataset.identifiers
    rows = Conflation.objects.filter(live=True)
    for conflation in (rows.filter(dataset_id__in=names) | rows.filter(osm_dataset_id__in=names)).distinct():
        key = f"{conflation.pk} {version.name}"  # the same again when people go back to that version
        enqueue_once(OPERATOR, COMPARE, key, again=timedelta(), conflation=conflation.pk)


def record_changed(sender: type[Conflation], record: Conflation, act: str, **_rest: Any) -> None:
    """Compare what is put online, and what is online when its mapping is another: nobody has to ask."""
    if act in ("publish", "update") and record.live:
        enqueue_once(OPERATOR, COMPARE, f"{record.pk} r{record.revision}", again=timedelta(), conflation=record.pk)


def ask_for_stale(day: str) -> int:
    """Compare again those online whose datasets or mapping are not those of their last comparison; how many are asked for.

    One that has lost a dataset is left: its last comparison says so.
    """
    count = 0
    for conflation in with_runs(list(Conflation.objects.filter(live=True).order_by("pk"))):
        if count < MOST_A_NIGHT and _is_stale(conflation):
            count += enqueue_once(OPERATOR, COMPARE, f"{conflation.pk} {day}", conflation=conflation.pk) is not None
    return count


def _is_stale(conflation: Conflation) -> bool:
    run = conflation.run
    if run is None or run.at < conflation.modified:
        return True
    datasets = [dataset_called(name) for name in conflation.datasets]
    names = [row.current.name if row is not None and row.current is not None else "" for row in datasets]
    return all(names) and names != [run.our_version, run.osm_version]
