"""What readers are shown besides acts and sittings themselves: what corrects them, the points of a sitting, what was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from parvis.domains.deliberations.models import Act, AgendaItem, Session
from parvis.domains.deliberations.selectors import published_acts
from parvis.hub.records.rules import Status
from parvis.hub.records.selectors import published
from parvis.hub.sites.lens import current_lens

MOST_WITHDRAWN = 10_000


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a sitting: what its agenda says of it, and the act that came of it when readers see it."""

    number: str
    title: str
    act: Act | None = None
    is_open: bool = True


def corrections_of(acts: Iterable[Act]) -> Mapping[int, list[Act]]:
    """The acts online that correct some acts, by the act corrected, the first first: one question, whatever their number."""
    by_act: dict[int, list[Act]] = {act.pk: [] for act in acts}
    for act in published(Act).filter(corrects__in=list(by_act)).order_by("first_published_at", "pk"):
        by_act[act.corrects_id].append(act)
    return by_act


def act_counts(sessions: Iterable[Session]) -> Mapping[int, int]:
    """How many acts are online of each sitting that has any."""
    keys = [session.pk for session in sessions]
    counts = published(Act).filter(session__in=keys).order_by().values_list("session").annotate(count=Count("pk"))
    return dict(counts)


def acts_of_session(session: Session) -> list[Act]:
    """Those online of a sitting, in its order."""
    return list(published_acts().filter(session=session).order_by("rank", "number", "pk"))


def point_titles(sessions: Iterable[Session]) -> Mapping[int, list[str]]:
    """What the agendas of some sittings say, in order, by sitting: one question, whatever their number."""
    titles: dict[int, list[str]] = {session.pk: [] for session in sessions}
    items = AgendaItem.objects.filter(session__in=list(titles)).order_by("sort_order", "pk")
    for session, title in items.values_list("session_id", "title"):
        titles[session].append(title)
    return titles


def agenda_of(session: Session, acts: Iterable[Act]) -> list[Point]:
    """The points of a sitting in order, each with its act, then its acts that no point names.

    What the agenda says of a point is shown whether its act is online or not; of the act, nothing before it is.
    """
    left = {act.pk: act for act in acts}
    items = list(AgendaItem.objects.filter(session=session).order_by("sort_order", "pk"))
    online = {act.pk: act for act in published_acts().filter(pk__in=[item.act_id for item in items if item.act_id])}
    points = [Point(item.number, item.title, online.get(item.act_id), item.is_open) for item in items]
    for item in items:
        left.pop(item.act_id, None)
    return points + [Point(act.number, act.title, act) for act in left.values()]


def withdrawn_acts() -> QuerySet[Act]:
    """The last that were taken away, through the lens of the site; nothing of them is shown but whose, of when, and why."""
    gone = (
        Act.objects.filter(withdrawn_at__isnull=False).exclude(status=Status.PUBLISHED).select_related("organisation")
    )
    if (lens := current_lens()) is not None:
        gone = gone.filter(territory__code__in=lens.codes)
    return gone.order_by("-withdrawn_at", "-pk")[:MOST_WITHDRAWN]


def acts_of_register(organisation: int, kind: str, year: int) -> list[Act]:
    """The acts of a kind that were online in a register: those that were withdrawn hold their place; in the order of the register."""
    public = Q(status=Status.PUBLISHED) | Q(withdrawn_at__isnull=False)
    acts = Act.objects.filter(public, organisation=organisation, kind=kind, date__year=year)
    if (lens := current_lens()) is not None:
        acts = acts.filter(territory__code__in=lens.codes)
    return list(acts.select_related("session", "session__assembly").order_by("date", "session", "rank", "number", "pk"))
