"""Persons whom an organisation trusts: named, shown with their record, revoked at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from parvis.domains.contributions.models import Ambassador, Proposal
from parvis.domains.contributions.rules import State
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation, Person


def is_ambassador(person_id: int | None, organisation_id: int) -> bool:
    """Whether the changes of a person to the datasets of an organisation need no second look."""
    trusted = Ambassador.objects.filter(organisation=organisation_id, revoked=None, person__is_active=True)
    return person_id is not None and trusted.filter(person=person_id).exists()


def name_ambassador(actor: Actor, person: Person, organisation: Organisation, badge: str) -> Ambassador:
    """Trust a person; the same twice is one. Forbidden unless the actor administers the organisation."""
    require(actor, "administer", organisation.pk, f"nommer un ambassadeur de « {organisation.name} »")
    with transaction.atomic():
        ambassador, made = Ambassador.objects.get_or_create(
            person=person, organisation=organisation, revoked=None, defaults={"badge": badge}
        )
        if made:
            _journal(actor, "ambassador.name", ambassador)
    return ambassador


def revoke(actor: Actor, ambassador: Ambassador) -> None:
    """Trust no more: what is proposed from now on waits like anybody's; what was accepted stays."""
    require(actor, "administer", ambassador.organisation_id, "révoquer un ambassadeur")
    with transaction.atomic():
        if Ambassador.objects.filter(pk=ambassador.pk, revoked=None).update(revoked=timezone.now()):
            _journal(actor, "ambassador.revoke", ambassador)


def record_of(ambassador: Ambassador) -> tuple[int, int]:
    """How much they proposed to the organisation's datasets, and how much of it was accepted."""
    proposals = Proposal.objects.filter(person=ambassador.person_id, dataset__organisation=ambassador.organisation_id)
    return proposals.count(), proposals.filter(state__in=(State.ACCEPTED, State.PARTLY)).count()


def _journal(actor: Actor, action: str, ambassador: Ambassador) -> None:
    organisation = ambassador.organisation
    record(actor.name, actor.person_id, action, "organisation", organisation.slug, person=ambassador.person_id)
