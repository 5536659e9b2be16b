"""The services of an organisation on data.gouv.fr: their cards, and which datasets they serve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from parvis.core.metadata import THEME_BY_SLUG
from parvis.core.translation import SOURCE, translate
from parvis.hub.addresses import absolute_url, without_prefix
from parvis.hub.dataservices.harvested import sources_of
from parvis.hub.dataservices.models import DataService
from parvis.hub.records.selectors import published
from parvis.hub.republication.asking import ask
from parvis.hub.republication.package import ServicePackage, service_key

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

TAKING_AWAY = frozenset({"unpublish", "retire", "archive", "delete"})
"""What is done to a service that readers see no more."""
CHANGING = TAKING_AWAY | {"publish", "scheduled", "move"}
FORMATS = {
    "rest": "REST",
    "ogc-api": "REST",
    "odata": "REST",
    "sensorthings": "REST",
    "ngsi-ld": "REST",
    "wms": "WMS",
}
"""Kinds in the words of udata, which has three; it knows none of the others."""
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,6})?)\s*%")


def service_goes_elsewhere(sender: type[DataService], record: DataService, act: str, **_rest: Any) -> None:
    """A service came online, changed or was taken away: what is elsewhere follows."""
    if act in CHANGING:
        ask(record.organisation_id, urgent=act in TAKING_AWAY)


def packages(organisation: Organisation) -> Iterator[ServicePackage]:
    """Each service of the organisation that is online; those of the portal itself are no rows, and stay."""
    for service in published(DataService).filter(organisation=organisation.pk).order_by("title", "pk"):
        yield _package(service)


def percent_of(text: str) -> float | None:
    """« 99,5 %, hors maintenance » → 99.5; None where no percentage is written."""
    match = _PERCENT.search(text)
    number = float(match[1].replace(",", ".")) if match else 0.0
    return number if match and number <= 100 else None


def _package(service: DataService) -> ServicePackage:
    page = absolute_url(without_prefix(service.get_absolute_url()))
    availability = percent_of(service.availability)
    words = [service.text or service.title]
    if service.availability and availability is None:
        words.append(f"Disponibilité : {service.availability}")
    words += [f"Adresse : {address}" for address in service.endpoints[1:]]
    themes = [translate(THEME_BY_SLUG[slug].label, SOURCE) for slug in service.themes if slug in THEME_BY_SLUG]
    return ServicePackage(
        key=service_key(str(service.identifier)),
        # The address that stays tells it from the others there, whatever it is called since.
        page=absolute_url(f"/services/{service.identifier}/"),
        former_pages=(page,),
        reading_page=page,
        title=service.title,
        description="\n\n".join([*words, page]),
        licence=service.licence,
        tags=(*map(str, service.keywords), *themes),
        contact_name=service.contact_name or service.organisation.name,
        contact_email=service.contact_email or service.organisation.email,
        endpoint=next(iter(service.endpoints), ""),
        description_address=service.description_address,
        documentation=service.documentation,
        access=service.access,
        access_address=service.access_address,
        rate=service.rate,
        availability=availability,
        format=FORMATS.get(service.kind, ""),
        serves=tuple(map(str, service.datasets)),
        sources=sources_of(service),
    )
