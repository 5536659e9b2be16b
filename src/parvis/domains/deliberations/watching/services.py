"""Asking to be told, and telling: each act and each point once to an address, whatever its alerts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.http import urlencode

from parvis.core.errors import RequestError
from parvis.core.translation import gettext_noop
from parvis.domains.deliberations.finding.library import COMMUNE, LIBRARY, acts_online
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.domains.deliberations.kinds import ALERT, WATCH_AGENDA
from parvis.domains.deliberations.models import Session, ToldOnce
from parvis.domains.deliberations.watching.agenda import Point, answering, points_to_come
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.fulltext.selectors import search_library
from parvis.hub.jobs.services import enqueue_once
from parvis.hub.notifications.outbox import write_to_subscriber
from parvis.hub.notifications.selectors import subscriptions_to
from parvis.hub.notifications.services import move_mark, subscribe
from parvis.hub.sites.lens import current_lens, looking_through

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from parvis.core.progress import Progress
    from parvis.hub.notifications.models import Subscription

MOST_TOLD: Final = 20
"""Acts, and points, of one mail; it says how many others there are, and leads to them."""
MOST_LOOKED_AT: Final = 2_000
"""Acts that went online since the last look, the latest."""
OVERLAP: Final = timedelta(days=2)
"""What was online and not in the index yet is seen by the next look."""
LONGEST: Final = 2_000
"""Letters of a search that is kept."""


class SearchTooLong(RequestError):
    """A search that is kept is short."""

    code = "act-alert-long"
    sentence = gettext_noop("Cette recherche est trop longue pour être suivie.")
    advice = gettext_noop("Retirez-en des mots ou des filtres.")


class AddressUnknown(RequestError):
    """An alert around an address that nobody knows would tell nothing."""

    code = "act-alert-address"
    sentence = gettext_noop("L’adresse « {address} » n’est pas connue ici.")
    advice = gettext_noop("Écrivez la rue et la commune, ou une latitude et une longitude.")


def ask_alert(caller: str, email: str, query: ActQuery, site: int | None = None) -> Subscription:
    """Note that an address wants to know what answers a search, and send it a mail to confirm.

    On the site of a commune, it is that of what concerns the commune. SearchTooLong, AddressUnknown, and the errors of
    ``notifications.services.subscribe``.
    """
    if query.is_lost:
        raise AddressUnknown(address=str(query.fields.get("autour"))[:80])
    pairs, lens = query.pairs(), current_lens()
    if lens is not None and COMMUNE not in query.filters:
        pairs.append((COMMUNE, lens.code))
    if len(urlencode(pairs)) > LONGEST:
        raise SearchTooLong
    return subscribe(caller, email, ALERT, "", {"query": [list(pair) for pair in pairs]}, site)


def query_of(subscription: Subscription) -> ActQuery:
    """What an alert looks for, through anybody's eyes."""
    return ActQuery.of_pairs(ANONYMOUS, [(name, value) for name, value in subscription.details["query"]])


def first_mark(_subscription: Subscription) -> str:
    """From when an alert that was just confirmed looks."""
    return timezone.now().isoformat()


def _alerts() -> QuerySet[Subscription]:
    return subscriptions_to(ALERT, "").order_by("pk")


def tell_everybody(progress: Progress) -> int:
    """Look once for each alert; how many mails will leave."""
    sent, total = 0, _alerts().count()
    with looking_through(None):
        points = points_to_come()
        for rank, subscription in enumerate(_alerts().iterator(chunk_size=500)):
            progress("alerts", rank, total)
            sent += _look(subscription, points)
    return sent


def tell_of_points(session: int, progress: Progress) -> int:
    """Tell of the points of a sitting to come at once; how many mails will leave."""
    sent = 0
    with looking_through(None):
        points = points_to_come([session])
        for rank, subscription in enumerate(_alerts().iterator(chunk_size=500) if points else ()):
            progress("alerts", rank, rank + 1)
            sent += _tell(subscription, New([], _not_told(subscription, answering(query_of(subscription), points))), "")
    return sent


def agenda_changed(sender: type[Session], record: Session, act: str, **_rest: Any) -> None:
    """A sitting to come that is online is looked at as soon as it, or its agenda, is."""
    if record.live and record.state == Session.State.PLANNED and record.held_on >= timezone.localdate():
        enqueue_once(OPERATOR, WATCH_AGENDA, f"{record.pk}:{record.revision}:{act}", session=record.pk)


@dataclass(frozen=True, slots=True)
class New:
    """What an address was not told of yet."""

    acts: Sequence[int]
    points: Sequence[Point]

    @property
    def targets(self) -> list[str]:
        """What names each of them."""
        return [*map(target_of_act, self.acts), *(point.target for point in self.points)]


def target_of_act(key: int) -> str:
    """What names an act among what was told."""
    return f"act:{key}"


def _look(subscription: Subscription, points: Iterable[Point]) -> bool:
    query, now = query_of(subscription), timezone.now()
    keys = _acts_since(query, _since(subscription))
    if keys is None:
        return False
    targets = _told(subscription, map(target_of_act, keys))
    acts = [key for key in keys if target_of_act(key) not in targets]
    return _tell(subscription, New(acts, _not_told(subscription, answering(query, points))), now.isoformat())


def _since(subscription: Subscription) -> datetime:
    assert subscription.confirmed is not None
    looked = datetime.fromisoformat(subscription.mark) if subscription.mark else subscription.confirmed
    return max(subscription.confirmed, looked - OVERLAP)


def _acts_since(query: ActQuery, since: datetime) -> list[int] | None:
    """The acts online since then that answer, the latest first; None while nothing can be looked for."""
    latest = acts_online().filter(first_published_at__gt=since).order_by("-first_published_at")
    within = frozenset(latest.values_list("pk", flat=True)[:MOST_LOOKED_AT])
    if query.within is not None:
        within &= query.within
    if not within:
        return []
    result = search_library(ANONYMOUS, LIBRARY, query.request(within=within, sort="ligne", page_size=MOST_LOOKED_AT))
    return list(result.keys) if result.is_ready else None


def _told(subscription: Subscription, targets: Iterable[str]) -> set[str]:
    rows = ToldOnce.objects.filter(recipient=subscription.recipient_id, target__in=list(targets))
    return set(rows.values_list("target", flat=True))


def _not_told(subscription: Subscription, points: Sequence[Point]) -> list[Point]:
    by_target = {point.target: point for point in points}
    for target in _told(subscription, by_target):
        del by_target[target]
    return list(by_target.values())


def _tell(subscription: Subscription, new: New, mark: str) -> bool:
    """Write the mail down with what it tells, so that nobody tells it again: neither another process nor another alert."""
    try:
        with transaction.atomic():
            if mark and not move_mark(subscription, mark):
                return False
            if not new.targets:
                return False
            rows = [ToldOnce(recipient=subscription.recipient, target=target) for target in new.targets]
            ToldOnce.objects.bulk_create(rows, batch_size=500)
            points = [(point.session.pk, point.item.pk) for point in new.points]
            write_to_subscriber(
                subscription,
                ALERT,
                acts=list(new.acts[:MOST_TOLD]),
                points=points[:MOST_TOLD],
                more=max(len(new.acts) - MOST_TOLD, 0) + max(len(points) - MOST_TOLD, 0),
            )
    except IntegrityError:  # told at this very moment by another process, or the address was erased
        return False
    return True
