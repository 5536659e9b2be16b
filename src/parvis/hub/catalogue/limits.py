"""What an organisation's datasets take of the instance."""

from __future__ import annotations

from django.db.models import Sum

from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.quotas.limits import require_room


def datasets_of(organisation_id: int) -> int:
    """How many datasets it has, drafts included, deleted ones left out."""
    return Dataset.objects.filter(organisation=organisation_id).exclude(status=Status.DELETED).count()


def storage_of(organisation_id: int) -> int:
    """Bytes of all versions kept: what was received and the tables made of it."""
    return Version.objects.filter(dataset__organisation=organisation_id).aggregate(total=Sum("bytes"))["total"] or 0


def rows_of(organisation_id: int, besides: int | None = None) -> int:
    """Rows of the current versions of its datasets, one of them left out."""
    datasets = Dataset.objects.filter(organisation=organisation_id, current__isnull=False).exclude(
        status=Status.DELETED
    )
    return datasets.exclude(pk=besides).aggregate(total=Sum("current__rows"))["total"] or 0


def require_room_to_receive(organisation_id: int, dataset: Dataset) -> None:
    """OrganisationLimit when a dataset of another organisation, with all its versions, does not fit into this one's limits."""
    if organisation_id == dataset.organisation_id:
        return
    size = dataset.versions.aggregate(total=Sum("bytes"))["total"] or 0
    require_room(organisation_id, "datasets", 1, lambda: datasets_of(organisation_id))
    require_room(organisation_id, "storage", size, lambda: storage_of(organisation_id))
    require_room(
        organisation_id, "rows", dataset.current.rows if dataset.current else 0, lambda: rows_of(organisation_id)
    )
