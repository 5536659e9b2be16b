"""What jobs do with quality; each is safe to run twice."""

from __future__ import annotations

from datetime import date

from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.jobs.rules import JobContext
from parvis.hub.quality.links import check_links
from parvis.hub.quality.notices import observe_all, send_digests
from parvis.hub.quality.services import ask_for_missing, check_sources, reckon, reckon_all
from parvis.hub.quality.services import measure as measure_version


def measure(context: JobContext, version: int) -> None:
    """Measure a version that is not yet, then reckon the score of its dataset when readers see that version."""
    version_row = Version.objects.select_related("dataset__organisation").filter(pk=version).first()
    if version_row is None:
        return
    measure_version(version_row, context.progress)
    dataset = Dataset.objects.select_related("organisation", "current").get(pk=version_row.dataset_id)
    if dataset.current_id == version_row.pk:
        reckon(dataset)


def reckon_day(context: JobContext, day: str) -> None:
    """Ask for what is not measured, ask sources whether they answer, reckon every score."""
    ask_for_missing()
    check_sources(progress=context.progress)
    reckon_all(progress=context.progress)


def check_links_of_day(context: JobContext, day: str) -> None:
    """Ask the addresses of cards, columns and documents that are due."""
    check_links(progress=context.progress)


def tell_day(context: JobContext, day: str) -> None:
    """Note what became late, stale or broken, then tell owners by one mail at most."""
    observe_all()
    send_digests(date.fromisoformat(day), progress=context.progress)
