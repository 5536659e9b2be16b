"""The media type of a file that somebody gave, from the ending of its name: one answer for what catalogues announce and what is sent."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

OCTETS: Final = "application/octet-stream"

# Of the machine's own table nothing is asked: it is another on each machine.
_MEDIA_TYPES: Final = {
    "7z": "application/x-7z-compressed",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "gml": "application/gml+xml",
    "gpkg": "application/geopackage+sqlite3",
    "gpx": "application/gpx+xml",
    "gz": "application/gzip",
    "ics": "text/calendar",
    "json": "application/json",
    "kml": "application/vnd.google-earth.kml+xml",
    "kmz": "application/vnd.google-earth.kmz",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "parquet": "application/vnd.apache.parquet",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
"""Endings of files of data. What browsers would run (HTML, SVG) is not there: it is octets."""


def media_type_of(name: str) -> str:
    """
    >>> media_type_of("Arbres 2026.CSV"), media_type_of("arbres.csv.gz")
    ('text/csv', 'application/gzip')
    >>> media_type_of("page.html"), media_type_of("")
    ('application/octet-stream', 'application/octet-stream')
    """
    return _MEDIA_TYPES.get(PurePath(name).suffix.lower()[1:], OCTETS)
