"""Typing a small table online: a draft taken from the latest version, kept page by page, saved as a new version."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from parvis.core.children import call
from parvis.core.formats.options import ReadOptions
from parvis.core.ingest.cells import TextTable, read_cells
from parvis.core.transforms import Step
from parvis.hub.accounts.rules import Actor, may, require
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.publication_checks import PublicationHeld
from parvis.hub.catalogue.services import update_card
from parvis.hub.datastore.confined import confined
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.national import answered, unanswered
from parvis.hub.datastore.selectors import original_name
from parvis.hub.datastore.services import abandon, append, open_deposit, run_import_here, start_import
from parvis.hub.datastore.side_tables import SideTables, side_tables_of
from parvis.hub.datastore.tasks import step_secret
from parvis.hub.store import manifest_of, store
from parvis.hub.ui.formatting import number
from parvis.hub.validation.models import EntryDraft
from parvis.hub.validation.rules import NotATable, NothingToEnter, RowsChanged, TableTooLarge
from parvis.hub.validation.selectors import followed, schema_of

MOST_ROWS = 5_000
ENTRY_SECONDS = 60.0
SOURCE = "saisie en ligne"
_LONGEST = 20_000
_READING = ReadOptions(format="csv", encoding="utf-8", delimiter=",", header_line=1, multiline=True, keep_total=True)


def open_draft(actor: Actor, dataset: Dataset) -> EntryDraft:
    """What the person was typing, else the rows of the latest version, else an empty table of the schema.

    TableTooLarge, NotATable or NothingToEnter when the dataset cannot be typed.
    """
    _require(actor, dataset)
    draft = EntryDraft.objects.filter(dataset=dataset, person_id=actor.person_id).first()
    if draft is not None:
        return draft
    latest = dataset.versions.first()
    columns, rows = ([], []) if latest is None else rows_of(dataset, latest)
    columns, rows = _with_schema(dataset, columns, rows)
    if not columns:
        raise NothingToEnter(title=dataset.title)
    base = latest.name if latest else ""
    return EntryDraft(dataset=dataset, person_id=actor.person_id, base=base, columns=columns, rows=rows)


def rows_of(dataset: Dataset, version: Version) -> tuple[list[str], list[list[str]]]:
    """The headers and rows of a version as text, as its steps left them before anything was typed as a number or a date."""
    if version.rows > MOST_ROWS:
        raise TableTooLarge(title=dataset.title, rows=number(version.rows), limit=number(MOST_ROWS))
    manifest = manifest_of(dataset.uid, version.name)
    path = store().local(original_name(dataset, version))
    options = _READING if manifest.original.source == SOURCE else ReadOptions.from_dict(dataset.reading)
    steps = tuple(Step.from_dict(outcome) for outcome in manifest.lineage)

    def run(side: SideTables) -> TextTable:
        with confined(path.name, path, *side.files, seconds=ENTRY_SECONDS) as (work, permits), unanswered(work):
            return call(
                read_cells,
                path,
                name=path.name,
                work=work,
                options=options,
                steps=steps,
                tables=side.tables,
                secret=step_secret(),
                memory=settings.PARVIS["PARVIS_IMPORT_MEMORY"],
                limit=MOST_ROWS,
                permits=permits,
            )

    table = answered(side_tables_of(steps), run)
    if not table.is_text:
        raise NotATable(title=dataset.title)
    return table.headers, table.rows


def _with_schema(dataset: Dataset, columns: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The same with a column for each field of the schema followed, those missing at the end."""
    row = followed(dataset)
    if row is None or row.ref is None:
        return columns, rows
    missing = [name for name in schema_of(row.ref).field_names if name not in columns]
    return [*columns, *missing], [[*cells, *([""] * len(missing))] for cells in rows]


def change_rows(actor: Actor, draft: EntryDraft, first: int, former: int, rows: Sequence[Sequence[str]]) -> EntryDraft:
    """Put ``rows`` in the place of the ``former`` rows from ``first`` on, and keep the draft; TableTooLarge beyond the bound."""
    _require(actor, draft.dataset)
    cells = [[str(cell)[:_LONGEST] for cell in row] for row in rows]
    changed = [*draft.rows[:first], *cells, *draft.rows[first + former :]]
    if len(changed) > MOST_ROWS:
        raise TableTooLarge(title=draft.dataset.title, rows=number(len(changed)), limit=number(MOST_ROWS))
    draft.rows = changed
    draft.save()
    return draft


def drop_draft(actor: Actor, dataset: Dataset) -> None:
    """Forget what the person was typing."""
    _require(actor, dataset)
    EntryDraft.objects.filter(dataset=dataset, person_id=actor.person_id).delete()


def is_behind(draft: EntryDraft) -> bool:
    """Whether the dataset got a version since the draft was begun."""
    latest = draft.dataset.versions.first()
    return (latest.name if latest else "") != draft.base


def save_draft(actor: Actor, draft: EntryDraft, *, over: bool = False) -> Import:
    """Make a version of the draft by the usual import, and publish it if the person may; the draft is then gone.

    RowsChanged when somebody saved another version meanwhile, unless ``over``. Whatever refuses the import leaves the draft.
    """
    dataset = draft.dataset
    _require(actor, dataset)
    if is_behind(draft) and not over:
        raise RowsChanged(title=dataset.title)
    before = {"reading": dataset.reading, "steps": dataset.steps}
    body = csv_of(draft)
    deposit = open_deposit(actor, f"{dataset.dataset_id}.csv", len(body), source=SOURCE)
    try:
        append(actor, deposit, 0, io.BytesIO(body))
        publish = may(actor, "publish", dataset.organisation_id)
        reading = _READING.to_dict()
        imported = start_import(actor, deposit=deposit, dataset=dataset, publish=publish, reading=reading, steps=[])
        imported = _run(actor, imported)
    except BaseException:
        if deposit.pk is not None and not _became_a_version(deposit.pk):
            abandon(actor, deposit)
        raise
    dataset.refresh_from_db()
    with transaction.atomic():
        update_card(actor, dataset, before)  # the next delivered file is read as the former ones were
        EntryDraft.objects.filter(dataset=dataset, person_id=actor.person_id).delete()
        details: dict[str, Any] = {"rows": len(draft.rows)}
        record(actor.name, actor.person_id, "dataset.entry", "dataset", dataset.dataset_id, **details)
    return imported


def _run(actor: Actor, imported: Import) -> Import:
    """Write the version; one that a gate holds back is kept and counts as saved."""
    try:
        return run_import_here(actor, imported)
    except PublicationHeld:
        imported.refresh_from_db()
        return imported


def _became_a_version(deposit: Any) -> bool:
    return Import.objects.filter(deposit=deposit, version__isnull=False).exists()


def csv_of(draft: EntryDraft) -> bytes:
    """The draft as a CSV in UTF-8; rows of which every cell is empty are left out."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(draft.columns)
    writer.writerows(row for row in draft.rows if any(cell.strip() for cell in row))
    return stream.getvalue().encode()


def _require(actor: Actor, dataset: Dataset) -> None:
    require(actor, "edit", dataset.organisation_id, f"saisir dans « {dataset.title} »")
