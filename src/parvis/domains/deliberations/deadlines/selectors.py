"""What remains to be done, through somebody's eyes: four questions whatever there is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from parvis.domains.deliberations.deadlines.rules import Duty, Task, in_order
from parvis.domains.deliberations.models import Act, ActFile, Assembly, Session
from parvis.hub.accounts.rules import Actor
from parvis.hub.records.selectors import managed_by, published

LOOKED_BACK = timedelta(days=730)
"""What was to be done longer ago is history that somebody enters, not work that waits."""
MOST = 500
"""Things of one kind."""


def duties(actor: Actor, today: date) -> list[Duty]:
    """What the actor's organisations have to do, what is due first coming first."""
    return in_order([*_of_sittings(actor, today), *_of_acts(actor)])


def _of_sittings(actor: Actor, today: date) -> Iterable[Duty]:
    """Of councils alone: the law says nothing of what is told of commissions and bureaux."""
    sittings = managed_by(Session, actor).filter(assembly__kind=Assembly.Kind.COUNCIL, held_on__gte=today - LOOKED_BACK)
    sittings = sittings.exclude(state=Session.State.CANCELLED).order_by("held_on", "pk")
    for row in sittings.filter(held_on__lt=today, list_published_on=None)[:MOST]:
        yield Duty(Task.LIST, row.organisation_id, row.organisation.name, row.pk, row.title, row.held_on)
    minutes = published(Act).filter(session=OuterRef("pk"), kind=Act.Kind.MINUTES)
    for row in sittings.filter(~Exists(minutes), minutes_approved_on__lte=today)[:MOST]:
        yield Duty(Task.MINUTES, row.organisation_id, row.organisation.name, row.pk, row.title, row.minutes_approved_on)


def _of_acts(actor: Actor) -> Iterable[Duty]:
    waiting = managed_by(Act, actor).filter(live=False, withdrawn_at=None, first_published_at=None)
    for row in waiting.filter(confirmed_at__isnull=False).order_by("confirmed_at")[:MOST]:
        yield _of_act(Task.ONLINE, row, timezone.localdate(row.confirmed_at))
    for row in _read(waiting.filter(confirmed_at=None)).order_by("created")[:MOST]:
        yield _of_act(Task.CONFIRM, row, timezone.localdate(row.created))


def _read(acts: QuerySet[Act]) -> QuerySet[Act]:
    """Those whose files do not wait for a reader."""
    return acts.exclude(
        Exists(ActFile.objects.filter(act=OuterRef("pk"), reading=ActFile.Reading.WAITING)),
    )


def _of_act(task: Task, act: Act, since: date) -> Duty:
    return Duty(task, act.organisation_id, act.organisation.name, act.pk, act.title, since)
