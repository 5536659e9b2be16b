"""An event of the agenda, as plain data: what every format is read into and written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from pydantic import TypeAdapter, ValidationError

from parvis.core.calendars.errors import BadEvent
from parvis.core.calendars.rules import check_rule
from parvis.core.calendars.zones import DEFAULT
from parvis.core.translation import Sentence

YEARS: Final = range(1900, 2200)
MOST_TIMINGS: Final = 2_000


class Mode(StrEnum):
    """How one attends."""

    ON_SITE = "on-site"
    ONLINE = "online"
    MIXED = "mixed"


class State(StrEnum):
    """What became of it: the six states of OpenAgenda, five of which are schema.org's too."""

    SCHEDULED = "scheduled"
    RESCHEDULED = "rescheduled"
    MOVED_ONLINE = "moved-online"
    POSTPONED = "postponed"
    FULL = "full"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Timing:
    """From ``start`` to ``end``, excluded. Naive means the local time of the schedule; whole days go from midnight to midnight."""

    start: datetime
    end: datetime
    all_day: bool = False

    def __post_init__(self) -> None:
        if self.start.year not in YEARS or self.end.year not in YEARS:
            raise _bad(Sentence("une année hors de l’agenda"))
        if (self.start.tzinfo is None) != (self.end.tzinfo is None) or self.end < self.start:
            raise _bad(Sentence("la fin n’est pas après le début"))
        if self.all_day and (self.start.tzinfo or self.start.time() != time() or self.end.time() != time()):
            raise _bad(Sentence("une journée entière va de minuit à minuit"))


@dataclass(frozen=True, slots=True)
class Override:
    """One occurrence that is not as the rule says: the one that was to start at ``replaces``, and later ones if ``following``."""

    replaces: datetime
    timing: Timing
    state: State = State.SCHEDULED
    title: str = ""
    following: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """When it happens: ``timings``, the first of which ``rule`` (an RRULE of RFC 5545) repeats, without ``exceptions``.

    ``zone`` is where people read the clock. ``rule_zone`` is where the rule does, if that is elsewhere: a calendar in UTC
    follows no change of hour.
    """

    timings: tuple[Timing, ...] = ()
    zone: str = DEFAULT
    rule: str = ""
    rule_zone: str = ""
    exceptions: tuple[datetime, ...] = ()
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        if any(zone and zone not in _zones() for zone in (self.zone, self.rule_zone)):
            raise _bad(Sentence("fuseau horaire inconnu"))
        if len(self.timings) + len(self.exceptions) + len(self.overrides) > MOST_TIMINGS:
            raise _bad(Sentence("plus de {most} dates", {"most": MOST_TIMINGS}))
        if any(moment.year not in YEARS for moment in (*self.exceptions, *(o.replaces for o in self.overrides))):
            raise _bad(Sentence("une année hors de l’agenda"))
        if self.rule and self.timings:
            check_rule(self.rule, self.timings[0].start)
        elif self.rule or self.overrides:
            raise _bad(Sentence("une répétition sans première date"))

    def local(self, moment: datetime) -> datetime:
        """``moment`` on the clocks of the place; a time that the change of hour skips is the one an hour later."""
        zone = ZoneInfo(self.zone)
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        # By way of UTC: a local time that does not exist would else stay as written.
        return aware.astimezone(_UTC).astimezone(zone)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at an ``address``, what it shows, whose it is, under what licence."""

    address: str
    alternative: str = ""
    credit: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where: ``commune`` is an INSEE code; ``accessibility`` holds codes of OpenAgenda (``hi ii mi pi vi sl``)."""

    name: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    commune: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accessibility: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the event was read: the source's name, its identifier and address there, the digest of what was said last time."""

    name: str
    identifier: str
    address: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An event. Texts are plain; addresses are ``http(s)``, those of ``registration`` also ``mailto:`` and ``tel:``.

    ``free`` is None when nobody said; ``translations`` holds title, summary and description by language.
    """

    uid: str
    title: str
    schedule: Schedule = field(default_factory=Schedule)
    summary: str = ""
    description: str = ""
    picture: Picture | None = None
    place: Place | None = None
    mode: Mode = Mode.ON_SITE
    online_address: str = ""
    state: State = State.SCHEDULED
    free: bool | None = None
    conditions: str = ""
    audience: str = ""
    age_min: int | None = None
    age_max: int | None = None
    languages: tuple[str, ...] = ()
    registration: tuple[str, ...] = ()
    organiser: str = ""
    series: str = ""
    keywords: tuple[str, ...] = ()
    address: str = ""
    sequence: int = 0
    updated: datetime | None = None
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        # Checked here and not by the readers alone: what a child answers may be its file's, and pages make links of these.
        pictured = [self.picture.address] if self.picture else []
        web = [self.address, self.online_address, *pictured, *(source.address for source in self.sources)]
        if not all(address.startswith(_WEB) for address in filter(None, web)):
            raise _bad(Sentence("une adresse qui n’est pas du web"))
        if not all(address.startswith((*_WEB, "mailto:", "tel:")) for address in self.registration):
            raise _bad(Sentence("un contact qui n’est ni du web, ni un courriel, ni un téléphone"))

    def to_dict(self) -> dict[str, Any]:
        """The event as JSON has it."""
        facts: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return facts

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Event:
        """The event that ``to_dict`` gave; BadEvent when some of it is of another kind."""
        try:
            return _adapter().validate_python(dict(facts))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise _bad(Sentence("{place} : {problem}", {"place": place, "problem": first["msg"]})) from error


_WEB: Final = ("http://", "https://")
_UTC: Final = ZoneInfo("UTC")


def _bad(reason: Sentence) -> BadEvent:
    return BadEvent(reason=reason)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _adapter() -> TypeAdapter[Event]:
    return TypeAdapter(Event)
