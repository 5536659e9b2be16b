"""A dataset as the Explore API describes it (specification, section 10.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from parvis.core.columns import ColumnType, TableShape
from parvis.core.versions.facts import VersionFacts
from parvis.hub.catalogue.rules import Access
from parvis.web.api.explore.metas import DatasetMetas, metas_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Attachment, Dataset

_TIMES = (ColumnType.DATE, ColumnType.DATETIME)


def dataset_object(
    dataset: Dataset,
    shape: TableShape,
    facts: VersionFacts,
    address: Callable[[str], str],
    *,
    lang: str = "fr",
    with_app_metas: bool = False,
    data_visible: bool = True,
) -> dict[str, Any]:
    """The object; ``address`` gives the full address of a path of the API."""
    return {
        "visibility": "domain" if dataset.access == Access.PUBLIC else "restricted",
        "fields": [column.to_field() for column in shape],
        "dataset_id": dataset.dataset_id,
        "dataset_uid": dataset.uid,
        "has_records": True,
        # Clusters, series and tiles of former versions are computed on rows that are here.
        "features": [] if dataset.current.is_federated else features_of(shape),
        "attachments": [_attachment(dataset, row, address) for row in dataset.attachments.all()],
        "alternative_exports": [],
        "data_visible": data_visible,
        "metas": metas_of(DatasetMetas(dataset, shape, facts, lang), with_app_metas=with_app_metas),
    }


def features_of(shape: TableShape) -> list[str]:
    """What can be done with these columns."""
    features = ["analyze"]
    if any(column.type in _TIMES for column in shape):
        features.append("timeserie")
    if shape.geometry is not None:
        features.append("geo")
    if any(column.type is ColumnType.FILE for column in shape):
        features.append("image")
    return features


def attachment_address(dataset: Dataset, attachment: Attachment, address: Callable[[str], str]) -> str:
    """Where an attached file is read."""
    return address(f"/catalog/datasets/{dataset.dataset_id}/attachments/{attachment.slug}")


def _attachment(dataset: Dataset, attachment: Attachment, address: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": attachment.slug,
        "title": attachment.title,
        "mimetype": attachment.mimetype,
        "url": attachment_address(dataset, attachment, address),
    }
