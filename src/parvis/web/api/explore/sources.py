"""The rows behind a request: which dataset, which version, as whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from django.http import HttpRequest

from parvis.core.engine import Source
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Access
from parvis.hub.datastore.selectors import shape_of, source_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A dataset the caller may see, one of its versions, and its rows with the columns as the card describes them."""

    dataset: Dataset
    version: Version
    source: Source

    @property
    def is_public(self) -> bool:
        """True when everybody gets the same answer."""
        return self.dataset.access == Access.PUBLIC

    @property
    def state(self) -> str:
        """Changes whenever an answer about these rows may change."""
        return f"{self.version.name} {self.dataset.modified.isoformat()}"


def asked_rows(request: HttpRequest, dataset_id: str) -> Asked:
    """The current version, or the one that ``version`` names; NotFound for what the caller may not see."""
    actor = actor_of(request.user)
    name = request.GET.get("version", "")
    if actor is ANONYMOUS and not name:
        return _public_rows(catalogue.catalogue_revision(), dataset_id)
    dataset = catalogue.public_dataset(actor, dataset_id)
    version = catalogue.version(dataset, name) if name else dataset.current
    return Asked(dataset, version, described_source(dataset, version))


@lru_cache(maxsize=2_000)
def _public_rows(revision: int, dataset_id: str) -> Asked:
    """What anybody may read, remembered for as long as the catalogue has not changed (``revision`` is its mark)."""
    dataset = catalogue.public_dataset(ANONYMOUS, dataset_id)
    return Asked(dataset, dataset.current, described_source(dataset, dataset.current))


def described_source(dataset: Dataset, version: Version) -> Source:
    """The rows of a version, its columns labelled and annotated as on the card."""
    source = source_of(dataset, version)
    return Source(source.folder, replace(source.manifest, shape=shape_of(dataset, version)))
