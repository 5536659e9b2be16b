"""Reading expectations, their periods, links and deliveries, through somebody's eyes or by a link's secret."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from parvis.core.errors import NotFound
from parvis.core.versions.manifest import Manifest
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import organisations_where
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.deliveries.models import Delivery, DeliveryLink, Expectation, Postponement
from parvis.hub.deliveries.rules import (
    ANSWERED,
    SHOWN_PERIODS,
    LinkClosed,
    Standing,
    State,
    period_of,
    standing_of,
)
from parvis.hub.store import is_stored, manifest_of

_SIGNER = Signer(sep=".", salt="parvis.deliveries.link")


@dataclass(frozen=True, slots=True)
class Period:
    """One period of an expectation: its last day by the calendar, that by which it is awaited, and what it has come to."""

    due: date
    until: date
    standing: Standing


@dataclass(frozen=True, slots=True)
class Row:
    """One expectation of the board: its periods, the oldest first, the last delivery, the next last day."""

    expectation: Expectation
    periods: list[Period]
    last: Delivery | None
    next_due: date | None
    is_to_decide: bool

    @property
    def standing(self) -> Standing:
        """What calls for attention first: a decision, else what lacks now; a month that lacked long ago is told by its period alone."""
        if self.is_to_decide:
            return Standing.WAITING
        recent = [period.standing for period in self.periods[-2:]]
        if not recent or recent[-1] in ANSWERED:
            return recent[-1] if recent else Standing.EXPECTED
        return next((standing for standing in _URGENT if standing in recent), recent[-1])


def expectations_managed_by(actor: Actor) -> QuerySet[Expectation]:
    """Those of the organisations for which the actor writes."""
    rows = Expectation.objects.select_related("dataset__organisation", "dataset__current")
    return rows.filter(dataset__organisation__in=organisations_where(actor, "edit"))


def expectation_of(actor: Actor, key: int) -> Expectation:
    """One of them; NotFound for any other."""
    row = expectations_managed_by(actor).filter(pk=key).first()
    if row is None:
        raise NotFound(name="livraison attendue")
    return row


def delivery_of(actor: Actor, key: int) -> Delivery:
    """A delivery of one of them; NotFound for any other."""
    rows = Delivery.objects.select_related("expectation__dataset__organisation", "version", "person")
    row = rows.filter(pk=key, expectation__in=expectations_managed_by(actor).order_by().values("pk")).first()
    if row is None:
        raise NotFound(name="livraison")
    return row


def deliveries_to_decide(actor: Actor) -> QuerySet[Delivery]:
    """What waits for a decision that the actor may take."""
    rows = Delivery.objects.select_related("expectation__dataset").filter(state=State.WAITING)
    return rows.filter(expectation__dataset__organisation__in=organisations_where(actor, "publish"))


def board(expectations: Iterable[Expectation], today: date | None = None) -> list[Row]:
    """Their rows; what calls for a decision first, then what lacks, then by title."""
    today = today or timezone.localdate()
    chosen = list(expectations)
    by_expectation: dict[int, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.filter(expectation__in=chosen):
        by_expectation[delivery.expectation_id].append(delivery)
    moved: dict[int, dict[date, date]] = defaultdict(dict)
    for row in Postponement.objects.filter(expectation__in=chosen):
        moved[row.expectation_id][row.due] = row.until
    rows = [_row(expectation, by_expectation[expectation.pk], moved[expectation.pk], today) for expectation in chosen]
    order = list(_URGENT)
    return sorted(rows, key=lambda row: (order.index(row.standing), row.expectation.dataset.title.casefold()))


_URGENT = (
    *(Standing.WAITING, Standing.MISSING, Standing.LATE, Standing.REFUSED, Standing.AT_WORK),
    *(Standing.EXPECTED, Standing.DELIVERED_LATE, Standing.DELIVERED),
)


def _row(expectation: Expectation, deliveries: list[Delivery], moved: Mapping[date, date], today: date) -> Row:
    recurrence = expectation.recurrence
    states: dict[date, list[tuple[State, date]]] = defaultdict(list)
    for delivery in deliveries:
        states[delivery.due].append((State(delivery.state), timezone.localdate(delivery.created)))
    periods = [
        Period(due, until := moved.get(due, due), standing_of(states[due], until, expectation.grace, today))
        for due in recurrence.dues(expectation.begins, today, SHOWN_PERIODS)
    ]
    coming = [period.until for period in periods if period.until >= today and period.standing not in ANSWERED]
    following = recurrence.after(periods[-1].due) if periods and not coming else None
    following = moved.get(following, following) if following is not None else None
    last, next_due = (deliveries[0] if deliveries else None), (coming[0] if coming else following)
    return Row(expectation, periods, last, next_due, any(row.state == State.WAITING for row in deliveries))


def standing(expectation: Expectation, due: date, today: date | None = None) -> Standing:
    """What one of its periods has come to."""
    rows = Delivery.objects.filter(expectation=expectation, due=due)
    states = [(State(row.state), timezone.localdate(row.created)) for row in rows]
    return standing_of(states, until_of(expectation, due), expectation.grace, today or timezone.localdate())


def until_of(expectation: Expectation, due: date) -> date:
    """The last day by which a period is awaited: the one that somebody gave it, else the calendar's."""
    return expectation.postponements.filter(due=due).values_list("until", flat=True).first() or due


