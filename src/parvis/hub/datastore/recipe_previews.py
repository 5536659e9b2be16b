"""What a recipe would make of the source that a dataset has: nothing is received, nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings

from parvis.core.children import call
from parvis.core.errors import NotFound
from parvis.core.formats.options import ReadOptions
from parvis.core.ingest import Preview, preview
from parvis.core.transforms import Step
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.datastore.confined import confined
from parvis.hub.datastore.previews import SECONDS, STEP_SECONDS, slow_step
from parvis.hub.datastore.selectors import original_name
from parvis.hub.datastore.side_tables import allowed_side_tables
from parvis.hub.datastore.tasks import step_secret
from parvis.hub.store import store

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def preview_recipe(actor: Actor, dataset: Dataset, steps: Sequence[Step], language: str) -> Preview:
    """The first rows of the source of its latest version, once these steps were done; NotFound without a version."""
    require(actor, "edit", dataset.organisation_id, f"essayer une recette sur « {dataset.title} »")
    version = dataset.versions.first()
    if version is None:
        raise NotFound(name=f"{dataset.dataset_id} : version")
    side, source = allowed_side_tables(actor, steps, dataset), original_name(dataset, version)
    path, name = store().local(source), source.rpartition("/")[2]
    with confined(name, path, *side.files, seconds=SECONDS) as (work, permits), slow_step(work, steps):
        shown: Preview = call(
            preview,
            path,
            name=name,
            work=work,
            steps=tuple(steps),
            options=ReadOptions.from_dict(dataset.reading),
            tables=side.tables,
            secret=step_secret(),
            memory=settings.PARVIS["PARVIS_IMPORT_MEMORY"],
            language=language,
            seconds=STEP_SECONDS,
            permits=permits,
        )
    return shown
