"""Asking to be told by mail, without an account: double opt-in, one-click stop, addresses apart and erased.

Nothing of it goes to the journal, which is kept: an address that is erased must leave no trace.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.db.models.signals import post_delete
from django.utils import timezone
from wagtail.models import Site

from parvis.hub.accounts.models import Person
from parvis.hub.notifications.kinds import CONFIRMATION
from parvis.hub.notifications.models import ConfirmationRequest, Outgoing, Recipient, Subscription, ToldOnce
from parvis.hub.notifications.outbox import post_soon, write_to_subscriber
from parvis.hub.notifications.rules import (
    MOST_FOLLOWED,
    MOST_IN_ALL,
    MOST_PER_ADDRESS,
    MOST_PER_CALLER,
    MailClosed,
    NoticeKind,
    TooManyConfirmations,
    TooManyFollowed,
    notice_kinds,
    week_of,
)
from parvis.hub.notifications.selectors import confirmation_limit, mail_is_open, subscription_of
from parvis.hub.registry import Listener


def subscribe(
    caller: str,
    email: str,
    kind: str,
    target: str = "",
    details: Mapping[str, Any] | None = None,
    site: int | None = None,
) -> Subscription:
    """Note that an address wants mails of a kind, and send it one to confirm.

    The same request twice is one; its mails have the name and the addresses of the ``site`` where it was asked first. MailClosed
    when the portal sends no mail, TooManyConfirmations when too many were asked for that address or by that ``caller`` (a name
    that says nothing of who they are), TooManyFollowed beyond MOST_FOLLOWED.
    """
    if not mail_is_open():
        raise MailClosed
    facts = {"kind": kind, "target": target, "details": dict(details or {})}
    address = email.strip().lower()
    with transaction.atomic():
        recipient, _made = Recipient.objects.get_or_create(email=address)
        Recipient.objects.select_for_update().get(pk=recipient.pk)
        # JSON is compared here: databases do not agree on when two texts of it are the same.
        same = (
            row for row in recipient.subscriptions.all() if all(getattr(row, name) == facts[name] for name in facts)
        )
        subscription = next(same, None)
        if subscription is not None and subscription.confirmed:
            return subscription
        if subscription is None and recipient.subscriptions.count() >= MOST_FOLLOWED:
            raise TooManyFollowed(most=MOST_FOLLOWED)
        _count(caller, address)
        if subscription is None:
            # The site of a host name is remembered for a while: it may be gone.
            at_site = Site.objects.filter(pk=site).first()
            subscription = Subscription.objects.create(recipient=recipient, site=at_site, **facts)
        if not Outgoing.objects.filter(kind=CONFIRMATION, subscription=subscription).exists():
            write_to_subscriber(subscription, CONFIRMATION)
    return subscription


def _count(caller: str, address: str) -> None:
    """Bound the confirmation mails of a day; TooManyConfirmations beyond."""
    recent = ConfirmationRequest.objects.filter(at__gt=timezone.now() - timedelta(days=1))
    marks = ((_digest("address", address), MOST_PER_ADDRESS), (_digest("caller", caller), MOST_PER_CALLER))
    if any(recent.filter(mark=mark).count() >= most for mark, most in marks):
        raise TooManyConfirmations
    if recent.count() >= 2 * MOST_IN_ALL:  # two rows a request
        raise TooManyConfirmations
    now = timezone.now()
    ConfirmationRequest.objects.bulk_create(ConfirmationRequest(mark=mark, at=now) for mark, _most in marks)


def _digest(kind: str, text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def confirm(key: str) -> Subscription:
    """The address says yes: from now on it is told. Safe to ask twice; NotFound for a key that opens nothing."""
    subscription = subscription_of(key)
    if subscription.confirmed is None:
        kind = notice_kinds().get(subscription.kind)
        subscription.confirmed = timezone.now()
        if kind is not None and kind.first_mark is not None:
            subscription.mark = kind.first_mark(subscription)
        with transaction.atomic():
            subscription.save(update_fields=["confirmed", "mark"])
            if kind is not None and kind.confirmed is not None:
                kind.confirmed(subscription)
    return subscription


def stop(key: str) -> None:
    """Stop one thing and erase it, the address too when it asked for nothing else; nothing when it was stopped before."""
    with transaction.atomic():
        if Subscription.objects.filter(key=key).delete()[0]:
            _erase_idle_addresses()


def stop_all(kind: str, target: str) -> None:
    """Stop what was asked about a thing that is no more, and erase the addresses that asked for nothing else."""
    with transaction.atomic():
        Subscription.objects.filter(kind=kind, target=target).delete()
        _erase_idle_addresses()


def stopping(kinds: Iterable[NoticeKind]) -> tuple[Listener, ...]:
    """What a module listens to so that nobody waits any more for rows that are gone."""
    followed = dict.fromkeys(kind.about for kind in kinds if kind.about is not None)
    return tuple(Listener(post_delete, _target_removed, model) for model in followed)


def _target_removed(sender: type[Model], instance: Model, **_facts: Any) -> None:
    for kind in notice_kinds().values():
        if kind.about is sender:
            stop_all(kind.slug, str(instance.pk))


def forget_unconfirmed() -> int:
    """Erase what nobody confirmed in time, the addresses that have nothing left, and old counts; how many requests."""
    with transaction.atomic():
        late = Subscription.objects.filter(confirmed=None, created__lt=confirmation_limit())
        count = late.delete()[1].get("notifications.Subscription", 0)
        _erase_idle_addresses()
        ConfirmationRequest.objects.filter(at__lt=timezone.now() - timedelta(days=2)).delete()
    return count


def _erase_idle_addresses() -> None:
    Recipient.objects.filter(subscriptions=None).delete()


def move_mark(subscription: Subscription, mark: str) -> bool:
    """Note what was seen last; False when it was noted before, by this process or another: only who moves it tells."""
    before = subscription.mark
    if mark == before:
        return False
    return bool(Subscription.objects.filter(pk=subscription.pk, mark=before).update(mark=mark))


def is_first_time(person: Person, kind: str, target: str, mark: str) -> bool:
    """Whether that person was never told of it; noted at once, in the caller's transaction, so that nobody tells it twice."""
    try:
        with transaction.atomic():
            ToldOnce.objects.create(person=person, kind=kind, target=target, mark=mark)
    except IntegrityError:
        return False
    return True


def write_weekly_mails(day: date) -> int:
    """Write down the mails of a week, from its Monday on, once for each subscription that was confirmed before; how many."""
    weekly = [kind.slug for kind in notice_kinds().values() if kind.weekly]
    week, monday = week_of(day), date.fromordinal(day.toordinal() - day.weekday())
    confirmed = Subscription.objects.filter(kind__in=weekly, confirmed__isnull=False).exclude(mark=week)
    count = 0
    for subscription in confirmed.exclude(confirmed__date__gt=monday):
        with transaction.atomic():
            if move_mark(subscription, week):
                Outgoing.objects.create(kind=subscription.kind, subscription=subscription)
                count += 1
    if count:
        post_soon()
    return count
