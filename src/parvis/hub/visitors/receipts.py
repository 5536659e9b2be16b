"""What people without an account send is kept once, told of by mail, and erased when they ask: whatever its kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.db.models.signals import post_delete
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.core.errors import NotFound
from parvis.hub.addresses import canonical
from parvis.hub.notifications.outbox import write_to_subscriber
from parvis.hub.notifications.rules import (
    UNCONFIRMED_HOURS,
    MailClosed,
    Message,
    NoticeKind,
    TooManyConfirmations,
    TooManyFollowed,
)
from parvis.hub.notifications.selectors import subscriptions_to, target_of
from parvis.hub.notifications.services import stop_all, stopping, subscribe
from parvis.hub.registry import Listener
from parvis.hub.visitors.models import Receipt
from parvis.hub.visitors.receipt_rules import ReceiptFacts, ReceiptKind, receipt_kinds
from parvis.hub.visitors.rules import Visitor
from parvis.hub.visitors.services import count_sending

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Outgoing, Subscription


def send_once(
    kind: ReceiptKind, visitor: Visitor, token: str, make: Callable[[], Model], site: int | None = None
) -> Receipt:
    """Keep what ``make`` writes of a visitor and give a receipt; the same form (``token``) sent again leads to the same one.

    TooManySent beyond the bounds of a day. Who is not proven must confirm by mail: the errors of ``subscribe``. Who is needs no
    mail: one that cannot be asked for keeps nothing from being sent.
    """
    form = _digest(token) if token else None
    if form is not None and (receipt := Receipt.objects.filter(form=form).first()):
        return receipt
    try:
        with transaction.atomic():
            count_sending(visitor, kind.slug)
            row = make()
            receipt = Receipt.objects.create(kind=kind.slug, target=str(row.pk), form=form, confirmed=visitor.proven)
            if visitor.email:
                _ask_to_be_told(kind, visitor, row, site)
            if visitor.proven:
                kind.receive(row)
    except IntegrityError:
        # The same form was sent twice at once: the second waited, and was refused by the database.
        receipt = Receipt.objects.filter(form=form).first() if form else None
        if receipt is None:
            raise
    return receipt


def _ask_to_be_told(kind: ReceiptKind, visitor: Visitor, row: Model, site: int | None) -> None:
    try:
        with transaction.atomic():
            subscribe(visitor.caller, visitor.email, kind.slug, str(row.pk), site=site)
    except (MailClosed, TooManyConfirmations, TooManyFollowed):
        if not visitor.proven:
            raise


def sent_before(token: str) -> Receipt | None:
    """The receipt of a form that was already sent."""
    return Receipt.objects.filter(form=_digest(token)).first() if token else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def receipt_at(key: str) -> tuple[Receipt, ReceiptKind, Any]:
    """A receipt, its kind and the row that was sent; NotFound for a key that opens nothing."""
    receipt = Receipt.objects.filter(key=key).first()
    kind = receipt_kinds().get(receipt.kind) if receipt else None
    row = kind.about._default_manager.filter(pk=receipt.target).first() if receipt and kind else None
    if receipt is None or kind is None or row is None:
        raise NotFound(name="récépissé")
    return receipt, kind, row


def erase_sent(key: str) -> None:
    """Erase all that was sent, its receipt and the address that followed it; NotFound."""
    receipt, kind, row = receipt_at(key)
    with transaction.atomic():
        kind.erase(row)
        Receipt.objects.filter(pk=receipt.pk).delete()
        stop_all(kind.slug, receipt.target)


def sign_off(key: str) -> None:
    """Erase who signed; NotFound."""
    _receipt, kind, row = receipt_at(key)
    if kind.sign_off is not None:
        kind.sign_off(row)


def tell_sender(kind: str, row: Model) -> None:
    """Have who sent it told what became of it, if they asked to be; part of the caller's transaction."""
    for subscription in subscriptions_to(kind, str(row.pk)):
        write_to_subscriber(subscription, kind)


def erase_unconfirmed() -> int:
    """Erase what was sent without the work of a browser and never confirmed by mail; how many."""
    late = Receipt.objects.filter(confirmed=False, created__lt=timezone.now() - timedelta(hours=UNCONFIRMED_HOURS))
    keys = list(late.values_list("key", flat=True))
    for key in keys:
        try:
            erase_sent(key)
        except NotFound:
            Receipt.objects.filter(key=key).delete()
    return len(keys)


def receipt_notice(kind: ReceiptKind) -> NoticeKind:
    """The mail that tells who sent something of its state, and that has them confirm it."""
    return NoticeKind(
        slug=kind.slug,
        about=kind.about,
        message=partial(_message, kind),
        template="visitors/mails/state",
        wish=partial(_wish, kind),
        confirmed=partial(_confirmed, kind),
    )


def receipt_listeners(kinds: Iterable[ReceiptKind], notices: Iterable[NoticeKind]) -> tuple[Listener, ...]:
    """What a module listens to so that receipts and mails go with the rows that they are about."""
    about = dict.fromkeys(kind.about for kind in kinds)
    return (*(Listener(post_delete, row_removed, model) for model in about), *stopping(notices))


def row_removed(sender: type[Model], instance: Model, **_facts: Any) -> None:
    """A row is gone: so is its receipt."""
    slugs = [kind.slug for kind in receipt_kinds().values() if kind.about is sender]
    Receipt.objects.filter(kind__in=slugs, target=str(instance.pk)).delete()


def _wish(kind: ReceiptKind, subscription: Subscription) -> str:
    title = kind.facts(target_of(subscription)).title
    return _("un courriel à chaque étape de votre %(label)s « %(title)s »") % {"label": kind.label, "title": title}


def _confirmed(kind: ReceiptKind, subscription: Subscription) -> None:
    waits = Receipt.objects.filter(kind=kind.slug, target=subscription.target, confirmed=False)
    if waits.update(confirmed=True):
        kind.receive(target_of(subscription))


def _message(kind: ReceiptKind, mail: Outgoing) -> Message | None:
    row = target_of(mail.asked)
    receipt = Receipt.objects.filter(kind=kind.slug, target=mail.asked.target).first()
    if row is None or receipt is None:
        return None
    facts: ReceiptFacts = kind.facts(row)
    words = {"label": kind.label, "state": facts.state, "title": facts.title}
    details = {
        **words,
        "lines": facts.lines,
        "public": canonical(facts.address) if facts.address else "",
        "receipt": canonical(receipt.get_absolute_url()),
    }
    return Message(_("Votre %(label)s : %(state)s · %(title)s") % words, details)
