"""Webhooks of organisations: made, changed, given another secret, removed by who administers them: right, act, journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.hub.accounts.encryption import current_keys, decrypted, encrypt, encrypted_again
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.audit.services import record
from parvis.hub.notifications.models import Webhook
from parvis.hub.notifications.webhook_rules import (
    MOST_WEBHOOKS,
    OVERLAP,
    WISHED,
    TooManyWebhooks,
    UnreadableSecret,
    new_secret,
)

PURPOSE = "webhook"
"""Of the keys that encrypt their secrets."""


def webhooks_administered_by(actor: Actor) -> QuerySet[Webhook]:
    """Those of the organisations that the actor administers."""
    return Webhook.objects.filter(organisation__in=organisations_where(actor, "administer")).select_related(
        "organisation"
    )


def webhook_of(actor: Actor, key: int) -> Webhook:
    """One of them; NotFound when it is not one that the actor administers."""
    webhook = webhooks_administered_by(actor).filter(pk=key).first()
    if webhook is None:
        raise NotFound(name="webhook")
    return webhook


def create_webhook(
    actor: Actor, organisation: Organisation, *, name: str, url: str, events: Sequence[str]
) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is not shown again; TooManyWebhooks beyond MOST_WEBHOOKS."""
    require(actor, "administer", organisation.pk, f"ajouter un webhook à « {organisation} »")
    secret = new_secret()
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if organisation.webhooks.count() >= MOST_WEBHOOKS:
            raise TooManyWebhooks(most=MOST_WEBHOOKS)
        webhook = Webhook.objects.create(
            organisation=organisation,
            name=name,
            url=url,
            events=_wished(events),
            secret=encrypt(secret, purpose=PURPOSE),
        )
        _journal(actor, "webhook.create", webhook)
    return webhook, secret


def change_webhook(
    actor: Actor, webhook: Webhook, *, name: str, url: str, events: Sequence[str], active: bool
) -> Webhook:
    """Change what it is told and where; put in service again, its failures are counted anew."""
    _require(actor, webhook, "changer")
    with transaction.atomic():
        if active and not webhook.active:
            webhook.failures, webhook.disabled = 0, None
        webhook.name, webhook.url, webhook.events, webhook.active = name, url, _wished(events), active
        webhook.save()
        _journal(actor, "webhook.update", webhook)
    return webhook


def rotate_secret(actor: Actor, webhook: Webhook) -> str:
    """Another secret, not shown again; the former one signs besides for a day (OVERLAP)."""
    _require(actor, webhook, "changer le secret de")
    secret = new_secret()
    with transaction.atomic():
        webhook.former_secret, webhook.former_until = webhook.secret, timezone.now() + OVERLAP
        webhook.secret = encrypt(secret, purpose=PURPOSE)
        webhook.save(update_fields=["secret", "former_secret", "former_until", "modified"])
        _journal(actor, "webhook.rotate", webhook)
    return secret


def delete_webhook(actor: Actor, webhook: Webhook) -> None:
    """Remove it with the journal of its deliveries."""
    _require(actor, webhook, "supprimer")
    with transaction.atomic():
        _journal(actor, "webhook.delete", webhook)
        webhook.delete()


def secrets_of(webhook: Webhook) -> list[str]:
    """What signs now, the present secret first; UnreadableSecret when the key that encrypted it is lost."""
    encrypted = [webhook.secret]
    if webhook.former_secret and webhook.former_until and webhook.former_until > timezone.now():
        encrypted.append(webhook.former_secret)
    first, *others = (decrypted(text, purpose=PURPOSE) for text in encrypted)
    if first is None:
        raise UnreadableSecret
    return [first, *(secret for secret in others if secret is not None)]


def encrypt_secrets_again(keys: tuple[str, ...] | None = None) -> int:
    """Encrypt every secret with the first of ``keys``, whichever of them encrypted it before; how many webhooks."""
    chosen = keys or current_keys()
    with transaction.atomic():
        webhooks = list(Webhook.objects.select_for_update())
        for webhook in webhooks:
            webhook.secret = encrypted_again(webhook.secret, chosen, PURPOSE)
            if webhook.former_secret:
                webhook.former_secret = encrypted_again(webhook.former_secret, chosen, PURPOSE)
        Webhook.objects.bulk_update(webhooks, ["secret", "former_secret"])
    return len(webhooks)


def _wished(events: Sequence[str]) -> list[str]:
    return [slug for slug, _label in WISHED if slug in events]


def _require(actor: Actor, webhook: Webhook, verb: str) -> None:
    require(actor, "administer", webhook.organisation_id, f"{verb} « {webhook.name} »")


def _journal(actor: Actor, action: str, webhook: Webhook) -> None:
    details: dict[str, Any] = {"name": webhook.name, "url": webhook.url, "events": webhook.events}
    record(actor.name, actor.person_id, action, "webhook", str(webhook.pk), **details)
