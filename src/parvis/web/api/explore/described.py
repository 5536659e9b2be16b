"""A dataset as this API describes it, for those who compare it with what another portal says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.datastore.facts import listed_facts
from parvis.hub.datastore.selectors import described_shape
from parvis.web.api.explore.dataset_object import dataset_object

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


def catalogued_dataset(dataset: Dataset, base: str) -> dict[str, Any]:
    """The same as graphs of the catalogue are made of, addresses below ``base``."""
    facts = listed_facts(dataset.current, dataset.uid)
    shape = described_shape(dataset, facts.shape)
    return dataset_object(dataset, shape, facts, lambda path: f"{base}{path}", with_app_metas=True)


def described_dataset(dataset: Dataset) -> dict[str, Any]:
    """Its object, of its current version, addresses left relative; how often it is read left out."""
    facts = listed_facts(dataset.current, dataset.uid)
    described = dataset_object(dataset, described_shape(dataset, facts.shape), facts, str, with_app_metas=True)
    del described["metas"]["explore"]
    return described


def written_dataset(dataset: Dataset) -> dict[str, Any]:
    """The same as ``parvis import --metadata`` reads it back: with the whole of its translations, those of columns too."""
    return described_dataset(dataset) | ({"translations": dataset.translations} if dataset.translations else {})
