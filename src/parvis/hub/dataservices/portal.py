"""The services of the portal itself, made from what it runs and from its settings: nobody types them, nobody changes them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.text import fold
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.rules import ACCOUNT, OPEN
from parvis.hub.publications.declaration import portal_publisher
from parvis.hub.ui.formatting import number

TOLD: Final = datetime(2026, 11, 30, tzinfo=UTC)
"""When what is said of them here changed last."""


@dataclass(frozen=True, slots=True)
class _Row:
    slug: str
    kind: str
    title: Any
    text: Any
    path: str
    description: str = ""
    documentation: str = "/api/console/"
    version: str = ""


_ROWS = (
    _Row(
        "api-explore",
        "rest",
        gettext_lazy("API Explore v2.1"),
        gettext_lazy(
            "Les lignes de tous les jeux de données : filtrer, trier, regrouper, télécharger. Compatible avec l’API d’Opendatasoft."
        ),
        "/api/explore/v2.1",
        "/api/explore/v2.1/openapi.json",
        version="2.1",
    ),
    _Row(
        "api-parvis",
        "rest",
        gettext_lazy("API de Parvis"),
        gettext_lazy(
            "Les sujets du portail (agenda, délibérations, indicateurs, services…) en lecture, et l’écriture pour les logiciels métiers."
        ),
        "/api/parvis/v1",
        "/api/parvis/v1/openapi.json",
        version="1",
    ),
    _Row(
        "ogc-api-features",
        "ogc-api",
        gettext_lazy("OGC API – Features"),
        gettext_lazy("Les objets géographiques des jeux qui en ont, pour QGIS, ArcGIS et les autres SIG."),
        "/ogc",
        "/ogc/api",
        "/ogc",
        "1.0",
    ),
    _Row(
        "ogc-api-records",
        "ogc-api",
        gettext_lazy("OGC API – Records : le catalogue"),
        gettext_lazy("Les fiches des jeux de données et des services, une par une ou cherchées, en GeoJSON."),
        "/ogc/collections/catalogue",
        "/ogc/api",
        "/ogc/collections/catalogue",
        "1.0",
    ),
    _Row(
        "csw",
        "csw",
        gettext_lazy("CSW : le catalogue pour les géocatalogues"),
        gettext_lazy(
            "Les fiches des jeux de données et des services en ISO 19139, Dublin Core et DCAT, par CSW 2.0.2 et 3.0."
        ),
        "/csw",
        "/csw?service=CSW&request=GetCapabilities",
        "",
        "2.0.2",
    ),
    _Row(
        "dcat",
        "other",
        gettext_lazy("DCAT : le catalogue pour les autres portails"),
        gettext_lazy(
            "Toutes les fiches en DCAT-AP, page par page. C’est l’adresse à donner à data.gouv.fr, ou à tout portail qui moissonne, pour "
            "qu’il tienne à jour chez lui les jeux de données d’ici. La même finit aussi par .ttl ou .jsonld, et chaque organisation a la "
            "sienne, sur sa page."
        ),
        "/catalog.rdf",
        documentation="",
        version="3",
    ),
    _Row(
        "odata",
        "odata",
        gettext_lazy("OData : les tables pour Excel et Power BI"),
        gettext_lazy("Chaque jeu de données comme une table qu’un tableur ou un outil de pilotage rafraîchit."),
        "/odata/",
        "/odata/$metadata",
        "",
        "4.01",
    ),
    _Row(
        "tuiles",
        "tiles",
        gettext_lazy("Tuiles vectorielles des cartes"),
        gettext_lazy(
            "Les points, lignes et surfaces d’un jeu de données en tuiles MVT : /tiles/(jeu)/(z)/(x)/(y).mvt."
        ),
        "/tiles/",
        documentation="",
    ),
    _Row(
        "mcp",
        "mcp",
        gettext_lazy("MCP : les données pour les assistants"),
        gettext_lazy("Un assistant y cherche des jeux de données, en lit les lignes et cite ses sources."),
        "/mcp",
        documentation="",
    ),
)


def portal_services(words: str = "", **values: str) -> list[DataService]:
    """Those of this portal, of which none is a row; those that hold every word of ``words`` and have these values, when told so.

    None before any organisation is there to answer for them.
    """
    owner = portal_publisher()
    if owner is None:
        return []
    return [service for row in _ROWS if _matches(service := _service(row, owner), words, values)]


def portal_service(slug: str) -> DataService | None:
    """The one of that address."""
    return next((service for service in portal_services() if service.slug == slug), None)


def portal_texts() -> Iterator[tuple[int, str, str]]:
    """Rank, title and text of each, for searches."""
    for rank, row in enumerate(_ROWS, 1):
        yield rank, str(row.title), str(row.text)


def portal_services_of(ranks: list[int]) -> list[DataService]:
    """Those of these ranks, in their order."""
    slugs = [_ROWS[rank - 1].slug for rank in ranks if 0 < rank <= len(_ROWS)]
    services = {service.slug: service for service in portal_services()}
    return [services[slug] for slug in slugs if slug in services]


def _service(row: _Row, owner: Any) -> DataService:
    limits = settings.PARVIS
    address = _address(row.path)
    return DataService(
        slug=row.slug,
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, address),
        title=str(row.title),
        text=str(row.text),
        kind=row.kind,
        organisation=owner,
        endpoints=[address],
        description_address=_address(row.description),
        documentation=_address(row.documentation),
        version=row.version,
        access=ACCOUNT if limits["PARVIS_PRIVATE"] else OPEN,
        rate=_("%(calls)s appels par jour sans clé, %(keyed)s avec une clé")
        % {
            "calls": number(limits["PARVIS_QUOTA_ANONYMOUS_CALLS"]),
            "keyed": number(limits["PARVIS_QUOTA_KEY_CALLS"]),
        },
        contact_email=owner.email,
        status="published",
        live=True,
        created=TOLD,
        modified=TOLD,
        first_published_at=TOLD,
        last_published_at=TOLD,
    )


def _address(path: str) -> str:
    return canonical(absolute_path(path)) if path else ""


def _matches(service: DataService, words: str, values: dict[str, str]) -> bool:
    text = fold(" ".join(service.texts()))
    has_words = all(word in text for word in fold(words).split())
    return has_words and all(getattr(service, name) == value for name, value in values.items() if value)
