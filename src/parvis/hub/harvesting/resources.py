"""Which of the files of an item its rows are read from: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from parvis.core.sources.contract import Resource

_FORMATS = (
    "parquet",
    "csv",
    "geojson",
    "gpkg",
    "fgb",
    "xlsx",
    "ods",
    "xls",
    "shp",
    "tab",
    "mif",
    "jsonl",
    "json",
    "kml",
    "gpx",
    "gml",
    "dbf",
    "tsv",
)
_EXTENSIONS = {
    "geopackage": "gpkg",
    "flatgeobuf": "fgb",
    "shapefile": "shp",
    "mapinfo-tab": "tab",
    "mapinfo-mif": "mif",
}
"""What files of the formats that sources name are called."""
_BY_MEDIA_TYPE = {
    "text/csv": "csv",
    "application/geo+json": "geojson",
    "application/vnd.geo+json": "geojson",
    "application/json": "json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/geopackage+sqlite3": "gpkg",
    "application/vnd.apache.parquet": "parquet",
}


def format_of(resource: Resource) -> str:
    """The format of a file as it is told, else as its address ends; empty for what is no table that we read."""
    named = resource.format.lower()
    declared = _EXTENSIONS.get(named, named) or _BY_MEDIA_TYPE.get(resource.media_type, "")
    extension = urlsplit(resource.url).path.lower().rpartition(".")[2]
    return next((word for word in (declared, extension) if word in _FORMATS), "")


def best_resource(resources: Sequence[Resource], former: str = "") -> Resource | None:
    """The file to copy: of the format that loses least, the one at the ``former`` address if it is as good, else the first told; the
    only one there is whatever it is."""
    tables = [resource for resource in resources if is_table(resource)]
    if not tables:
        return resources[0] if len(resources) == 1 else None
    return min(tables, key=lambda resource: (_rank(resource), resource.url != former))


def is_table(resource: Resource) -> bool:
    """Whether rows can be read of it, as far as its format is told."""
    return bool(resource.dialect or format_of(resource))


def _rank(resource: Resource) -> int:
    return -1 if resource.dialect else _FORMATS.index(format_of(resource))
