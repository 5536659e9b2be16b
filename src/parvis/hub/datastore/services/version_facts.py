"""Writing in the rows of versions what lists and searches say of them, where it is missing."""

from __future__ import annotations

from datetime import timedelta
from itertools import batched

from parvis.core.errors import NotFound
from parvis.core.progress import Progress, no_progress
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.services import renew_stamps
from parvis.hub.datastore.facts import facts_of_version
from parvis.hub.datastore.kinds import DESCRIBE
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.services import enqueue_once

_AT_ONCE = 200
"""Versions read and written together."""


def ask_for_facts() -> Job | None:
    """Have the background look at the versions whose row says nothing (another release, a restored backup); None when all do."""
    if not Version.objects.filter(facts__isnull=True).exists():
        return None
    return enqueue_once(OPERATOR, DESCRIBE, "all", again=timedelta(0))


def fill_facts(progress: Progress = no_progress) -> int:
    """Write the facts of the versions whose row lacks them, from their manifests; how many. Those whose folder is away wait."""
    # The latest published come first: they are what readers see.
    keys = list(Version.objects.filter(facts__isnull=True).order_by("-published", "-pk").values_list("pk", flat=True))
    filled = 0
    for rank, group in enumerate(batched(keys, _AT_ONCE, strict=False)):
        progress("describe", rank * _AT_ONCE, len(keys))
        described = list(filter(_describe, Version.objects.filter(pk__in=group).select_related("dataset")))
        Version.objects.bulk_update(described, ["facts"])
        shown = Dataset.objects.filter(current__in=[version.pk for version in described])
        if changed := list(shown.values_list("pk", flat=True)):
            renew_stamps(changed)
        filled += len(described)
    return filled


def _describe(version: Version) -> bool:
    try:
        version.facts = facts_of_version(version, version.dataset.uid).to_dict()
    except (NotFound, ValueError, KeyError):  # a folder that is away, or damaged: ``parvis doctor`` tells it
        return False
    return True
