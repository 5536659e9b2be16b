"""What the operations on services of the catalogue take and answer."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from parvis.core.metadata import LICENCES, THEME_BY_SLUG
from parvis.hub.api.schemas import Body, Count, Documented, Listing, Moment, Uri, among
from parvis.hub.dataservices.rules import ACCESS_RIGHTS, KIND_BY_SLUG
from parvis.hub.records.rules import Status
from parvis.hub.writing.card_schemas import Line, Names, Question, Text, Words

_STATUSES = [row.value for row in Status]


class ServiceChange(Question):
    """What is changed of a service; what is left out stays as it is."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=200)] | None = None
    kind: Annotated[Text, among(KIND_BY_SLUG)] | None = None
    text: Annotated[Words, Documented(_("À quoi il sert, en texte simple."))] | None = None
    endpoints: Annotated[Names, Documented(_("Les adresses du service, une au moins."))] | None = None
    description_url: Annotated[Line, Documented(_("OpenAPI en JSON, GetCapabilities…"))] | None = None
    documentation: Line | None = None
    version: Line | None = None
    licence: Annotated[Text, among(("", *(row.slug for row in LICENCES)))] | None = None
    access: Annotated[Text, among(ACCESS_RIGHTS)] | None = None
    access_url: Annotated[Line, Documented(_("Où demander l’accès."))] | None = None
    rate_limit: Line | None = None
    availability: Line | None = None
    contact_name: Line | None = None
    contact_email: Line | None = None
    themes: Annotated[Names, Documented(_("Des thèmes du portail."), items={"enum": [*THEME_BY_SLUG]})] | None = None
    keywords: Names | None = None
    operations: Annotated[list[Line], Field(max_length=300)] | None = None
    datasets: Annotated[Names, Documented(_("Les jeux de ce portail qu’il sert, par leur identifiant."))] | None = None


class NewService(ServiceChange):
    """A service to list, as a draft."""

    title: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    organisation: Line
    endpoints: Annotated[Names, Documented(_("Les adresses du service, une au moins."))]


class ServiceState(Body):
    """A service as those who edit it see it in a list."""

    slug: str
    title: str
    organisation: str
    kind: str
    status: Annotated[str, among(_STATUSES)]
    changed: Annotated[bool, Documented(_("Un brouillon attend d’être publié."))]
    modified: Moment
    url: Uri


class ServiceStates(Listing[ServiceState]):
    """One page of them."""


class ServiceCardBody(ServiceState):
    """The whole card, as its latest draft has it."""

    revision: Annotated[Count, Documented(_("Le numéro de la révision, qui est aussi l’ETag."))]
    identifier: str
    text: str
    endpoints: list[str]
    description_url: str
    documentation: str
    version: str
    licence: str
    access: str
    access_url: str
    rate_limit: str
    availability: str
    contact_name: str
    contact_email: str
    themes: list[str]
    keywords: list[str]
    operations: list[str]
    datasets: list[str]
