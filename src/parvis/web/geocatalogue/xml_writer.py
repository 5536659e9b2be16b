"""XML written piece by piece: what is not a piece already is text, escaped, without what XML may not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from parvis.core.text import xml_text

NAMESPACES = {
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
    "csw30": "http://www.opengis.net/cat/csw/3.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "ows": "http://www.opengis.net/ows",
    "ows11": "http://www.opengis.net/ows/1.1",
    "ows20": "http://www.opengis.net/ows/2.0",
    "ogc": "http://www.opengis.net/ogc",
    "fes": "http://www.opengis.net/fes/2.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "srv": "http://www.isotc211.org/2005/srv",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "inspire_ds": "http://inspire.ec.europa.eu/schemas/inspire_ds/1.0",
    "inspire_common": "http://inspire.ec.europa.eu/schemas/common/1.0",
    "apiso": "http://www.opengis.net/cat/csw/apiso/1.0",
}


class Xml(str):
    """A piece of XML."""

    __slots__ = ()


type Part = str | Xml | Iterable[Xml] | None


def tag(name: str, *parts: Part, attributes: Mapping[str, object] | None = None, namespaces: Iterable[str] = ()) -> Xml:
    """An element; parts that are None are left out, plain texts escaped."""
    declared = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in namespaces)
    named = "".join(
        f" {key}={quoteattr(plain(str(value)))}" for key, value in (attributes or {}).items() if value is not None
    )
    body = "".join(map(_written, parts))
    return Xml(f"<{name}{declared}{named}>{body}</{name}>" if body else f"<{name}{declared}{named}/>")


def _written(part: Part) -> str:
    if part is None:
        return ""
    if isinstance(part, Xml):
        return str(part)
    if isinstance(part, str):
        return escape(plain(part))
    return "".join(part)


def plain(text: str) -> str:
    """Text that XML may hold: its control characters and halves of letters left out."""
    return xml_text(text)


def document(root: Xml) -> bytes:
    """The whole of a document."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + root.encode()
