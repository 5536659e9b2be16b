"""The catalogue of the portal as a collection of records (OGC API – Records): what the documents of the service tell of it.

Its records themselves are given by ``web.geocatalogue``, which knows the catalogue.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.core.identifiers import CATALOGUE
from parvis.hub.sites.selectors import face_of
from parvis.web.ogc.endpoint import GEOJSON, HTML, JSON, base, link

RECORDS_CONFORMS_TO: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/{name}"
    for name in (
        "core",  # of the drafts, by which some clients still know a catalogue
        "record-core",
        "record-collection",
        "record-core-query-parameters",
        "records-api",
        "searchable-catalog",
        "searchable-catalog-sorting",
        "sorting",
        "json",
        "html",
        "oas30",
    )
)
CATALOGUE_JSON: Final = "application/ogc-catalog+json"
"""What the collection is written in for who asks for that form; its JSON is the same."""
PROFILE: Final = "http://www.opengis.net/def/profile/OGC/0/"
PAGE, LARGEST_PAGE = 10, 100
PARAMETERS: Final = {
    "limit": f"Records on a page, {PAGE} by default, {LARGEST_PAGE} at most.",
    "offset": "Records to skip.",
    "q": "Only records with one of these texts, separated by commas, accents and case aside.",
    "bbox": "Only records whose extent meets this box: west, south, east, north in degrees.",
    "datetime": "Only records whose data are of this instant or interval: an RFC 3339 instant, start/end, ../end or start/..",
    "type": "Only records of one of these types, separated by commas: dataset, service.",
    "ids": "Only records with one of these identifiers, separated by commas.",
    "externalIds": "Only records with one of these addresses of pages, separated by commas.",
    "sortby": "Order: names of sortables separated by commas, each after - to descend; title by default.",
    "filter": "Only records that meet this condition in the CQL of CSW 2.0.2 (extension).",
    "filter-lang": "Language of filter: cql-text.",
}
"""What the records may be asked by, besides their properties, each with a sentence for the description of the API."""

PROPERTIES: Final = {
    "title": "title",
    "description": "description",
    "keywords": "subject",
    "language": "language",
    "publisher": "publisher",
    "license": "rights",
    "created": "created",
    "updated": "modified",
}
"""Properties of records that a parameter of that name compares, and what conditions call them."""

SORTABLES: Final = {
    "id": "identifier",
    **{name: PROPERTIES[name] for name in ("title", "publisher", "created", "updated")},
}


def catalogue_document(request: HttpRequest, links: list[dict[str, str]]) -> dict[str, Any]:
    """The collection, ``links`` before its own."""
    face = face_of(request)
    here = f"{base(request)}/collections/{CATALOGUE}"
    return {
        "id": CATALOGUE,
        "type": "Collection",
        "itemType": "record",
        "title": _("Catalogue de %s") % face.name,
        "description": face.tagline
        or _("Les fiches de tous les jeux de données et services de ce portail, géographiques ou non."),
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "defaultSortOrder": [{"field": "title", "direction": "asc"}],
        "links": [
            *links,
            link(f"{PROFILE}ogc-catalog", "profile", JSON),
            link(f"{here}/items?f=json", "items", GEOJSON, _("Fiches, en GeoJSON")),
            link(f"{here}/items?f=html", "items", HTML, _("Fiches, en page web")),
            link(f"{here}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", _SCHEMA, _("Critères")),
            link(f"{here}/sortables", "http://www.opengis.net/def/rel/ogc/1.0/sortables", _SCHEMA, _("Ordres")),
        ],
    }


_SCHEMA: Final = "application/schema+json"
SCHEMA: Final = _SCHEMA


def catalogue_link(request: HttpRequest) -> dict[str, str]:
    """The way to the collection from the first page of the service."""
    return link(
        f"{base(request)}/collections/{CATALOGUE}",
        "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog",
        JSON,
        _("Catalogue"),
    )
