"""The portal of an organisation: set, tried, pressed, removed by who administers the organisation: right, act, journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.hub.accounts.encryption import current_keys, encrypt, encrypted_again
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.republication.asking import ask_now, ask_soon
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.reach import portal_address
from parvis.hub.republication.rules import (
    PURPOSE,
    BadKey,
    BadOrganisation,
    DeletedThere,
    KeyNeeded,
    Retire,
    Scope,
    is_identifier,
    is_key,
)

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

NOTHING_THERE: Mapping[str, Any] = {
    "remote_id": "",
    "page": "",
    "outcome": "",
    "error": None,
    "report": None,
    "trial": None,
    "sent_card": {},
    "proof": None,
    "seen": None,
    "checked": None,
    "due": None,
    "failures": 0,
}
"""A dataset that begins anew: of what was there, nothing is remembered."""


def portal_of(actor: Actor, organisation: Organisation) -> Portal | None:
    """The settings of an organisation, for who administers it; None before anybody set them."""
    _require(actor, organisation, "régler")
    return Portal.objects.filter(organisation=organisation).first()


def save_portal(
    actor: Actor,
    organisation: Organisation,
    *,
    address: str,
    remote_organisation: str,
    key: str,
    active: bool,
    scope: str = Scope.NONE,
    services: bool = False,
    retire: str = Retire.ARCHIVE,
) -> Portal:
    """Set where it goes; an empty ``key`` keeps the one that is there.

    BadPortal, BadOrganisation, BadKey; KeyNeeded also for another address: the key of one portal is not shown to another. Another
    portal or organisation there is another beginning: nothing is looked for under the identifiers of before.
    """
    _require(actor, organisation, "régler")
    address, name = portal_address(address), remote_organisation.strip().strip("/").rsplit("/", 1)[-1]
    if not is_identifier(name):
        raise BadOrganisation(name=name[:100])
    if key and not is_key(key):
        raise BadKey
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        portal = Portal.objects.filter(organisation=organisation).first() or Portal(organisation=organisation)
        if not key and (not portal.key or portal.address != address):
            raise KeyNeeded
        if portal.pk and (portal.address, portal.remote_organisation) != (address, name):
            portal.copies.filter(chosen=None).delete()
            portal.copies.update(**NOTHING_THERE)
        portal.address, portal.remote_organisation, portal.active = address, name, active
        portal.scope, portal.retire, portal.services = Scope(scope), Retire(retire), services
        portal.key = encrypt(key, purpose=PURPOSE) if key else portal.key
        portal.failures, portal.due, portal.error, portal.trial = 0, None, None, None
        # A sending under way is of the former settings: it ends before its next request.
        portal.holder, portal.busy_until = "", None
        is_new = portal.pk is None
        portal.save()
        details = {"address": address, "organisation": name, "active": active, "key": bool(key)}
        details |= {"scope": str(scope), "retire": str(retire), "services": services}
        _journal(actor, "republication.create" if is_new else "republication.update", portal, **details)
        if active:
            transaction.on_commit(lambda: ask_soon(portal.pk, everything=True))
    return portal


def try_portal(actor: Actor, portal: Portal) -> None:
    """Have it looked at what would be sent; nothing is."""
    _require(actor, portal.organisation, "essayer")
    ask_now(portal.pk, dry=True)


def send_now(actor: Actor, portal: Portal, *, anew: bool = False) -> None:
    """Send without waiting; ``anew`` makes datasets again that were deleted there."""
    _require(actor, portal.organisation, "lancer")
    with transaction.atomic():
        if anew:
            portal.copies.filter(error__code=DeletedThere.code).update(**NOTHING_THERE)
            _journal(actor, "republication.renew", portal)
        ask_now(portal.pk)


def choice_of(actor: Actor, dataset: Dataset) -> tuple[Portal | None, Copy | None]:
    """The portal of a dataset's organisation and what is known of the dataset there, for who may put it online."""
    _require_publishing(actor, dataset)
    portal = Portal.objects.select_related("organisation").filter(organisation=dataset.organisation_id).first()
    return portal, portal.copies.filter(source=dataset).first() if portal else None


def choose(actor: Actor, dataset: Dataset, chosen: bool | None) -> None:
    """Say of one dataset whether it is sent, whatever its organisation sends; None: as the organisation does. NotFound without portal."""
    _require_publishing(actor, dataset)
    with transaction.atomic():
        portal = Portal.objects.select_for_update().filter(organisation=dataset.organisation_id).first()
        if portal is None:
            raise NotFound(name=str(dataset.organisation))
        facts = {"chosen": chosen, "title": dataset.title[:350], "due": timezone.now()}
        portal.copies.update_or_create(
            source=dataset, defaults=facts, create_defaults={**facts, "dataset_id": dataset.dataset_id}
        )
        _journal(actor, "republication.choose", portal, dataset=dataset.dataset_id, chosen=chosen)
        if portal.active:
            transaction.on_commit(lambda: ask_soon(portal.pk, urgent=chosen is False))


def choose_service(actor: Actor, copy: Copy, chosen: bool) -> None:
    """Say of one service whether it is sent, where the organisation sends its services; NotFound for a dataset."""
    if not copy.is_service:
        raise NotFound(name=copy.dataset_id)
    _require(actor, copy.portal.organisation, "régler")
    with transaction.atomic():
        Copy.objects.filter(pk=copy.pk).update(chosen=chosen, due=timezone.now())
        _journal(actor, "republication.choose", copy.portal, dataset=copy.dataset_id, chosen=chosen)
        if copy.portal.active:
            transaction.on_commit(lambda: ask_soon(copy.portal_id, urgent=not chosen))


def rewrite(actor: Actor, copy: Copy) -> None:
    """Put our card, and what we say of our files, over what was changed there, at once."""
    _require(actor, copy.portal.organisation, "régler")
    with transaction.atomic():
        Copy.objects.filter(pk=copy.pk).update(rewrite=True, due=timezone.now())
        _journal(actor, "republication.rewrite", copy.portal, dataset=copy.dataset_id)
        transaction.on_commit(lambda: ask_soon(copy.portal_id, urgent=True))


def remove_portal(actor: Actor, portal: Portal) -> None:
    """Forget the settings and the key; what is there stays there."""
    _require(actor, portal.organisation, "retirer")
    with transaction.atomic():
        _journal(actor, "republication.delete", portal)
        portal.delete()


def encrypt_keys_again(keys: tuple[str, ...] | None = None) -> int:
    """Encrypt every key with the first of ``keys``, whichever of them encrypted it before; how many."""
    chosen = keys or current_keys()
    with transaction.atomic():
        portals = list(Portal.objects.select_for_update())
        for portal in portals:
            portal.key = encrypted_again(portal.key, chosen, PURPOSE)
        Portal.objects.bulk_update(portals, ["key"])
    return len(portals)


def _require(actor: Actor, organisation: Organisation, verb: str) -> None:
    require(actor, "administer", organisation.pk, f"{verb} l’envoi de « {organisation} » vers data.gouv.fr")


def _require_publishing(actor: Actor, dataset: Dataset) -> None:
    require(actor, "publish", dataset.organisation_id, f"choisir si « {dataset.title} » est envoyé vers data.gouv.fr")


def _journal(actor: Actor, action: str, portal: Portal, **details: Any) -> None:
    name = str(portal.organisation)
    record(actor.name, actor.person_id, action, "republication", str(portal.pk), name=name, **details)
