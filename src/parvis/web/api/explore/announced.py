"""Datasets that one may know of and not read: their object without anything drawn from the rows or the documents."""

from __future__ import annotations

from typing import Any

FROM_ROWS = ("records_count", "bbox", "geometry_types", "records_size", "geographic_reference")
"""Metadata of the template ``default`` that are counted or measured on the rows."""


def announced_object(full: dict[str, Any]) -> dict[str, Any]:
    """The object as anyone who may not read the data gets it (specification, section 2): ``data_visible`` is false, columns
    have their names, labels, types and descriptions, counts and extents are null, documents are absent."""
    default = {name: None if name in FROM_ROWS else value for name, value in full["metas"]["default"].items()}
    return {
        **full,
        "fields": [{**field, "annotations": {}} for field in full["fields"]],
        "attachments": [],
        "data_visible": False,
        "metas": {**full["metas"], "default": default},
    }
