"""Reading services: as anybody may, those of a dataset, those to be asked whether they answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.selectors import datasets_announced_to
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.rules import (
    MOST_A_NIGHT,
    MOST_DATASETS,
    TooManyLines,
    UnknownDatasets,
    is_due,
    named_datasets,
)
from parvis.hub.records.selectors import published, stamp_of
from parvis.hub.sites.lens import Lens, current_lens

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def through(lens: Lens, services: QuerySet[DataService]) -> QuerySet[DataService]:
    """Those that concern a commune: its own, and those of no territory in particular."""
    return services.filter(Q(territory=None) | Q(territory__code__in=lens.codes))


def listed_services() -> QuerySet[DataService]:
    """Those that anybody may read on the site that answers, by title; those of the portal itself are no rows."""
    services, lens = published(DataService).select_related("territory").order_by("title", "id"), current_lens()
    return services if lens is None else through(lens, services)


def services_stamp() -> int:
    """A number that is another once anything is done to a service."""
    return stamp_of(DataService)


def served_by(actor: Actor, services: Iterable[DataService]) -> dict[str, Dataset]:
    """The datasets that some services serve, by permanent identifier: those that exist for the actor on the site that answers."""
    names = {name for service in services for name in service.datasets}
    rows = datasets_announced_to(actor).prefetch_related(None).filter(permanent_id__in=names) if names else ()
    return {dataset.permanent_id: dataset for dataset in rows}


def prepared(actor: Actor, services: Sequence[DataService]) -> Sequence[DataService]:
    """The same, each with the datasets that it serves as the actor may know of them, in ``served``."""
    datasets = served_by(actor, services)
    for service in services:
        service.served = [datasets[name] for name in service.datasets if name in datasets]  # type: ignore[attr-defined]
    return services


def services_of(dataset: Dataset) -> QuerySet[DataService]:
    """Those online that serve a dataset."""
    # SQLite knows no containment of JSON: an identifier between its quotes is looked for in the text of the list.
    return listed_services().filter(datasets__icontains=f'"{dataset.permanent_id}"')


def datasets_named(actor: Actor, text: str) -> list[str]:
    """The permanent identifiers of the datasets that a form names by address, identifier or title; UnknownDatasets, TooManyLines."""
    names = named_datasets(text)
    if len(names) > MOST_DATASETS:
        raise TooManyLines(most=MOST_DATASETS)
    rows = datasets_announced_to(actor).filter(Q(dataset_id__in=names) | Q(permanent_id__in=names) | Q(title__in=names))
    permanent_ids: dict[str, str] = {}
    for name, permanent, title in rows.values_list("dataset_id", "permanent_id", "title"):
        permanent_ids = {title: permanent, permanent: permanent, **permanent_ids, name: permanent}
    unknown = [name[:60] for name in names if name not in permanent_ids]
    if unknown:
        raise UnknownDatasets(names=", ".join(unknown[:5]))
    return list(dict.fromkeys(permanent_ids[name] for name in names))


def present_names(actor: Actor, permanent_ids: Sequence[str]) -> list[str]:
    """What datasets are called now, for a form; one that the actor does not know of stays as it is."""
    rows = dict(
        datasets_announced_to(actor).filter(permanent_id__in=permanent_ids).values_list("permanent_id", "dataset_id")
    )
    return [rows.get(name, name) for name in permanent_ids]


def services_due() -> list[DataService]:
    """Those online that are to be asked whether they answer, those asked longest ago first."""
    now = timezone.now()
    rows = published(DataService).order_by(F("checked").asc(nulls_first=True), "pk")
    return list(
        islice((service for service in rows.iterator() if is_due(service.checked, service.failures, now)), MOST_A_NIGHT)
    )


def service_due(key: int) -> DataService | None:
    """One of them; None once it was asked, withdrawn or removed."""
    service = published(DataService).filter(pk=key).first()
    return service if service is not None and is_due(service.checked, service.failures, timezone.now()) else None
