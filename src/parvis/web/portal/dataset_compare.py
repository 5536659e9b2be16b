"""What changed between a version and the one before it; on a commune's site, in the rows that concern it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from parvis.core.columns import TableShape
from parvis.core.errors import NotFound
from parvis.core.versions.comparison import Comparison
from parvis.hub.catalogue.provenance import checks_words, version_words, ways_back
from parvis.hub.catalogue.selectors import published_versions
from parvis.hub.catalogue.selectors import version as version_of
from parvis.hub.datastore.selectors import shape_of, source_of
from parvis.hub.datastore.services import comparison_of
from parvis.hub.jobs.selectors import error_of
from parvis.hub.ui.formatting import number
from parvis.hub.ui.trail import Trail
from parvis.web.portal.dataset import of_dataset_here, shared_facts

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version
    from parvis.hub.jobs.models import Job

MOST_ROWS = 1_000_000
"""Versions larger than this are not compared row by row: it would take minutes of a machine that others share."""
EVERY = 3
"""Seconds after which a page that waits for its comparison asks again."""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """One value that changed."""

    label: str
    old: str | None
    new: str | None


@of_dataset_here
def compare(request: HttpRequest, dataset: Dataset, version: str) -> HttpResponse:
    """Rows and columns added, removed and changed; NotFound for the first version, which follows none."""
    new = version_of(dataset, version)
    old = published_versions(dataset).filter(created__lt=new.created).order_by("-created", "-id").first()
    if old is None:
        raise NotFound(name=f"{version}/compare")
    before, after = source_of(dataset, old), source_of(dataset, new)
    is_too_large = max(before.rows, after.rows) > MOST_ROWS
    outcome = None if is_too_large else comparison_of(before, after)
    facts = {**shared_facts(dataset, ""), "old": old, "new": new, "rows": (before.rows, after.rows)}
    if outcome is not None and not isinstance(outcome, Comparison):
        return _awaited(request, outcome, facts)
    shape = shape_of(dataset, new)
    facts |= {
        "difference": outcome,
        "figures": _figures(dataset, old, new, outcome) if outcome else [],
        "labels": {column.name: column.label for column in shape},
        "changed": _changed(outcome, shape),
        "columns": list(shape.names)[:12],
    }
    return render(request, "portal/dataset_compare.html", facts)


def _awaited(request: HttpRequest, job: Job, facts: dict[str, Any]) -> HttpResponse:
    """The page that says that the comparison is being prepared, and asks again by itself; or why there is none."""
    facts |= {"error": error_of(job), "every": EVERY}
    response = render(request, "portal/dataset_compare_wait.html", facts, status=503 if job.is_over else 202)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(60 if job.is_over else EVERY)
    return response


def _figures(dataset: Dataset, old: Version, new: Version, comparison: Comparison) -> list[dict[str, Any]]:
    """How many rows were added, removed, changed and kept, each with the two versions that it comes from."""
    counted = (
        (_("lignes ajoutées"), comparison.added, new),
        (_("lignes retirées"), comparison.removed, old),
        (_("lignes modifiées"), comparison.changed, new),
        (_("lignes inchangées"), comparison.unchanged, new),
    )
    return [
        {"label": label, "trail": _trail(dataset, old, new, label, amount, shown)} for label, amount, shown in counted
    ]


def _trail(dataset: Dataset, old: Version, new: Version, label: str, amount: int, shown: Version) -> Trail:
    text, address = number(amount), f"{dataset.get_absolute_url()}table/?version={shown.name}"
    facts = (
        (_("Valeur"), text),
        (_("Jeu de données"), dataset.title),
        (_("Avant"), version_words(old)),
        (_("Après"), version_words(new)),
        (_("Fichier source"), new.original),
        (_("Requête"), label),
        (_("Contrôles"), checks_words(new)),
    )
    return Trail(text, address, facts, ways_back(dataset, address))


def _changed(comparison: Comparison | None, shape: TableShape) -> list[tuple[str, list[ChangedCell]]]:
    labels = {column.name: column.label for column in shape}
    rows = comparison.changed_rows if comparison else ()
    return [
        (row.key, [ChangedCell(labels.get(name, name), old, new) for name, (old, new) in row.values.items()])
        for row in rows
    ]
