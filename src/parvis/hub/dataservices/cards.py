"""What other catalogues are told of a service, whoever writes it: DCAT, ISO 19139, Dublin Core, OGC API – Records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from parvis.core.metadata import LICENCE_BY_SLUG, THEME_BY_SLUG, Licence, Term
from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import Actor
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.portal import portal_services
from parvis.hub.dataservices.rules import KIND_BY_SLUG, OPEN, Kind
from parvis.hub.dataservices.selectors import listed_services, prepared
from parvis.hub.territories.selectors import boxes_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.territories.models import Territory

type Box = tuple[float, float, float, float]

MOST_TOLD = 5_000
"""Services told to other catalogues."""


@dataclass(frozen=True, slots=True)
class Served:
    """A dataset that a service serves: what it is called now, what it is known by, and its categories of high value."""

    dataset_id: str
    permanent_id: str
    title: str
    high_value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCard:
    """A service, whatever the form in which it is told; empty text where it says nothing. Paths are of the site that answers."""

    identifier: str
    slug: str
    title: str
    kind: Kind
    text: str = ""
    endpoints: tuple[str, ...] = ()
    description_address: str = ""
    documentation: str = ""
    version: str = ""
    licence: Licence | None = None
    access: str = OPEN
    contact_name: str = ""
    contact_email: str = ""
    organisation: str = ""
    organisation_name: str = ""
    organisation_kind: str = ""
    themes: tuple[Term, ...] = ()
    keywords: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    territory: Territory | None = None
    box: Box | None = None
    """West, south, east, north of its territory, in degrees."""
    served: tuple[Served, ...] = ()
    terms: str = ""
    """Who may use it, how often and when it is there, in a sentence."""
    issued: datetime | None = None
    modified: datetime | None = None

    @property
    def high_value(self) -> tuple[str, ...]:
        """The categories of high value of the datasets that it serves, each once."""
        return tuple(dict.fromkeys(slug for dataset in self.served for slug in dataset.high_value))


def service_cards(actor: Actor, organisation: str = "", lang: str = SOURCE) -> list[ServiceCard]:
    """Every service that the actor reads on the site that answers, or those of an organisation; those of the portal last.

    What is not written by people is in ``lang``, whatever the language of the page: catalogues tell one language.
    """
    rows = listed_services()
    services = list((rows.filter(organisation__slug=organisation) if organisation else rows)[:MOST_TOLD])
    with override(lang):
        services += [] if organisation else portal_services()
        boxes = boxes_of({service.territory_id for service in services if service.territory_id})
        return [
            card_of(service, service.served, boxes.get(service.territory_id))  # type: ignore[attr-defined]
            for service in prepared(actor, services)
        ]


def card_of(service: DataService, served: Iterable[Dataset], box: Box | None) -> ServiceCard:
    """The card of one, which serves these datasets as the reader knows of them."""
    owner = service.organisation
    return ServiceCard(
        identifier=str(service.identifier),
        slug=service.slug,
        title=service.title,
        kind=KIND_BY_SLUG.get(service.kind, KIND_BY_SLUG["other"]),
        text=service.text,
        endpoints=tuple(service.endpoints),
        description_address=service.description_address,
        documentation=service.documentation,
        version=service.version,
        licence=LICENCE_BY_SLUG.get(service.licence),
        access=service.access,
        contact_name=service.contact_name,
        contact_email=service.contact_email or owner.email,
        organisation=owner.slug,
        organisation_name=owner.name,
        organisation_kind=owner.kind,
        themes=tuple(THEME_BY_SLUG[slug] for slug in service.themes if slug in THEME_BY_SLUG),
        keywords=tuple(service.keywords),
        operations=tuple(service.operations),
        territory=service.territory,
        box=box,
        served=tuple(
            Served(dataset.dataset_id, dataset.permanent_id, dataset.title, tuple(dataset.hvd)) for dataset in served
        ),
        terms=_terms(service),
        issued=service.first_published_at,
        modified=service.last_published_at or service.modified,
    )


def _terms(service: DataService) -> str:
    where = _("à demander sur %s") % service.access_address if service.access_address else ""
    access = str(service.get_access_display())  # type: ignore[attr-defined]
    return " ; ".join(part for part in (access, where, service.rate, service.availability) if part)
