"""The rows behind a request: which dataset, which version, as whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.http import HttpRequest

from parvis.core.engine import Source
from parvis.core.errors import NotFound
from parvis.core.translation import SOURCE
from parvis.core.versions.facts import VersionFacts
from parvis.core.versions.hollow import is_federated
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.languages import in_language
from parvis.hub.catalogue.rules import Access
from parvis.hub.datastore.selectors import described_shape, source_of
from parvis.hub.sites.lens import Lens, current_lens
from parvis.web.api.explore.problems import UnknownVersion

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


@dataclass(frozen=True, slots=True)
class DatasetRequest:
    """A dataset the caller may see, one of its versions, and its rows with the columns as the card describes them."""

    dataset: Dataset
    version: Version
    source: Source

    @property
    def is_federated(self) -> bool:
        """True when its rows are asked of another portal at this moment: nothing of the answer may be remembered."""
        return is_federated(self.source.manifest)

    @property
    def is_public(self) -> bool:
        """True when everybody gets the same answer."""
        return self.dataset.access == Access.PUBLIC

    @property
    def facts(self) -> VersionFacts:
        """What the dataset object says of the rows that the caller sees."""
        manifest = self.source.manifest
        return VersionFacts(self.source.shape, manifest.rows, manifest.bbox, manifest.geometry_types)

    @property
    def mark(self) -> tuple[str, int]:
        """What the answer rests on: this dataset alone, at this stamp."""
        return self.dataset.dataset_id, self.dataset.stamp

    @property
    def state(self) -> str:
        """Changes whenever an answer about this dataset may change, and with no change of another."""
        return f"{self.version.name} {self.dataset.modified.isoformat()} {self.dataset.stamp}"


def resolve_dataset(request: HttpRequest, dataset_id: str) -> DatasetRequest:
    """The current version, or the one that ``version`` names (an extension of Parvis).

    NotFound for what the caller may not see, UnknownVersion for a version the dataset has not.
    """
    actor = actor_of_request(request)
    name = request.GET.get("version", "").strip()
    stamp = catalogue.dataset_stamp(dataset_id) if actor is ANONYMOUS else None
    target = _rows(actor, dataset_id) if stamp is None else _public_rows(stamp, current_lens(), dataset_id)
    return in_words_of(request, at_version(target, name) if name else target)


def resolve_announced(request: HttpRequest, dataset_id: str) -> tuple[DatasetRequest, bool]:
    """The same for what the caller may know of, and whether they may read it; only the card of the rest may be told."""
    try:
        return resolve_dataset(request, dataset_id), True
    except catalogue.DataOnRequest:
        dataset = catalogue.announced_dataset(actor_of_request(request), dataset_id)
        target = DatasetRequest(dataset, dataset.current, described_source(dataset, dataset.current))
        return in_words_of(request, target), False


def in_words_of(request: HttpRequest, target: DatasetRequest) -> DatasetRequest:
    """The same with title and labels in the language that ``lang`` asks for, where the card was translated into it."""
    return in_words(target, request.GET.get("lang") or SOURCE)


def in_words(target: DatasetRequest, language: str) -> DatasetRequest:
    """The same with title and labels in that language, where the card was translated into it."""
    if not target.dataset.translations:
        return target
    dataset = in_language(target.dataset, language)
    if dataset is target.dataset:
        return target
    manifest = target.source.manifest
    source = replace(target.source, manifest=replace(manifest, shape=described_shape(dataset, manifest.shape)))
    return replace(target, dataset=dataset, source=source)


def at_version(target: DatasetRequest, name: str) -> DatasetRequest:
    """The same dataset at the version of that name; UnknownVersion when it has none."""
    try:
        version = catalogue.version(target.dataset, name)
    except NotFound as error:
        raise UnknownVersion(name=name) from error
    return replace(target, version=version, source=described_source(target.dataset, version))


@lru_cache(maxsize=2_000)
def _public_rows(stamp: int, lens: Lens | None, dataset_id: str) -> DatasetRequest:
    """What anybody may read through the ``lens`` of the request's site, remembered for as long as the dataset has that stamp."""
    return _rows(ANONYMOUS, dataset_id)


def _rows(actor: Actor, dataset_id: str) -> DatasetRequest:
    dataset = catalogue.public_dataset(actor, dataset_id)
    return DatasetRequest(dataset, dataset.current, described_source(dataset, dataset.current))


def described_source(dataset: Dataset, version: Version) -> Source:
    """The rows of a version, its columns labelled and annotated as on the card."""
    source = source_of(dataset, version)
    return replace(source, manifest=replace(source.manifest, shape=described_shape(dataset, source.manifest.shape)))
