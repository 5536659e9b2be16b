"""What is read of subscriptions, and whether mails leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.hub.notifications.models import Subscription
from parvis.hub.notifications.rules import UNCONFIRMED_HOURS, notice_kinds


def mail_is_open() -> bool:
    """Whether this portal can send mails at all."""
    return bool(settings.PARVIS["PARVIS_MAIL_URL"])


def confirmation_limit() -> datetime:
    """What was asked before that moment and never confirmed is as good as erased."""
    return timezone.now() - timedelta(hours=UNCONFIRMED_HOURS)


def subscription_of(key: str) -> Subscription:
    """What was asked under that secret; NotFound once it was stopped, or never confirmed in time."""
    subscription = Subscription.objects.select_related("recipient", "site").filter(key=key).first()
    if subscription is None or (subscription.confirmed is None and subscription.created < confirmation_limit()):
        raise NotFound(name="abonnement")
    return subscription


def target_of(subscription: Subscription) -> Any:
    """The row that it follows, as its kind of mail says; None when there is none, or no more."""
    kind = notice_kinds().get(subscription.kind)
    if kind is None or kind.about is None or not subscription.target:
        return None
    return kind.about._default_manager.filter(pk=subscription.target).first()


def follows_something(subscription: Subscription) -> bool:
    """Whether what it follows, when that is a row, is still there."""
    kind = notice_kinds().get(subscription.kind)
    is_of_a_row = kind is not None and kind.about is not None and subscription.target
    return not is_of_a_row or target_of(subscription) is not None


def is_awaited(subscription: Subscription) -> bool:
    """Whether mails leave for it: it was confirmed, and what it follows is there."""
    return subscription.confirmed is not None and follows_something(subscription)


def subscriptions_to(kind: str, target: str) -> QuerySet[Subscription]:
    """Those confirmed, of one kind and to one thing."""
    return Subscription.objects.filter(kind=kind, target=target, confirmed__isnull=False).select_related("recipient")
