"""OpenAgenda: events of its API v2, and the flat records that Opendatasoft portals make of them (records API v1, Explore v2.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from parvis.core.calendars.errors import BadEvent, UnreadableAgenda
from parvis.core.calendars.events import (
    MOST_TIMINGS,
    Event,
    Mode,
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
    json_of,
    moment,
    number,
    one_line,
    plain_text,
    timing_of,
    web_address,
    whole_number,
    words,
)
from parvis.core.calendars.zones import DEFAULT, zone_of
from parvis.core.errors import ParvisError
from parvis.core.translation import SOURCE, Sentence

STATES: Final = {
    1: State.SCHEDULED,
    2: State.RESCHEDULED,
    3: State.MOVED_ONLINE,
    4: State.POSTPONED,
    5: State.FULL,
    6: State.CANCELLED,
}
MODES: Final = {1: Mode.ON_SITE, 2: Mode.ONLINE, 3: Mode.MIXED}
ACCESSIBILITY: Final = ("hi", "ii", "mi", "pi", "vi", "sl")
"""Hearing, intellectual, motor, psychic and visual impairments; sign language."""
MULTILINGUAL: Final = ("title", "description", "longDescription", "conditions", "keywords", "dateRange")
_FLAT: Final = {
    "longdescription": "longDescription",
    "attendancemode": "attendanceMode",
    "onlineaccesslink": "onlineAccessLink",
    "canonicalurl": "canonicalUrl",
    "updatedat": "updatedAt",
    "imagecredits": "imageCredits",
}
"""Names that flat records write otherwise."""
_LOCATION: Final = {"postalcode": "postalCode", "countrycode": "countryCode"}


def read(content: bytes, name: str, source: str = "") -> Reading:
    """The events in ``content``: an answer of an API or an export; UnreadableAgenda when it holds none."""
    data = json_of(content, name)
    records = _records(data)
    if records is None:
        raise UnreadableAgenda(file=name, reason="OpenAgenda")
    collector = Collector()
    for rank, record in enumerate(records, start=1):
        add_record(record, rank, source, collector)
        if collector.is_full:
            break
    return collector.reading()


def add_record(record: Any, rank: int, source: str, collector: Collector) -> None:
    """Read one event, nested or flat, into ``collector``."""
    facts = record.get("fields", record) if isinstance(record, Mapping) else None
    if not isinstance(facts, Mapping):
        collector.tell(f"{rank}", Sentence("ce n’est pas un évènement"))
        return
    nested = facts if isinstance(facts.get("title"), Mapping) or "location" in facts else nested_of(facts)
    try:
        event = _event(nested, source, collector)
    except ParvisError as error:
        collector.refuse(one_line(facts.get("uid")) or f"{rank}", error)
    else:
        collector.add(event)


def _records(data: Any) -> list[Any] | None:
    if isinstance(data, Mapping):
        for key in ("events", "records", "results"):
            if isinstance(data.get(key), list):
                return list(data[key])
        return [data] if "uid" in data else None
    return data if isinstance(data, list) else None


def nested_of(flat: Mapping[str, Any]) -> dict[str, Any]:
    """A flat record (``title_fr``, ``location_city``) as the API v2 nests it."""
    nested: dict[str, Any] = {"location": {}, "age": {}}
    for key, value in flat.items():
        if value in (None, ""):
            continue
        first, _underscore, rest = str(key).partition("_")
        first = _FLAT.get(first, first)
        if first == "location" and rest:
            nested["location"][_LOCATION.get(rest, rest)] = value
        elif first == "age" and rest:
            nested["age"][rest] = value
        elif first in MULTILINGUAL and len(rest) == 2:
            nested.setdefault(first, {})[rest] = value
        elif first == "originagenda":
            nested.setdefault("originAgenda", {})[rest] = value
        elif not rest:
            nested[first] = _inner(value)
    nested.setdefault("canonicalUrl", "")
    return nested


def _inner(value: Any) -> Any:
    """JSON inside a text of JSON: timings, registration and states of flat records are."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _event(facts: Mapping[str, Any], source: str, collector: Collector) -> Event:
    uid = one_line(facts.get("uid"), 250)
    title = _in_french(facts.get("title"))
    if not uid or not title:
        raise BadEvent(reason=Sentence("sans identifiant ou sans titre"))
    timings = _timings(facts, uid, collector)
    conditions = plain_text(_in_french(facts.get("conditions")), 2_000)
    agenda = _mapping(facts.get("originAgenda"))
    age = _mapping(facts.get("age"))
    address = web_address(facts.get("canonicalUrl"))
    links = (link.get("value") if isinstance(link, Mapping) else link for link in _items(facts.get("registration")))
    return Event(
        uid=uid,
        title=one_line(title),
        schedule=Schedule(timings, zone_of(one_line(facts.get("timezone"))) or DEFAULT),
        summary=plain_text(_in_french(facts.get("description")), 2_000),
        description=plain_text(_in_french(facts.get("longDescription"))),
        picture=_picture(facts),
        place=_place(facts),
        mode=MODES.get(_code(facts.get("attendanceMode")), Mode.ON_SITE),
        online_address=web_address(facts.get("onlineAccessLink")),
        state=STATES.get(_code(facts.get("status")), State.SCHEDULED),
        free=facts["free"] if isinstance(facts.get("free"), bool) else is_free(conditions),
        conditions=conditions,
        age_min=whole_number(age.get("min"), 120),
        age_max=whole_number(age.get("max"), 120),
        languages=words([key for key in _mapping(facts.get("title")) if len(str(key)) == 2]),
        registration=tuple(dict.fromkeys(filter(None, map(contact, links)))),
        organiser=one_line(facts.get("organiser")),
        series=one_line(agenda.get("title")),
        keywords=words(_of_language(facts.get("keywords"), "fr") or ()),
        address=address,
        updated=_updated(facts),
        translations=_translations(facts),
        sources=(Source(source or one_line(agenda.get("title")) or "OpenAgenda", uid, address),),
    )


