"""The mail to who asked what becomes of their answer, and to those for whom answers wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.domains.surveys.kinds import ANSWER_NOTICE, WAITS
from parvis.domains.surveys.models import Answer
from parvis.domains.surveys.rules import State
from parvis.domains.surveys.selectors import waiting_answers
from parvis.domains.surveys.services import confirmed
from parvis.hub.accounts.selectors import actor_of
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


def _waits(mail: Outgoing) -> Message | None:
    if mail.person is None:
        return None
    waiting = waiting_answers(actor_of(mail.person), mail.facts["organisation"])
    if not waiting:
        return None
    rows = [
        (survey.title, count, canonical(reverse("surveys:answers", args=[survey.slug]))) for survey, count in waiting
    ]
    return Message(_("Des réponses à vos formulaires de collecte vous attendent"), {"waiting": rows})


NOTICES = (
    NoticeKind(
        slug=ANSWER_NOTICE,
        message=_message,
        template="surveys/mails/answer",
        wish=_wish,
        about=Answer,
        first_mark=_confirmed,
    ),
    NoticeKind(slug=WAITS, message=_waits, template="surveys/mails/waits"),
)
