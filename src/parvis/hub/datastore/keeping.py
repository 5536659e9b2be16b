"""Versions that other rooms rely on, so that what they show can be shown again: pruning leaves them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from parvis.hub.catalogue.models import Dataset

type Keeper = Callable[[Dataset], Collection[str]]

_keepers: dict[str, Keeper] = {}


def register_keeper(name: str, keeper: Keeper) -> None:
    """Keep, under the ``name`` of a room, the versions of a dataset that ``keeper`` names."""
    _keepers[name] = keeper


def versions_relied_on(dataset: Dataset) -> set[str]:
    """The names of the versions of a dataset that some room relies on."""
    return {name for keeper in _keepers.values() for name in keeper(dataset)}