def open_periods(expectation: Expectation, today: date | None = None) -> list[date]:
    """The last days, by the calendar, of the periods that are still awaited and may be moved: at most three, the first first."""
    today, recurrence = today or timezone.localdate(), expectation.recurrence
    due: date | None = max(recurrence.due_in(today), recurrence.first(expectation.begins))
    former = recurrence.before(due)
    days = [former] if former is not None and former >= expectation.begins else []
    while due is not None and len(days) < 3:
        days.append(due)
        due = recurrence.after(due)
    return [day for day in days if standing(expectation, day, today) not in ANSWERED]


def due_for(expectation: Expectation, arrival: date | None = None) -> date:
    """The period that what arrives that day counts for."""
    arrival, recurrence = arrival or timezone.localdate(), expectation.recurrence
    former = recurrence.before(recurrence.due_in(arrival))
    answered = former is not None and standing(expectation, former, arrival) in ANSWERED
    until = until_of(expectation, former) if former is not None else None
    facts = {"former_is_answered": answered, "former_until": until}
    return period_of(recurrence, arrival, expectation.begins, expectation.grace, **facts)


def latest_due(expectation: Expectation, today: date) -> date | None:
    """The last day that is over most lately; None when none is."""
    past = [due for due in expectation.recurrence.dues(expectation.begins, today, 2) if due < today]
    return past[-1] if past else None


def previous_manifest(dataset: Dataset, version: Version | None = None) -> Manifest | None:
    """What a new version is compared with: the version that readers see, else the last delivery that was accepted; None when neither
    has its folder."""
    accepted = Delivery.objects.filter(expectation__dataset=dataset, state=State.DELIVERED, version__isnull=False)
    accepted = accepted.exclude(version=version).select_related("version")
    candidates = [dataset.current, *(row.version for row in accepted[:1])]
    for row in candidates:
        if row is not None and row != version and is_stored(dataset.uid, row.name):
            return manifest_of(dataset.uid, row.name)
    return None


def token_of(link: DeliveryLink) -> str:
    """What its address ends with: its name, signed with the key of the instance."""
    return _SIGNER.sign(link.uid)


def link_address(link: DeliveryLink) -> str:
    """Where files are sent by it."""
    return canonical(reverse("delivery-link", args=[token_of(link)]))


def open_link(expectation: Expectation) -> DeliveryLink | None:
    """The latest link by which files are taken; None without one."""
    links = expectation.links.filter(revoked=None, expires__gt=timezone.now())
    return links.first()


def link_at(token: str) -> DeliveryLink:
    """The link of an address; NotFound for one that was never made, LinkClosed for one that was revoked or has expired."""
    try:
        uid = _SIGNER.unsign(token)
    except BadSignature as error:
        raise NotFound(name="lien de dépôt") from error
    rows = DeliveryLink.objects.select_related("expectation__dataset__organisation", "expectation__dataset__current")
    link = rows.filter(uid=uid).first()
    if link is None:
        raise NotFound(name="lien de dépôt")
    if not (link.is_open and link.expectation.active):
        raise LinkClosed
    return link


def sent_by(link: DeliveryLink, key: Any) -> Delivery:
    """A delivery of the expectation of that link, as its sender sees it; NotFound for any other."""
    rows = Delivery.objects.select_related("expectation__dataset__organisation", "imported__job", "deposit", "version")
    row = rows.filter(expectation=link.expectation, pk=key).first()
    if row is None:
        raise NotFound(name="livraison")
    return row


def receiving(link: DeliveryLink, deposit: Any) -> Delivery:
    """The delivery that a link is receiving as this deposit; NotFound for any other."""
    row = Delivery.objects.select_related("deposit", "expectation__dataset").filter(link=link, deposit=deposit).first()
    if row is None or row.deposit is None:
        raise NotFound(name="fichier")
    return row


def received_since_yesterday(link: DeliveryLink) -> int:
    """Files that it took in a day, those that came in part too."""
    return link.deliveries.filter(created__gt=timezone.now() - timedelta(days=1)).count()


def unreadable_imports(dataset: Dataset) -> list[int]:
    """Imports of files that could not be read: their sender is told, what is online is unharmed."""
    rows = Delivery.objects.filter(expectation__dataset=dataset, state=State.UNREADABLE, imported__isnull=False)
    return list(rows.values_list("imported_id", flat=True))
