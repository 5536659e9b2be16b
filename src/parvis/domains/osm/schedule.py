"""When comparisons are made; apart from what they are made with, which weighs on every process that hears of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.domains.osm.kinds import COMPARE
from parvis.domains.osm.models import Conflation
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.jobs.services import enqueue, enqueue_once

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version
    from parvis.hub.jobs.models import Job


def ask_to_compare(actor: Actor, conflation: Conflation) -> Job:
    """Have it compared in the background."""
    require(actor, "edit", conflation.organisation_id, f"comparer « {conflation.title} »")
    return enqueue(actor, COMPARE, conflation=conflation.pk)


def version_published(dataset: Dataset, version: Version, **_rest: Any) -> None:
    """Compare again what reads a dataset that has just changed."""
    names = dataset.identifiers
    rows = Conflation.objects.filter(live=True)
    for conflation in (rows.filter(dataset_id__in=names) | rows.filter(osm_dataset_id__in=names)).distinct():
        enqueue_once(OPERATOR, COMPARE, f"{conflation.pk} {version.name}", conflation=conflation.pk)
