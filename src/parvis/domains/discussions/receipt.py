"""What somebody who wrote in a discussion is told and may do, and the mails of this subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.errors import NotFound
from parvis.domains.discussions import selectors, services
from parvis.domains.discussions.kinds import ANSWER, WAITS
from parvis.domains.discussions.models import Message as Row
from parvis.domains.discussions.rules import State
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.notifications.following import open_to_all
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.visitors.receipt_rules import ReceiptFacts, ReceiptKind
from parvis.hub.visitors.receipts import receipt_notice

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Outgoing


def receipt_facts(message: Row) -> ReceiptFacts:
    """Whether it is read by all, and whether the organisation answered."""
    thread = message.thread
    answer = thread.messages.filter(is_answer=True, state=State.SHOWN, sent__gte=message.sent).exists()
    state = _("répondu par l’organisation") if answer and message.state == State.SHOWN else message.get_state_display()
    lines = (_("Raison : %s") % message.reason,) if message.reason else ()
    if message.state == State.WAITING:
        lines = (_("Votre message semble nommer quelqu’un : une personne le relit avant qu’il soit montré."),)
    return ReceiptFacts(
        title=thread.title or thread.dataset.title,
        state=str(state),
        address=message.get_absolute_url() if message.state == State.SHOWN else "",
        lines=lines,
        signature=message.signature,
    )


RECEIPT = ReceiptKind(
    slug=services.MESSAGE,
    about=Row,
    label=gettext_lazy("message"),
    facts=receipt_facts,
    receive=services.receive,
    erase=services.erase,
    sign_off=services.sign_off,
)


def _message(mail: Outgoing) -> Message | None:
    dataset = open_to_all(mail.asked)
    try:
        message = selectors.message_at(mail.facts["message"])
    except NotFound:
        return None  # erased since
    if dataset is None or message.state != State.SHOWN:
        return None
    facts = {"dataset": dataset, "message": message, "address": canonical(message.get_absolute_url())}
    words = _("L’organisation répond : %s") if message.is_answer else _("Nouveau message : %s")
    return Message(words % (message.thread.title or dataset.title), facts)


def _waits(mail: Outgoing) -> Message | None:
    if mail.person is None:
        return None
    organisation = mail.facts["organisation"]
    waiting = [
        row
        for row in selectors.waiting_for(actor_of(mail.person))
        if row.thread.dataset.organisation_id == organisation
    ]
    unanswered = selectors.unanswered_for(organisation)
    if not waiting and not unanswered:
        return None
    facts = {
        "waiting": len(waiting),
        "unanswered": unanswered,
        "address": canonical(reverse("discussions_admin:queue")),
    }
    return Message(_("Des messages vous attendent dans les discussions"), facts)


NOTICES = (
    receipt_notice(RECEIPT),
    NoticeKind(slug=ANSWER, message=_message, template="discussions/mails/message"),
    NoticeKind(slug=WAITS, message=_waits, template="discussions/mails/waits"),
)
