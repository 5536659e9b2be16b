"""What an organisation's datasets take of the instance."""

from __future__ import annotations

from django.db.models import Sum

from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status


def datasets_of(organisation_id: int) -> int:
    """How many datasets it has, drafts included, deleted ones left out."""
    return Dataset.objects.filter(organisation=organisation_id).exclude(status=Status.DELETED).count()


def storage_of(organisation_id: int) -> int:
    """Bytes of all versions kept: what was received and the tables made of it."""
    return Version.objects.filter(dataset__organisation=organisation_id).aggregate(total=Sum("bytes"))["total"] or 0


def rows_of(organisation_id: int, besides: int | None = None) -> int:
    """Rows of the current versions of its datasets, one of them left out."""
    found = Dataset.objects.filter(organisation=organisation_id, current__isnull=False).exclude(status=Status.DELETED)
    return found.exclude(pk=besides).aggregate(total=Sum("current__rows"))["total"] or 0
