"""A dataset as a caller may read it, and the trail that every answer carries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from parvis.core.engine import Source
from parvis.core.errors import NotFound
from parvis.core.odsql.errors import suggestion
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.catalogue import selectors as catalogue
from parvis.hub.catalogue.rules import may_see
from parvis.hub.datastore.selectors import shape_of, source_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

API = "/api/explore/v2.1/catalog/datasets"


class NoSuchDataset(NotFound):
    """No dataset of that identifier, or version of it, for this caller."""

    code: ClassVar[str] = "mcp-dataset-unknown"
    sentence: ClassVar[str] = gettext_noop("Aucun jeu de données ne s’appelle « {name} ».{did_you_mean}")
    advice: ClassVar[str] = gettext_noop("Cherchez-le avec search_datasets.")


@dataclass(frozen=True, slots=True)
class Readable:
    """A dataset whose rows the caller may read, in one version, its columns as on the card."""

    dataset: Dataset
    version: Version
    source: Source

    @property
    def is_federated(self) -> bool:
        """Whether its rows are asked of another portal at that moment: figures are of no version."""
        return self.version.is_federated

    @property
    def address(self) -> str:
        """Its permanent public address."""
        return absolute(self.dataset.get_absolute_url())

    @property
    def licence(self) -> dict[str, str | None]:
        """Name and address of its licence."""
        licence = self.dataset.licence_shown
        return {
            "name": licence.name if licence else self.dataset.licence,
            "url": (licence.url or None) if licence else None,
        }

    def trail(self, query: dict[str, Any] | None = None, path: str = "") -> dict[str, Any]:
        """Where figures come from: dataset, version, query, instant, licence, and the address that gives them again."""
        provenance: dict[str, Any] = {
            "dataset_id": self.dataset.dataset_id,
            "title": self.dataset.title,
            "publisher": self.dataset.organisation.name,
            "licence": self.licence,
            "version": self.version.name,
            "version_date": self.version.created.isoformat(timespec="seconds"),
            "asked_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "page": self.address,
        }
        if query is not None:
            parameters = {name: value for name, value in query.items() if value not in (None, "", (), [])}
            provenance["query"] = parameters
            if not self.is_federated:
                provenance["permanent_address"] = self.api_address(path, {**parameters, "version": self.version.name})
        if self.is_federated:
            provenance["asked_of"] = self.version.source
        return provenance

    def api_address(self, path: str, parameters: dict[str, Any]) -> str:
        """The address of the Explore API that answers the same."""
        return absolute(f"{API}/{self.dataset.dataset_id}{path}?{urlencode(parameters, doseq=True)}")


def absolute(path: str) -> str:
    """The full public address of a path."""
    return canonical(absolute_path(path))


def readable(actor: Actor, dataset_id: str, version: str = "") -> Readable:
    """The dataset at its current version or at the one named; NoSuchDataset for what the actor may not read."""
    try:
        dataset = catalogue.public_dataset(actor, dataset_id.strip())
        if may_see(actor, dataset.guarded):
            chosen = catalogue.version(dataset, version) if version else dataset.current
            source = source_of(dataset, chosen)
            described = replace(source, manifest=replace(source.manifest, shape=shape_of(dataset, chosen)))
            return Readable(dataset, chosen, described)
    except NotFound as error:
        if error.details.get("name") == version != dataset_id:
            raise
    visible_ids = catalogue.datasets_visible_to(actor).values_list("dataset_id", flat=True)
    raise NoSuchDataset(name=dataset_id[:200], **suggestion(dataset_id[:200], visible_ids))
