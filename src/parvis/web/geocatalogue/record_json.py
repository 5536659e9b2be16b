"""Records as GeoJSON, by OGC API – Records (20-004), and the questions that are asked of them there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from django.http import HttpRequest, QueryDict

from parvis.core.identifiers import CATALOGUE
from parvis.core.inspire.vocabulary import THEME_BY_SLUG, THEME_REGISTER, TOPIC_BY_SLUG, TOPIC_REGISTER
from parvis.core.translation import translate
from parvis.hub.addresses import absolute_path
from parvis.web.geocatalogue.boxes import box_of, period_of
from parvis.web.geocatalogue.cql import predicate_of_text
from parvis.web.geocatalogue.csw_request import GMD, MOST_IDS
from parvis.web.geocatalogue.errors import BadValue
from parvis.web.geocatalogue.matching import DATASET, SERVICE
from parvis.web.geocatalogue.predicates import (
    LONGEST_TEXT,
    Comparison,
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
from parvis.web.geocatalogue.service_record import ServiceRecord
from parvis.web.ogc.catalogue_collection import LARGEST_PAGE, PAGE, PROPERTIES, SORTABLES
from parvis.web.ogc.endpoint import GEOJSON, base, link

_RELATIONS = {
    "page": "describedby",
    "file": "enclosure",
    "document": "related",
    "explore": "service",
    "features": "service",
    "service": "service",
    "description": "service-desc",
    "documentation": "service-doc",
}
_CONFORMS_TO = ["http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"]
_SCHEME = "http://publications.europa.eu/resource/authority/data-theme"
MOST_TEXTS: Final = 20
_TYPES: Final = {DATASET: Operator.DIFFERENT, SERVICE: Operator.EQUAL}
"""What records may be, and how each compares with being a service."""


def record_document(request: HttpRequest, record: Record) -> dict[str, Any]:
    """One record, without the links of the page that shows it."""
    links = list(record.links())
    properties = {
        "type": SERVICE if record.level == SERVICE else DATASET,
        "title": record.title,
        "description": record.abstract,
        "created": record.issued or record.created or None,
        "updated": record.modified or None,
        "keywords": record.keywords or None,
        "language": {"code": _spoken(record)},
        "languages": [{"code": code} for code in (record.language, *record.other_languages)],
        "resourceLanguages": [{"code": record.language}],
        "externalIds": [{"value": record.external_id}],
        "themes": _themes(record),
        "formats": [{"name": way.title, "mediaType": way.media_type} for way in links if way.kind == "file"] or None,
        "contacts": _contacts(record),
        "license": record.licence_address or record.licence or None,
        "rights": record.licence or None,
        **_inspire(record),
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
            *_served(request, record),
            *([link(record.origin, "via", "text/html")] if record.origin else []),
            link(iso, "alternate", "application/xml", "ISO 19139"),
        ],
    }


def _served(request: HttpRequest, record: Record) -> Iterator[dict[str, str]]:
    """The records of the datasets that a service serves."""
    if isinstance(record, ServiceRecord):
        home = f"{base(request)}/collections/{CATALOGUE}/items"
        for row in record.service_card.served:
            yield link(f"{home}/{quote(row.dataset_id, safe='')}", "related", GEOJSON, row.title)


def _spoken(record: Record) -> str:
    """The language of the title that is shown."""
    words = record.other_languages.get(record.lang) or {}
    return record.lang if words.get("title") == record.title else record.language


def _polygon(record: Record) -> dict[str, Any] | None:
    if record.box is None:
        return None
    west, south, east, north = record.box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _themes(record: Record) -> list[dict[str, Any]] | None:
    block = record.inspire
    schemes = {
        _SCHEME: record.theme_terms,
        THEME_REGISTER: [THEME_BY_SLUG[slug] for slug in block.get("themes", ())],
        TOPIC_REGISTER: [TOPIC_BY_SLUG[slug] for slug in block.get("topics", ())],
    }
    themes = [
        {
            "concepts": [
                {"id": term.uri.rpartition("/")[2], "title": translate(term.label, record.lang), "url": term.uri}
                for term in terms
            ],
            "scheme": scheme,
        }
        for scheme, terms in schemes.items()
        if terms
    ]
    return themes or None


def _inspire(record: Record) -> dict[str, Any]:
    """What INSPIRE wants said besides, which the standard has no name for, and why access is closed."""
    block = {name: value for name, value in record.inspire.items() if name not in ("scope", "themes", "topics")}
    closures = [{"title": translate(row.label, record.lang), "article": row.article} for row in record.closures]
    return {"inspire": block or None, "accessConstraints": closures or None}


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


def predicate_of_query(query: QueryDict, pages: Sequence[str]) -> Predicate:
    """What the parameters of an address ask; ``pages`` begin the addresses of the pages of datasets and of services."""
    parts: list[Predicate] = []
    if texts := _words(query, "q")[:MOST_TEXTS]:
        parts.append(Some(tuple(Like("AnyText", f"%{_plain(text)}%") for text in texts)))
    if box := query.get("bbox", "").strip():
        parts.append(Spatial(Relation.INTERSECTS, box_of([part.strip() for part in box.split(",", 6)], "", "bbox")))
    if period := query.get("datetime", "").strip():
        parts.append(period_of(period, "datetime"))
    if types := _words(query, "type"):
        parts.append(Some(tuple(Comparison("type", _TYPES[name], SERVICE) for name in types if name in _TYPES)))
    if ids := _words(query, "ids"):
        parts.append(Identified(tuple(ids[:MOST_IDS])))
    if addresses := _words(query, "externalIds"):
        names = [
            address.removeprefix(page).strip("/") for address in addresses for page in pages if address.startswith(page)
        ]
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
