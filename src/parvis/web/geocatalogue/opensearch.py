"""CSW 3.0 for clients of OpenSearch: how to ask, as a description document, and answers as Atom (OGC 10-032, 12-176)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from parvis.web.geocatalogue.capabilities import Portal
from parvis.web.geocatalogue.csw_request import ATOM, OPENSEARCH
from parvis.web.geocatalogue.record import Link, Record
from parvis.web.geocatalogue.xml_writer import Xml, tag

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = "1970-01-01T00:00:00Z"
_RELATIONS = {"page": "alternate", "file": "enclosure"}
_PARAMETERS = (
    ("q", "searchTerms"),
    ("startPosition", "startIndex"),
    ("maxRecords", "count"),
    ("bbox", "geo:box"),
    ("recordIds", "geo:uid"),
)
"""Parameter of ours → the one of OpenSearch that a client puts there."""


def description(portal: Portal) -> Xml:
    """How the catalogue is searched: a short name, a sentence, the address to fill in."""
    parameters = "&".join(f"{name}={{{term}?}}" for name, term in _PARAMETERS)
    template = f"{search_address(portal)}&{parameters}&time={{time:start?}}/{{time:end?}}"
    return tag(
        "OpenSearchDescription",
        tag("ShortName", portal.name[:16]),
        tag("LongName", portal.name[:48]),
        tag("Description", portal.sentence[:1024]),
        tag("Contact", portal.email) if portal.email else None,
        tag("Tags", "CSW catalogue opendata"),  # OWSLib does without none
        tag("Url", attributes={"type": ATOM, "rel": "results", "template": template}),
        tag("Language", "fr"),
        tag("InputEncoding", "UTF-8"),
        tag("OutputEncoding", "UTF-8"),
        attributes={
            "xmlns": _NAMESPACE,
            "xmlns:geo": "http://a9.com/-/opensearch/extensions/geo/1.0/",
            "xmlns:time": "http://a9.com/-/opensearch/extensions/time/1.0/",
        },
    )


def search_address(portal: Portal) -> str:
    """What every search begins with."""
    pairs = {"service": "CSW", "version": "3.0.0", "request": "GetRecords", "typeNames": "csw:Record"}
    return f"{portal.address}?{urlencode({**pairs, 'elementSetName': 'full', 'outputFormat': ATOM}, quote_via=quote)}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an answer: how many records there are, the first one's rank, how many are asked, and ways to itself and to others."""

    total: int
    start: int
    limit: int
    links: Iterable[tuple[str, str]]


def feed(portal: Portal, records: Iterable[Record], page: Page) -> Xml:
    """The records of a page as an Atom feed."""
    entries = [(record.modified or _NEVER, _entry(record)) for record in records]
    return tag(
        "feed",
        tag("id", portal.address),
        tag("title", portal.name),
        tag("updated", max((moment for moment, _entry_of in entries), default=_NEVER)),
        tag("author", tag("name", portal.name)),
        [tag("link", attributes={"rel": name, "type": ATOM, "href": address}) for name, address in page.links],
        tag("link", attributes={"rel": "search", "type": OPENSEARCH, "href": description_address(portal)}),
        tag("opensearch:totalResults", str(page.total)),
        tag("opensearch:startIndex", str(page.start)),
        tag("opensearch:itemsPerPage", str(page.limit)),
        [entry for _moment, entry in entries],
        attributes={"xmlns": _ATOM, "xmlns:opensearch": _NAMESPACE, "xmlns:georss": "http://www.georss.org/georss"},
        namespaces=("dc",),
    )


def description_address(portal: Portal) -> str:
    """Where the description document is."""
    pairs = {"service": "CSW", "version": "3.0.0", "request": "GetCapabilities", "acceptFormats": OPENSEARCH}
    return f"{portal.address}?{urlencode(pairs, quote_via=quote)}"


def _entry(record: Record) -> Xml:
    box = record.box
    corners = None if box is None else f"{box[1]} {box[0]} {box[3]} {box[2]}"  # latitude first
    start, end = record.period
    return tag(
        "entry",
        tag("id", record.page),
        tag("title", record.title),
        tag("updated", record.modified or _NEVER),
        tag("published", record.issued) if record.issued else None,
        tag("author", tag("name", record.publisher or record.title)),
        tag("summary", record.abstract),
        [tag("category", attributes={"term": word}) for word in [*record.keywords, *record.themes]],
        tag("rights", record.licence) if record.licence else None,
        [_link(way) for way in record.links()],
        tag("dc:identifier", record.identifier),
        tag("dc:date", f"{start}/{end}") if start or end else None,
        tag("georss:box", corners) if corners else None,
    )


def _link(way: Link) -> Xml:
    relation = _RELATIONS.get(way.kind, "related")
    attributes = {"rel": relation, "type": way.media_type or None, "href": way.address, "title": way.title or None}
    return tag("link", attributes=attributes)
