"""Who is told of indicators by mail: anyone who waits for a bound to be passed, those who answer for a silent source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import transaction

from parvis.core.indicators.bounds import Bound, Side
from parvis.domains.indicators import selectors
from parvis.domains.indicators.kinds import ALERT, SOURCE
from parvis.domains.indicators.models import Indicator, Value
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.notifications.outbox import write_to_subscriber
from parvis.hub.notifications.selectors import subscriptions_to, target_of
from parvis.hub.notifications.services import move_mark, subscribe
from parvis.hub.quality.notices import Trouble, tell_troubles
from parvis.hub.quality.rules import Event
from parvis.hub.sites.lens import looking_through

if TYPE_CHECKING:
    from parvis.hub.notifications.models import Subscription

BEYOND, WITHIN = "beyond", "within"
"""On which side of the bound the figure was last seen: the mark of an alert."""


def ask_alert(
    caller: str, email: str, indicator: Indicator, territory: str, bound: Bound, site: int | None = None
) -> Subscription:
    """Note that an address wants to know when an indicator passes a bound; the errors of ``subscribe``."""
    details = {"side": str(bound.side), "number": bound.number, "territory": territory}
    return subscribe(caller, email, ALERT, str(indicator.pk), details, site)


def bound_of(subscription: Subscription) -> Bound:
    """The bound that an alert watches."""
    return Bound(Side(subscription.details["side"]), subscription.details["number"])


def first_side(subscription: Subscription) -> str:
    """From which side an alert that was just confirmed watches."""
    return _look(target_of(subscription), subscription)[1]


def watch(indicator: Indicator) -> int:
    """Tell, once for each passing, those who wait for an indicator to pass their bound; how many mails will leave."""
    return sum(_watched(row, indicator) for row in subscriptions_to(ALERT, str(indicator.pk)))


def _watched(subscription: Subscription, indicator: Indicator) -> bool:
    (value, side), before = _look(indicator, subscription), subscription.mark
    if value is None:
        return False
    with transaction.atomic():
        # Two workers may see the same figure: the one that moves the row tells.
        fires = move_mark(subscription, side) and (before, side) == (WITHIN, BEYOND)
        if fires:
            write_to_subscriber(subscription, ALERT, value=value.pk)
    return fires


def _look(indicator: Indicator | None, subscription: Subscription) -> tuple[Value | None, str]:
    """The figure of the day of the place of an alert, as anybody may read it, and its mark; empty without one."""
    territory = subscription.details["territory"]
    with looking_through(None):  # whatever the site where it is asked
        shown = selectors.seen(ANONYMOUS, [indicator] if indicator else [], territory)
    value = next((seen.value for seen in shown if seen.value and seen.value.territory == territory), None)
    if value is None:
        return None, ""
    return value, BEYOND if bound_of(subscription).is_beyond(value.value) else WITHIN


def tell_owners() -> int:
    """Tell those who answer for an indicator that its source is late or missing, once, in one mail a day; how many mails."""
    return tell_troubles(SOURCE, _troubles())


def _troubles() -> Iterator[Trouble]:
    for seen in selectors.seen(OPERATOR, selectors.indicators_published()):
        row, trouble = seen.indicator, seen.indicator.trouble
        whose = row.organisation_id, str(row.pk)
        if trouble:
            mark = f"missing-{trouble.get('code')}-{str(trouble.get('since'))[:10]}"[:60]
            yield Trouble(Event.BROKEN, *whose, mark, row.slug)
        elif seen.is_late:
            yield Trouble(Event.LATE, *whose, f"late-{seen.data_date}", row.slug)
