"""Comparing a town's dataset with OpenStreetMap: rows and objects read, findings written, decisions kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from parvis.core.errors import ParvisError, error_row
from parvis.core.osm.conflation import conflate
from parvis.core.osm.curves import distribution
from parvis.core.osm.entries import Row, entry_of, object_of, one_per_reference, unique_keys
from parvis.core.osm.features import Feature
from parvis.core.osm.mappings import Theme
from parvis.core.osm.model import Entry, Verdict, address_of
from parvis.core.osm.model import Finding as Found
from parvis.core.progress import Progress
from parvis.core.translation import Sentence
from parvis.domains.osm.models import Conflation, Finding, Run
from parvis.domains.osm.rows import key_columns_of, objects_of, rows_of
from parvis.domains.osm.rules import NotComparable
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.catalogue.selectors import dataset as dataset_seen
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.registry import row_links
from parvis.hub.store import store

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

RUNS_KEPT = 20
WRITTEN = ("label", "longitude", "latitude", "distance", "facts", "is_present")
"""What a comparison says again of a finding that was there."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared: entries of both sides, the rows by key, how many rows were left out and why."""

    ours: Sequence[Entry]
    theirs: Sequence[Entry]
    rows: Mapping[str, Row]
    left_out: Mapping[str, int]
    columns: tuple[str, ...] = ()
    """Columns whose cells are kept besides those that are compared: what leads from a row to its correction."""


def compare_conflation(actor: Actor, conflation: Conflation, progress: Progress) -> Run:
    """Compare current versions; findings that were there stay as they were decided, those that are no longer found are put aside.

    One at a time: the second reads what is current when its turn comes. What stops it is kept with the run, and raised.
    """
    require(actor, "edit", conflation.organisation_id, f"comparer « {conflation.title} »")
    with store().alone(f"checks/openstreetmap-{conflation.pk}"):
        return _compare(actor, conflation, progress)


def _compare(actor: Actor, conflation: Conflation, progress: Progress) -> Run:
    run = Run(conflation=conflation)
    try:
        town, osm = (_current(actor, name) for name in conflation.datasets)
        run.our_version, run.osm_version = town.current.name, osm.current.name
        theme = conflation.described.for_columns(column.name for column in shape_of(town))
        keys = key_columns_of(shape_of(town), conflation.keys)
        rows = list(rows_of(town, town.current, keys))
        sides = sides_of(rows, objects_of(osm, osm.current), theme, unplaced=town.current.rows - len(rows))
        # What leads to a row may be opened to corrections after it was compared: its key is there already.
        columns = dict.fromkeys([*keys, *(name for link in row_links(town) for name in link.columns)])
        return compare_sides(run, replace(sides, columns=tuple(columns)), theme, progress)
    except ParvisError as error:
        run.error = error_row(error)
        run.save()
        raise


def compare_sides(run: Run, sides: Sides, theme: Theme, progress: Progress) -> Run:
    """Compare two sides, and keep what is found with the run."""
    conflation, result = run.conflation, conflate(sides.ours, sides.theirs, theme, progress)
    run.counts = {verdict.value: result.counts[verdict] for verdict in Verdict}
    run.distances = distribution(result.distances)
    run.left_out = dict(sides.left_out)
    _write(conflation, [item for item in result.findings if item.verdict is not Verdict.SAME], sides, theme, progress)
    with transaction.atomic():
        run.save()
        old = conflation.runs.order_by("-at", "-id").values_list("pk", flat=True)[RUNS_KEPT:]
        Run.objects.filter(pk__in=list(old)).delete()
    return run


def _current(actor: Actor, dataset_id: str) -> Dataset:
    dataset = dataset_seen(actor, dataset_id)
    if dataset.current is None:
        raise NotComparable(title=dataset.title, reason=Sentence("il n’a pas encore de données"))
    return dataset


