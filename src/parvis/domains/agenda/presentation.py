"""Dates and places of events in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parvis.hub.ui.formatting import hour

if TYPE_CHECKING:
    from parvis.domains.agenda.models import Event

_DAY = timedelta(days=1)
ACCESS = {
    "hi": gettext_lazy("handicap auditif"),
    "ii": gettext_lazy("handicap intellectuel"),
    "mi": gettext_lazy("handicap moteur"),
    "pi": gettext_lazy("handicap psychique"),
    "vi": gettext_lazy("handicap visuel"),
    "sl": gettext_lazy("langue des signes"),
}
"""Codes of OpenAgenda, in the words of its forms."""


class Dated(Protocol):
    """Once of an event, as ``rules.Once`` has it."""

    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def all_day(self) -> bool: ...
    @property
    def last_day(self) -> date: ...


@dataclass(frozen=True, slots=True)
class DateWords:
    """Once of an event in words: « samedi 28 novembre 2026 », « de 14 h à 16 h »; ``machine`` is its start for machines."""

    day: str
    hours: str
    machine: str

    @classmethod
    def of(cls, once: Dated, zone: str) -> DateWords:
        """Those of one date, on the clocks of the place."""
        clocks = ZoneInfo(zone)
        start, end = once.start.astimezone(clocks), once.end.astimezone(clocks)
        machine = start.date().isoformat() if once.all_day else start.isoformat()
        if start.date() == once.last_day:
            return cls(date_format(start, "l j F Y"), _hours(once, clocks), machine)
        first, last = date_format(start, "l j F Y"), date_format(once.last_day, "l j F Y")
        if once.all_day:
            return cls(_("du %(first)s au %(last)s") % {"first": first, "last": last}, "", machine)
        hours = {"first": first, "start": hour(start), "last": last, "end": hour(end)}
        return cls(_("du %(first)s à %(start)s au %(last)s à %(end)s") % hours, "", machine)


def _hours(once: Dated, clocks: ZoneInfo) -> str:
    """« de 14 h à 16 h 30 »; empty for a whole day."""
    if once.all_day:
        return ""
    start, end = once.start.astimezone(clocks), once.end.astimezone(clocks)
    if start == end:
        return _("à %(start)s") % {"start": hour(start)}
    return _("de %(start)s à %(end)s") % {"start": hour(start), "end": hour(end)}


def when_words(once: Dated, others: int, now: datetime, zone: str) -> str:
    """When an event is next, and how many more dates it has: « samedi 28 novembre, de 14 h à 16 h (et 3 autres dates) »."""
    clocks = ZoneInfo(zone)
    first, last = once.start.astimezone(clocks).date(), once.last_day
    if first == last:
        words = ", ".join(filter(None, (_day(first, now), _hours(once, clocks))))
    elif once.start <= now:
        words = _("jusqu’au %(day)s") % {"day": _day(last, now)}
    else:
        words = _("du %(first)s au %(last)s") % {"first": _day(first, now), "last": _day(last, now)}
    if not others:
        return words
    more = ngettext("et %(count)d autre date", "et %(count)d autres dates", others) % {"count": others}
    return f"{words} ({more})"


def programme_words(event: Event, once: Dated) -> tuple[str, str]:
    """The hours of a date, or how long it lasts, then where it is and what is to be known of it."""
    clocks = ZoneInfo(event.zone)
    start, end = once.start.astimezone(clocks), once.end.astimezone(clocks)
    if end - start > _DAY:
        last = (end - timedelta(microseconds=1)).date()
        hours = _("jusqu’au %(day)s") % {"day": date_format(last, "l j F Y")}
    else:
        hours = _hours(once, clocks)
    state = "" if event.state == "scheduled" else event.get_state_display()
    facts = (", ".join(filter(None, (event.venue, event.city))), _("gratuit") if event.is_free else "", state)
    return hours, " · ".join(map(str, filter(None, facts)))


def _day(day: date, now: datetime) -> str:
    """With its year unless it is this one: « dimanche 3 janvier 2027 »."""
    return date_format(day, "l j F" if day.year == now.year else "l j F Y")


def accessibility_words(codes: Sequence[str]) -> list[str]:
    """The kinds of handicap that a place receives, in words."""
    return [str(ACCESS[code]) for code in codes if code in ACCESS]
