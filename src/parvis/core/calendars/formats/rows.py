"""The rows that the dataset of an agenda publishes: one an event with its next date, or one an occurrence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from parvis.core.calendars.events import Event
from parvis.core.calendars.recurrence import MOST, Occurrence, occurrences, planned
from parvis.core.errors import ParvisError

_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WHEN: Final = ("debut", "fin", "jour", "journee_entiere")
_WHAT: Final = (
    "etat",
    "gratuit",
    "mode",
    "lieu",
    "adresse",
    "code_postal",
    "commune",
    "code_insee",
    "latitude",
    "longitude",
    "accessibilite",
    "mots_cles",
    "serie",
    "organisateur",
    "lien",
)
EVENT_COLUMNS: Final = (
    "uid",
    "titre",
    "resume",
    *_WHEN,
    "premiere_date",
    "derniere_date",
    "occurrences",
    "fuseau",
    *_WHAT,
    "description",
    "conditions",
    "public",
    "age_min",
    "age_max",
    "langues",
    "inscription",
    "acces_en_ligne",
    "image",
    "image_alternative",
    "image_credit",
    "image_licence",
    "sources",
    "mise_a_jour",
)
OCCURRENCE_COLUMNS: Final = ("uid", "titre", *_WHEN, "jour_semaine", "heure", "duree_minutes", *_WHAT)


def event_rows(events: Iterable[Event], now: datetime) -> Iterator[dict[str, Any]]:
    """A row an event, in the order of EVENT_COLUMNS: ``debut`` and ``fin`` are of the occurrence that goes on or comes next, else
    of the last one. Times are with the offset of the place; an event without any date is a row without them."""
    for event in events:
        dates = _planned(event, now)
        coming = next((one for one in dates if one.end > now), dates[-1] if dates else None)
        row = {
            "uid": event.uid,
            "titre": coming.title if coming and coming.title else event.title,
            "resume": event.summary,
            **_when(coming),
            "premiere_date": dates[0].day.isoformat() if dates else None,
            "derniere_date": dates[-1].last_day.isoformat() if dates else None,
            "occurrences": len(dates),
            "fuseau": event.schedule.zone,
            **_what(event, coming),
            "description": event.description,
            "conditions": event.conditions,
            "public": event.audience,
            "age_min": event.age_min,
            "age_max": event.age_max,
            "langues": ";".join(event.languages),
            "inscription": ";".join(event.registration),
            "acces_en_ligne": event.online_address,
            "sources": ";".join(dict.fromkeys(source.name for source in event.sources)),
            "mise_a_jour": event.updated.isoformat() if event.updated else None,
        }
        picture = event.picture
        parts = (picture.address, picture.alternative, picture.credit, picture.licence) if picture else ("",) * 4
        names = ("image", "image_alternative", "image_credit", "image_licence")
        yield _ordered(row | dict(zip(names, parts, strict=True)), EVENT_COLUMNS)


def occurrence_rows(
    events: Iterable[Event], start: datetime, end: datetime, most: int = MOST
) -> Iterator[dict[str, Any]]:
    """A row an occurrence between two moments, ``most`` an event, in the order of OCCURRENCE_COLUMNS."""
    for event in events:
        try:
            dates = occurrences(event, start, end, most)
        except ParvisError:
            continue  # a rule that cannot be followed so far has no dates to give; its event has a row of its own
        for occurrence in dates:
            row = {
                "uid": event.uid,
                "titre": occurrence.title or event.title,
                **_when(occurrence),
                "jour_semaine": _DAYS[occurrence.day.weekday()],
                "heure": None if occurrence.all_day else occurrence.start.hour,
                "duree_minutes": None
                if occurrence.all_day
                else round((occurrence.end - occurrence.start).total_seconds() / 60),
                **_what(event, occurrence),
            }
            yield _ordered(row, OCCURRENCE_COLUMNS)


def _planned(event: Event, now: datetime) -> list[Occurrence]:
    try:
        return planned(event, now)
    except ParvisError:
        return []


def _when(occurrence: Occurrence | None) -> dict[str, Any]:
    if occurrence is None:
        return dict.fromkeys(_WHEN)
    whole = (occurrence.day, occurrence.last_day)
    start, end = whole if occurrence.all_day else (occurrence.start, occurrence.end)
    moments = (start.isoformat(), end.isoformat(), occurrence.day.isoformat())
    return dict(zip(_WHEN, (*moments, occurrence.all_day), strict=True))


def _what(event: Event, occurrence: Occurrence | None) -> dict[str, Any]:
    place = event.place
    row: dict[str, Any] = {
        "etat": (occurrence.state if occurrence else event.state).value,
        "gratuit": event.free,
        "mode": event.mode.value,
        "mots_cles": ";".join(event.keywords),
        "serie": event.series,
        "organisateur": event.organiser,
        "lien": event.address or next((source.address for source in event.sources if source.address), ""),
    }
    if place:
        row |= {
            "lieu": place.name,
            "adresse": place.address,
            "code_postal": place.postcode,
            "commune": place.city,
            "code_insee": place.commune,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "accessibilite": ";".join(place.accessibility),
        }
    return row


def _ordered(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    """The row with every column, empty texts as nothing."""
    return {name: None if row.get(name) == "" else row.get(name) for name in columns}
