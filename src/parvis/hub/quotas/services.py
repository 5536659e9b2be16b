"""Writing what was spent: counters of the server itself, without actor nor journal. Setting limits: an act like others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.quotas.limits import MEASURES, forget_limits
from parvis.hub.quotas.models import OrganisationLimits, Usage
from parvis.hub.quotas.selectors import Amount

DAYS_KEPT = 2


def add_spent(day: date, amounts: Mapping[str, Amount]) -> None:
    """Add these amounts to the rows of that day, all or none; safe from several processes at once."""
    with transaction.atomic():
        rows = [Usage(day=day, client=client) for client in sorted(amounts)]
        Usage.objects.bulk_create(rows, ignore_conflicts=True)
        for client in sorted(amounts):  # one order for all: two processes never wait for each other
            seconds, calls = amounts[client]
            Usage.objects.filter(day=day, client=client).update(
                seconds=F("seconds") + seconds, calls=F("calls") + calls
            )
        Usage.objects.filter(day__lt=day - timedelta(days=DAYS_KEPT)).delete()


def set_limits(actor: Actor, organisation: Organisation, limits: Mapping[str, int | None]) -> OrganisationLimits:
    """Set what an organisation may take, measure by measure (``limits.MEASURES``); None takes a limit away.

    Forbidden unless the actor has every right; ValueError for a number below 0. What is there already stays, however much.
    """
    require(actor, "administer", None, "fixer les limites d’une organisation")
    chosen = {measure.name: limits.get(measure.name) for measure in MEASURES}
    if any(value is not None and value < 0 for value in chosen.values()):
        raise ValueError("a limit is 0 or more")
    with transaction.atomic():
        row, _made = OrganisationLimits.objects.update_or_create(organisation=organisation, defaults=chosen)
        record(actor.name, actor.person_id, "organisation.limits", "organisation", organisation.slug, **chosen)
    forget_limits()
    return row
