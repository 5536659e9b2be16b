"""A dataset in schema.org words, as search engines of data read it in its page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe

from parvis.core.columns import Column, TableShape
from parvis.core.explore import formats_of
from parvis.core.versions.manifest import Manifest
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.territories.selectors import boxes_of
from parvis.hub.ui.columns import type_name
from parvis.hub.ui.formatting import plain_text

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

SHORTEST, LONGEST = 50, 5_000
"""Letters of a description that Google Dataset Search takes."""
MOST_VARIABLES = 100


def structured_data(dataset: Dataset, shape: TableShape, manifest: Manifest, portal: str) -> SafeString:
    """The dataset as a script element holds it: JSON that cannot close its element."""
    body = {"@context": "https://schema.org/", "@type": "Dataset", **described(dataset, shape, manifest, portal)}
    files = [] if dataset.current.is_federated else [row for row in formats_of(shape) if row.listed.file_type]
    body["distribution"] = [
        {
            "@type": "DataDownload",
            "name": row.label,
            "encodingFormat": row.media_type.partition(";")[0],
            "contentUrl": exports_of(dataset) + row.name,
        }
        for row in files
    ]
    text = json.dumps({key: value for key, value in body.items() if value}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c"))  # noqa: S308 JSON without any «<»


def exports_of(dataset: Dataset) -> str:
    """What the addresses of its files begin with."""
    return canonical(absolute_path(f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/exports/"))


def described(dataset: Dataset, shape: TableShape, manifest: Manifest, portal: str) -> dict[str, Any]:
    """What is said of it but its files; what is not known is empty."""
    home = canonical(absolute_path("/"))
    publisher = {
        "@type": "Organization",
        "name": dataset.organisation.name,
        "url": canonical(dataset.organisation.get_absolute_url()),
    }
    licence = dataset.licence_shown
    return {
        "name": dataset.title,
        "description": description_of(dataset, shape),
        "url": f"{canonical(dataset.get_absolute_url())}information/",
        "identifier": dataset.permanent_id or dataset.dataset_id,
        "sameAs": dataset.source_url,
        "version": dataset.current.name,
        "inLanguage": dataset.language,
        "isAccessibleForFree": True,
        "keywords": dataset.keywords,
        "license": (licence.url or licence.name) if licence else dataset.licence,
        "creator": publisher,
        "publisher": publisher,
        "dateCreated": dataset.created.isoformat(),
        "dateModified": dataset.data_modified.isoformat() if dataset.data_modified else None,
        "datePublished": dataset.issued.isoformat() if dataset.issued else None,
        "temporalCoverage": _period(dataset),
        "spatialCoverage": list(_places(dataset, manifest)),
        "variableMeasured": [_variable(column) for column in list(shape)[:MOST_VARIABLES]],
        "includedInDataCatalog": {"@type": "DataCatalog", "name": portal, "url": home},
    }


def description_of(dataset: Dataset, shape: TableShape) -> str:
    """Its description in plain words; with its title, publisher and columns where it is shorter than engines want."""
    text = plain_text(dataset.description)
    if len(text) < SHORTEST:
        columns = ", ".join(column.label for column in list(shape)[:MOST_VARIABLES])
        text = " ".join(filter(None, (f"{dataset.title}.", text, f"{dataset.organisation.name}.", columns)))
    return text[:LONGEST]


def _variable(column: Column) -> dict[str, str]:
    facts = {
        "@type": "PropertyValue",
        "name": column.label,
        "propertyID": column.name,
        "description": column.description or type_name(column),
        "unitText": str(column.annotations.get("unit") or ""),
    }
    return {name: value for name, value in facts.items() if value}


def _places(dataset: Dataset, manifest: Manifest) -> Iterator[dict[str, Any]]:
    """Its territories, each in its rectangle where the contour is known; the rectangle of its rows where it has no territory."""
    places = list(dataset.places)
    boxes = boxes_of([row.pk for row in places])
    for row in places:
        yield _place(row.name, boxes.get(row.pk))
    if not places and manifest.bbox is not None:
        yield _place("", manifest.bbox)


def _place(name: str, box: tuple[float, float, float, float] | None) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Place"}
    if name:
        place["name"] = name
    if box is not None:
        west, south, east, north = box
        # South-west then north-east, latitude first, as engines read a box.
        place["geo"] = {"@type": "GeoShape", "box": f"{south:.5f} {west:.5f} {north:.5f} {east:.5f}"}
    return place


def _period(dataset: Dataset) -> str | None:
    if dataset.temporal_start or dataset.temporal_end:
        bounds = (moment.isoformat() if moment else ".." for moment in (dataset.temporal_start, dataset.temporal_end))
        return "/".join(bounds)
    return "/".join(dataset.data_period) if dataset.data_period else None
