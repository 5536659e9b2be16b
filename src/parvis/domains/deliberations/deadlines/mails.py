"""Those who answer for an organisation are told what is due, once each thing, in one mail in the morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.domains.deliberations.deadlines.presentation import line
from parvis.domains.deliberations.deadlines.rules import ASKED_BY_LAW
from parvis.domains.deliberations.deadlines.selectors import duties
from parvis.domains.deliberations.kinds import DUE
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.quality.notices import Trouble, tell_troubles
from parvis.hub.quality.rules import Event

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Outgoing

MOST_LINES = 20
"""Of one mail; the screen has the others."""


def tell_what_is_due(today: date) -> int:
    """Write to who answers for what became due or late; how many mails."""
    return tell_troubles(DUE, _troubles(today))


def _troubles(today: date) -> Iterator[Trouble]:
    """Each sitting by itself; acts that wait as one of their organisation, the oldest standing for all."""
    seen: set[tuple[str, int]] = set()
    for duty in duties(OPERATOR, today):
        mark = duty.mark(today)
        by_itself = duty.task in ASKED_BY_LAW
        whose = str(duty.task), duty.key if by_itself else duty.organisation_id
        if mark and whose not in seen:
            seen.add(whose)
            target = f"{duty.task}-{whose[1]}"
            yield Trouble(Event.LATE, duty.organisation_id, target, mark, target)


def _due(mail: Outgoing) -> Message | None:
    """All that is due when the mail leaves, what was done meanwhile left out."""
    if mail.person is None:
        return None
    today = timezone.localdate()
    standing = [duty for duty in duties(actor_of(mail.person), today) if duty.mark(today)]
    if not standing:
        return None
    lines = [line(duty, today) for duty in standing[:MOST_LINES]]
    facts = {
        "lines": [(row, canonical(row.address)) for row in lines],
        "more": len(standing) - len(lines),
        "address": canonical(reverse("acts:to-do")),
    }
    return Message(_("Délibérations : ce qui est à faire"), facts)


NOTICES = (NoticeKind(slug=DUE, message=_due, template="deliberations/mails/due"),)
