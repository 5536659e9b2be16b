"""The rows behind a request: which dataset, which version, as whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.http import HttpRequest

from parvis.core.engine import Source
from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.rules import Access
from parvis.hub.datastore.selectors import shape_of, source_of
from parvis.hub.sites.lens import Lens, current_lens
from parvis.web.api.explore.problems import UnknownVersion

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version


@dataclass(frozen=True, slots=True)
class Asked:
    """A dataset the caller may see, one of its versions, and its rows with the columns as the card describes them."""

    dataset: Dataset
    version: Version
    source: Source
    revision: int

    @property
    def is_public(self) -> bool:
        """True when everybody gets the same answer."""
        return self.dataset.access == Access.PUBLIC

    @property
    def state(self) -> str:
        """Changes whenever an answer about these rows may change."""
        return f"{self.version.name} {self.dataset.modified.isoformat()}"


def asked_rows(request: HttpRequest, dataset_id: str) -> Asked:
    """The current version, or the one that ``version`` names (an extension of Parvis).

    NotFound for what the caller may not see, UnknownVersion for a version the dataset has not.
    """
    actor = actor_of_request(request)
    name = request.GET.get("version", "").strip()
    revision = catalogue.catalogue_revision()
    remembered = actor is ANONYMOUS
    asked = _public_rows(revision, current_lens(), dataset_id) if remembered else _rows(actor, revision, dataset_id)
    return at_version(asked, name) if name else asked


def known_rows(request: HttpRequest, dataset_id: str) -> tuple[Asked, bool]:
    """The same for what the caller may know of, and whether they may read it; only the card of the rest may be told."""
    try:
        return asked_rows(request, dataset_id), True
    except catalogue.DataOnRequest:
        dataset = catalogue.known_dataset(actor_of_request(request), dataset_id)
        revision = catalogue.catalogue_revision()
        return Asked(dataset, dataset.current, described_source(dataset, dataset.current), revision), False


def at_version(asked: Asked, name: str) -> Asked:
    """The same dataset at the version of that name; UnknownVersion when it has none."""
    try:
        version = catalogue.version(asked.dataset, name)
    except NotFound as error:
        raise UnknownVersion(name=name) from error
    return replace(asked, version=version, source=described_source(asked.dataset, version))


@lru_cache(maxsize=2_000)
def _public_rows(revision: int, lens: Lens | None, dataset_id: str) -> Asked:
    """What anybody may read through the ``lens`` of the request's site, remembered for as long as the catalogue has not
    changed (``revision`` is its mark)."""
    return _rows(ANONYMOUS, revision, dataset_id)


def _rows(actor: Actor, revision: int, dataset_id: str) -> Asked:
    dataset = catalogue.public_dataset(actor, dataset_id)
    return Asked(dataset, dataset.current, described_source(dataset, dataset.current), revision)


def described_source(dataset: Dataset, version: Version) -> Source:
    """The rows of a version, its columns labelled and annotated as on the card."""
    source = source_of(dataset, version)
    return Source(source.folder, replace(source.manifest, shape=shape_of(dataset, version)))