def sides_of(
    rows: Sequence[Row],
    objects: Iterable[Feature],
    theme: Theme,
    *,
    unplaced: int = 0,
) -> Sides:
    """Rows and objects as entries; ``unplaced`` rows had no position."""
    entries = unique_keys([entry_of(row, theme) for row in rows])
    by_key = {entry.key: replace(row, key=entry.key) for entry, row in zip(entries, rows, strict=True)}
    things = list(one_per_reference(entries, theme))
    places = Counter((entry.longitude, entry.latitude) for entry in things)
    crowded = sum(count for count in places.values() if count > 1)
    left_out = Counter({"unplaced": unplaced, "same_reference": len(entries) - len(things), "same_place": crowded})
    return Sides(things, unique_keys([object_of(feature, theme) for feature in objects]), by_key, +left_out)


def _write(conflation: Conflation, items: Sequence[Found], sides: Sides, theme: Theme, progress: Progress) -> None:
    """Write what is not as it was, a few rows at a time: whoever writes elsewhere meanwhile waits for no more than these."""
    town, osm = ({entry.key: entry for entry in side} for side in (sides.ours, sides.theirs))
    present: set[str] = set()
    for some in batched(items, _BATCH, strict=False):
        progress("write", len(present), len(items))
        rows = [_finding(conflation, item, town, osm, sides.rows, theme, sides.columns) for item in some]
        present.update(row.digest for row in rows)
        former = {row.digest: row for row in conflation.findings.filter(digest__in=[row.digest for row in rows])}
        Finding.objects.bulk_create(
            [row for row in rows if not _is_as_it_was(row, former.get(row.digest))],
            update_conflicts=True,
            unique_fields=["conflation", "digest"],
            update_fields=WRITTEN,
        )
    rest = conflation.findings.filter(Q(is_present=True) | Q(decision="")).values_list("pk", "digest")
    for some in batched([key for key, digest in rest if digest not in present], _BATCH, strict=False):
        with transaction.atomic():
            gone = conflation.findings.filter(pk__in=some)
            # What was never decided and is no longer found says nothing to anybody.
            gone.filter(decision="").delete()
            gone.update(is_present=False)


def _is_as_it_was(row: Finding, former: Finding | None) -> bool:
    return former is not None and all(getattr(row, name) == getattr(former, name) for name in WRITTEN)


def _finding(
    conflation: Conflation,
    item: Found,
    town: Mapping[str, Entry],
    osm: Mapping[str, Entry],
    rows: Mapping[str, Row],
    theme: Theme,
    link_columns: Iterable[str],
) -> Finding:
    first, second = town.get(item.ours), osm.get(item.theirs)
    shown = first or second
    facts: dict[str, Any] = {
        "differences": [[row.tag, row.ours, row.theirs] for row in item.differences],
        "doubts": [str(doubt) for doubt in item.doubts],
        "by_reference": item.by_reference,
        "nearby": list(item.nearby),
    }
    if first is not None:
        cells = rows[first.key].cells
        facts["ours"] = {
            "place": [first.longitude, first.latitude],
            "tags": dict(first.tags),
            "new_tags": theme.new_tags(cells, first.tags),
            "cells": {name: cells[name] for name in (*theme.columns, *link_columns) if name in cells},
        }
    if second is not None:
        facts["theirs"] = {
            "place": [second.longitude, second.latitude],
            "tags": dict(second.tags),
            "version": second.version,
        }
    return Finding(
        conflation=conflation,
        digest=item.digest,
        verdict=item.verdict,
        ours=item.ours,
        theirs=item.theirs,
        label=_label(first, second)[:200],
        longitude=shown.longitude,
        latitude=shown.latitude,
        distance=item.distance,
        facts=facts,
        is_present=True,
    )


def _label(first: Entry | None, second: Entry | None) -> str:
    """What people would call it: a name, the key of our row, the address of the object."""
    names = [entry.name for entry in (first, second) if entry is not None and entry.name]
    if names:
        return names[0]
    if first is None:
        return address_of(second.key) if second is not None else ""
    key = first.key.partition("#")[0]
    return " ".join(json.loads(key)) if key.startswith("[") else key[:12]
