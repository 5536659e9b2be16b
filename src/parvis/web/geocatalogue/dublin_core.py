"""Records as ``csw:Record`` of CSW 2.0.2 and 3.0: brief, summary, full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from parvis.web.geocatalogue.record import Link, Record
from parvis.web.geocatalogue.xml_writer import Xml, tag

ELEMENT_SETS: Final = ("brief", "summary", "full")
_ROOTS = {"brief": "BriefRecord", "summary": "SummaryRecord", "full": "Record"}
_SCHEMES = {
    "page": "WWW:LINK-1.0-http--link",
    "file": "WWW:DOWNLOAD-1.0-http--download",
    "document": "WWW:LINK-1.0-http--related",
    "explore": "WWW:LINK-1.0-http--rest",
    "features": "OGC API Features",
    "service": "WWW:LINK-1.0-http--rest",
    "description": "WWW:LINK-1.0-http--link",
    "documentation": "WWW:LINK-1.0-http--related",
}
"""Kind of a link → the protocol by which catalogues know it."""

_BRIEF = ("dc:identifier", "dc:title", "dc:type")
_SUMMARY = (*_BRIEF, "dc:subject", "dc:format", "dc:relation", "dct:modified", "dct:abstract", "dct:spatial")


def csw_record(record: Record, version: str, element_set: str, names: Sequence[str] = ()) -> Xml:
    """The record; with ``names``, those elements alone, as ``ElementName`` asks."""
    prefix = "csw30" if version == "3.0.0" else "csw"
    if names:
        listed, root = frozenset(names), "Record"
    else:
        listed, root = (
            {"brief": frozenset(_BRIEF), "summary": frozenset(_SUMMARY)}.get(element_set),
            _ROOTS[element_set],
        )
    parts = [part for name, part in _elements(record) if listed is None or name in listed]
    if listed is None or not names or "ows:BoundingBox" in listed:
        parts.extend(_box(record, version))
    return tag(f"{prefix}:{root}", parts)


def protocol_of(link: Link) -> str:
    """The protocol of a link, as records name it."""
    return link.protocol or _SCHEMES[link.kind]


def _elements(record: Record) -> Iterator[tuple[str, Xml]]:
    links = list(record.links())
    formats = dict.fromkeys(link.title for link in links if link.kind == "file")
    start, end = record.period
    rows = (
        ("dc:identifier", [record.identifier]),
        ("dc:title", [record.title]),
        ("dc:type", [record.level]),
        ("dc:subject", [*record.keywords, *record.themes]),
        ("dc:format", list(formats)),
        ("dc:relation", [record.page]),
        ("dct:modified", [record.modified]),
        ("dct:abstract", [record.abstract]),
        ("dct:spatial", [record.places]),
        ("dc:date", [record.modified]),
        ("dct:issued", [record.issued]),
        ("dct:created", [record.created]),
        ("dct:temporal", [f"{start}/{end}" if start or end else ""]),
        ("dc:creator", [record.publisher]),
        ("dc:publisher", [record.publisher]),
        ("dc:source", [record.source]),
        ("dc:language", [record.language]),
        ("dc:rights", [record.licence]),
        ("dct:license", [record.licence_address]),
    )
    for name, values in rows:
        for value in values:
            if value:
                yield name, tag(name, value)
    for link in links:
        yield "dct:references", tag("dct:references", link.address, attributes={"scheme": protocol_of(link)})


def _box(record: Record, version: str) -> Iterator[Xml]:
    if record.box is None:
        return
    west, south, east, north = record.box
    if version == "3.0.0":
        corners = (f"{west} {south}", f"{east} {north}")
        yield tag(
            "ows20:WGS84BoundingBox",
            *(
                tag(f"ows20:{name}", corner)
                for name, corner in zip(("LowerCorner", "UpperCorner"), corners, strict=True)
            ),
        )
        return
    # Named by URN, the system has latitude first.
    corners = (f"{south} {west}", f"{north} {east}")
    yield tag(
        "ows:BoundingBox",
        *(tag(f"ows:{name}", corner) for name, corner in zip(("LowerCorner", "UpperCorner"), corners, strict=True)),
        attributes={"crs": "urn:x-ogc:def:crs:EPSG:6.11:4326", "dimensions": "2"},
    )
