"""Asking for data, deciding what is shown, answering, supporting, writing to an organisation, erasing: right, act, journal."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from parvis.core.text import seen_text
from parvis.domains.requests.kinds import LETTER, WAITS
from parvis.domains.requests.models import DataRequest, Letter, Vote
from parvis.domains.requests.rules import (
    LETTER_DAYS,
    LONGEST_ANSWER,
    LONGEST_TEXT,
    OTHER_GROUND,
    VOTE_DAYS,
    AnsweredAlready,
    ArticleMissing,
    NothingGiven,
    ReasonsMissing,
    Stage,
    is_silent,
    names_article,
    reminds,
)
from parvis.domains.requests.selectors import open_requests
from parvis.hub.notifications.outbox import write_to_address, write_to_person
from parvis.hub.quality.notices import tell_owners_today
from parvis.hub.quality.selectors import owners_of
from parvis.hub.records.actor import acting_as
from parvis.hub.records.services import create, delete
from parvis.hub.visitors import moderated_records
from parvis.hub.visitors.receipt_rules import VISITOR
from parvis.hub.visitors.receipts import tell_sender
from parvis.hub.visitors.texts import searched
from parvis.hub.visitors.writings import new_reference, read_writing, without_addresses

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.accounts.rules import Actor

REQUEST, WRITTEN = "request", "letter-sent"
"""The kinds of receipts, and of the mails that tell of them."""


def ask(organisation: Organisation, fields: dict[str, Any]) -> DataRequest:
    """Write a request that a visitor sent: a draft of the organisation that is asked."""
    title, text = read_writing(fields["title"]), read_writing(fields["text"][:LONGEST_TEXT])
    request = DataRequest(
        slug=new_reference(),
        title=title.text[:200] or "—",
        text=text.text,
        kind=fields["kind"],
        about=fields["about"],
        signature=fields["signature"],
        organisation=organisation,
        to_confirm=True,
        held=title.is_held or text.is_held,
    )
    return create(VISITOR, request)


def receive(request: DataRequest) -> None:
    """It was sent for good: its month begins, who must answer is told."""
    today = timezone.localdate()
    if DataRequest.objects.filter(pk=request.pk, to_confirm=True).update(to_confirm=False, received=today):
        tell_owners_today(WAITS, request.organisation_id)


def accept(actor: Actor, request: DataRequest, *, revision: int, masked: bool = False) -> None:
    """Show a request to all, its mentions of persons masked or not; DecidedMeanwhile."""
    moderated_records.accept(actor, request, REQUEST, revision=revision, masked=("title", "text") if masked else ())


def hide(actor: Actor, request: DataRequest, *, revision: int, reason: str) -> None:
    """Do not show a request, for a reason; it is answered all the same. DecidedMeanwhile."""
    moderated_records.refuse(actor, request, REQUEST, revision=revision, reason=reason)


def answer(
    actor: Actor,
    request: DataRequest,
    stage: Stage,
    text: str,
    *,
    revision: int,
    ground: str = "",
    datasets: list[str] | None = None,
) -> None:
    """Answer a request for the organisation; it is told at once to who asked.

    DecidedMeanwhile when somebody else did meanwhile, AnsweredAlready, ReasonsMissing for a refusal without a ground and words,
    ArticleMissing for one whose ground is of no list and names no article, NothingGiven for data that are nowhere.
    """
    words = without_addresses("\n".join(seen_text(line) for line in text.splitlines()).strip()[:LONGEST_ANSWER])
    if stage in (Stage.REFUSED, Stage.PARTLY) and not (words and ground):
        raise ReasonsMissing
    if stage in (Stage.REFUSED, Stage.PARTLY) and ground == OTHER_GROUND and not names_article(words):
        raise ArticleMissing
    if not (words or datasets):
        raise NothingGiven
    with transaction.atomic():
        moderated_records.take(actor, request, revision, "répondre à")
        if not Stage(request.stage).is_waiting:
            raise AnsweredAlready
        request.stage, request.answer, request.answered = stage, words, timezone.localdate()
        request.ground = ground if stage in (Stage.REFUSED, Stage.PARTLY) else ""
        request.datasets = datasets or []
        request.save(update_fields=["stage", "answer", "answered", "ground", "datasets", "modified"])
        with acting_as(actor):
            log(request, "parvis.answer")
        request.supports.all().delete()  # they are counted: who they were is no longer needed
        tell_sender(REQUEST, request)


def support(request: DataRequest, caller: str) -> bool:
    """Count somebody who needs the same data, once; False when they were counted, or when it was answered."""
    if not Stage(request.stage).is_waiting or not request.live:
        return False
    mark = hmac.new(settings.SECRET_KEY.encode(), f"vote:{request.pk}:{caller}".encode(), hashlib.sha256).hexdigest()
    try:
        with transaction.atomic():
            Vote.objects.create(request=request, mark=mark)
            DataRequest.objects.filter(pk=request.pk).update(votes=F("votes") + 1)
    except IntegrityError:
        return False
    return True


def erase(request: DataRequest) -> None:
    """Leave nothing of a request, its answer and its history included."""
    delete(VISITOR, request)


def sign_off(request: DataRequest) -> None:
    """Leave nothing of who signed it."""
    moderated_records.unsign(request)


def write_letter(organisation: Organisation, fields: dict[str, Any]) -> Letter:
    """Write to an organisation; it leaves once it is received."""
    return Letter.objects.create(
        organisation=organisation,
        subject=seen_text(fields["subject"])[:150],
        text=searched(fields["text"]).text,
        signature=fields["signature"],
        email=fields["email"],
    )


def receive_letter(letter: Letter) -> None:
    """Send it by mail to the address that the organisation shows, else to those who answer for it."""
    if not Letter.objects.filter(pk=letter.pk, received=None).update(received=timezone.now()):
        return
    if letter.organisation.email:
        write_to_address(letter.organisation.email, LETTER, letter=letter.pk)
        return
    for person in owners_of(letter.organisation_id):
        write_to_person(person, LETTER, letter=letter.pk)


def erase_letter(letter: Letter) -> None:
    """Leave nothing of a letter here; the mail that left is the organisation's."""
    letter.delete()


def pass_day(today: date) -> None:
    """Say what the day changes: months that end, those that are about to, what is no longer needed."""
    for request in open_requests().select_related("organisation"):
        if request.received is None:
            continue
        if is_silent(request.received, today):
            _fall_silent(request)
        elif reminds(request.received, today):
            tell_owners_today(WAITS, request.organisation_id)
    now = timezone.now()
    Vote.objects.filter(at__lt=now - timedelta(days=VOTE_DAYS)).delete()
    Letter.objects.filter(created__lt=now - timedelta(days=LETTER_DAYS)).delete()


def _fall_silent(request: DataRequest) -> None:
    with transaction.atomic():
        same = DataRequest.objects.filter(pk=request.pk, stage=Stage.OPEN)
        if same.update(stage=Stage.SILENT):
            request.stage = Stage.SILENT
            tell_sender(REQUEST, request)
            tell_owners_today(WAITS, request.organisation_id)
