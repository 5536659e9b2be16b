"""What the standard's documents say: the service, a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.core.columns import TableShape
from parvis.core.geo.crs import CRS84, offered_for
from parvis.core.identifiers import collection_of
from parvis.core.sources.origins import origin_page
from parvis.core.versions.manifest import Manifest
from parvis.hub.addresses import page_elsewhere
from parvis.hub.datastore.selectors import shape_of, source_of
from parvis.hub.maps.features import time_column
from parvis.hub.ui.formatting import plain_text
from parvis.web.ogc.catalogue_collection import RECORDS_CONFORMS_TO, catalogue_link
from parvis.web.ogc.endpoint import GEOJSON, HTML, JSON, OPENAPI, base, link, self_links

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

CONFORMS_TO = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    *RECORDS_CONFORMS_TO,
)
_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def landing_document(request: HttpRequest, title: str) -> dict[str, Any]:
    """The first page of the service."""
    home = base(request)
    return {
        "title": title,
        "description": _("Les jeux de données géographiques de ce portail, selon OGC API – Features."),
        "links": [
            *self_links(request),
            link(f"{home}/api?f=json", "service-desc", OPENAPI, _("Description de l’API")),
            link(f"{home}/api?f=html", "service-doc", HTML, _("Mode d’emploi de l’API")),
            link(f"{home}/conformance", "conformance", JSON, _("Ce que ce service respecte")),
            link(f"{home}/collections", "data", JSON, _("Jeux de données")),
            link(f"{home}/collections", "http://www.opengis.net/def/rel/ogc/1.0/data", JSON, _("Jeux de données")),
            catalogue_link(request),
        ],
    }


def collection_document(request: HttpRequest, dataset: Dataset, links: list[dict[str, str]]) -> dict[str, Any]:
    """A dataset as a collection, ``links`` before its own."""
    manifest = source_of(dataset).manifest
    here = f"{base(request)}/collections/{collection_of(dataset.dataset_id)}"
    page = request.build_absolute_uri(dataset.get_absolute_url())
    licence = dataset.licence_shown
    own = [
        link(f"{here}/items?f=json", "items", GEOJSON, _("Objets, en GeoJSON")),
        link(f"{here}/items?f=html", "items", HTML, _("Objets, en page web")),
        link(page, "describedby", HTML, _("Fiche du jeu de données")),
    ]
    elsewhere = page_elsewhere(request.build_absolute_uri("/"), dataset.dataset_id, dataset.permanent_id)
    if origin := origin_page(dataset.as_told.get("default", {})) or elsewhere:
        own.append(link(origin, "via", HTML, _("Portail d’origine")))
    if licence and licence.url:
        own.append(link(licence.url, "license", HTML, licence.name))
    return {
        "id": collection_of(dataset.dataset_id),
        "title": dataset.title,
        "description": plain_text(dataset.description),
        "attribution": dataset.organisation.name,
        "keywords": list(dataset.keywords),
        "extent": _extent(manifest, shape_of(dataset)),
        "itemType": "feature",
        "crs": [crs.uri for crs in offered_for(manifest.bbox)],
        "storageCrs": CRS84.uri,
        "links": [*links, *own],
    }


def _extent(manifest: Manifest, shape: TableShape) -> dict[str, Any]:
    extent: dict[str, Any] = {}
    if manifest.bbox:
        extent["spatial"] = {"bbox": [list(manifest.bbox)], "crs": CRS84.uri}
    column = time_column(shape)
    profile = manifest.profile.get(column.name) if column else None
    if profile and profile.minimum and profile.maximum:
        extent["temporal"] = {"interval": [[_instant(profile.minimum), _instant(profile.maximum)]], "trs": _GREGORIAN}
    return extent


def _instant(text: Any) -> str:
    """A bound of the profile, ISO 8601, as an RFC 3339 instant."""
    day, _separator, clock = str(text).replace(" ", "T").partition("T")
    if not clock:
        return f"{day}T00:00:00Z"
    return f"{day}T{clock.replace('+00:00', '').removesuffix('+00').removesuffix('Z')}Z"


def engine_seconds() -> float:
    """The longest wait for the engine's next rows."""
    return float(settings.PARVIS["PARVIS_ENGINE_SECONDS"])
