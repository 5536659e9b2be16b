"""``/keys``: those of an organisation, made no stronger than the key that makes them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from parvis.core.errors import NotFound
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.accounts.selectors import organisations_where, person_of
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Documented, Offset
from parvis.hub.apikeys.requests import Caller, writer_of
from parvis.hub.apikeys.selectors import keys_administered_by
from parvis.hub.apikeys.services import create_key, revoke_key
from parvis.hub.catalogue.selectors import dataset
from parvis.hub.writing.router import ERRORS, router
from parvis.hub.writing.schemas import KeyState, KeyStates, NewKey

if TYPE_CHECKING:
    from parvis.hub.apikeys.models import ApiKey


@router.operation(
    "/keys", "listKeys", _("Les clés de l’organisation."), KeyStates, url_name="write_keys", errors=(403,)
)
def list_keys(request: ApiRequest, offset: Offset = 0) -> KeyStates:
    """For a key that administers it; without their secrets."""
    return KeyStates.page(keys_administered_by(_administrator(request).actor).distinct(), _state, offset)


@router.operation(
    "/keys",
    "createKey",
    _("Créer une clé, pas plus forte que celle-ci."),
    KeyState,
    url_name="write_keys",
    method="POST",
    errors=ERRORS,
)
def make_key(request: ApiRequest, body: NewKey) -> KeyState:
    """Its secret is in this answer alone."""
    caller = _administrator(request)
    person = person_of(caller.actor.person_id)
    if person is None:
        raise NotFound(name="person")
    end = timezone.make_aware(datetime.combine(body.expires, time(23, 59, 59))) if body.expires else None
    key, secret = create_key(
        caller.actor,
        person,
        body.name,
        scope=body.scope,
        organisation=organisation_at(body.organisation) if body.organisation else None,
        expires=end,
        datasets=[dataset(caller.actor, name).dataset_id for name in body.datasets],
        by=caller.strength,
    )
    return _state(key, secret)


@router.operation(
    "/keys/{int:number}",
    "revokeKey",
    _("Révoquer une clé, pour toujours."),
    KeyState,
    url_name="write_key",
    method="DELETE",
    errors=ERRORS,
)
def stop_key(
    request: ApiRequest, number: Annotated[int, Field(ge=1, le=2**62), Documented(_("Son numéro."))]
) -> KeyState:
    """Of the organisation; this one as well."""
    actor = _administrator(request).actor
    key = keys_administered_by(actor).filter(pk=number).first()
    if key is None:
        raise NotFound(name=str(number))
    return _state(revoke_key(actor, key))


def _administrator(request: ApiRequest) -> Caller:
    caller = writer_of(request)
    actor: Actor = caller.actor
    if not organisations_where(actor, "administer").exists():
        require(actor, "administer", None, Sentence(gettext_noop("gérer les clés")))
    return caller


def _state(key: ApiKey, secret: str | None = None) -> KeyState:
    return KeyState(
        id=key.pk,
        name=key.name,
        start=key.start,
        person=key.person.email,
        scope=key.scope,
        organisation=key.organisation.slug if key.organisation else None,
        datasets=key.datasets,
        expires=key.expires.astimezone(UTC).isoformat(timespec="seconds") if key.expires else None,
        last_used=key.last_used.isoformat() if key.last_used else None,
        live=key.is_live,
        key=secret,
    )
