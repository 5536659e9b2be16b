"""Files that strangers would send to harm whoever reads them, made anew at each run: no sample of anybody's is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{source}</SrcDataSource>'
    "<SrcLayer>{layer}</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
)
"""A file that GDAL's OGR_VRT driver opens wherever it begins in the first kilobyte, to read the source it names."""
STREAMED = (
    '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {source} ! write --of stream x"}}'
)

HEADS = {
    "kml": b"<kml></kml>",
    "gpx": b"<gpx></gpx>",
    "mapinfo-mif": b"Version 300\nColumns 1\n  a char(10)\nData\n\n",
    "mapinfo-tab": b"!table\n!version 300\n",
    "flatgeobuf": b"fgb\x03fgb\x00",
    "geopackage": b"SQLite format 3\x00" + b"\x00" * 52 + b"GPKG" + b"\x00" * 28,
    "shapefile": b"\x00\x00\x27\x0a"
    + b"\x00" * 20
    + b"\x00\x00\x00\x32\xe8\x03\x00\x00\x01\x00\x00\x00"
    + b"\x00" * 64,
    "dbf": b"\x03\x7a\x01\x01\x00\x00\x00\x00\x41\x00\x0b\x00"
    + b"\x00" * 20
    + b"a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00C"
    + b"\x00\x00\x00\x00\x0a"
    + b"\x00" * 15
    + b"\x0d",
    "parquet": b"PAR1",
    "xls": b"\x09\x08\x10\x00\x00\x06\x05\x00",
    "geojson": b'{"type": "FeatureCollection", "features": []}',
    "json": b'[{"a": 1}]',
    "xml": b'<a><b c="1" d="2"/><b c="3" d="4"/></a>',
    "csv": b"a,b\n1,2\n",
}
"""How each format begins: enough for Parvis to take the file for one."""
_ROW = b"<r><a>1</a><b>2</b></r>"
HOSTILE_XML: dict[str, Callable[[], bytes]] = {
    "laughs": lambda: (
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 9))
        + b"]><a><r><a>&i;</a><b>2</b></r></a>"
    ),
    "deep": lambda: b"<a>" * 2_000_000,
    "one tag without end": lambda: b"<a><r " + b'b="x" ' * 20_000_000,
    "one record without end": lambda: b"<a>" + _ROW + _ROW + b"<r>" + b"<a/>" * 3_000_000 + b"</r></a>",
    "a name for each element": lambda: b"<a>" + b"".join(b"<n%d/>" % n for n in range(2_000_000)) + b"</a>",
    "an attribute for each element": lambda: b"<a>" + b"".join(b'<r a%d="1"/>' % n for n in range(1_000_000)) + b"</a>",
}
"""XML that would fill the memory of whoever holds it, made when it is sent."""
POLYGLOTS = {
    "kml": b"<kml></kml>",
    "gpx": b"<gpx></gpx>",
    "mapinfo-mif": b"Version 300\ncolumns\n",
    "mapinfo-tab": b"!table\n",
    "flatgeobuf": b"fgb\x03fgb\x01",
}
"""Heads before which GDAL, left open, prefers another driver than that of the format: theirs fail, or come later."""


def polyglot(head: str, source: str, layer: str) -> bytes:
    """A file of one format by its head, and a virtual one that reads ``source`` by what follows."""
    return POLYGLOTS[head] + VRT.format(source=source, layer=layer).encode()


def pairs(source: str, layer: str) -> Iterator[tuple[str, str, bytes]]:
    """The head of each format before that of each other, then before what makes GDAL read elsewhere."""
    tails = {
        **HEADS,
        "virtual": VRT.format(source=source, layer=layer).encode(),
        "streamed": STREAMED.format(source=source).encode(),
        "prefixed": f"CSV:{source}".encode(),
    }
    for first, head in HEADS.items():
        for second, tail in tails.items():
            if first != second:
                yield first, second, head + b"\n" + tail
                yield first, second, head + tail + VRT.format(source=source, layer=layer).encode()
