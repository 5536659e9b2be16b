"""Dates and places of events in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    """A day of an event."""

    day: Any
    start: datetime
    end: datetime
    all_day: bool


@dataclass(frozen=True, slots=True)
class DayWords:
    """A day in words: « samedi 28 novembre 2026 », « de 14 h à 16 h »; ``machine`` is its start for machines."""

    day: str
    hours: str
    machine: str

    @classmethod
    def of(cls, day: Dated) -> DayWords:
        """Those of a day."""
        return cls(date_format(day.day, "l j F Y"), hours_words(day), timezone.localtime(day.start).isoformat())


def hours_words(day: Dated) -> str:
    """« de 14 h à 16 h 30 »; empty for a whole day."""
    if day.all_day:
        return ""
    start, end = timezone.localtime(day.start), timezone.localtime(day.end)
    if start == end:
        return _("à %(start)s") % {"start": _hour(start)}
    return _("de %(start)s à %(end)s") % {"start": _hour(start), "end": _hour(end)}


def _hour(moment: datetime) -> str:
    return date_format(moment, "TIME_FORMAT")


def when_words(days: Sequence[Dated], now: datetime) -> str:
    """When an event is next, and how many more dates it has: « samedi 28 novembre, de 14 h à 16 h (et 3 autres dates) »."""
    coming = [day for day in days if day.end > now]
    if not coming:
        return ""
    first = coming[0]
    last = coming[-1]
    if first.start == last.start and first.day != last.day:  # one long occurrence
        return _("jusqu’au %(day)s") % {"day": date_format(last.day, "l j F Y")}
    words = ", ".join(filter(None, (date_format(first.day, "l j F"), hours_words(first))))
    more = len({day.start for day in coming}) - 1
    return words if not more else _("%(words)s (et %(more)s autres dates)") % {"words": words, "more": more}


def accessibility_words(codes: Sequence[str]) -> list[str]:
    """The kinds of handicap that a place receives, in words."""
    return [str(ACCESS[code]) for code in codes if code in ACCESS]
