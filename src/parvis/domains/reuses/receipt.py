"""What somebody who proposed a reuse is told and may do, and the mails of this subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.domains.reuses import selectors, services
from parvis.domains.reuses.kinds import DEAD, WAITS
from parvis.domains.reuses.models import Reuse
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.records.rules import Status
from parvis.hub.visitors.receipt_rules import ReceiptFacts, ReceiptKind
from parvis.hub.visitors.receipts import receipt_notice

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Outgoing


def receipt_facts(reuse: Reuse) -> ReceiptFacts:
    """Where it is in its life."""
    lines: tuple[str, ...] = ()
    if reuse.to_confirm:
        state = _("à confirmer")
    elif reuse.status == Status.PUBLISHED:
        state = _("en ligne")
        if reuse.is_dead:
            lines = (_("Son lien ne répond plus : la page le dit. Écrivez à l’organisation pour le corriger."),)
    elif reuse.status == Status.DRAFT:
        state = _("reçue, à relire")
    else:
        state = _("non retenue")
        lines = (_("Raison : %s") % reuse.reason,) if reuse.reason else ()
    address = reuse.get_absolute_url() if reuse.live else ""
    return ReceiptFacts(reuse.title, state, address, lines, reuse.signature)


RECEIPT = ReceiptKind(
    slug=services.REUSE,
    about=Reuse,
    label=gettext_lazy("réutilisation"),
    facts=receipt_facts,
    receive=services.receive,
    erase=services.erase,
    sign_off=services.sign_off,
)


def _waits(mail: Outgoing) -> Message | None:
    if mail.person is None:
        return None
    waiting = selectors.waiting_for(actor_of(mail.person))
    count = sum(reuse.organisation_id == mail.facts["organisation"] for reuse in waiting)
    if not count:
        return None
    facts = {"count": count, "address": canonical(reverse("reuses_queue:queue"))}
    return Message(_("Des réutilisations vous attendent"), facts)


def _dead(mail: Outgoing) -> Message | None:
    reuses = list(selectors.dead_links().filter(slug__in=mail.facts["slugs"]))
    if not reuses:
        return None
    facts = {"reuses": [(reuse.title, reuse.link, canonical(reuse.get_absolute_url())) for reuse in reuses]}
    return Message(_("Des liens de réutilisations ne répondent plus"), facts)


NOTICES = (
    receipt_notice(RECEIPT),
    NoticeKind(slug=WAITS, message=_waits, template="reuses/mails/waits"),
    NoticeKind(slug=DEAD, message=_dead, template="reuses/mails/dead"),
)
