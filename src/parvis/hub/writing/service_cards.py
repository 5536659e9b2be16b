"""``/service-cards``: the services of the catalogue, written by programs; read by anybody at ``/services``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from ninja import Query

from parvis.core.errors import NotFound
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.addresses import canonical
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Documented, Offset
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.programs import columns_of, served_names
from parvis.hub.records import services as records
from parvis.hub.records.selectors import managed_at, managed_by
from parvis.hub.writing.conditions import require_unchanged
from parvis.hub.writing.router import ERRORS, IF_UNCHANGED, given, refused, router, writer
from parvis.hub.writing.rules import BadCard
from parvis.hub.writing.service_schemas import (
    NewService,
    ServiceCardBody,
    ServiceChange,
    ServiceState,
    ServiceStates,
)

if TYPE_CHECKING:
    from typing import Any

Slug = Annotated[str, Documented(_("Le dernier mot de l’adresse."), maxLength=255)]


@router.operation(
    "/service-cards",
    "listOwnServices",
    _("Les services que la clé peut modifier."),
    ServiceStates,
    url_name="write_services",
    errors=(403,),
)
def list_services(
    request: ApiRequest,
    organisation: Annotated[str, Query(), Documented(_("Ceux d’une organisation."))] = "",
    offset: Offset = 0,
) -> ServiceStates:
    """Drafts as well, by title."""
    rows = managed_by(DataService, writer(request)).order_by("title", "pk")
    if organisation:
        rows = rows.filter(organisation__slug=organisation[:80])
    return ServiceStates.page(rows, state_of, offset)


@router.operation(
    "/service-cards",
    "createService",
    _("Répertorier un service, en brouillon."),
    ServiceCardBody,
    url_name="write_services",
    method="POST",
    errors=ERRORS,
)
def create_service(request: ApiRequest, body: NewService) -> HttpResponse:
    """A draft of an organisation."""
    actor, values = writer(request), given(body)
    owner = organisation_at(values.pop("organisation"))
    require(actor, "edit", owner.pk, f"répertorier un service de « {owner} »")
    service = DataService(organisation=owner)
    for name, value in _columns(actor, values, service).items():
        setattr(service, name, value)
    return _answer(actor, records.create(actor, service))


@router.operation(
    "/service-cards/{slug}",
    "getServiceCard",
    _("La fiche d’un service, telle qu’on la modifie."),
    ServiceCardBody,
    url_name="write_service",
    errors=(403, 404),
)
def get_service(request: ApiRequest, slug: Slug) -> HttpResponse:
    """As its latest draft has it, with its ETag."""
    actor = writer(request)
    return _answer(actor, _service(actor, slug))


@router.operation(
    "/service-cards/{slug}",
    "updateService",
    _("Changer la fiche d’un service, champ par champ."),
    ServiceCardBody,
    url_name="write_service",
    method="PATCH",
    errors=ERRORS,
    reads=IF_UNCHANGED,
)
def update_service(request: ApiRequest, slug: Slug, body: ServiceChange) -> HttpResponse:
    """What is left out stays; what is online changes at once for a key that publishes, else the change waits as a draft."""
    actor = writer(request)
    with transaction.atomic():
        service = _unchanged(request, actor, slug)
        columns = _columns(actor, given(body), service)
        if columns:
            service = records.update(actor, service, columns, revision=service.revision)
    return _answer(actor, service)


@router.operation(
    "/service-cards/{slug}",
    "deleteService",
    _("Supprimer la fiche d’un service."),
    None,
    url_name="write_service",
    method="DELETE",
    status=204,
    errors=ERRORS,
    reads=IF_UNCHANGED,
)
def delete_service(request: ApiRequest, slug: Slug) -> HttpResponse:
    """For ever; what it said stays in the journal."""
    actor = writer(request)
    with transaction.atomic():
        records.delete(actor, _unchanged(request, actor, slug))
    return HttpResponse(status=204)


@router.operation(
    "/service-cards/{slug}/publication",
    "publishService",
    _("Mettre un service en ligne, comme son dernier brouillon."),
    ServiceCardBody,
    url_name="write_service_publication",
    method="PUT",
    errors=ERRORS,
    reads=IF_UNCHANGED,
)
def publish_service(request: ApiRequest, slug: Slug) -> HttpResponse:
    """One that is online as it is stays so."""
    actor = writer(request)
    with transaction.atomic():
        service = records.publish(actor, _unchanged(request, actor, slug))
    return _answer(actor, service)


@router.operation(
    "/service-cards/{slug}/publication",
    "withdrawService",
    _("Retirer un service du portail."),
    ServiceCardBody,
    url_name="write_service_publication",
    method="DELETE",
    errors=ERRORS,
    reads=IF_UNCHANGED,
)
def withdraw_service(request: ApiRequest, slug: Slug) -> HttpResponse:
    """It stays as a draft; one that is not online stays as it is."""
    actor = writer(request)
    with transaction.atomic():
        service = _unchanged(request, actor, slug)
        if service.live:
            records.withdraw(actor, service)
    return _answer(actor, _service(actor, slug))


def state_of(service: DataService) -> ServiceState:
    """Where it stands."""
    return ServiceState(**_state(service))


def _state(service: DataService) -> dict[str, Any]:
    return {
        "slug": service.slug,
        "title": service.title,
        "organisation": service.organisation.slug,
        "kind": service.kind,
        "status": str(service.status),
        "changed": service.has_unpublished_changes,
        "modified": service.modified.isoformat(),
        "url": canonical(service.get_absolute_url()),
    }


def _answer(actor: Actor, service: DataService) -> HttpResponse:
    """The whole card, with its ETag."""
    names = ("text", "endpoints", "documentation", "version", "licence", "access", "availability")
    names = (*names, "contact_name", "contact_email", "themes", "keywords", "operations")
    facts = ServiceCardBody(
        **_state(service),
        revision=service.revision,
        identifier=str(service.identifier),
        description_url=service.description_address,
        access_url=service.access_address,
        rate_limit=service.rate,
        datasets=served_names(actor, service),
        **{name: getattr(service, name) for name in names},
    )
    response = HttpResponse(facts.model_dump_json(by_alias=True), content_type="application/json")
    response["ETag"] = _tag(service)
    return response


def _columns(actor: Actor, values: dict[str, Any], service: DataService) -> dict[str, Any]:
    for name in sorted(values.keys() & {"title", "kind", "access", "endpoints"}):
        if not values[name]:
            raise BadCard(name=name, reason=_t("Ce champ ne peut pas être vide."))
    try:
        return columns_of(actor, values, service)
    except ValidationError as error:
        raise refused(error) from error


def _service(actor: Actor, slug: str) -> DataService:
    """One that the actor may edit; NotFound for the rest, Forbidden for what everybody reads and they only read."""
    row = DataService.objects.filter(slug=slug[:255]).first()
    if row is None:
        raise NotFound(name=slug[:100])
    if row.live:
        require(actor, "edit", row.organisation_id, f"modifier « {row.title} »")
    return managed_at(DataService, actor, row.slug)


def _unchanged(request: ApiRequest, actor: Actor, slug: str) -> DataService:
    """The same, held until the end of the transaction, when it is the one that the caller had read."""
    service = _service(actor, slug)
    # Of two changes at once the second waits here, and finds what the first made of it.
    DataService.objects.select_for_update().get(pk=service.pk)
    service = managed_at(DataService, actor, service.slug)
    require_unchanged(request, _tag(service), service.title)
    return service


def _tag(service: DataService) -> str:
    return f'"{service.revision}"'
