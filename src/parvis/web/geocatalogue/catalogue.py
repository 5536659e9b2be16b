"""The records that the caller may see, those that a condition keeps, in an order: what CSW and Records share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.hub.addresses import absolute_path
from parvis.hub.apikeys.requests import actor_of_request
from parvis.hub.dataservices.cards import ServiceCard, service_cards
from parvis.hub.dataservices.selectors import services_stamp
from parvis.hub.sites.selectors import face_of
from parvis.web.api.explore.dcat import CatalogueCard
from parvis.web.api.explore.snapshot import CatalogueView, catalogue_view
from parvis.web.geocatalogue.matching import Matcher
from parvis.web.geocatalogue.predicates import ALWAYS, Predicate
from parvis.web.geocatalogue.record import Record
from parvis.web.geocatalogue.service_record import record_of, with_services


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue as one caller sees it: rights and lens of the site are those of the view of the Explore API."""

    view: CatalogueView
    services: Mapping[str, ServiceCard]
    """Those that the caller may see, by identifier."""
    card: CatalogueCard
    lang: str
    is_public: bool
    """Whether the caller is anybody."""

    @property
    def state(self) -> str:
        """Changes whenever an answer may change."""
        return f"{self.view.state} {services_stamp()}"

    @property
    def table(self) -> pa.Table:
        """The records as rows: datasets, then services."""
        return with_services(self.view.source.table, list(self.services.values()))

    def has(self, identifier: str) -> bool:
        """Whether there is a record so called."""
        return identifier in self.view.objects.entries or identifier in self.services

    def matching(self, predicate: Predicate, order: Sequence[tuple[str, bool]] = ()) -> list[str]:
        """The identifiers of the records that a condition keeps, in an order; that of titles when none is asked."""
        table = self.table
        matcher = Matcher(table)
        ids = table.column("dataset_id")
        if order:
            places = matcher.order(order)
            ids = ids.take(places)
        if predicate != ALWAYS:
            mask = matcher.rows(predicate)
            ids = ids.filter(mask.take(places) if order else mask)
        identifiers: list[str] = (ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids).to_pylist()
        return identifiers

    def records(self, identifiers: Sequence[str]) -> Iterator[Record]:
        """These records, those that the caller may not see left out."""
        for identifier in identifiers:
            if identifier in self.view.objects.entries:
                yield Record(self.view.objects[identifier], self.card, self.lang)
            elif identifier in self.services:
                yield record_of(self.services[identifier], self.card, self.lang)

    def object_of(self, identifier: str) -> dict[str, Any]:
        """The object of one of them."""
        return self.view.objects[identifier]

    def values(self, name: str) -> list[str]:
        """The values that its records have of a property."""
        return Matcher(self.table).values(name)


def catalogue_of(request: HttpRequest, lang: str = "fr") -> Catalogue:
    """The catalogue that the caller of a request may see, through the lens of the site."""
    actor = actor_of_request(request)
    face = face_of(request)
    card = CatalogueCard(
        origin=request.build_absolute_uri(absolute_path("/")).rstrip("/"),
        name=face.name,
        sentence=face.tagline or _("Le catalogue des données ouvertes de %s.") % face.name,
        contact_email=face.contact_email,
    )
    services = {service.identifier: service for service in service_cards(actor, lang=lang)}
    return Catalogue(catalogue_view(request, actor, lang), services, card, lang, actor.person_id is None)
