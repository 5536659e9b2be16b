"""The agenda as everybody sees it: what happens today, this weekend, this month; its forms for programs and calendars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from parvis.core.calendars import events as calendars
from parvis.core.calendars.formats.ical_writer import write
from parvis.core.calendars.formats.jsonld_writer import event_node
from parvis.core.calendars.formats.openagenda_writer import event_facts
from parvis.core.errors import ParvisError
from parvis.domains.agenda import selectors
from parvis.domains.agenda.models import Event
from parvis.domains.agenda.presentation import DateWords, accessibility_words, programme_words, when_words
from parvis.domains.agenda.rules import event_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.addresses import canonical
from parvis.hub.collections.declaration import (
    Around,
    Collection,
    Facet,
    Period,
    Position,
    ProgrammeDay,
    ProgrammeLine,
    Sort,
)
from parvis.hub.sites.lens import Lens

if TYPE_CHECKING:
    from parvis.hub.territories.models import Territory

MOST_DATES = 60
"""Dates listed on the page of an event."""
MOST_LINES = 500
"""Dates of a programme: some twenty sheets of paper."""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _days(first: date, number: int) -> tuple[datetime, datetime]:
    return _midnight(first), _midnight(first + timedelta(days=number))


def _weekend() -> tuple[datetime, datetime]:
    """From Friday evening's day on: Saturday and Sunday, or what is left of them."""
    today = timezone.localdate()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7) if today.weekday() != 6 else today
    return _days(saturday, 1 if today.weekday() == 6 else 2)


def _month() -> tuple[datetime, datetime]:
    today = timezone.localdate()
    following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return _midnight(today), _midnight(following)


class EventCollection(Collection):
    """Events by when they are next."""

    kind = Event
    title = _("Agenda")
    lead = _("Ce qui se passe dans le territoire : sorties, spectacles, visites, rencontres.")
    facets: ClassVar[tuple[Facet, ...]] = (
        Facet("commune", _("Commune"), "city"),
        Facet("theme", _("Thème"), "theme"),
        Facet("public", _("Public"), "audience"),
        Facet("gratuit", _("Gratuit"), "is_free", is_flag=True),
        Facet("accessible", _("Accessible en fauteuil"), "is_accessible", is_flag=True),
    )
    sorts = (Sort("date", _("par date"), ("next_start", "id")),)
    periods = (
        Period("avenir", _("à venir"), lambda: _days(timezone.localdate(), 731)),
        Period("aujourdhui", _("aujourd’hui"), lambda: _days(timezone.localdate(), 1)),
        Period("weekend", _("ce week-end"), _weekend),
        Period("semaine", _("ces sept jours"), lambda: _days(timezone.localdate(), 7)),
        Period("mois", _("ce mois-ci"), _month),
    )
    card_template = "agenda/card.html"
    page_template = "agenda/page.html"
    has_places = True
    is_searched_around = True
    has_programme = True
    has_calendar = True
    order = 35
    in_header = True
    home_size = 3

    def records(self, query: QuerySet[Event]) -> QuerySet[Event]:
        """With their pictures, and the dates that calendars and programs are given."""
        return query.select_related("picture", "territory").prefetch_related("timings")

    def through(self, lens: Lens, query: QuerySet[Event]) -> QuerySet[Event]:
        """Those that happen in the commune; those of its own organisations that do not say where."""
        return query.filter(Q(commune__in=lens.codes) | Q(commune="", territory__code__in=lens.codes))

    def during(self, query: QuerySet[Event], start: datetime, end: datetime) -> QuerySet[Event]:
        """What is to come is known of each event; other days are looked for among days."""
        if end - start > timedelta(days=365):
            return query.filter(next_start__isnull=False)
        return selectors.between(query, start, end)

    def near(self, query: QuerySet[Event], around: Around) -> QuerySet[Event]:
        """Those whose place is within reach; the others may be anywhere."""
        return selectors.near(query, around.point.latitude, around.point.longitude, around.reach)

    def programme(self, query: QuerySet[Event], start: datetime, end: datetime) -> Sequence[ProgrammeDay]:
        """Each date on its day, what lasts several days on the first of them that is shown."""
        rows = selectors.dates_between(query, start, end, MOST_LINES)
        events = self.records(Event.objects.all()).in_bulk({key for key, _day, _once in rows})
        lines = [(day, ProgrammeLine(events[key], *programme_words(events[key], once))) for key, day, once in rows]
        return [
            ProgrammeDay(date_format(day, "l j F Y"), tuple(line for _day, line in group))
            for day, group in groupby(lines, key=lambda row: row[0])
        ]

    def prepared(self, records: Sequence[Event], actor: Actor, territory: Territory | None = None) -> Sequence[Event]:
        """Each with when it is next."""
        now = timezone.now()
        dates = selectors.next_dates(records, now)
        for event in records:
            event.when = when_words(*dates[event.pk], now, event.zone) if event.pk in dates else ""
        return records

    def position(self, record: Event) -> Position | None:
        """That of its place."""
        if record.longitude is None or record.latitude is None:
            return None
        return Position(record.longitude, record.latitude)

    def lines(self, record: Event) -> list[str]:
        """When, where, and what it is."""
        place = ", ".join(filter(None, (record.venue, record.city)))
        state = "" if record.state == "scheduled" else str(record.get_state_display())
        return [line for line in (state, record.when, place, record.summary) if line]

    def facts(self, record: Event, request: HttpRequest) -> dict[str, Any]:
        """Its dates to come, or else the last one, and its words."""
        dates = selectors.dates_of(record)
        coming = [once for once in dates if once.end > timezone.now()]
        return {
            "dates": [DateWords.of(once, record.zone) for once in coming[:MOST_DATES]],
            "more": max(len(coming) - MOST_DATES, 0),
            "past": DateWords.of(dates[-1], record.zone) if dates and not coming else None,
            "accessibility": accessibility_words(record.accessibility),
            "links": [(link, link.removeprefix("mailto:").removeprefix("tel:")) for link in record.registration],
        }

    def json_ld(self, record: Event) -> dict[str, Any] | None:
        """schema.org/Event."""
        try:
            event = _on_its_page(record)
            return event_node(event, timezone.now()) if event else None
        except ParvisError:
            return None

    def as_json(self, record: Event) -> dict[str, Any]:
        """As OpenAgenda says it."""
        try:
            return {"openagenda": event_facts(event_of(record), timezone.now())}
        except ParvisError:
            return {}

    def calendar(self, records: Iterable[Event], name: str) -> bytes:
        """iCalendar, each event with the address of its page."""
        return write([event for record in records if (event := _on_its_page(record))], name, timezone.now())


def _on_its_page(record: Event) -> calendars.Event | None:
    """The event with the address of its page here, in the words of calendars; None when its dates make no sense."""
    try:
        return replace(event_of(record), address=canonical(record.get_absolute_url()))
    except ParvisError:
        return None
