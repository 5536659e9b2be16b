"""``/webhooks``: the programs that an organisation has called when something happens."""

from __future__ import annotations

from typing import Annotated

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from pydantic import Field, StringConstraints

from parvis.core.fetching import require_public_url
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Body, Count, Documented, Listing, Offset
from parvis.hub.notifications import webhooks as services
from parvis.hub.notifications.deliveries import send_test
from parvis.hub.notifications.models import Webhook
from parvis.hub.notifications.webhook_rules import WISHED
from parvis.hub.writing.router import ERRORS, given, router, writer
from parvis.hub.writing.rules import BadCard
from parvis.hub.writing.schemas import Line, Question, Text

EVENTS = [slug for slug, _label in WISHED]
Number = Annotated[int, Field(ge=1, le=2**62), Documented(_("Le numéro du webhook."))]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=80)]
Events = Annotated[list[Line], Field(min_length=1, max_length=100), Documented(items={"enum": EVENTS})]


class WebhookChange(Question):
    """What is changed of a webhook; what is left out stays."""

    name: Name | None = None
    url: Annotated[Line, Documented(_("L’adresse appelée, publique."), format="uri")] | None = None
    events: Events | None = None
    active: bool | None = None


class NewWebhook(Question):
    """A webhook to add."""

    organisation: Line
    name: Name
    url: Annotated[Line, Documented(_("L’adresse appelée, publique."), format="uri")]
    events: Events


class WebhookState(Body):
    """A webhook."""

    id: Count
    organisation: str
    name: str
    url: str
    events: list[str]
    active: bool
    failures: Annotated[Count, Documented(_("Appels de suite qui n’ont pas abouti."))]
    secret: Annotated[str | None, Documented(_("Le secret, dans les seules réponses qui le font."))] = None


class WebhookStates(Listing[WebhookState]):
    """One page of them."""


@router.operation(
    "/webhooks",
    "listWebhooks",
    _("Les webhooks de l’organisation."),
    WebhookStates,
    url_name="write_webhooks",
    errors=(403,),
)
def list_webhooks(request: ApiRequest, offset: Offset = 0) -> WebhookStates:
    """For a key that administers it; without their secrets."""
    return WebhookStates.page(services.webhooks_administered_by(writer(request)), _state, offset)


@router.operation(
    "/webhooks",
    "createWebhook",
    _("Ajouter un webhook."),
    WebhookState,
    url_name="write_webhooks",
    method="POST",
    errors=ERRORS,
)
def create_webhook(request: ApiRequest, body: NewWebhook) -> WebhookState:
    """The secret that signs its calls is in this answer alone."""
    actor = writer(request)
    _require_address(body.url)
    owner = organisation_at(body.organisation)
    row, secret = services.create_webhook(actor, owner, name=body.name, url=body.url, events=_events(body.events))
    return _state(row, secret)


@router.operation(
    "/webhooks/{int:number}",
    "updateWebhook",
    _("Changer un webhook, l’arrêter, le remettre en service."),
    WebhookState,
    url_name="write_webhook",
    method="PATCH",
    errors=ERRORS,
)
def update_webhook(request: ApiRequest, number: Number, body: WebhookChange) -> WebhookState:
    """What is left out stays."""
    actor, values = writer(request), given(body)
    with transaction.atomic():
        row = services.webhook_of(actor, number)
        if values.get("url"):
            _require_address(values["url"])
        facts = {name: values.get(name) or getattr(row, name) for name in ("name", "url")}
        events = _events(values["events"]) if values.get("events") else row.events
        active = row.active if values.get("active") is None else values["active"]
        return _state(services.change_webhook(actor, row, **facts, events=events, active=active))


@router.operation(
    "/webhooks/{int:number}",
    "removeWebhook",
    _("Supprimer un webhook et le journal de ses envois."),
    None,
    url_name="write_webhook",
    method="DELETE",
    status=204,
    errors=ERRORS,
)
def remove_webhook(request: ApiRequest, number: Number) -> HttpResponse:
    """For good."""
    actor = writer(request)
    services.delete_webhook(actor, services.webhook_of(actor, number))
    return HttpResponse(status=204)


@router.operation(
    "/webhooks/{int:number}/secret",
    "rotateWebhookSecret",
    _("Changer le secret d’un webhook ; l’ancien signe encore un jour."),
    WebhookState,
    url_name="write_webhook_secret",
    method="POST",
    errors=ERRORS,
)
def rotate_secret(request: ApiRequest, number: Number) -> WebhookState:
    """The new one is in this answer alone."""
    actor = writer(request)
    row = services.webhook_of(actor, number)
    return _state(row, services.rotate_secret(actor, row))


@router.operation(
    "/webhooks/{int:number}/test",
    "testWebhook",
    _("Appeler un webhook avec un événement d’essai."),
    None,
    url_name="write_webhook_test",
    method="POST",
    status=204,
    errors=ERRORS,
)
def test_webhook(request: ApiRequest, number: Number) -> HttpResponse:
    """In the background, once."""
    actor = writer(request)
    send_test(actor, services.webhook_of(actor, number))
    return HttpResponse(status=204)


def _require_address(url: str) -> None:
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError as error:
        raise BadCard(name="url", reason=" ".join(error.messages)) from error
    require_public_url(url)


def _events(events: list[str]) -> list[str]:
    for event in events:
        if event not in EVENTS:
            raise BadCard(name="events", reason=f"{event[:60]} ≠ {', '.join(EVENTS)}")
    return events


def _state(row: Webhook, secret: str | None = None) -> WebhookState:
    return WebhookState(
        id=row.pk,
        organisation=row.organisation.slug,
        name=row.name,
        url=row.url,
        events=row.events,
        active=row.active,
        failures=row.failures,
        secret=secret,
    )
