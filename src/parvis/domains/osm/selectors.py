"""Reading conflations and findings, always through somebody's eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from parvis.core.errors import NotFound
from parvis.core.osm.model import Verdict
from parvis.domains.osm.models import Conflation, Finding, Run
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import dataset
from parvis.hub.records.selectors import published, record_at

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

MOST_REVIEWS = 5
"""On the page of a dataset."""
STATES = ("", "decides", "tous")
"""What a list may be asked: what is to be decided (the first), what was, both."""


def latest_run(conflation: Conflation) -> Run | None:
    """The last comparison."""
    return conflation.runs.order_by("-at", "-id").first()


def with_runs(conflations: Sequence[Conflation]) -> Sequence[Conflation]:
    """The same, each with its last comparison as ``run``, read at once."""
    latest = Run.objects.filter(conflation=OuterRef("pk")).order_by("-at", "-id").values("pk")[:1]
    keys = Conflation.objects.filter(pk__in=[row.pk for row in conflations]).values_list(Subquery(latest), flat=True)
    runs = {run.conflation_id: run for run in Run.objects.filter(pk__in=[key for key in keys if key])}
    for conflation in conflations:
        conflation.run = runs.get(conflation.pk)
    return conflations


def datasets_of(actor: Actor, conflation: Conflation) -> tuple[Dataset, Dataset]:
    """The town's dataset and that of OpenStreetMap; NotFound when the actor may not see one of them."""
    town, osm = (dataset(actor, name) for name in conflation.datasets)
    return town, osm


def reviews_of(dataset: Dataset, actor: Actor) -> Mapping[str, Any] | None:
    """For the page of a dataset: the reviews online that compare it, how many findings wait in each; None without any."""
    names = dataset.identifiers
    rows = published(Conflation).filter(Q(dataset_id__in=names) | Q(osm_dataset_id__in=names)).order_by("title", "pk")
    waiting = Count("findings", filter=Q(findings__decision="", findings__is_present=True))
    shown = [row for row in rows.annotate(waiting=waiting)[:MOST_REVIEWS] if _may_see(actor, row)]
    return {"reviews": shown} if shown else None


def _may_see(actor: Actor, conflation: Conflation) -> bool:
    try:
        datasets_of(actor, conflation)
    except NotFound:
        return False
    return True


def conflation_at(actor: Actor, slug: str) -> Conflation:
    """The one of that address, when the actor may see it and what it compares; Moved, NotFound."""
    conflation = record_at(Conflation, actor, slug)
    datasets_of(actor, conflation)
    return conflation


def finding_at(conflation: Conflation, key: int) -> Finding:
    """One of its findings; NotFound."""
    finding = Finding.objects.select_related("decided_by").filter(conflation=conflation, pk=key).first()
    if finding is None:
        raise NotFound(name=str(key))
    finding.conflation = conflation
    return finding


def findings_of(conflation: Conflation, verdict: str = "", state: str = "") -> QuerySet[Finding]:
    """Those of a verdict and a state of ``STATES``."""
    rows = Finding.objects.filter(conflation=conflation)
    rows = rows.filter(verdict=verdict) if verdict in set(Verdict) else rows
    if state == "tous":
        return rows
    return rows.exclude(decision="") if state == "decides" else rows.filter(decision="", is_present=True)


def counts_of(conflation: Conflation) -> Mapping[str, int]:
    """How many findings of each verdict are to be decided."""
    rows = findings_of(conflation).values("verdict").annotate(count=Count("id")).values_list("verdict", "count")
    return dict(rows.order_by())


def next_after(finding: Finding) -> Finding | None:
    """The next one to decide of the same verdict, from this one on and round."""
    rows = findings_of(finding.conflation, finding.verdict).exclude(pk=finding.pk)
    row = rows.filter(pk__gt=finding.pk).order_by("pk").first() or rows.order_by("pk").first()
    if row is not None:
        row.conflation = finding.conflation
    return row


def rows_for_other_tools(conflation: Conflation) -> QuerySet[Any]:
    """Findings that wait for a decision, as outputs give them."""
    return findings_of(conflation).order_by("pk")
