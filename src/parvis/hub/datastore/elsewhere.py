"""The rows of a dataset, wherever they are: here, or at the portal that a federated dataset is asked of at that moment.

One door: whoever shows rows in answer to an Explore question asks here. Whatever else computes on rows asks the engine, which says that a
federated dataset has none here (``AskedElsewhere``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.conf import settings

from parvis.core.engine import Source
from parvis.core.engine.contract import AnySource
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest, RecordsPage, facets, record, records
from parvis.core.explore.elsewhere import NotAskedElsewhere
from parvis.core.explore.facets import FacetGroup
from parvis.core.odsql import Names
from parvis.core.translation import Sentence, gettext_noop
from parvis.core.versions.hollow import is_federated
from parvis.hub.quotas.metering import working
from parvis.hub.registry import modules

if TYPE_CHECKING:
    from parvis.core.engine import Engine
    from parvis.hub.catalogue.models import Dataset


class AskedElsewhere(RequestError):
    """Something that is only computed on rows that are here."""

    code: ClassVar[str] = "dataset-federated"
    status: ClassVar[int] = 409
    sentence: ClassVar[str] = gettext_noop(
        "Les lignes de ce jeu de données ne sont pas ici : elles sont demandées à leur portail d’origine au moment où on les lit."
    )
    advice: ClassVar[str] = gettext_noop(
        "Le tableau, les enregistrements et les facettes de l’API Explore v2.1 et les téléchargements sont servis d’ici."
    )


class FarRows(Protocol):
    """The rows of a federated dataset. Whoever asks has checked the right to see the dataset."""

    @property
    def portal(self) -> str:
        """What the portal is called here."""

    @property
    def page(self) -> str:
        """The address of the dataset there."""

    @property
    def gives_files(self) -> bool:
        """Whether anybody may fetch files there."""

    def records(self, names: Names, request: ExploreRequest) -> RecordsPage:
        """A page of rows or groups."""

    def record(self, names: Names, record_id: str, request: ExploreRequest) -> dict[str, Any]:
        """One row; NotFound."""

    def facets(self, names: Names, request: ExploreRequest) -> list[FacetGroup]:
        """Values with their counts."""

    def export_address(self, names: Names, request: ExploreRequest, format_name: str) -> str:
        """Where the file is, at the portal itself."""


def far_rows_of(dataset: Dataset) -> FarRows | None:
    """The rows of a dataset whose current version is federated, when a source is there to ask them; None otherwise."""
    if dataset.current is None or not dataset.current.is_federated:
        return None
    offered = (module.far_rows(dataset) for module in modules() if module.far_rows is not None)
    return next((rows for rows in offered if rows is not None), None)


def far_rows_behind(dataset: Dataset, source: AnySource) -> FarRows | None:
    """Where the rows of ``source``, a version of the dataset, are asked; None when they are here.

    NotAskedElsewhere for a federated version that is not the current one, AskedElsewhere when no source is there to ask any more.
    """
    if not isinstance(source, Source) or not is_federated(source.manifest):
        return None
    if dataset.current is None or dataset.current.name != source.manifest.version:
        raise NotAskedElsewhere(reason=Sentence("seules les lignes du moment sont là-bas"))
    rows = far_rows_of(dataset)
    if rows is None:
        raise AskedElsewhere
    return rows


def records_of(
    engine: Engine, dataset: Dataset, source: AnySource, request: ExploreRequest, *, names: Names | None = None
) -> RecordsPage:
    """A page of rows or groups; the errors of ``core.explore`` and of whoever asks elsewhere."""
    names = names or Names(source.shape)
    far = far_rows_behind(dataset, source)
    return (
        records(engine, source, request, names=names, seconds=_seconds())
        if far is None
        else far.records(names, request)
    )


def record_of(
    engine: Engine,
    dataset: Dataset,
    source: AnySource,
    record_id: str,
    request: ExploreRequest,
    *,
    names: Names | None = None,
) -> dict[str, Any]:
    """One row; NotFound."""
    names = names or Names(source.shape)
    far = far_rows_behind(dataset, source)
    if far is not None:
        return far.record(names, record_id, request)
    return record(engine, source, record_id, request, names=names, seconds=_seconds())


def facets_of(engine: Engine, dataset: Dataset, source: AnySource, request: ExploreRequest) -> list[FacetGroup]:
    """Values of facets with their counts."""
    far = far_rows_behind(dataset, source)
    if far is not None:
        return far.facets(Names(source.shape), request)
    return facets(engine, source, request, seconds=_seconds())


@contextmanager
def computing(source: AnySource) -> Iterator[None]:
    """Around what the engine computes: from the budget of whoever asks; AskedElsewhere for rows that are not here."""
    if isinstance(source, Source) and is_federated(source.manifest):
        raise AskedElsewhere
    with working(source.key or ""):
        yield


def _seconds() -> float:
    return float(settings.PARVIS["PARVIS_ENGINE_SECONDS"])
