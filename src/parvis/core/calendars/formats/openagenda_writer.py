"""Events as OpenAgenda's API v2 gives them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from parvis.core.calendars.events import Event
from parvis.core.calendars.formats.openagenda import ACCESSIBILITY, MODES, STATES
from parvis.core.calendars.recurrence import planned


def write(events: Iterable[Event], now: datetime) -> dict[str, Any]:
    """``events`` as an answer of OpenAgenda's API v2, JSON-able; occurrences of rules are those of the two years after ``now``."""
    written = [event_facts(event, now) for event in events]
    return {"total": len(written), "events": written, "after": None, "success": True}


def event_facts(event: Event, now: datetime) -> dict[str, Any]:
    """One event as OpenAgenda's API v2 gives it."""
    place, picture = event.place, event.picture
    texts = {"fr": {"title": event.title, "summary": event.summary, "description": event.description}}
    texts |= event.translations
    named = (("title", "title"), ("summary", "description"), ("description", "longDescription"))
    facts: dict[str, Any] = {
        "uid": int(event.uid) if event.uid.isascii() and event.uid.isdigit() else event.uid,
        **{theirs: {code: t[ours] for code, t in texts.items() if t.get(ours)} for ours, theirs in named},
        "conditions": {"fr": event.conditions} if event.conditions else {},
        "keywords": {"fr": list(event.keywords)} if event.keywords else {},
        "timings": [{"begin": one.start.isoformat(), "end": one.end.isoformat()} for one in planned(event, now)],
        "timezone": event.schedule.zone,
        "status": next(code for code, state in STATES.items() if state is event.state),
        "attendanceMode": next(code for code, mode in MODES.items() if mode is event.mode),
        "accessibility": {code: code in (place.accessibility if place else ()) for code in ACCESSIBILITY},
        "age": {"min": event.age_min, "max": event.age_max},
        "registration": [{"type": _kind(address), "value": _bare(address)} for address in event.registration],
        "onlineAccessLink": event.online_address or None,
        "canonicalUrl": event.address or None,
        "originAgenda": {"title": event.series} if event.series else None,
        "image": {"base": picture.address, "filename": ""} if picture else None,
        "imageCredits": (picture.credit or None) if picture else None,
        "updatedAt": event.updated.isoformat() if event.updated else None,
        "location": None,
    }
    if place:
        facts["location"] = {
            "name": place.name,
            "address": place.address,
            "postalCode": place.postcode or None,
            "city": place.city or None,
            "insee": place.commune or None,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    return facts


def _kind(address: str) -> str:
    return {"mailto": "email", "tel": "phone"}.get(address.partition(":")[0], "link")


def _bare(address: str) -> str:
    return address.removeprefix("mailto:").removeprefix("tel:")
