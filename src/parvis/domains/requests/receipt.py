"""What somebody who asked or wrote is told and may do, and the mails of this subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.domains.requests import presentation, selectors, services
from parvis.domains.requests.kinds import LETTER, WAITS
from parvis.domains.requests.models import DataRequest, Letter
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import canonical
from parvis.hub.notifications.rules import Message, NoticeKind
from parvis.hub.visitors.receipt_rules import ReceiptFacts, ReceiptKind
from parvis.hub.visitors.receipts import receipt_notice

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Outgoing


def request_facts(request: DataRequest) -> ReceiptFacts:
    """Its state, its dates and its remedies."""
    return ReceiptFacts(
        title=request.title,
        state=presentation.state_words(request),
        address=request.get_absolute_url() if request.live else "",
        lines=presentation.lines_for_sender(request),
        signature=request.signature,
    )


def letter_facts(letter: Letter) -> ReceiptFacts:
    """Whether it left."""
    state = _("envoyé à %(who)s") % {"who": letter.organisation.name} if letter.received else _("à confirmer")
    return ReceiptFacts(title=letter.subject, state=state)


RECEIPTS = (
    ReceiptKind(
        slug=services.REQUEST,
        about=DataRequest,
        label=gettext_lazy("demande"),
        facts=request_facts,
        receive=services.receive,
        erase=services.erase,
        sign_off=services.sign_off,
    ),
    ReceiptKind(
        slug=services.WRITTEN,
        about=Letter,
        label=gettext_lazy("message à une organisation"),
        facts=letter_facts,
        receive=services.receive_letter,
        erase=services.erase_letter,
    ),
)
OF_REQUESTS, OF_LETTERS = RECEIPTS


def _waits(mail: Outgoing) -> Message | None:
    if mail.person is None:
        return None
    actor, organisation = actor_of(mail.person), mail.facts["organisation"]
    waiting = list(selectors.to_answer(actor).filter(organisation=organisation))
    to_read = [request for request in selectors.to_read(actor) if request.organisation_id == organisation]
    if not waiting and not to_read:
        return None
    facts = {
        "waiting": [(row.title, presentation.state_words(row), _answer_address(row)) for row in waiting[:20]],
        "to_read": len(to_read),
        "queue": canonical(reverse("requests_queue:queue")),
    }
    return Message(_("Des demandes de données vous attendent"), facts)


def _answer_address(request: DataRequest) -> str:
    return canonical(reverse("requests_queue:answer", args=[request.pk]))


def _letter(mail: Outgoing) -> Message | None:
    letter = Letter.objects.select_related("organisation").filter(pk=mail.facts["letter"]).first()
    if letter is None or letter.received is None:
        return None  # erased since
    facts = {"letter": letter, "day": timezone.localtime(letter.received)}
    return Message(letter.subject, facts, reply_to=letter.email)


NOTICES = (
    *(receipt_notice(kind) for kind in RECEIPTS),
    NoticeKind(slug=WAITS, message=_waits, template="requests/mails/waits"),
    NoticeKind(slug=LETTER, message=_letter, template="requests/mails/letter"),
)
