"""The formats of exports: one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from parvis.core.columns import ColumnType, TableShape
from parvis.core.explore.errors import UnknownFormat
from parvis.core.explore.geometries import Leaving
from parvis.core.explore.writers.csv import write_csv
from parvis.core.explore.writers.gdal import write_fgb, write_gpkg
from parvis.core.explore.writers.geojson import write_geojson
from parvis.core.explore.writers.gpx import write_gpx
from parvis.core.explore.writers.ical import write_ical
from parvis.core.explore.writers.json import write_json, write_jsonl
from parvis.core.explore.writers.kml import write_kml
from parvis.core.explore.writers.ods import MEDIA_TYPE as ODS
from parvis.core.explore.writers.ods import write_ods
from parvis.core.explore.writers.ov2 import write_ov2
from parvis.core.explore.writers.parquet import write_parquet
from parvis.core.explore.writers.rdf import write_jsonld, write_rdfxml, write_turtle
from parvis.core.explore.writers.rows import Answer
from parvis.core.explore.writers.shp import write_shp
from parvis.core.explore.writers.xlsx import write_xlsx


class Family(StrEnum):
    """What people want to do with a file."""

    TABLE = "table"
    MAP = "map"
    CODE = "code"
    WEB = "web"
    AGENDA = "agenda"


class Takes(StrEnum):
    """What a selection must have for a format to make sense."""

    ANYTHING = ""
    GEOMETRY = "geometry"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in French and in English."""

    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format: its name in addresses, file extension, media type, label and advice, and its writer.

    ``projects`` tells whether ``epsg`` changes its coordinates, ``limits`` what it cannot hold, ``may_draw_nothing``
    whether its features may be written without a place when a selection leaves it out.
    """

    name: str
    extension: str
    media_type: str
    label: str
    advice: Words
    write: Callable[[Answer], Iterator[bytes]]
    family: Family = Family.CODE
    takes: Takes = Takes.ANYTHING
    leaving: Leaving = Leaving.JSON
    projects: bool = False
    limits: Words | None = None
    may_draw_nothing: bool = False

    @property
    def needs_geometry(self) -> bool:
        """Whether it is only for what can be drawn on a map."""
        return self.takes is Takes.GEOMETRY


_JSON = "application/json; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_LIMITS = Words(
    "1 048 575 lignes par feuille, la suite sur d’autres feuilles",
    "1,048,575 rows in a sheet, the rest on other sheets",
)
_XLSX_LIMITS = Words(
    f"{_SHEET_LIMITS.fr} ; 32 767 caractères par cellule", f"{_SHEET_LIMITS.en}; 32,767 characters in a cell"
)

EXPORT_FORMATS = (
    ExportFormat(
        "csv",
        "csv",
        "text/csv; charset=utf-8",
        "CSV",
        Words("Pour un tableur ou un programme.", "For a spreadsheet or a program."),
        write_csv,
        Family.TABLE,
    ),
    ExportFormat(
        "xlsx",
        "xlsx",
        _XLSX,
        "Excel",
        Words("S’ouvre dans Excel et LibreOffice.", "Opens in Excel and LibreOffice."),
        write_xlsx,
        Family.TABLE,
        limits=_XLSX_LIMITS,
    ),
    ExportFormat(
        "ods",
        "ods",
        ODS,
        "ODS",
        Words(
            "Le format ouvert des tableurs, celui de LibreOffice.",
            "The open format of spreadsheets, that of LibreOffice.",
        ),
        write_ods,
        Family.TABLE,
        limits=_SHEET_LIMITS,
    ),
    ExportFormat(
        "geojson",
        "geojson",
        "application/geo+json; charset=utf-8",
        "GeoJSON",
        Words("Pour une carte sur le web ou QGIS.", "For a map on the web or QGIS."),
        write_geojson,
        Family.MAP,
        Takes.GEOMETRY,
        projects=True,
        may_draw_nothing=True,
    ),
    ExportFormat(
        "gpkg",
        "gpkg",
        "application/geopackage+sqlite3",
        "GeoPackage",
        Words(
            "Le plus sûr pour QGIS et ArcGIS : types, noms et textes entiers.",
            "The safest for QGIS and ArcGIS: types, names and texts in full.",
        ),
        write_gpkg,
        Family.MAP,
        Takes.GEOMETRY,
        Leaving.DRAWN_WKB,
        projects=True,
    ),
    ExportFormat(
        "shp",
        "zip",
        "application/zip",
        "Shapefile",
        Words(
            "Pour les logiciels anciens ; un fichier par type de géométrie, dans un zip.",
            "For older software; one file for each type of geometry, in a zip.",
        ),
        write_shp,
        Family.MAP,
        Takes.GEOMETRY,
        Leaving.DRAWN_WKB,
        projects=True,
        limits=Words(
            "noms de 10 caractères, textes de 254 octets, 2 Go ; un fichier LISEZMOI dit ce qui a été changé",
            "names of 10 characters, texts of 254 bytes, 2 GB; a LISEZMOI file tells what was changed",
        ),
    ),
    ExportFormat(
        "kml",
        "kml",
        "application/vnd.google-earth.kml+xml",
        "KML",
        Words("Pour Google Earth et les globes.", "For Google Earth and globes."),
        write_kml,
        Family.MAP,
        Takes.GEOMETRY,
        Leaving.DRAWN_WKT,
    ),
    ExportFormat(
        "gpx",
        "gpx",
        "application/gpx+xml",
        "GPX",
        Words("Pour un GPS ou une application de randonnée.", "For a GPS or a hiking application."),
        write_gpx,
        Family.MAP,
        Takes.GEOMETRY,
        Leaving.DRAWN_WKT,
        limits=Words("sans les lignes qui n’ont pas de géométrie", "without the rows that have no geometry"),
    ),
    ExportFormat(
        "fgb",
        "fgb",
        "application/octet-stream; charset=utf-8",
        "FlatGeobuf",
        Words(
            "Rapide, avec un index spatial ; pour les grandes cartes.", "Fast, with a spatial index; for large maps."
        ),
        write_fgb,
        Family.MAP,
        Takes.ANYTHING,
        Leaving.DRAWN_WKB,
        projects=True,
    ),
    ExportFormat(
        "ov2",
        "ov2",
        "text/plain",
        "OV2",
        Words("Points d’intérêt pour les GPS TomTom.", "Points of interest for TomTom devices."),
        write_ov2,
        Family.MAP,
        Takes.GEOMETRY,
        Leaving.DRAWN_WKT,
        limits=Words("un nom par point, rien d’autre", "a name for each point, nothing else"),
    ),
    ExportFormat("json", "json", _JSON, "JSON", Words("Pour les développeurs.", "For developers."), write_json),
    ExportFormat(
        "jsonl",
        "jsonl",
        _JSON,
        "JSON Lines",
        Words(
            "Une ligne JSON par enregistrement, pour les gros volumes.",
            "One JSON line for each record, for large volumes.",
        ),
        write_jsonl,
    ),
    ExportFormat(
        "parquet",
        "parquet",
        "application/vnd.apache.parquet",
        "Parquet",
        Words(
            "Compact et typé, pour l’analyse ; GeoParquet s’il y a une géométrie.",
            "Compact and typed, for analysis; GeoParquet when there is a geometry.",
        ),
        write_parquet,
        leaving=Leaving.WKB,
    ),
    ExportFormat(
        "rdfxml",
        "rdf",
        "application/rdf+xml",
        "RDF/XML",
        Words("Données liées, en XML.", "Linked data, in XML."),
        write_rdfxml,
        Family.WEB,
        leaving=Leaving.WKT,
    ),
    ExportFormat(
        "turtle",
        "ttl",
        "text/turtle",
        "Turtle",
        Words("Données liées, lisibles.", "Linked data, readable."),
        write_turtle,
        Family.WEB,
        leaving=Leaving.WKT,
    ),
    ExportFormat(
        "n3",
        "n3",
        "text/n3",
        "N3",
        Words("Données liées, en N3.", "Linked data, in N3."),
        write_turtle,
        Family.WEB,
        leaving=Leaving.WKT,
    ),
    ExportFormat(
        "jsonld",
        "jsonld",
        "application/ld+json",
        "JSON-LD",
        Words("Données liées, en JSON.", "Linked data, in JSON."),
        write_jsonld,
        Family.WEB,
        leaving=Leaving.WKT,
    ),
    ExportFormat(
        "ical",
        "ics",
        "text/calendar; charset=utf-8",
        "iCalendar",
        Words("Pour un agenda : un événement par ligne datée.", "For a calendar: an event for each dated row."),
        write_ical,
        Family.AGENDA,
        Takes.DATE,
        limits=Words("sans les lignes qui n’ont pas de date de début", "without the rows that have no start date"),
    ),
)
FORMAT_BY_NAME = {row.name: row for row in EXPORT_FORMATS}


def export_format(name: str) -> ExportFormat:
    """The format of that name; UnknownFormat when there is none."""
    found = FORMAT_BY_NAME.get(name)
    if found is None:
        raise UnknownFormat(name=name, formats=", ".join(FORMAT_BY_NAME))
    return found


def formats_for(*, has_geometry: bool, has_date: bool = True) -> tuple[ExportFormat, ...]:
    """The formats that make sense for a dataset."""
    had = {Takes.ANYTHING: True, Takes.GEOMETRY: has_geometry, Takes.DATE: has_date}
    return tuple(row for row in EXPORT_FORMATS if had[row.takes])


def formats_of(shape: TableShape) -> tuple[ExportFormat, ...]:
    """The formats that make sense for rows of that shape."""
    has_date = any(column.type in (ColumnType.DATE, ColumnType.DATETIME) for column in shape)
    return formats_for(has_geometry=shape.geometry is not None, has_date=has_date)
