"""What steps would make of the file of an import, before they are accepted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from parvis.core.children import ReadingTooLong, call
from parvis.core.formats.options import ReadOptions
from parvis.core.ingest import Preview, preview
from parvis.core.ingest.preview import step_at_work
from parvis.core.transforms import Step
from parvis.core.transforms.steps import too_long
from parvis.hub.accounts.rules import Actor
from parvis.hub.datastore.confined import confined
from parvis.hub.datastore.national import answered, unanswered
from parvis.hub.datastore.services.imports import require_import
from parvis.hub.datastore.side_tables import SideTables, allowed_side_tables
from parvis.hub.datastore.tasks import step_secret
from parvis.hub.store import deposit_file_name, deposit_sample_name, store

if TYPE_CHECKING:
    from parvis.hub.datastore.models import Import

SECONDS = 30.0
"""A person waits for it."""
STEP_SECONDS = 20.0
"""Of one step, so that the page shows the rows as the steps before left them."""
SAMPLED_BYTES = 200_000
"""A smaller file is read again each time: it takes no longer than its first rows."""


@contextmanager
def slow_step(work: Path, steps: Sequence[Step]) -> Iterator[None]:
    """Around a preview in that folder: a child that was ended at a step is told by the step, not by the file."""
    try:
        yield
    except ReadingTooLong as error:
        if rank := step_at_work(work):
            raise too_long(steps[rank - 1], rank, SECONDS) from error
        raise


def preview_steps(
    actor: Actor, imported: Import, steps: Sequence[Step], language: str, *, most_sent: int = 0
) -> Preview:
    """The first rows of the file before and after the last of these steps; the refusals of the readers, ReadingTooLong, StepTooLong.

    No more addresses than ``most_sent`` go to the national service; those it answered before are there in any case.
    """
    require_import(actor, imported)
    path = store().local(deposit_file_name(imported.deposit.pk))
    reading = hashlib.sha256(json.dumps(imported.reading, sort_keys=True).encode()).hexdigest()[:16]
    sample_name = deposit_sample_name(imported.deposit.pk, reading)

    def run(side: SideTables) -> Preview:
        sample = store().local(sample_name) if store().exists(sample_name) else None
        read = (sample or path, *side.files)
        with (
            confined(imported.deposit.name, *read, seconds=SECONDS) as (work, permits),
            unanswered(work),
            slow_step(work, steps),
        ):
            new_sample = work / "premieres.parquet" if sample is None and path.stat().st_size > SAMPLED_BYTES else None
            shown: Preview = call(
                preview,
                path,
                name=imported.deposit.name,
                work=work,
                steps=tuple(steps),
                options=ReadOptions.from_dict(imported.reading),
                tables=side.tables,
                secret=step_secret(),
                memory=settings.PARVIS["PARVIS_IMPORT_MEMORY"],
                language=language,
                sample=sample,
                new_sample=new_sample,
                seconds=STEP_SECONDS,
                permits=permits,
            )
            if new_sample is not None and new_sample.exists():
                store().put(sample_name, new_sample)
        return shown

    return answered(allowed_side_tables(actor, steps, imported.dataset), run, most=most_sent)
