"""Events as schema.org JSON-LD, for the pages of the portal and for those who take the whole agenda."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from parvis.core.calendars.events import Event, Mode, Place, Schedule, State
from parvis.core.calendars.formats.jsonld import DAYS, FREQUENCIES, MODES, SOLD_OUT, STATES
from parvis.core.calendars.recurrence import Occurrence, planned

SCHEMA: Final = "https://schema.org"
_SAID: Final = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL"})
"""What schema.org has words for; rules with more are told by their dates alone."""


def write(events: Iterable[Event], now: datetime) -> dict[str, Any]:
    """``events`` as one graph, JSON-able."""
    nodes = [event_node(event, now) for event in events]
    return {"@context": SCHEMA, "@graph": [{k: v for k, v in node.items() if k != "@context"} for node in nodes]}


def event_node(event: Event, now: datetime) -> dict[str, Any]:
    """One event with its context, JSON-able; ``startDate`` is that of the date that goes on or comes next, else of the last."""
    dates = planned(event, now)
    coming = next((one for one in dates if one.end > now), dates[-1] if dates else None)
    node: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "Event",
        "identifier": event.uid,
        "name": event.title,
        "description": event.description or event.summary,
        "url": event.address,
        **(_dates(coming) if coming else {}),
        "eventStatus": f"{SCHEMA}/{_word(STATES, event.state, 'EventScheduled')}",
        "eventAttendanceMode": f"{SCHEMA}/{_word(MODES, event.mode, 'OfflineEventAttendanceMode')}",
        "location": _locations(event),
        "eventSchedule": _repeated(event.schedule),
        "isAccessibleForFree": event.free,
        "offers": _offers(event),
        "inLanguage": list(event.languages),
        "keywords": ", ".join(event.keywords),
        "organizer": {"@type": "Organization", "name": event.organiser} if event.organiser else None,
        "superEvent": {"@type": "EventSeries", "name": event.series} if event.series else None,
        "audience": {"@type": "Audience", "audienceType": event.audience} if event.audience else None,
    }
    if event.picture:
        picture = event.picture
        facts = {"url": picture.address, "caption": picture.alternative, "creditText": picture.credit}
        node["image"] = _full({"@type": "ImageObject", **facts, "license": picture.licence})
    if len(event.schedule.timings) > 1 and not event.schedule.rule:
        node["subEvent"] = [{"@type": "Event", "name": event.title, **_dates(one)} for one in dates]
    return _full(node)


def _dates(occurrence: Occurrence) -> dict[str, str]:
    whole = (occurrence.day, occurrence.last_day)
    start, end = whole if occurrence.all_day else (occurrence.start, occurrence.end)
    return {"startDate": start.isoformat(), "endDate": end.isoformat()}


def _locations(event: Event) -> Any:
    places: list[dict[str, Any]] = [_place(event.place)] if event.place and event.mode is not Mode.ONLINE else []
    if event.online_address:
        places.append({"@type": "VirtualLocation", "url": event.online_address})
    return places[0] if len(places) == 1 else places


def _place(place: Place) -> dict[str, Any]:
    postal = {"streetAddress": place.address, "postalCode": place.postcode, "addressLocality": place.city}
    node: dict[str, Any] = {
        "@type": "Place",
        "name": place.name,
        "address": {"@type": "PostalAddress", **_full(postal)},
    }
    if place.latitude is not None and place.longitude is not None:
        node["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return node


def _offers(event: Event) -> list[dict[str, Any]]:
    links = [address for address in event.registration if address.startswith("http")]
    if not links and event.free is not True and event.state is not State.FULL:
        return []
    availability = f"{SCHEMA}/{SOLD_OUT if event.state is State.FULL else 'InStock'}"
    price = {"price": 0, "priceCurrency": "EUR"} if event.free else {}
    return [_full({"@type": "Offer", "url": url, "availability": availability, **price}) for url in links or [""]]


def _repeated(schedule: Schedule) -> dict[str, Any] | None:
    parts = dict(part.partition("=")[::2] for part in schedule.rule.upper().split(";"))
    days = [day for day in parts.get("BYDAY", "").split(",") if day]
    if not schedule.rule or not parts.keys() <= _SAID or not schedule.timings:
        return None
    first = schedule.timings[0]
    start, end = (schedule.local(moment) for moment in (first.start, first.end))
    letter = next(letter for letter, frequency in FREQUENCIES.items() if frequency == parts["FREQ"])
    names = {code: f"{SCHEMA}/{name}" for name, code in DAYS.items()}
    until = parts.get("UNTIL", "")
    return _full(
        {
            "@type": "Schedule",
            "startDate": start.date().isoformat(),
            "endDate": f"{until[:4]}-{until[4:6]}-{until[6:8]}" if until else "",
            "startTime": "" if first.all_day else start.time().isoformat(),
            "endTime": "" if first.all_day else end.time().isoformat(),
            "scheduleTimezone": schedule.zone,
            "repeatFrequency": f"P{parts.get('INTERVAL', '1')}{letter}",
            "repeatCount": int(parts["COUNT"]) if "COUNT" in parts else None,
            "byDay": [names.get(day, day) for day in days],
            "byMonthDay": [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day],
            "byMonth": [int(month) for month in parts.get("BYMONTH", "").split(",") if month],
            "exceptDate": [schedule.local(moment).date().isoformat() for moment in schedule.exceptions],
        }
    )


def _word(words: dict[str, Any], value: Any, default: str) -> str:
    return next((word for word, meant in words.items() if meant is value), default)


def _full(node: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
