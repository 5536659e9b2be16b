"""A dataset as the Explore API describes it (specification, section 10.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from parvis.core.columns import ColumnType, TableShape
from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.core.versions.manifest import Manifest
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.rules import Access

_TIMES = (ColumnType.DATE, ColumnType.DATETIME)


def dataset_object(
    dataset: Dataset, shape: TableShape, manifest: Manifest, address: Callable[[str], str]
) -> dict[str, Any]:
    """The object; ``address`` gives the full address of a path of the API."""
    return {
        "visibility": "domain" if dataset.access == Access.PUBLIC else "restricted",
        "fields": [column.to_field() for column in shape],
        "dataset_id": dataset.dataset_id,
        "dataset_uid": dataset.uid,
        "has_records": True,
        "features": features_of(shape),
        "attachments": [_attachment(dataset, row, address) for row in dataset.attachments.all()],
        "alternative_exports": [],
        "data_visible": True,
        "metas": {
            "dcat": _dcat(dataset),
            "default": _default(dataset, manifest),
            "custom": dict(dataset.custom),
        },
    }


def features_of(shape: TableShape) -> list[str]:
    """What can be done with these columns."""
    features = ["analyze"]
    if any(column.type in _TIMES for column in shape):
        features.append("timeserie")
    if shape.geometry is not None:
        features.append("geo")
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


def _default(dataset: Dataset, manifest: Manifest) -> dict[str, Any]:
    licence = LICENCE_BY_SLUG.get(dataset.licence)
    frequency = FREQUENCY_BY_SLUG.get(dataset.frequency)
    changed = max(filter(None, (dataset.modified, dataset.data_modified)), default=None)
    return {
        "title": dataset.title,
        "description": dataset.description or None,
        "theme": [THEME_BY_SLUG[slug].fr if slug in THEME_BY_SLUG else slug for slug in dataset.themes] or None,
        "keyword": list(dataset.keywords) or None,
        "license": licence.name if licence else dataset.licence,
        "license_url": licence.url if licence else None,
        "language": dataset.language,
        "metadata_languages": [dataset.language],
        "timezone": None,
        "modified": _iso(changed),
        "modified_updates_on_metadata_change": True,
        "modified_updates_on_data_change": True,
        "data_processed": _iso(dataset.data_modified or dataset.current.created),
        "metadata_processed": _iso(dataset.modified),
        "geographic_reference": None,
        "geographic_reference_auto": False,
        "territory": [territory.name for territory in dataset.territories.all()] or None,
        "geometry_types": list(manifest.geometry_types) or None,
        "bbox": _bbox(manifest),
        "publisher": dataset.organisation.name,
        "references": dataset.source_url or None,
        "records_count": dataset.current.rows,
        "attributions": [dataset.source] if dataset.source else None,
        "source_domain": None,
        "source_domain_title": None,
        "source_domain_address": None,
        "source_dataset": None,
        "shared_catalog": None,
        "federated": False,
        "parent_domain": None,
        "update_frequency": frequency.fr if frequency else None,
    }


def _dcat(dataset: Dataset) -> dict[str, Any]:
    frequency = FREQUENCY_BY_SLUG.get(dataset.frequency)
    return {
        "created": _iso(dataset.created),
        "issued": _iso(dataset.issued),
        "creator": dataset.organisation.name,
        "contributor": None,
        "contact_name": dataset.contact_name or None,
        "contact_email": dataset.contact_email or None,
        "accrualperiodicity": frequency.uri if frequency else None,
        "spatial": ", ".join(territory.name for territory in dataset.territories.all()) or None,
        "temporal": None,
        "granularity": None,
        "dataquality": None,
        "publisher_type": dataset.organisation.get_kind_display(),
        "conforms_to": None,
        "temporal_coverage_start": _iso(dataset.temporal_start),
        "temporal_coverage_end": _iso(dataset.temporal_end),
        "accessRights": "PUBLIC" if dataset.access == Access.PUBLIC else "RESTRICTED",
        "relation": None,
    }


def _bbox(manifest: Manifest) -> dict[str, Any] | None:
    if manifest.bbox is None:
        return None
    west, south, east, north = manifest.bbox
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "geometry": {"coordinates": [ring], "type": "Polygon"}, "properties": {}}


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
