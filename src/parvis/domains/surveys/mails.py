"""The mail to who asked what becomes of their answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from parvis.domains.surveys.kinds import ANSWER_NOTICE
from parvis.domains.surveys.models import Answer
from parvis.domains.surveys.rules import State
from parvis.domains.surveys.services import confirmed
from parvis.hub.addresses import canonical
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.notifications.selectors import target_of

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Outgoing, Subscription


def _wish(subscription: Subscription) -> str:
    answer: Answer = target_of(subscription)
    facts = {"receipt": answer.receipt, "title": answer.survey.title}
    return _("ce que devient votre réponse n° %(receipt)s à « %(title)s »") % facts


def _message(mail: Outgoing) -> Message | None:
    answer: Answer | None = target_of(mail.asked)
    if answer is None or answer.state not in (State.ACCEPTED, State.REFUSED):
        return None
    is_accepted = answer.state == State.ACCEPTED
    words = _("Votre réponse est acceptée") if is_accepted else _("Votre réponse n’est pas retenue")
    facts = {
        "words": words,
        "receipt": answer.receipt,
        "title": answer.survey.title,
        "reason": answer.reason,
        "address": canonical(answer.survey.get_absolute_url()),
    }
    return Message(f"{words} · {answer.survey.title}", facts)


def _confirmed(subscription: Subscription) -> str:
    """Saying yes to the mail is also what has an answer of somebody unknown received: see ``State.UNCONFIRMED``."""
    answer: Answer | None = target_of(subscription)
    return confirmed(answer) if answer is not None else ""


NOTICES = (
    NoticeKind(
        slug=ANSWER_NOTICE,
        message=_message,
        template="surveys/mails/answer",
        wish=_wish,
        about=Answer,
        first_mark=_confirmed,
    ),
)
