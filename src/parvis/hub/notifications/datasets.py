"""What webhooks are told of datasets: listened to, so that the catalogue knows nothing of them."""

from __future__ import annotations

from typing import Any

from parvis.hub.addresses import absolute_url
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Status
from parvis.hub.notifications.deliveries import announce


def dataset_published(dataset: Dataset, version: Version, **_said: Any) -> None:
    """A version became the one that readers see."""
    announce_dataset("dataset.published", dataset, version=version.name)


def dataset_withdrawn(dataset: Dataset, former: Status | None = None, **_said: Any) -> None:
    """A published dataset was withdrawn or deleted; a draft that is deleted was never there for readers."""
    if former == Status.PUBLISHED:
        announce_dataset("dataset.withdrawn", dataset)


def announce_dataset(event: str, dataset: Dataset, **details: Any) -> int:
    """Tell the webhooks of its organisation; how many will be called."""
    address = absolute_url(f"/explore/dataset/{dataset.dataset_id}/")
    return announce(event, dataset.organisation_id, "dataset", dataset.dataset_id, dataset.title, address, **details)
