"""A service as a record of a geographic catalogue, and the rows by which it is found among those of datasets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa

from parvis.core.translation import gettext_noop, translate
from parvis.hub.dataservices.cards import ServiceCard
from parvis.hub.dataservices.rules import ACCESS_RIGHTS
from parvis.web.api.explore.catalogue_table import fixed_table
from parvis.web.api.explore.dcat import CatalogueCard
from parvis.web.geocatalogue.matching import SERVICE
from parvis.web.geocatalogue.queryables import TYPE
from parvis.web.geocatalogue.record import Link, Record

_PAGE = gettext_noop("Fiche du service")
_ENDPOINT = gettext_noop("Adresse du service")
_DESCRIPTION = gettext_noop("Description pour les programmes")
_DOCUMENTATION = gettext_noop("Documentation")
_REQUESTS: Final = {"wms": "GetMap", "wmts": "GetTile", "wfs": "GetFeature", "csw": "GetRecords", "sparql": "query"}
"""What is usually asked of a kind of services."""


@dataclass(frozen=True, slots=True)
class ServiceRecord(Record):
    """One record, read from the card of a service, which ``row`` says as the object of a dataset would."""

    service: ServiceCard | None = None

    @property
    def service_card(self) -> ServiceCard:
        """The card."""
        assert self.service is not None
        return self.service

    @property
    def page(self) -> str:
        """Its page for people."""
        return f"{self.card.origin}/services/{quote(self.service_card.slug)}/"

    @property
    def origin(self) -> str:
        """None: its identifier is the same wherever it is passed on."""
        return ""

    @property
    def external_id(self) -> str:
        """An address that leads to its page, whatever that is since."""
        return f"{self.card.origin}/services/{self.identifier}/"

    @property
    def level(self) -> str:
        """``service``."""
        return SERVICE

    @property
    def has_features(self) -> bool:
        """It has none of its own."""
        return False

    @property
    def operation(self) -> str:
        """What is asked of it."""
        return _REQUESTS.get(self.service_card.kind.slug, "GET")

    @property
    def terms(self) -> str:
        """Who may use it, and how much."""
        return self.service_card.terms

    def links(self) -> Iterator[Link]:
        """Its page, where it is asked, what describes it."""
        card = self.service_card
        yield Link("page", self.page, self.title, translate(_PAGE, self.lang), "text/html")
        for address in card.endpoints:
            yield Link("service", address, self.title, translate(_ENDPOINT, self.lang), "", card.kind.protocol)
        if card.description_address:
            words = translate(_DESCRIPTION, self.lang)
            yield Link("description", card.description_address, self.title, words)
        if card.documentation:
            words = translate(_DOCUMENTATION, self.lang)
            yield Link("documentation", card.documentation, self.title, words, "text/html")

    def coupled(self) -> Iterator[tuple[str, str]]:
        """Identifier and page of the datasets that it serves."""
        for dataset in self.service_card.served:
            yield dataset.dataset_id, f"{self.card.origin}/explore/dataset/{quote(dataset.dataset_id)}/"


def record_of(service: ServiceCard, card: CatalogueCard, lang: str) -> ServiceRecord:
    """The record of a service."""
    return ServiceRecord(_object(service), card, lang, service)


def with_services(table: pa.Table, services: Sequence[ServiceCard]) -> pa.Table:
    """The table of the catalogue, services after datasets, and a column that tells them apart."""
    if not services:
        return table
    levels = pa.chunked_array([pa.nulls(table.num_rows, pa.string()), pa.array([SERVICE] * len(services), pa.string())])
    rows = fixed_table([_object(service) for service in services])
    columns = [name for name in table.column_names if name in rows.column_names]
    whole = pa.concat_tables([table.select(columns), rows.select(columns)], promote_options="permissive")
    return whole.append_column(TYPE, levels)


def _object(service: ServiceCard) -> dict[str, Any]:
    """The card as the object of a dataset that has no rows."""
    licence, place = service.licence, service.territory
    default = {
        "title": service.title,
        "description": service.text,
        "keyword": list(service.keywords) or None,
        "theme": [term.label for term in service.themes] or None,
        "publisher": service.organisation_name,
        "language": "fr",
        "license": licence.name if licence else None,
        "license_url": (licence.url or None) if licence else None,
        "modified": service.modified.isoformat() if service.modified else None,
        "bbox": _feature(service),
        "references": None,
        "attributions": None,
        "territory": [place.name] if place else None,
    }
    dcat = {
        "issued": service.issued.isoformat() if service.issued else None,
        "created": None,
        "spatial": place.name if place else None,
        "accessRights": ACCESS_RIGHTS[service.access],
        "conforms_to": service.kind.standard or None,
        "contact_name": service.contact_name or None,
        "contact_email": service.contact_email or None,
    }
    own = {"organisation": service.organisation, "organisation_kind": service.organisation_kind}
    return {
        "dataset_id": service.identifier,
        "data_visible": False,
        "has_records": False,
        "features": [],
        "fields": [],
        "attachments": [],
        "metas": {"default": default, "dcat": dcat, "parvis": own},
    }


def _feature(service: ServiceCard) -> dict[str, Any] | None:
    if service.box is None:
        return None
    west, south, east, north = service.box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {}}
