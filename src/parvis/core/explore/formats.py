"""The formats of exports: one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from parvis.core.explore.errors import UnknownFormat
from parvis.core.explore.writers.csv import write_csv
from parvis.core.explore.writers.geojson import write_geojson
from parvis.core.explore.writers.json import write_json, write_jsonl
from parvis.core.explore.writers.parquet import write_parquet
from parvis.core.explore.writers.rows import Answer
from parvis.core.explore.writers.xlsx import write_xlsx
from parvis.core.odsql import GeoForm


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format: its name in addresses, file extension, media type, label and advice in French, and its writer."""

    name: str
    extension: str
    media_type: str
    label: str
    advice: str
    write: Callable[[Answer], Iterator[bytes]]
    needs_geometry: bool = False
    geo: GeoForm = GeoForm.JSON


EXPORT_FORMATS = (
    ExportFormat("csv", "csv", "text/csv; charset=utf-8", "CSV", "Pour un tableur ou un programme.", write_csv),
    ExportFormat(
        "xlsx",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel",
        "S’ouvre dans Excel et LibreOffice.",
        write_xlsx,
    ),
    ExportFormat("json", "json", "application/json; charset=utf-8", "JSON", "Pour les développeurs.", write_json),
    ExportFormat(
        "jsonl",
        "jsonl",
        "application/json; charset=utf-8",
        "JSON Lines",
        "Une ligne JSON par enregistrement, pour les gros volumes.",
        write_jsonl,
    ),
    ExportFormat(
        "geojson",
        "geojson",
        "application/geo+json; charset=utf-8",
        "GeoJSON",
        "Pour une carte sur le web ou QGIS.",
        write_geojson,
        needs_geometry=True,
    ),
    ExportFormat(
        "parquet",
        "parquet",
        "application/vnd.apache.parquet",
        "Parquet",
        "Compact et typé, pour l’analyse ; GeoParquet s’il y a une géométrie.",
        write_parquet,
        geo=GeoForm.WKB,
    ),
)
FORMAT_BY_NAME = {row.name: row for row in EXPORT_FORMATS}


def export_format(name: str) -> ExportFormat:
    """The format of that name; UnknownFormat when there is none."""
    found = FORMAT_BY_NAME.get(name)
    if found is None:
        raise UnknownFormat(name=name, formats=", ".join(FORMAT_BY_NAME))
    return found


def formats_for(*, has_geometry: bool) -> tuple[ExportFormat, ...]:
    """The formats that make sense for a dataset."""
    return tuple(row for row in EXPORT_FORMATS if has_geometry or not row.needs_geometry)
