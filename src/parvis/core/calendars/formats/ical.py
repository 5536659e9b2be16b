"""iCalendar (RFC 5545, 7986), as the software of the world writes it.

Each VEVENT is handed alone to icalendar, so that a broken one takes no other away. Lines that were never folded, and texts with
bare line ends, are put together first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Component
from icalendar import Event as VEvent
from icalendar.prop import vBroken

from parvis.core.calendars.errors import BadEvent, UnreadableAgenda
from parvis.core.calendars.events import (
    Event,
    Mode,
    Override,
    Picture,
    Place,
    Schedule,
    Source,
    State,
    Timing,
)
from parvis.core.calendars.formats.fields import (
    Collector,
    Reading,
    contact,
    is_free,
    made_up_uid,
    number,
    one_line,
    plain_text,
    text_of,
    timing_of,
    web_address,
    whole_number,
    words,
)
from parvis.core.calendars.formats.ical_text import CalendarText, calendar_text, unfolded
from parvis.core.calendars.zones import zone_of
from parvis.core.errors import ParvisError
from parvis.core.translation import Sentence

_HIDDEN: Final = ("PRIVATE", "CONFIDENTIAL")
_POSTCODE: Final = re.compile(r"\b(\d{5})\s+([^,\n]{2,60})")


@dataclass(frozen=True, slots=True)
class _Part:
    """A VEVENT read: the first of an event, or one that overrides an occurrence (``replaces``)."""

    event: Event
    replaces: datetime | None
    following: bool
    is_of_day: bool = False
    """Whether ``replaces`` is a bare day, whatever the hour of the event."""


def read(content: bytes, name: str, source: str = "") -> Reading:
    """The events of one or several calendars in ``content``; UnreadableAgenda when there is no calendar at all.

    ``source`` names where it comes from; events then keep it with their identifier there.
    """
    file = calendar_text(text_of(unfolded(content)))
    if not file.events and "BEGIN:VCALENDAR" not in text_of(content[:100_000]).upper():
        raise UnreadableAgenda(file=name, reason="VCALENDAR")
    collector = Collector()
    if file.is_cut:
        collector.tell(
            f"VEVENT {len(file.events) + 1}", Sentence("fichier coupé : le dernier évènement n’est pas entier")
        )
    parts: dict[str, list[_Part]] = {}
    for rank, block in enumerate(file.events, start=1):
        try:
            part = _part(block, file, source, collector)
        except ParvisError as error:
            collector.refuse(f"VEVENT {rank}", error)
            continue
        except Exception as error:  # noqa: BLE001 - whatever icalendar raises of a stranger's lines
            collector.tell(f"VEVENT {rank}", Sentence("illisible ({kind})", {"kind": type(error).__name__}))
            continue
        parts.setdefault(part.event.uid, []).append(part)
    for uid, same in parts.items():
        for event in _joined(uid, same, collector):
            if not collector.is_full:
                collector.add(event)
    return collector.reading(file.name)


def _part(block: str, file: CalendarText, source: str, collector: Collector) -> _Part:
    component = VEvent.from_ical(block)
    _drop_broken(component, collector)
    if _text(component, "CLASS").upper() in _HIDDEN:
        raise BadEvent(reason=Sentence("marqué privé dans son calendrier"))
    title, place = one_line(_text(component, "SUMMARY")), _place(component)
    written = one_line(_text(component, "UID"), 250)
    uid = written or made_up_uid(_written(component, "DTSTART"), title, place)
    description = plain_text(_text(component, "DESCRIPTION"))
    address, online = (web_address(_text(component, name)) for name in ("URL", "CONFERENCE"))
    event = Event(
        uid=uid,
        title=title or "?",
        schedule=_schedule(component, file, uid, collector),
        description=description,
        picture=_picture(component),
        place=place,
        mode=Mode.ONLINE if online and place is None else Mode.ON_SITE,
        online_address=online,
        state=State.CANCELLED if _text(component, "STATUS").upper() == "CANCELLED" else State.SCHEDULED,
        free=is_free(description[:2_000]),
        organiser=_organiser(component),
        keywords=words([w for c in _all(component, "CATEGORIES") for w in getattr(c, "cats", [c])]),
        address=address,
        registration=tuple(filter(None, [contact(_text(component, "CONTACT"))])),
        sequence=whole_number(_text(component, "SEQUENCE"), 1_000_000) or 0,
        updated=_stamp(component),
        sources=(Source(source, uid, address),) if source else (),
    )
    replaced = next(iter(_moments(component, "RECURRENCE-ID", file)), None)
    following = _first(component, "RECURRENCE-ID") is not None and (
        _first(component, "RECURRENCE-ID").params.get("RANGE") == "THISANDFUTURE"
    )
    is_of_day = replaced is not None and not isinstance(replaced, datetime)
    return _Part(event, _local(replaced) if replaced is not None else None, following, is_of_day)


def _drop_broken(component: Component, collector: Collector) -> None:
    """Take away the properties that are not of their kind: a wrong stamp is no reason to lose an event."""
    for name in list(component):
        values = _all(component, name)
        sound = [value for value in values if not isinstance(value, vBroken)]
        if len(sound) < len(values):
            where = _text(component, "UID") or _text(component, "SUMMARY")
            collector.tell(where, Sentence("{name} illisible, ignoré", {"name": name}))
            component.pop(name)
            if sound:
                component[name] = sound


def _written(component: Component, name: str) -> str:
    """A property as it was written."""
    value = _first(component, name)
    return value.to_ical().decode("utf-8", "replace") if value is not None else ""


def _schedule(component: Component, file: CalendarText, uid: str, collector: Collector) -> Schedule:
    timing, zone, is_utc = _timing(component, file, uid, collector)
    extra = (_extra(value, timing) for value in _moments(component, "RDATE", file))
    # A bare day excepts what begins on it: many calendars write EXDATE so, beside a DTSTART that has an hour.
    exceptions = tuple(_on_day(moment, timing) for moment in _moments(component, "EXDATE", file))
    schedule = Schedule((timing, *filter(None, extra)), zone, exceptions=exceptions)
    rule = _written(component, "RRULE")
    for name in ("RRULE", "EXRULE"):
        if len(_all(component, name)) > (name == "RRULE"):
            collector.tell(uid, Sentence("{name} illisible, ignoré", {"name": name}))
    if not rule:
        return schedule
    try:
        return replace(schedule, rule=rule, rule_zone="UTC" if is_utc else "")
    except ParvisError as error:
        collector.refuse(uid, error)
        return schedule


def _timing(component: Component, file: CalendarText, uid: str, collector: Collector) -> tuple[Timing, str, bool]:
    """The first timing, the zone of its clocks, and whether it was written in UTC."""
    value = _first(component, "DTSTART")
    if value is None:
        raise BadEvent(reason=Sentence("sans date de début"))
    named = value.params.get("TZID")
    zone = (zone_of(str(named), file.zones) if named else None) or file.zone
    if named and zone_of(str(named), file.zones) is None:
        collector.tell(uid, Sentence("fuseau « {name} » inconnu : {zone}", {"name": str(named), "zone": zone}))
    start = _aware(value.dt, zone if named else None)
    finish = _first(component, "DTEND")
    duration = _first(component, "DURATION")
    if finish is not None:
        end = _aware(finish.dt, zone if finish.params.get("TZID") else None)
    else:
        end = start + duration.dt if duration is not None and isinstance(duration.dt, timedelta) else None
    is_utc = isinstance(start, datetime) and start.tzinfo is UTC
    if not isinstance(start, datetime):
        # DTEND is the day after the last.
        last = end - timedelta(days=1) if end is not None and not isinstance(end, datetime) else end
        timing = timing_of(start, last)
    else:
        end = datetime.combine(end, start.timetz()) if end is not None and not isinstance(end, datetime) else end
        timing = timing_of(start, end)
    if timing is None:
        raise BadEvent(reason=Sentence("sans date de début"))
    return timing, zone, is_utc


def _aware(value: Any, zone: str | None) -> Any:
    """A moment in UTC, in a zone known by its IANA name, or floating; never in one that the file defines."""
    if not isinstance(value, datetime):
        return value
    if zone is not None:
        return value.replace(tzinfo=ZoneInfo(zone))
    return value.replace(tzinfo=UTC) if value.tzinfo is not None else value


def _moments(component: Component, name: str, file: CalendarText) -> list[Any]:
    moments = []
    for value in _all(component, name):
        named = getattr(value, "params", {}).get("TZID")
        zone = zone_of(str(named), file.zones) or file.zone if named else None
        for piece in getattr(value, "dts", [value]):
            moment = piece.dt
            if isinstance(moment, tuple):
                moments.append(tuple(_aware(part, zone) for part in moment))
            elif isinstance(moment, date):
                moments.append(_aware(moment, zone))
    return moments


def _extra(value: Any, first: Timing) -> Timing | None:
    """The timing of an RDATE: a period, or as long as the first one."""
    if isinstance(value, tuple):
        start, end = value
        return timing_of(start, start + end if isinstance(end, timedelta) else end)
    start = _local(value)
    if first.all_day:
        start = start.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return Timing(start, start + (first.end - first.start), first.all_day)


def _local(value: Any) -> datetime:
    value = value[0] if isinstance(value, tuple) else value
    return value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())


def _on_day(value: Any, timing: Timing) -> datetime:
    """The moment that is meant by one, or by the day, of what begins when ``timing`` does."""
    local = _local(value)
    return local if isinstance(value, datetime) or timing.all_day else local.replace(**_clock(timing.start))


def _clock(moment: datetime) -> dict[str, Any]:
    return {"hour": moment.hour, "minute": moment.minute, "second": moment.second, "tzinfo": moment.tzinfo}


def _joined(uid: str, parts: list[_Part], collector: Collector) -> list[Event]:
    """One event of the VEVENTs that have the same identifier; several when software gave it to different events."""
    masters = [part.event for part in parts if part.replaces is None]
    overrides = [part for part in parts if part.replaces is not None]
    titles = {event.title for event in masters}
    if len(titles) > 1 and len({event.sequence for event in masters}) == 1:
        collector.tell(uid, Sentence("identifiant de plusieurs évènements"))
        return [replace(event, uid=f"{uid}-{made_up_uid(event.title)[:8]}") for event in masters]
    if not masters:
        first = overrides[0].event
        timings = tuple(part.event.schedule.timings[0] for part in overrides)
        return [replace(first, schedule=replace(first.schedule, timings=timings))]
    latest = max(masters, key=lambda event: event.sequence)
    same = (event for event in masters if event.sequence == latest.sequence)
    dates = {timing.start: timing for event in same for timing in event.schedule.timings}
    written = []
    for part in overrides:
        override = _override(part, latest)
        if override.replaces in dates and override == Override(override.timing.start, override.timing, latest.state):
            dates[override.replaces] = override.timing  # a date of the list that only lasts otherwise
        else:
            written.append(override)
    try:
        schedule = replace(latest.schedule, timings=tuple(dates.values()), overrides=tuple(written))
    except ParvisError as error:
        collector.refuse(uid, error)
        return [latest]
    return [replace(latest, schedule=schedule)]


def _override(part: _Part, event: Event) -> Override:
    title = part.event.title if part.event.title != event.title else ""
    timing, replaced = part.event.schedule.timings[0], part.replaces
    if replaced is not None and part.is_of_day:
        replaced = _on_day(replaced.date(), event.schedule.timings[0])
    return Override(replaced or timing.start, timing, part.event.state, title, part.following)


def _place(component: Component) -> Place | None:
    text = one_line(_text(component, "LOCATION"))
    geo = component.get("GEO")
    latitude, longitude = (number(geo.latitude, -90, 90), number(geo.longitude, -180, 180)) if geo else (None, None)
    if not text and latitude is None:
        return None
    name, _comma, address = text.partition(",")
    commune = _POSTCODE.search(text)
    postcode, city = commune.groups() if commune else ("", "")
    return Place(name.strip(), address.strip(), postcode, city.strip(), "", latitude, longitude)


def _picture(component: Component) -> Picture | None:
    for name in ("IMAGE", "ATTACH"):
        for value in _all(component, name):
            parameters = getattr(value, "params", {})
            address = web_address(str(value))
            if address and (name == "IMAGE" or str(parameters.get("FMTTYPE", "")).startswith("image/")):
                return Picture(address, one_line(parameters.get("ALTREP", "")))
    return None


def _organiser(component: Component) -> str:
    value = _first(component, "ORGANIZER")
    # A person's mailbox is not an organiser's name: only what CN says is taken.
    return one_line(value.params.get("CN", "")) if value is not None else ""


def _stamp(component: Component) -> datetime | None:
    value = _first(component, "LAST-MODIFIED")
    moment = getattr(value, "dt", None)
    return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo else None


def _all(component: Component, name: str) -> list[Any]:
    value = component.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(component: Component, name: str) -> Any:
    return next(iter(_all(component, name)), None)


def _text(component: Component, name: str) -> str:
    value = _first(component, name)
    return "" if value is None else str(value)
