"""What may be followed of indicators by mail, without an account: a bound that one passes, or some of them each week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from parvis.core.indicators import Bound, Side
from parvis.domains.indicators import selectors
from parvis.domains.indicators.kinds import ALERT, DIGEST
from parvis.domains.indicators.models import Board, Indicator, Value
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.notifications.outbox import write_to_subscriber
from parvis.hub.notifications.selectors import subscriptions_to
from parvis.hub.notifications.services import move_mark, stop_all, subscribe
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


def ask_digest(
    caller: str, email: str, wanted: Board | tuple[Sequence[str], str], site: int | None = None
) -> Subscription:
    """Note that an address wants a saved board each week, or indicators seen from a territory; the errors of ``subscribe``."""
    if isinstance(wanted, Board):
        return subscribe(caller, email, DIGEST, str(wanted.pk), site=site)
    slugs, territory = wanted
    return subscribe(caller, email, DIGEST, details={"slugs": list(slugs), "territory": territory}, site=site)


def bound_of(subscription: Subscription) -> Bound:
    """The bound that an alert watches."""
    return Bound(Side(subscription.details["side"]), subscription.details["number"])


def indicator_of(subscription: Subscription) -> Indicator | None:
    """The indicator that an alert watches; None when it is gone."""
    return Indicator.objects.select_related("organisation").filter(pk=subscription.target).first()


def board_of(subscription: Subscription) -> Board | None:
    """The saved board that a digest follows; None when it follows a choice of its own."""
    if not subscription.target:
        return None
    return Board.objects.select_related("person").filter(pk=subscription.target).first()


def told_value(indicator: Indicator, territory: str) -> Value | None:
    """The figure of the day of a place, as anybody may read it."""
    with looking_through(None):  # whatever the site where it is asked
        seen = selectors.seen(ANONYMOUS, [indicator], territory)[0]
    return seen.value if seen.value is not None and seen.value.territory == territory else None


def side_of(subscription: Subscription, value: Value | None) -> str:
    """The mark of an alert for that figure; empty without one."""
    if value is None or value.value is None:
        return ""
    return BEYOND if bound_of(subscription).is_beyond(value.value) else WITHIN


def first_side(subscription: Subscription) -> str:
    """From which side an alert that was just confirmed watches."""
    indicator = indicator_of(subscription)
    if indicator is None:
        return ""
    return side_of(subscription, told_value(indicator, subscription.details["territory"]))


def watch(indicator: Indicator) -> int:
    """Tell, once for each passing, those who wait for an indicator to pass their bound; how many mails will leave."""
    return sum(_watched(row, indicator) for row in subscriptions_to(ALERT, str(indicator.pk)))


def _watched(subscription: Subscription, indicator: Indicator) -> bool:
    value = told_value(indicator, subscription.details["territory"])
    side, before = side_of(subscription, value), subscription.mark
    if value is None or not side:
        return False
    with transaction.atomic():
        # Two workers may see the same figure: the one that moves the row tells.
        fires = move_mark(subscription, side) and (before, side) == (WITHIN, BEYOND)
        if fires:
            write_to_subscriber(subscription, ALERT, value=value.pk)
    return fires


def indicator_removed(instance: Indicator, **_said: Any) -> None:
    """Nobody waits any more for what is gone."""
    stop_all(ALERT, str(instance.pk))


def board_removed(instance: Board, **_said: Any) -> None:
    """The digest that followed a board goes with it, and with the account of its member."""
    stop_all(DIGEST, str(instance.pk))
