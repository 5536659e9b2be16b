"""The formats Parvis reads, one row each, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parvis.core.formats.csv_reader import read_csv
from parvis.core.formats.foreign import is_geopackage, is_ole_workbook
from parvis.core.formats.geojson_reader import is_geojson, read_geojson
from parvis.core.formats.job import Job, Outcome
from parvis.core.formats.json_reader import is_json, read_json
from parvis.core.formats.parquet_reader import read_parquet
from parvis.core.formats.sample import Sample
from parvis.core.formats.sheet_reader import read_sheet
from parvis.core.formats.vector_reader import read_vector
from parvis.core.formats.xml_reader import read_xml


@dataclass(frozen=True, slots=True)
class FormatRow:
    """One format: its name in code, its French label, how it is recognised by content, and its reader."""

    name: str
    label: str
    recognise: Callable[[Sample], bool]
    read: Callable[[Job], Outcome]


def _is_mif(sample: Sample) -> bool:
    return sample.head[:20].lower().startswith(b"version ") and b"columns" in sample.head.lower()


def _is_tab(sample: Sample) -> bool:
    return sample.head[:200].lower().lstrip().startswith(b"!table")


def _is_dbf(sample: Sample) -> bool:
    """A dBASE table: version, plausible date of last change, header length that fits the field descriptions."""
    head = sample.head
    if (
        len(head) < 65
        or head[0] not in {0x03, 0x30, 0x31, 0x83, 0x8B, 0xF5}
        or not 1 <= head[2] <= 12
        or not 1 <= head[3] <= 31
    ):
        return False
    header = int.from_bytes(head[8:10], "little")
    return header >= 65 and (header >= len(head) or b"\x0d" in head[header - 264 if header > 264 else 32 : header])


def _is_text(sample: Sample) -> bool:
    """Anything that is not binary and not XML; NUL characters get their own refusal from the reader."""
    control = sum(
        sample.text[:4096].count(chr(code)) for code in range(1, 32) if code not in {9, 10, 11, 12, 13, 26, 27, 31}
    )
    return not sample.xml_root and control * 50 <= len(sample.text[:4096])


READERS = (
    FormatRow("parquet", "Parquet", lambda s: s.head.startswith(b"PAR1"), read_parquet),
    FormatRow("geopackage", "GeoPackage", is_geopackage, read_vector),
    FormatRow("flatgeobuf", "FlatGeobuf", lambda s: s.head.startswith(b"fgb"), read_vector),
    FormatRow("shapefile", "Shapefile", lambda s: s.head.startswith(b"\x00\x00\x27\x0a"), read_vector),
    FormatRow("mapinfo-mif", "MapInfo MIF/MID", _is_mif, read_vector),
    FormatRow("mapinfo-tab", "MapInfo TAB", _is_tab, read_vector),
    FormatRow("dbf", "dBASE (DBF)", _is_dbf, read_vector),
    FormatRow("xlsx", "Excel (XLSX)", lambda s: any(n.startswith("xl/workbook") for n in s.members), read_sheet),
    FormatRow("ods", "OpenDocument (ODS)", lambda s: "opendocument.spreadsheet" in s.mimetype, read_sheet),
    FormatRow("xls", "Excel 97-2003 (XLS)", is_ole_workbook, read_sheet),
    FormatRow("kml", "KML", lambda s: s.xml_root == "kml", read_vector),
    FormatRow("gpx", "GPX", lambda s: s.xml_root == "gpx", read_vector),
    FormatRow("xml", "XML", lambda s: bool(s.xml_root), read_xml),
    FormatRow("geojson", "GeoJSON", is_geojson, read_geojson),
    FormatRow("json", "JSON", is_json, read_json),
    FormatRow("csv", "CSV", _is_text, read_csv),
)
READER_BY_NAME = {row.name: row for row in READERS}
