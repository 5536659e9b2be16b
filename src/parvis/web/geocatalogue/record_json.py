"""Records as GeoJSON, by OGC API – Records (20-004), and the questions that are asked of them there."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from django.http import HttpRequest, QueryDict

from parvis.hub.addresses import absolute_path
from parvis.web.geocatalogue.boxes import box_of
from parvis.web.geocatalogue.cql import predicate_of_text
from parvis.web.geocatalogue.csw_request import GMD, MOST_IDS
from parvis.web.geocatalogue.errors import BadValue
from parvis.web.geocatalogue.predicates import (
    LONGEST_TEXT,
    Comparison,
    During,
    Identified,
    Like,
    Operator,
    Predicate,
    Relation,
    Some,
    Spatial,
    all_of,
)
from parvis.web.geocatalogue.record import Record
from parvis.web.ogc.catalogue_collection import LARGEST_PAGE, PAGE, PROPERTIES, SORTABLES
from parvis.web.ogc.endpoint import link

_RELATIONS = {
    "page": "describedby",
    "file": "enclosure",
    "document": "related",
    "explore": "service",
    "features": "service",
}
_CONFORMS_TO = ["http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"]
_SCHEME = "http://publications.europa.eu/resource/authority/data-theme"
MOST_TEXTS: Final = 20
DATASET: Final = "dataset"


def record_document(request: HttpRequest, record: Record) -> dict[str, Any]:
    """One record, without the links of the page that shows it."""
    links = list(record.links())
    properties = {
        "type": DATASET,
        "title": record.title,
        "description": record.abstract,
        "created": record.issued or record.created or None,
        "updated": record.modified or None,
        "keywords": record.keywords or None,
        "language": {"code": record.language},
        "resourceLanguages": [{"code": record.language}],
        "externalIds": [{"value": record.page}],
        "themes": _themes(record),
        "formats": [{"name": way.title, "mediaType": way.media_type} for way in links if way.kind == "file"] or None,
        "contacts": _contacts(record),
        "license": record.licence_address or record.licence or None,
        "rights": record.licence or None,
    }
    start, end = record.period
    iso = f"{request.build_absolute_uri(absolute_path('/csw'))}?service=CSW&version=2.0.2&request=GetRecordById"
    iso += f"&elementSetName=full&outputSchema={quote(GMD, safe='')}&id={quote(record.identifier)}"
    return {
        "type": "Feature",
        "id": record.identifier,
        "conformsTo": _CONFORMS_TO,
        "time": {"interval": [start or "..", end or ".."]} if start or end else None,
        "geometry": _polygon(record),
        "properties": {name: value for name, value in properties.items() if value is not None},
        "links": [
            *(link(way.address, _RELATIONS[way.kind], way.media_type, way.title) for way in links),
            *([link(record.origin, "via", "text/html")] if record.origin else []),
            link(iso, "alternate", "application/xml", "ISO 19139"),
        ],
    }


def _polygon(record: Record) -> dict[str, Any] | None:
    if record.box is None:
        return None
    west, south, east, north = record.box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _themes(record: Record) -> list[dict[str, Any]] | None:
    terms = record.theme_terms
    if not terms:
        return None
    concepts = [{"id": term.uri.rpartition("/")[2], "title": term.label, "url": term.uri} for term in terms]
    return [{"concepts": concepts, "scheme": _SCHEME}]


def _contacts(record: Record) -> list[dict[str, Any]]:
    contact: dict[str, Any] = {
        "name": record.contact_name or record.publisher,
        "organization": record.publisher,
        "roles": ["publisher", "pointOfContact"],
        "links": [link(record.publisher_page, "about", "text/html")],
    }
    if record.contact_email:
        contact["emails"] = [{"value": record.contact_email}]
    return [contact]


def predicate_of_query(query: QueryDict, pages: str) -> Predicate:
    """What the parameters of an address ask; ``pages`` begins the addresses of the pages of datasets."""
    parts: list[Predicate] = []
    if texts := _words(query, "q")[:MOST_TEXTS]:
        parts.append(Some(tuple(Like("AnyText", f"%{_plain(text)}%") for text in texts)))
    if box := query.get("bbox", "").strip():
        parts.append(Spatial(Relation.INTERSECTS, box_of([part.strip() for part in box.split(",", 6)], "", "bbox")))
    if period := query.get("datetime", "").strip():
        parts.append(_period(period))
    if (types := _words(query, "type")) and DATASET not in types:
        parts.append(Identified(()))
    if ids := _words(query, "ids"):
        parts.append(Identified(tuple(ids[:MOST_IDS])))
    if addresses := _words(query, "externalIds"):
        names = [address.removeprefix(pages).strip("/") for address in addresses if address.startswith(pages)]
        parts.append(Identified(tuple(names[:MOST_IDS])))
    if condition := query.get("filter", "").strip():
        if query.get("filter-lang", "cql-text") not in ("cql-text", "cql2-text"):
            raise BadValue(name="filter-lang", value=query["filter-lang"], expected="cql-text")
        parts.append(predicate_of_text(condition))
    for name, condition_name in PROPERTIES.items():
        for value in query.getlist(name)[:MOST_TEXTS]:
            parts.append(Comparison(condition_name, Operator.EQUAL, value[:LONGEST_TEXT]))
    return all_of(*parts)


def _words(query: QueryDict, name: str) -> list[str]:
    return [word.strip()[:LONGEST_TEXT] for word in query.get(name, "").split(",") if word.strip()]


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _period(text: str) -> Predicate:
    parts = ["" if part == ".." else part for part in text.split("/", 2)]
    if len(parts) == 1:
        parts *= 2
    if len(parts) != 2 or not any(parts):
        raise BadValue(name="datetime", value=text, expected="instant | start/end | ../end | start/..")
    return During(*parts)


def order_of_query(query: QueryDict) -> list[tuple[str, bool]]:
    """The order that is asked; empty for that of titles."""
    keys = []
    for word in _words(query, "sortby")[:5]:
        name = word.lstrip("+- ")
        if name not in SORTABLES:
            raise BadValue(name="sortby", value=name, expected=" | ".join(SORTABLES))
        keys.append((SORTABLES[name], word.startswith("-")))
    return keys


def page_of_query(query: QueryDict) -> tuple[int, int]:
    """How many records at most, and how many to skip."""
    return min(_whole(query, "limit", PAGE, 1), LARGEST_PAGE), _whole(query, "offset", 0, 0)


def _whole(query: QueryDict, name: str, default: int, least: int) -> int:
    text = query.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise BadValue(name=name, value=text, expected=f"{name} >= {least}")
    return int(text)