def _timings(facts: Mapping[str, Any], uid: str, collector: Collector) -> tuple[Timing, ...]:
    timings: dict[Timing, None] = {}
    for item in _items(facts.get("timings"))[:MOST_TIMINGS]:
        item = _mapping(item)
        start, end = (moment(item.get(key)) for key in ("begin", "end"))
        timing = timing_of(start, end)
        if timing is None:
            continue
        timings[timing] = None
        if timing.end != end:
            collector.tell(uid, Sentence("fin avant le début : la nuit qui suit"))
    return tuple(sorted(timings, key=lambda t: t.start.isoformat()))


def _place(facts: Mapping[str, Any]) -> Place | None:
    location = _mapping(facts.get("location"))
    latitude, longitude = location.get("latitude"), location.get("longitude")
    point = location.get("coordinates")
    if isinstance(point, str):
        point = point.split(",")
    if isinstance(point, Mapping):
        latitude, longitude = point.get("lat"), point.get("lon")
    elif isinstance(point, list) and len(point) == 2:
        latitude, longitude = point
    codes = facts.get("accessibility")
    listed = [code for code, is_true in codes.items() if is_true] if isinstance(codes, Mapping) else words(codes)
    place = Place(
        name=one_line(location.get("name")),
        address=one_line(location.get("address")),
        postcode=one_line(location.get("postalCode"), 20),
        city=one_line(location.get("city"), 200),
        commune=one_line(location.get("insee"), 5),
        latitude=number(latitude, -90, 90),
        longitude=number(longitude, -180, 180),
        accessibility=tuple(code for code in ACCESSIBILITY if code in listed),
    )
    return None if place == Place() else place


def _picture(facts: Mapping[str, Any]) -> Picture | None:
    image = facts.get("image")
    if isinstance(image, Mapping):
        image = f"{one_line(image.get('base'), 1_000)}{one_line(image.get('filename'), 1_000)}"
    address = web_address(image)
    return Picture(address, credit=one_line(facts.get("imageCredits"))) if address else None


def _updated(facts: Mapping[str, Any]) -> datetime | None:
    read = moment(facts.get("updatedAt"))
    return read.astimezone(UTC) if isinstance(read, datetime) and read.tzinfo and read.year > 1 else None


def _translations(facts: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Title, summary and description in languages other than French."""
    translated: dict[str, dict[str, str]] = {}
    for attribute, key in (("title", "title"), ("summary", "description"), ("description", "longDescription")):
        for language, text in list(_mapping(facts.get(key)).items())[:30]:
            cleaned = plain_text(text)
            if cleaned and str(language).isalpha() and len(str(language)) == 2 and language != SOURCE:
                translated.setdefault(str(language), {})[attribute] = cleaned
    return translated


def _in_french(value: Any) -> str:
    """The text in French, else in the first language there is."""
    text = _of_language(value, "fr")
    return text if isinstance(text, str) else ""


def _of_language(value: Any, language: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(language) or next((text for text in value.values() if text), None)
    return value


def _code(value: Any) -> int:
    """A state or a mode: a number, or an object that has it as its ``id``."""
    return whole_number(value.get("id") if isinstance(value, Mapping) else value, 10) or 0


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: Any) -> list[Any]:
    value = _inner(value)
    return value if isinstance(value, list) else []
