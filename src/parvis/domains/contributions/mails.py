"""The mails of contributions: to who sent one, and to producers for whom some wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.domains.contributions.kinds import FOLLOW, WAITING
from parvis.domains.contributions.models import Correction, Proposal
from parvis.domains.contributions.rules import DOUBTFUL_STATES, OPEN_STATES, State
from parvis.hub.addresses import canonical
from parvis.hub.notifications.outbox import write_to_person
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.notifications.selectors import target_of
from parvis.hub.notifications.services import is_first_time
from parvis.hub.quality.selectors import owners_of

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Outgoing, Subscription


def _wish(subscription: Subscription) -> str:
    proposal = target_of(subscription)
    return _("la réponse à votre contribution à « %(title)s »") % {"title": proposal.dataset.title}


def _confirmed(subscription: Subscription) -> str:
    """Who opened the link is no robot: what they sent is received."""
    Proposal.objects.filter(pk=subscription.target, state=State.UNCONFIRMED).update(state=State.RECEIVED)
    return ""


def _follow(mail: Outgoing) -> Message | None:
    proposal = target_of(mail.asked)
    if proposal is None or proposal.state == State.WITHDRAWN:
        return None
    title = proposal.dataset.title
    facts = {
        "proposal": proposal,
        "title": title,
        "state": proposal.get_state_display(),
        "address": canonical(proposal.get_absolute_url()),
    }
    return Message(_("Votre contribution à « %(title)s »") % {"title": title}, facts)


def _waiting(mail: Outgoing) -> Message | None:
    waiting = Proposal.objects.filter(dataset__organisation=mail.facts["organisation"], state__in=OPEN_STATES)
    doubtful = Correction.objects.filter(dataset__organisation=mail.facts["organisation"], state__in=DOUBTFUL_STATES)
    count, choices = waiting.count(), doubtful.count()
    if not count and not choices:
        return None
    facts = {"count": count, "doubtful": choices, "address": canonical(reverse("contributions_admin:queue"))}
    return Message(_("Des contributions vous attendent"), facts)


def tell_owners() -> int:
    """Write once a day to those who answer for datasets of which proposals or choices wait; how many mails."""
    written = 0
    waiting = Proposal.objects.filter(state__in=OPEN_STATES).values("dataset__organisation").annotate(last=Count("id"))
    doubtful = (
        Correction.objects.filter(state__in=DOUBTFUL_STATES).values("dataset__organisation").annotate(last=Count("id"))
    )
    marks: dict[int, str] = {}
    for row in (*waiting, *doubtful):
        organisation = row["dataset__organisation"]
        marks[organisation] = f"{marks.get(organisation, '')}/{row['last']}"[-80:]
    for organisation, mark in marks.items():
        for person in owners_of(organisation):
            if is_first_time(person, WAITING, str(organisation), mark):
                write_to_person(person, WAITING, organisation=organisation)
                written += 1
    return written


NOTICES = (
    NoticeKind(
        slug=FOLLOW,
        message=_follow,
        template="contributions/mails/follow",
        wish=_wish,
        about=Proposal,
        first_mark=_confirmed,
    ),
    NoticeKind(slug=WAITING, message=_waiting, template="contributions/mails/waiting"),
)
