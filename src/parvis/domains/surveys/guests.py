"""Invitations: a link for each guest, whose secret is signed and kept nowhere."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from parvis.core.text import seen_text
from parvis.domains.surveys.models import Guest, Survey
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record

_SIGNER = Signer(salt="parvis.surveys.guests")
MOST_GUESTS = 5_000
LONGEST_NAME = 200


def token_of(guest: Guest) -> str:
    """What the link of a guest ends by."""
    return _SIGNER.sign(str(guest.pk)).replace(":", "-", 1)


def link_of(guest: Guest) -> str:
    """The path of the page that a guest opens; the row's ``survey`` is there."""
    return reverse("survey-invitation", args=[guest.survey.slug, token_of(guest)])


def guest_of(survey: Survey, token: str) -> Guest | None:
    """The guest whose token it is; None for another's, a wrong one, and for who is no longer invited."""
    try:
        key = int(_SIGNER.unsign(token[:200].replace("-", ":", 1)))
    except (BadSignature, ValueError):
        return None
    return survey.guests.filter(pk=key, is_revoked=False).first()


def invite(actor: Actor, survey: Survey, names: list[str]) -> int:
    """Make a link for each name that has none yet; how many."""
    require(actor, "edit", survey.organisation_id, f"inviter à répondre à « {survey.title} »")
    plain = dict.fromkeys(text for name in names if (text := seen_text(name)[:LONGEST_NAME]))
    with transaction.atomic():
        present = set(survey.guests.filter(is_revoked=False).values_list("name", flat=True))
        new = [name for name in plain if name not in present][: max(0, MOST_GUESTS - survey.guests.count())]
        Guest.objects.bulk_create(Guest(survey=survey, name=name) for name in new)
        if new:
            record(actor.name, actor.person_id, "survey.invite", Survey.noun, survey.slug, count=len(new))
    return len(new)


def revoke(actor: Actor, guest: Guest) -> None:
    """Have a link open nothing any more; answers stay."""
    require(actor, "edit", guest.survey.organisation_id, f"retirer une invitation à « {guest.survey.title} »")
    with transaction.atomic():
        Guest.objects.filter(pk=guest.pk).update(is_revoked=True)
        record(actor.name, actor.person_id, "survey.revoke", Survey.noun, guest.survey.slug, guest=guest.pk)
