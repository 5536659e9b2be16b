"""The description of a dataset's files that other tools read: a Data Package with the Table Schema of its CSV (frictionlessdata.io)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from parvis.core.columns import Column, ColumnType, TableShape

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.departure.folder import ExportFolder

TYPES: Final = {
    ColumnType.TEXT: "string",
    ColumnType.INT: "integer",
    ColumnType.DOUBLE: "number",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.DATETIME: "datetime",
    # « latitude, longitude » is the other way round than a geopoint.
    ColumnType.GEO_POINT: "string",
    ColumnType.GEO_SHAPE: "geojson",
    ColumnType.FILE: "string",
    ColumnType.JSON: "any",
}

_PARTS_OF_DAYS: Final = {"year": "year", "month": "yearmonth"}
"""Types of dates that are no finer than that, which are written so."""

_MEDIA: Final = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}


def table_schema(shape: TableShape) -> dict[str, Any]:
    """The Table Schema of the CSV of these columns."""
    return {"fields": [_field(column) for column in shape], "missingValues": [""]}


def _field(column: Column) -> dict[str, Any]:
    kind = TYPES[column.type]
    if column.type is ColumnType.DATE:
        kind = _PARTS_OF_DAYS.get(str(column.annotations.get("timeserie_precision")), kind)
    if column.annotations.get("multivalued"):
        kind = "string"
    facts = {"name": column.name, "type": kind, "title": column.label, "description": column.description}
    if unit := column.annotations.get("unit"):
        facts["unit"] = unit
    return {name: value for name, value in facts.items() if value}


def data_package(
    dataset: Dataset, shape: TableShape | None, folder: ExportFolder, place: str, rows: list[str]
) -> dict[str, Any]:
    """The package of a dataset; ``rows`` are the paths of the files of its rows, below ``place``."""
    resources = []
    for path in rows:
        note, kind = folder.note(path), path.rpartition(".")[2]
        resource: dict[str, Any] = {
            "name": f"donnees-{kind}",
            "path": path.removeprefix(f"{place}/"),
            "format": kind,
            "mediatype": _MEDIA[kind],
            "bytes": note.bytes,
            "hash": f"sha256:{note.sha256}",
        }
        if kind == "parquet":
            # It has types of its own: tools that read it through pandas, where a missing integer is a fraction, would call it wrong.
            resource["type"] = "file"
        if kind == "csv" and shape is not None:
            schema = table_schema(shape)
            resource |= {
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "dialect": {"delimiter": ";"},
                "schema": schema,
            }
        resources.append(resource)
    licence = dataset.licence_shown
    facts: dict[str, Any] = {
        "name": dataset.dataset_id,
        "title": dataset.title,
        "description": dataset.description,
        "keywords": list(dataset.keywords),
        "created": dataset.created.isoformat(),
        "version": dataset.current.name if dataset.current else "",
        "contributors": [{"title": dataset.organisation.name, "role": "publisher"}],
        "licenses": [{"title": licence.name, "path": licence.url, "name": licence.slug}] if licence else [],
        "sources": [{"title": dataset.source or dataset.source_url, "path": dataset.source_url}],
        "resources": resources,
    }
    if not (dataset.source or dataset.source_url):
        del facts["sources"]
    return facts
