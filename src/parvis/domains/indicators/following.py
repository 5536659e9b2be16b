"""Asking to be told by mail, without an account: double opt-in, one-click stop, addresses apart and erased.

Nothing of it goes to the journal, which is kept: an address that is erased must leave no trace.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from parvis.core.errors import NotFound
from parvis.core.indicators import Bound
from parvis.domains.indicators import selectors
from parvis.domains.indicators.models import Asking, Board, Indicator, Outgoing, Recipient, Subscription, Value
from parvis.domains.indicators.posting import post_soon
from parvis.domains.indicators.rules import MailClosed, TooManyAskings, TooManyFollowed
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.sites.lens import looking_through

UNCONFIRMED_HOURS = 48
MOST_PER_ADDRESS, MOST_PER_CALLER, MOST_IN_ALL = 3, 10, 500
"""Confirmation mails in a day for one address, asked by one caller, and for the whole portal: nobody's mailbox is filled by
others, and the portal is no mail gun."""
MOST_FOLLOWED = 50
"""Things that one address may follow."""


def mail_is_open() -> bool:
    """Whether this portal can send mails at all."""
    return bool(settings.PARVIS["PARVIS_MAIL_URL"])


def ask_alert(
    caller: str, email: str, indicator: Indicator, territory: str, bound: Bound, site: int | None = None
) -> Subscription:
    """Note that an address wants to know when an indicator passes a bound, and send it a mail to confirm.

    The same request twice is one; its mails bear the addresses of the ``site`` where it was asked first. MailClosed when the
    portal sends no mail, TooManyAskings when too many were asked for that address or by that ``caller`` (a name that says nothing
    of who they are), TooManyFollowed beyond MOST_FOLLOWED.
    """
    facts = {"indicator": indicator, "territory": territory, "side": bound.side, "number": bound.number}
    return _ask(caller, email, facts, site)


def ask_digest(
    caller: str,
    email: str,
    slugs: Sequence[str],
    territory: str = "",
    board: Board | None = None,
    site: int | None = None,
) -> Subscription:
    """Note that an address wants these indicators each week, or those of a saved board; the same errors as ``ask_alert``."""
    kept = [] if board else list(dict.fromkeys(slugs))
    return _ask(caller, email, {"slugs": kept, "territory": "" if board else territory, "board": board}, site)


def _ask(caller: str, email: str, facts: dict[str, object], site: int | None) -> Subscription:
    if not mail_is_open():
        raise MailClosed
    address = email.strip().lower()
    now = timezone.now()
    with transaction.atomic():
        recipient, _made = Recipient.objects.get_or_create(email=address)
        Recipient.objects.select_for_update().get(pk=recipient.pk)
        found = next((one for one in recipient.subscriptions.all() if _is_same(one, facts)), None)
        if found is not None and found.confirmed:
            return found
        if found is None and recipient.subscriptions.count() >= MOST_FOLLOWED:
            raise TooManyFollowed(most=MOST_FOLLOWED)
        _count(caller, address)
        here = Site.objects.filter(pk=site).first()  # the site of a host name is remembered for a while: it may be gone
        found = found or Subscription.objects.create(recipient=recipient, site=here, **facts)
        Outgoing.objects.get_or_create(kind=Outgoing.Kind.CONFIRM, subscription=found, defaults={"due": now})
    post_soon()
    return found


def _is_same(one: Subscription, facts: dict[str, object]) -> bool:
    return all(getattr(one, name) == value for name, value in facts.items())


def _count(caller: str, address: str) -> None:
    """Bound the confirmation mails of a day; TooManyAskings beyond."""
    since = timezone.now() - timedelta(days=1)
    recent = Asking.objects.filter(at__gt=since)
    marks = ((_mark("address", address), MOST_PER_ADDRESS), (_mark("caller", caller), MOST_PER_CALLER))
    if any(recent.filter(mark=mark).count() >= most for mark, most in marks):
        raise TooManyAskings
    if recent.count() >= 2 * MOST_IN_ALL:  # two rows a request
        raise TooManyAskings
    now = timezone.now()
    Asking.objects.bulk_create(Asking(mark=mark, at=now) for mark, _most in marks)


def _mark(kind: str, text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def subscription_of(key: str) -> Subscription:
    """What was asked under that secret; NotFound once it was stopped, or never confirmed in time."""
    found = (
        Subscription.objects.select_related("indicator__organisation", "recipient", "board__person")
        .filter(key=key)
        .first()
    )
    if found is None or (found.confirmed is None and found.created < _limit()):
        raise NotFound(name="abonnement")
    return found


def confirm(key: str) -> Subscription:
    """The address says yes: from now on it is told. Safe to ask twice."""
    found = subscription_of(key)
    if found.confirmed is None:
        found.confirmed = timezone.now()
        found.is_beyond = _beyond(found)
        found.save(update_fields=["confirmed", "is_beyond"])
    return found


def _beyond(one: Subscription) -> bool | None:
    if one.indicator is None or one.bound is None:
        return None
    value = told_value(one.indicator, one.territory)
    return None if value is None or value.value is None else one.bound.is_beyond(value.value)


def told_value(indicator: Indicator, territory: str) -> Value | None:
    """The figure of the day of a place, as anybody may read it."""
    with looking_through(None):  # whatever the site where it is asked
        one = selectors.seen(ANONYMOUS, [indicator], territory)[0]
    return one.value if one.value is not None and one.value.territory == territory else None


def stop(key: str) -> None:
    """Stop one thing and erase it, the address too when it asked for nothing else; nothing when it was stopped before."""
    with transaction.atomic():
        found = Subscription.objects.filter(key=key).first()
        if found is not None:
            found.delete()
            _forget_idle()


def forget_unconfirmed() -> int:
    """Erase what nobody confirmed in time, the addresses that have nothing left, and old counts; how many requests."""
    with transaction.atomic():
        count = (
            Subscription.objects.filter(confirmed=None, created__lt=_limit())
            .delete()[1]
            .get("indicators.Subscription", 0)
        )
        _forget_idle()
        Asking.objects.filter(at__lt=timezone.now() - timedelta(days=2)).delete()
    return count


def _forget_idle() -> None:
    Recipient.objects.filter(subscriptions=None).delete()


def _limit() -> datetime:
    return timezone.now() - timedelta(hours=UNCONFIRMED_HOURS)


def watch(indicator: Indicator) -> int:
    """Tell, once for each passing, those who wait for an indicator to pass their bound; how many mails will leave."""
    told = 0
    for one in Subscription.objects.filter(indicator=indicator, confirmed__isnull=False):
        told += _watched(one, indicator)
    if told:
        post_soon()
    return told


def _watched(one: Subscription, indicator: Indicator) -> bool:
    value = told_value(indicator, one.territory)
    if value is None or value.value is None or one.bound is None:
        return False
    is_beyond = one.bound.is_beyond(value.value)
    with transaction.atomic():
        # Two workers may see the same figure: the one that moves the row tells.
        moved = Subscription.objects.filter(pk=one.pk, is_beyond=one.is_beyond).update(is_beyond=is_beyond)
        fires = bool(moved) and is_beyond and one.is_beyond is False
        if fires:
            facts = {"value": value.pk}
            Outgoing.objects.create(kind=Outgoing.Kind.ALERT, subscription=one, facts=facts, due=timezone.now())
    return fires
