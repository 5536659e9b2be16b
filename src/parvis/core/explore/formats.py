"""The formats of exports: one row each; to add one, write its writer and its row, and whatever shows formats shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from parvis.core.columns import ColumnType, TableShape
from parvis.core.engine.plans import GeometryForm
from parvis.core.explore.errors import UnknownFormat
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
from parvis.core.translation import gettext_noop


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
class Ahead:
    """That the whole file is made at publication: up to how many rows it is worth its place, for whom.

    Pages link to it by the question of its family; programs ask for a table with its own names, which is another file.
    """

    most_rows: int
    for_programs: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """How catalogues of data list a format (DCAT-AP 3.0.1): its code in the EU table ``file-type``, where there is one.

    ``media_type`` when live portals write another than the one it is sent with (specification, section 10.3); ``with_labels``
    when their links ask for titles of columns.
    """

    file_type: str = ""
    media_type: str = ""
    with_labels: bool = False


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format: its name in addresses, file extension, media type, label and advice, and its writer.

    ``options`` are the parameters of requests that change it alone, ``projects`` tells whether ``epsg`` changes its coordinates,
    ``limits`` what it cannot hold, ``may_draw_nothing`` whether its features may be written without a place when a selection
    leaves it out. ``document`` is the schema of the description that it keeps to when it is one JSON document, ``is_packed``
    whether its bytes are compressed already, ``is_light`` whether its first rows are written at once, without heavy libraries:
    pages then say how large the whole would be.
    """

    name: str
    extension: str
    media_type: str
    label: str
    advice: str
    write: Callable[[Answer], Iterator[bytes]]
    family: Family = Family.CODE
    takes: Takes = Takes.ANYTHING
    leaving: GeometryForm = GeometryForm.JSON
    projects: bool = False
    limits: str = ""
    may_draw_nothing: bool = False
    options: tuple[str, ...] = ()
    document: str = ""
    is_packed: bool = False
    is_light: bool = False
    ahead: Ahead | None = None
    listed: Listed = Listed()

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of requests that change its files, besides those that choose rows and columns."""
        return (*self.options, "epsg") if self.projects else self.options

    @property
    def needs_geometry(self) -> bool:
        """Whether it is only for what can be drawn on a map."""
        return self.takes is Takes.GEOMETRY


_JSON = "application/json; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_LIMITS = gettext_noop("1 048 575 lignes par feuille, la suite sur d’autres feuilles")
_XLSX_LIMITS = gettext_noop(
    "1 048 575 lignes par feuille, la suite sur d’autres feuilles ; 32 767 caractères par cellule"
)

EXPORT_FORMATS = (
    ExportFormat(
        "csv",
        "csv",
        "text/csv; charset=utf-8",
        "CSV",
        gettext_noop("Pour un tableur ou un programme."),
        write_csv,
        Family.TABLE,
        options=("delimiter", "list_separator", "quote_all", "with_bom"),
        is_light=True,
        ahead=Ahead(20_000_000),
        listed=Listed("CSV", with_labels=True),
    ),
    ExportFormat(
        "xlsx",
        "xlsx",
        _XLSX,
        "Excel",
        gettext_noop("S’ouvre dans Excel et LibreOffice."),
        write_xlsx,
        Family.TABLE,
        limits=_XLSX_LIMITS,
        options=("list_separator",),
        is_packed=True,
        is_light=True,
        ahead=Ahead(100_000, for_programs=False),
        listed=Listed("XLSX", with_labels=True),
    ),
    ExportFormat(
        "ods",
        "ods",
        ODS,
        "ODS",
        gettext_noop("Le format ouvert des tableurs, celui de LibreOffice."),
        write_ods,
        Family.TABLE,
        limits=_SHEET_LIMITS,
        options=("list_separator",),
        is_packed=True,
        listed=Listed("ODS"),
    ),
    ExportFormat(
        "geojson",
        "geojson",
        "application/geo+json; charset=utf-8",
        "GeoJSON",
        gettext_noop("Pour une carte sur le web ou QGIS."),
        write_geojson,
        Family.MAP,
        Takes.GEOMETRY,
        projects=True,
        may_draw_nothing=True,
        document="FeatureCollection",
        is_light=True,
        ahead=Ahead(2_000_000),
        listed=Listed("GEOJSON", "application/json"),
    ),
    ExportFormat(
        "gpkg",
        "gpkg",
        "application/geopackage+sqlite3",
        "GeoPackage",
        gettext_noop("Le plus sûr pour QGIS et ArcGIS : types, noms et textes entiers."),
        write_gpkg,
        Family.MAP,
        Takes.GEOMETRY,
        GeometryForm.DRAWN_WKB,
        projects=True,
        listed=Listed("GPKG"),
    ),
    ExportFormat(
        "shp",
        "zip",
        "application/zip",
        "Shapefile",
        gettext_noop("Pour les logiciels anciens ; un fichier par type de géométrie, dans un zip."),
        write_shp,
        Family.MAP,
        Takes.GEOMETRY,
        GeometryForm.DRAWN_WKB,
        projects=True,
        limits=gettext_noop(
            "noms de 10 caractères, textes de 254 octets, 2 Go ; un fichier LISEZMOI dit ce qui a été changé"
        ),
        is_packed=True,
        listed=Listed("SHP"),
    ),
    ExportFormat(
        "kml",
        "kml",
        "application/vnd.google-earth.kml+xml",
        "KML",
        gettext_noop("Pour Google Earth et les globes."),
        write_kml,
        Family.MAP,
        Takes.GEOMETRY,
        GeometryForm.DRAWN_WKT,
        options=("name_field",),
        listed=Listed("KML"),
    ),
    ExportFormat(
        "gpx",
        "gpx",
        "application/gpx+xml",
        "GPX",
        gettext_noop("Pour un GPS ou une application de randonnée."),
        write_gpx,
        Family.MAP,
        Takes.GEOMETRY,
        GeometryForm.DRAWN_WKT,
        limits=gettext_noop("sans les lignes qui n’ont pas de géométrie"),
        options=("name_field", "description_field_list", "use_extension"),
        listed=Listed("GPX"),
    ),
    ExportFormat(
        "fgb",
        "fgb",
        "application/octet-stream; charset=utf-8",
        "FlatGeobuf",
        gettext_noop("Rapide, avec un index spatial ; pour les grandes cartes."),
        write_fgb,
        Family.MAP,
        Takes.ANYTHING,
        GeometryForm.DRAWN_WKB,
        projects=True,
    ),
    ExportFormat(
        "ov2",
        "ov2",
        "text/plain",
        "OV2",
        gettext_noop("Points d’intérêt pour les GPS TomTom."),
        write_ov2,
        Family.MAP,
        Takes.GEOMETRY,
        GeometryForm.DRAWN_WKT,
        limits=gettext_noop("un nom par point, rien d’autre"),
        options=("name_field",),
    ),
    ExportFormat(
        "json",
        "json",
        _JSON,
        "JSON",
        gettext_noop("Pour les développeurs."),
        write_json,
        document="Rows",
        is_light=True,  # but not made ahead: programs that want all of it are few
        listed=Listed("JSON"),
    ),
    ExportFormat(
        "jsonl",
        "jsonl",
        _JSON,
        "JSON Lines",
        gettext_noop("Une ligne JSON par enregistrement, pour les gros volumes."),
        write_jsonl,
        is_light=True,
        listed=Listed("JSON"),
    ),
    ExportFormat(
        "parquet",
        "parquet",
        "application/vnd.apache.parquet",
        "Parquet",
        gettext_noop("Compact et typé, pour l’analyse ; GeoParquet s’il y a une géométrie."),
        write_parquet,
        leaving=GeometryForm.WKB,
        options=("parquet_compression",),
        is_packed=True,
        is_light=True,
        ahead=Ahead(20_000_000),
        listed=Listed("PARQUET", "application/parquet"),
    ),
    ExportFormat(
        "rdfxml",
        "rdf",
        "application/rdf+xml",
        "RDF/XML",
        gettext_noop("Données liées, en XML."),
        write_rdfxml,
        Family.WEB,
        leaving=GeometryForm.WKT,
        listed=Listed("RDF_XML"),
    ),
    ExportFormat(
        "turtle",
        "ttl",
        "text/turtle",
        "Turtle",
        gettext_noop("Données liées, lisibles."),
        write_turtle,
        Family.WEB,
        leaving=GeometryForm.WKT,
        listed=Listed("RDF_TURTLE"),
    ),
    ExportFormat(
        "n3",
        "n3",
        "text/n3",
        "N3",
        gettext_noop("Données liées, en N3."),
        write_turtle,
        Family.WEB,
        leaving=GeometryForm.WKT,
        listed=Listed("N3"),
    ),
    ExportFormat(
        "jsonld",
        "jsonld",
        "application/ld+json",
        "JSON-LD",
        gettext_noop("Données liées, en JSON."),
        write_jsonld,
        Family.WEB,
        leaving=GeometryForm.WKT,
        listed=Listed("JSON_LD"),
    ),
    ExportFormat(
        "ical",
        "ics",
        "text/calendar; charset=utf-8",
        "iCalendar",
        gettext_noop("Pour un agenda : un événement par ligne datée."),
        write_ical,
        Family.AGENDA,
        Takes.DATE,
        limits=gettext_noop("sans les lignes qui n’ont pas de date de début"),
    ),
)
FORMAT_BY_NAME = {row.name: row for row in EXPORT_FORMATS}


def export_format(name: str) -> ExportFormat:
    """The format of that name; UnknownFormat when there is none."""
    export = FORMAT_BY_NAME.get(name)
    if export is None:
        raise UnknownFormat(name=name, formats=", ".join(FORMAT_BY_NAME))
    return export


def formats_for(*, has_geometry: bool, has_date: bool = True) -> tuple[ExportFormat, ...]:
    """The formats that make sense for a dataset."""
    had = {Takes.ANYTHING: True, Takes.GEOMETRY: has_geometry, Takes.DATE: has_date}
    return tuple(row for row in EXPORT_FORMATS if had[row.takes])


def formats_of(shape: TableShape) -> tuple[ExportFormat, ...]:
    """The formats that make sense for rows of that shape."""
    has_date = any(column.type in (ColumnType.DATE, ColumnType.DATETIME) for column in shape)
    return formats_for(has_geometry=shape.geometry is not None, has_date=has_date)
