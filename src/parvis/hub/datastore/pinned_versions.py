"""Versions that other rooms rely on, so that what they show can be shown again: pruning leaves them."""

from __future__ import annotations

from parvis.hub.catalogue.models import Dataset
from parvis.hub.registry import modules


def versions_relied_on(dataset: Dataset) -> set[str]:
    """The names of the versions of a dataset that some module relies on."""
    keepers = [module.versions_relied_on for module in modules() if module.versions_relied_on is not None]
    return {name for keeper in keepers for name in keeper(dataset)}
