"""Reading reuses: those of a dataset, those that wait, the datasets that they use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.rules import MOST_DATASETS, NoDataset, UnknownDatasets, is_due, named_datasets
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import datasets_announced_to
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import managed_by, published

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def of_dataset(dataset: Dataset) -> QuerySet[Reuse]:
    """Those online that use a dataset, the latest first."""
    # SQLite knows no containment of JSON: an identifier between its quotes is looked for in the text of the list.
    return published(Reuse).filter(datasets__icontains=f'"{dataset.dataset_id}"').order_by("-last_published_at", "-id")


def datasets_named(actor: Actor, text: str) -> list[str]:
    """The identifiers of the datasets that a form names by address, identifier or title, that the actor knows of; NoDataset, UnknownDatasets."""
    names = named_datasets(text)
    if not 0 < len(names) <= MOST_DATASETS:
        raise NoDataset(most=MOST_DATASETS)
    rows = datasets_announced_to(actor).filter(Q(dataset_id__in=names) | Q(title__in=names))
    existing: dict[str, str] = {}
    for name, title in rows.values_list("dataset_id", "title"):
        existing |= {title: name, name: name}
    unknown = [name[:60] for name in names if name not in existing]
    if unknown:
        raise UnknownDatasets(names=", ".join(unknown[:5]))
    return list(dict.fromkeys(existing[name] for name in names))


def titles_of(actor: Actor, names: Iterable[str]) -> dict[str, Dataset]:
    """Datasets by identifier, those that exist for the actor."""
    rows = datasets_announced_to(actor).filter(dataset_id__in=set(names))
    return {dataset.dataset_id: dataset for dataset in rows}


def waiting_for(actor: Actor) -> list[Reuse]:
    """Those that wait for the person's decision, the oldest first."""
    waiting = managed_by(Reuse, actor, "publish").filter(status=Status.DRAFT, to_confirm=False)
    return list(waiting.order_by("created", "id"))


def links_due() -> list[Reuse]:
    """Those online whose link is to be followed again."""
    now = timezone.now()
    return [reuse for reuse in published(Reuse) if is_due(reuse.checked, reuse.failures, now)]


def link_due(key: int) -> Reuse | None:
    """One of them; None once it was followed, withdrawn or removed."""
    reuse = published(Reuse).filter(pk=key).first()
    return reuse if reuse is not None and is_due(reuse.checked, reuse.failures, timezone.now()) else None


def dead_links() -> QuerySet[Reuse]:
    """Those online whose link does not answer any more."""
    return published(Reuse).exclude(dead_since=None)
