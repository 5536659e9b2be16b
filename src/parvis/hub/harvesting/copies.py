"""The data of an item: its file brought when it has changed, and imported like any other; or a table of links to it."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings

from parvis.core.children import call
from parvis.core.fetching import Answer, FetchTooLarge
from parvis.core.progress import Progress
from parvis.core.sources.contract import Item, Request, Resource
from parvis.core.sources.dialects import ROWS
from parvis.core.sources.errors import BadSource, EndlessSource
from parvis.core.sources.reading import read_rows
from parvis.core.translation import Sentence
from parvis.core.versions.misfits import MisfitPolicy
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.datastore.confined import confined
from parvis.hub.datastore.rules import safe_name
from parvis.hub.datastore.services import abandon, deposit_file, run_import_here, start_import
from parvis.hub.harvesting.asking import send_twice, settings_of
from parvis.hub.harvesting.hosts import HostIsDown, host_of
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.resources import best_resource, format_of
from parvis.hub.harvesting.rules import FilesHostDown
from parvis.hub.jobs.process_locks import process_folder
from parvis.hub.jobs.rules import WorkerStopping

MOST_ROW_PAGES = 20_000
FILE_SECONDS = 3_600.0
"""Of one file: a server that drips it holds the others of its source no longer."""


class Copied:
    """What became of the file: ``state`` is what to remember of it, None when nothing is new; ``notes`` for the report.

    ``is_partial`` when something could not come that may the next time.
    """

    def __init__(
        self,
        state: dict[str, Any] | None,
        notes: list[Sentence] | None = None,
        *,
        is_imported: bool = False,
        is_partial: bool = False,
    ) -> None:
        self.state, self.notes, self.is_imported, self.is_partial = state, notes or [], is_imported, is_partial


def needs_looking(item: Item, former: dict[str, Any]) -> bool:
    """Whether the server must be asked to know if the file changed: it tells neither a date nor a checksum of it."""
    resource = best_resource(item.resources, former.get("url", ""))
    return resource is not None and not (
        former and _tells_changes(resource) and former.get("told") == stamp_of(resource)
    )


def copy(
    source: Source,
    item: Item,
    dataset: Dataset,
    former: dict[str, Any],
    progress: Progress,
    *,
    publish: bool,
    finished: Callable[[Path], Path] | None = None,
) -> Copied:
    """Bring the file of the item when it has changed and import it; what stops the import is raised.

    ``finished`` makes of rows that came by pages the file that is imported.
    """
    resource = best_resource(item.resources, former.get("url", ""))
    if resource is None:
        return Copied(None, [Sentence("aucun fichier à copier")])
    others = len(item.resources) - 1
    notes = [Sentence("{count} autres fichiers, en liens sur sa page", {"count": others})] if others > 0 else []
    with tempfile.TemporaryDirectory(prefix="harvest-", dir=process_folder()) as name:
        folder = Path(name)
        if resource.dialect:
            path, validators = _rows(source, resource, folder, progress), {}
            path = finished(path) if finished else path
        else:
            answer = fetch_file(source, resource, folder, former, progress)
            if answer is None:
                return Copied({**former, "told": stamp_of(resource)} if former else None, [])
            path = folder / _file_name(resource, answer)
            answer.path.rename(path)
            validators = {"etag": answer.etag, "last_modified": answer.last_modified}
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        state = {"url": resource.url, "told": stamp_of(resource), "sha256": digest, **validators}
        # Held, unpublished or published, the version of these very bytes is there.
        if former.get("sha256") == digest and former.get("url") and dataset.versions.exists():
            return Copied(state, [])
        return Copied(state, notes + import_file(dataset, path, progress, publish=publish), is_imported=True)


def write_links(item: Item, dataset: Dataset, former: dict[str, Any], progress: Progress, *, publish: bool) -> Copied:
    """A table of the files and services of the item, at their addresses: what a dataset of which only the card is taken shows."""
    rows = [
        [part.title, format_of(part) or part.media_type, part.url, str(part.bytes or ""), part.modified]
        for part in item.resources
    ]
    return write_table(
        rows or [[item.title, "", item.landing_page, "", ""]], dataset, former, progress, publish=publish
    )


def write_table(
    rows: list[list[str]], dataset: Dataset, former: dict[str, Any], progress: Progress, *, publish: bool
) -> Copied:
    """A table of files: title, format, address, bytes and date of each."""
    digest = hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()
    if former.get("sha256") == digest and dataset.versions.exists():
        return Copied(None)
    with tempfile.TemporaryDirectory(prefix="harvest-", dir=process_folder()) as name:
        path = Path(name, "ressources.csv")
        with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            writer = csv.writer(stream, delimiter=";")
            writer.writerow(["ressource", "format", "lien", "octets", "modification"])
            writer.writerows(rows)
        notes = import_file(dataset, path, progress, publish=publish, is_plain=True)
        return Copied({"sha256": digest}, notes, is_imported=True)


def import_file(
    dataset: Dataset,
    path: Path,
    progress: Progress,
    *,
    publish: bool,
    is_plain: bool = False,
    policy: MisfitPolicy = MisfitPolicy.STOP,
) -> list[Sentence]:
    """Import a file as the dataset wants it, ``is_plain`` without any choice made before; what holds it back, in words."""
    deposit = deposit_file(OPERATOR, path)
    choices: dict[str, Any] = {"reading": {}, "overrides": {}, "steps": []} if is_plain else {}
    try:
        imported = start_import(
            OPERATOR, deposit=deposit, dataset=dataset, publish=publish, policy=str(policy), **choices
        )
        run_import_here(OPERATOR, imported, _Patient(progress))
    except PublicationHeld as held:
        return [held.sentences()[0]]
    except BaseException:
        if type(deposit).objects.filter(pk=deposit.pk).exists():
            abandon(OPERATOR, deposit)
        raise
    return []


def fetch_file(
    source: Source, resource: Resource, folder: Path, former: dict[str, Any], progress: Progress
) -> Answer | None:
    """The file; None when it is as it was."""
    is_same = former.get("url") == resource.url
    if is_same and _tells_changes(resource) and former.get("told") == stamp_of(resource):
        return None
    validators = former if is_same else {}
    limit = settings.PARVIS["PARVIS_UPLOAD_BYTES"]
    answer = ask_for_file(
        source, Request(resource.url), folder / "answer", progress, max_bytes=limit, validators=validators
    )
    return answer if answer.status == 200 else None


def ask_for_file(source: Source, request: Request, answer: Path, progress: Progress, **options: Any) -> Answer:
    """The answer, as ``send`` gives it. Files are often elsewhere than their catalogue: a dead server of files is told of each item
    that has one there, and keeps no other from being read."""
    try:
        return send_twice(source, request, answer, progress, total_seconds=FILE_SECONDS, **options)
    except HostIsDown as down:
        if down.host == host_of(source.url):
            raise
        raise FilesHostDown(host=down.host) from down


def _rows(source: Source, resource: Resource, folder: Path, progress: Progress) -> Path:
    """Rows that come by pages, gathered in one file as the child writes them."""
    dialect = ROWS.get(resource.dialect)
    if dialect is None:
        raise BadSource(url=resource.url[:300], reason=Sentence("ses lignes ne peuvent pas être lues"))
    extension = "geojsonl" if format_of(replace(resource, dialect="")) == "geojson" else "jsonl"
    gathered = folder / "rows"
    gathered.mkdir()
    destination = gathered / f"{safe_name(resource.title or resource.dialect)}.{extension}"
    gather(source, resource.dialect, dialect.first(resource, settings_of(source)), destination, progress)
    destination.touch()  # without any row, nothing was written: an empty file is refused as one
    return destination


def gather(source: Source, dialect: str, first: Sequence[Request], destination: Path, progress: Progress) -> None:
    """Append to ``destination``, alone in its folder, the rows that come by pages as a dialect of rows reads them, to the last page."""
    pending, limit = list(first), settings.PARVIS["PARVIS_UPLOAD_BYTES"]
    for _page in range(MOST_ROW_PAGES):
        if not pending:
            return
        with tempfile.TemporaryDirectory(prefix="page-", dir=process_folder()) as name:
            request, answer = pending.pop(0), Path(name, "page")
            ask_for_file(source, request, answer, progress, max_bytes=limit)
            with confined(destination.name[:100], answer, write=(destination.parent,)) as (_work, permits):
                pending += call(read_rows, answer, dialect, request, destination, permits=permits)
        if destination.exists() and destination.stat().st_size > limit:
            raise FetchTooLarge(url=request.url[:300], limit_mb=limit // 1_000_000)
    if pending:
        raise EndlessSource(file="", reason=Sentence("plus de {limit} pages", {"limit": MOST_ROW_PAGES}))


def _file_name(resource: Resource, answer: Answer) -> str:
    """A name that says the format: that of the answer, else what was told."""
    name = safe_name(answer.name)
    extension = format_of(resource)
    is_clear = "." in name and len(name.rpartition(".")[2]) <= 8
    return (
        name
        if is_clear or not extension
        else f"{safe_name(resource.title or name).removesuffix('.' + extension)}.{extension}"
    )


def _tells_changes(resource: Resource) -> bool:
    return bool(resource.digest or resource.modified)


def stamp_of(resource: Resource) -> str:
    """What the source tells of a file, which changes when it does."""
    return f"{resource.modified} {resource.digest}".strip()


class _Patient:
    """A progress for the import within the run: a worker that is to stop ends it first, or it would go back to the queue alone."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        with contextlib.suppress(WorkerStopping):
            self._progress(stage, done, total)
