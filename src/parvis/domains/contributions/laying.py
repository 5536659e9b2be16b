"""What was accepted, laid over the source at each import; what became of it, noted with the version that says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.core.overlays import Addition, CellChange, CellState, Overlay, Removal
from parvis.core.overlays.model import MOST_CHANGES
from parvis.core.progress import Progress
from parvis.domains.contributions.kinds import APPLY, REVIEW
from parvis.domains.contributions.models import Correction, Opening, Proposal
from parvis.domains.contributions.rules import DOUBTFUL_STATES, LIVE_STATES, OPEN_STATES, Laid, State
from parvis.domains.contributions.tables import table_of
from parvis.domains.contributions.telling import tell
from parvis.hub.accounts.rules import OPERATOR, Actor
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import dataset_of_key
from parvis.hub.datastore.rules import VersionSuperseded
from parvis.hub.datastore.services import import_again
from parvis.hub.datastore.side_files import OVERLAID, all_rows, side_file
from parvis.hub.jobs.services import enqueue_once

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

PAUSE = timedelta(seconds=5)
"""What is accepted within it makes one version: a moderator decides of many in a row."""


def overlay_of(dataset: Dataset) -> Overlay | None:
    """All the live corrections of a dataset; None when there are none, or nothing tells its rows apart any more."""
    corrections = Correction.objects.filter(dataset=dataset.pk, state__in=LIVE_STATES)[:MOST_CHANGES]
    rows, opening = list(corrections), Opening.objects.filter(dataset=dataset.pk).first()
    if not rows or opening is None or not opening.key:
        return None
    cells, additions, removals = [], [], []
    for row in rows:
        key, change = tuple(row.key), str(row.pk)
        if row.verb == Correction.Verb.CELL:
            cells.append(CellChange(change, key, row.column, row.base, row.ours))
        elif row.verb == Correction.Verb.ADD:
            additions.append(Addition(change, key, row.ours or {}))
        else:
            removals.append(Removal(change, key, row.base or {}))
    return Overlay(tuple(opening.key), tuple(cells), tuple(additions), tuple(removals))


def version_registered(dataset: Dataset, version: Version, **_facts: Any) -> None:
    """Note what became of each correction in the version just written; have the newer ones laid by a next one."""
    try:
        rows = all_rows(side_file(dataset, version, OVERLAID))
    except NotFound:
        rows = []
    verdicts: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        verdicts.setdefault(int(row["change"]), []).append(row)
    now, noted = timezone.now(), set()
    for correction in Correction.objects.filter(pk__in=verdicts, state__in=LIVE_STATES):
        cells = verdicts[correction.pk]
        if correction.verb == Correction.Verb.CELL and cells[0]["before"] != correction.base:
            continue  # somebody chose while this version was being written
        noted.add(correction.pk)
        states = {row["state"] for row in cells}
        state = next(
            (s for s in (*DOUBTFUL_STATES, CellState.APPLIED, CellState.SAME) if s in states), CellState.APPLIED
        )
        correction.state, correction.version_name = Laid(str(state)), version.name
        correction.theirs = (
            {row["column"]: row["source"] for row in cells if row["column"]} if state in DOUBTFUL_STATES else None
        )
        correction.closed = now if state == CellState.SAME else None
        correction.save(update_fields=["state", "version_name", "theirs", "closed"])
    if Correction.objects.filter(dataset=dataset.pk, state=Laid.WAITING).exclude(pk__in=noted).exists():
        ask_to_apply(dataset.pk)


def ask_to_apply(dataset_id: int) -> None:
    """Have what was accepted laid over the source in the background: one version for what is decided within a few seconds."""
    now = timezone.now()
    slot = now + PAUSE
    seconds = int(slot.timestamp()) // 5 * 5
    enqueue_once(OPERATOR, APPLY, f"{dataset_id} {seconds}", after=slot, dataset=dataset_id)


def apply(actor: Actor, dataset_id: int, progress: Progress) -> Version | None:
    """Import the source of the current version again, with what was accepted; None when there is nothing to lay.

    When a delivery comes meanwhile, its version holds what was accepted then, and this one is dropped.
    """
    dataset = dataset_of_key(dataset_id)
    if dataset is None or dataset.current is None or dataset.status == Status.DELETED:
        return None
    if not _has_changed(dataset):
        return None
    try:
        return import_again(actor, dataset, progress)
    except VersionSuperseded:
        ask_to_apply(dataset_id)
        return None


def _has_changed(dataset: Dataset) -> bool:
    """Whether the current version says something else than the live corrections."""
    corrections = Correction.objects.filter(dataset=dataset.pk)
    if corrections.filter(state=Laid.WAITING).exists():
        return True
    dropped = corrections.filter(state__in=(Laid.REPLACED, Laid.DROPPED), version_name=dataset.current.name)
    return dropped.exists()


def dataset_published(dataset: Dataset, **_facts: Any) -> None:
    """Have the proposals that wait compared with the version that readers see now, and lay again what it does not hold.

    A former version that somebody came back to was made without what was accepted since.
    """
    absent = Correction.objects.filter(dataset=dataset.pk, state__in=LIVE_STATES).exclude(
        version_name=dataset.current.name
    )
    if absent.update(state=Laid.WAITING):
        ask_to_apply(dataset.pk)
    if Proposal.objects.filter(dataset=dataset.pk, state__in=OPEN_STATES).exclude(key__isnull=True).exists():
        key = f"{dataset.pk} {dataset.current.name}"
        enqueue_once(OPERATOR, REVIEW, key, dataset=dataset.pk)


def review(dataset_id: int) -> int:
    """Close the proposals that the current version answers by itself, or whose row moved on; how many."""
    dataset = dataset_of_key(dataset_id)
    if dataset is None or dataset.current is None or dataset.status != Status.PUBLISHED:
        return 0
    table, closed = table_of(dataset), 0
    if not table.key:
        return 0
    waiting = Proposal.objects.filter(dataset=dataset_id, state__in=OPEN_STATES).exclude(key__isnull=True)
    for proposal in waiting.exclude(version_name=dataset.current.name):
        state = _state_now(table, proposal)
        changes: dict[str, Any] = {"version_name": dataset.current.name}
        if state is not None:
            changes |= {"state": state, "decided": timezone.now()}
        with transaction.atomic():
            # Nothing is written over a decision that somebody took meanwhile.
            still_open = Proposal.objects.filter(pk=proposal.pk, state__in=OPEN_STATES).update(**changes)
            if still_open and state is not None:
                tell(proposal)
                closed += 1
    return closed


def _state_now(table: Any, proposal: Proposal) -> State | None:
    if len(proposal.key) != len(table.key):
        return State.EXPIRED
    rows = table.rows_at(proposal.key)
    if proposal.kind == "add":
        if not rows:
            return None
        same = all(rows[0].get(name) == value for name, value in proposal.changes.items())
        return State.ALREADY if same else State.EXPIRED
    if proposal.kind == "remove":
        return State.ALREADY if not rows else None
    if proposal.kind != "correct":
        return None
    if len(rows) != 1:
        return State.EXPIRED
    row, seen = rows[0], proposal.row
    if all(row.get(name) == value for name, value in proposal.changes.items()):
        return State.ALREADY
    return State.EXPIRED if any(row.get(name) != seen.get(name) for name in proposal.changes) else None
