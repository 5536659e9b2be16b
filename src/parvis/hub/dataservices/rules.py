"""What a service is, who may use it, when it is asked whether it answers: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop

MOST_ENDPOINTS = 10
MOST_DATASETS = 100
MOST_KEYWORDS = 20
LONGEST_KEYWORD = 60
LONGEST_TEXT = 10_000
DOWN_AFTER = 3
"""Checks in a row, a day apart at least, that a service fails before it is said."""
CALM, WORRIED = timedelta(days=1), timedelta(hours=20)
"""Between two checks of a service that answers, and of one that did not."""
MOST_A_NIGHT = 200
"""Services asked in a night, those asked longest ago first."""
_PAGE = re.compile(r"/(?:explore/)?(?:embed/)?dataset/([\w-]{1,100})")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of services: its slug, its label, the address of the standard that it follows, and how geocatalogues call it."""

    slug: str
    label: Any
    standard: str = ""
    iso_type: str = "other"
    """``serviceType`` of ISO 19119, by the list of INSPIRE."""
    protocol: str = "WWW:LINK-1.0-http--rest"


KINDS = (
    Kind("rest", _("API REST")),
    Kind(
        "wms",
        _("WMS : images de cartes"),
        "http://www.opengis.net/def/serviceType/ogc/wms",
        "view",
        "OGC:WMS",
    ),
    Kind(
        "wmts",
        _("WMTS : tuiles d’images"),
        "http://www.opengis.net/def/serviceType/ogc/wmts",
        "view",
        "OGC:WMTS",
    ),
    Kind(
        "wfs",
        _("WFS : objets géographiques"),
        "http://www.opengis.net/def/serviceType/ogc/wfs",
        "download",
        "OGC:WFS",
    ),
    Kind(
        "ogc-api",
        _("OGC API"),
        "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
        "download",
        "OGC API",
    ),
    Kind(
        "csw",
        _("CSW : catalogue géographique"),
        "http://www.opengis.net/def/serviceType/ogc/csw",
        "discovery",
        "OGC:CSW",
    ),
    Kind("tiles", _("Tuiles vectorielles"), "", "view"),
    Kind("odata", _("OData"), "http://docs.oasis-open.org/odata/odata/v4.01/"),
    Kind("sparql", _("SPARQL"), "http://www.w3.org/TR/sparql11-protocol/"),
    Kind("gtfs-rt", _("GTFS-RT : transports en temps réel"), "https://gtfs.org/documentation/realtime/reference/"),
    Kind("siri", _("SIRI : transports en temps réel"), "http://www.siri.org.uk/"),
    Kind("sensorthings", _("SensorThings : capteurs"), "http://www.opengis.net/spec/iot_sensing/1.1/req/core"),
    Kind("ngsi-ld", _("NGSI-LD : ville connectée"), "https://uri.etsi.org/ngsi-ld/"),
    Kind("mcp", _("MCP : outils pour assistants"), "https://modelcontextprotocol.io/specification/"),
    Kind("application", _("Application en ligne")),
    Kind("other", _("Autre service")),
)
KIND_BY_SLUG = {kind.slug: kind for kind in KINDS}
KIND_CHOICES = [(kind.slug, kind.label) for kind in KINDS]

OPEN, ACCOUNT, RESTRICTED = "open", "open_with_account", "restricted"
"""Who may use it, in the words of data.gouv.fr."""
ACCESS_CHOICES = [
    (OPEN, _("ouvert à tous")),
    (ACCOUNT, _("ouvert avec un compte ou une clé")),
    (RESTRICTED, _("sur autorisation")),
]
ACCESS_RIGHTS = {OPEN: "PUBLIC", ACCOUNT: "PUBLIC", RESTRICTED: "RESTRICTED"}
"""The same in the authority table of Europe: an account that anybody may open closes nothing."""


class UnknownDatasets(RequestError):
    """Some of the datasets named are not here."""

    code: ClassVar[str] = "service-datasets"
    sentence: ClassVar[str] = gettext_noop("Ces jeux de données ne sont pas sur ce portail : {names}.")
    advice: ClassVar[str] = gettext_noop("Collez l’adresse de leur page, une par ligne.")


class TooManyLines(RequestError):
    """A list is longer than a service may have."""

    code: ClassVar[str] = "service-lines"
    sentence: ClassVar[str] = gettext_noop("Pas plus de {most} lignes ici.")


class NoAddressToRead(RequestError):
    """There is no address of a description to be read."""

    code: ClassVar[str] = "service-unread"
    sentence: ClassVar[str] = gettext_noop("Il n’y a pas d’adresse à lire.")
    advice: ClassVar[str] = gettext_noop(
        "Collez celle du document qui décrit le service : OpenAPI en JSON, GetCapabilities, page d’accueil d’une OGC API."
    )


def written_lines(text: str) -> list[str]:
    """The lines of a text that say something, each once, in order."""
    return list(dict.fromkeys(line for part in text.splitlines() if (line := " ".join(part.split()))))


def named_datasets(text: str) -> list[str]:
    """The identifiers or titles that a text names, one a line: addresses of pages are read too."""
    names = []
    for line in written_lines(text):
        page = _PAGE.search(line[:600])
        names.append(page.group(1) if page else line[:200])
    return list(dict.fromkeys(names))


def written_keywords(text: str) -> list[str]:
    """The words of a text, between commas or a line each, accents and case as they were written."""
    words = (" ".join(word.split())[:LONGEST_KEYWORD] for word in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(word for word in words if word))


def is_due(checked: datetime | None, failures: int, now: datetime) -> bool:
    """Whether a service is to be asked again."""
    return checked is None or now - checked >= (WORRIED if failures else CALM)


def joined(lines: Iterable[str]) -> str:
    """A list as forms have it, one a line."""
    return "\n".join(lines)
