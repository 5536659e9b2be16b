"""The order in which an Explore portal that moves in lists its datasets, when nobody asks for another: kept here, so that what read the
former portal in its order reads the same here. A choice (``docs/decisions/0140``)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from parvis.core.children import call
from parvis.core.errors import Cancelled, ParvisError
from parvis.core.progress import Progress
from parvis.core.sources.contract import Request
from parvis.core.sources.explore import FURTHEST, PAGE, root_of
from parvis.core.sources.explore_facts import listed_names
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.arranging import arrange
from parvis.hub.catalogue.rules import Status
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.asking import send_twice
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.harvesting.models import Run, RunItem, Source
from parvis.hub.harvesting.rules import Mode, Outcome
from parvis.hub.jobs.process_locks import process_folder

ORDER: Final = "(ordre du catalogue)"
"""The identifier under which a run says that the order could not be read."""
_PAGE_BYTES: Final = 20_000_000
_WHOLE_BYTES: Final = 500_000_000


def follow_order(run: Run, actor: Actor, progress: Progress) -> None:
    """Arrange what came as it is listed there; told in the run when it cannot be read, and the former order stays."""
    source = run.source
    if source.mode != Mode.MOVE or source.dialect != "explore" or source.options.get("where"):
        return
    try:
        rows = source.items.filter(dataset__isnull=False, gone=None).exclude(dataset__status=Status.DELETED)
        keys = dict(rows.values_list("landing_page", "dataset"))
        base = root_of(source.url)
        pages = (f"{base}/explore/dataset/{quote(name, safe='')}/" for name in _names(source, base, progress))
        arrange(actor, [keys[page] for page in pages if page in keys])
    except (Cancelled, ComeBackLater):
        raise
    except ParvisError as error:
        reason = Sentence("l’ordre du catalogue n’a pas pu être lu : {reason}", {"reason": error.sentences()[0]})
        RunItem.objects.create(
            run=run, identifier=ORDER, outcome=Outcome.SKIPPED, reasons=[reason.to_json()], page=run.page
        )


def _names(source: Source, base: str, progress: Progress) -> Iterator[str]:
    """What datasets are called there, in the order of a list of which none is asked for; by one file of a catalogue that has no more pages."""
    offset = 0
    while offset < FURTHEST:
        query = urlencode({"select": "dataset_id", "limit": PAGE, "offset": offset})
        names, total = _read(source, f"{base}/api/explore/v2.1/catalog/datasets?{query}", _PAGE_BYTES, progress)
        if total > FURTHEST:
            url = f"{base}/api/explore/v2.1/catalog/exports/json?select=dataset_id"
            yield from _read(source, url, _WHOLE_BYTES, progress)[0]
            return
        yield from names
        offset += len(names)
        if not names or offset >= total:
            return


def _read(source: Source, url: str, most: int, progress: Progress) -> tuple[tuple[str, ...], int]:
    with tempfile.TemporaryDirectory(prefix="order-", dir=process_folder()) as folder:
        path = Path(folder, "answer")
        send_twice(source, Request(url, headers={"Accept": "application/json"}), path, progress, max_bytes=most)
        with confined(source.title, path) as (_work, permits):
            listed = call(listed_names, path, permits=permits)
    return tuple(listed.names), listed.total
