"""What an organisation takes of the instance, and whether there is room for one version more."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from parvis.hub.catalogue.limits import datasets_of, rows_of, storage_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.models import Import
from parvis.hub.quotas.limits import require_room, seconds_spent


def taken_by(organisation_id: int) -> dict[str, int]:
    """What an organisation has taken, by measure (``quotas.limits.MEASURES``)."""
    return {
        "storage": storage_of(organisation_id),
        "datasets": datasets_of(organisation_id),
        "rows": rows_of(organisation_id),
        "imports": imports_today(organisation_id),
        "seconds": round(seconds_spent(organisation_id, datetime.now(UTC).date())),
    }


def imports_today(organisation_id: int) -> int:
    """Imports that have given a version since midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    done = (Import.State.DONE, Import.State.HELD)
    return Import.objects.filter(dataset__organisation=organisation_id, state__in=done, finished__gte=midnight).count()


def require_room_for(dataset: Dataset, *, size: int, rows: int) -> None:
    """OrganisationLimit when one version more of a dataset, of that many bytes and rows, passes a limit of its organisation."""
    owner = dataset.organisation_id
    require_room(owner, "imports", 1, lambda: imports_today(owner))
    require_room(owner, "storage", size, lambda: storage_of(owner))
    require_room(owner, "rows", rows, lambda: rows_of(owner, besides=dataset.pk))
