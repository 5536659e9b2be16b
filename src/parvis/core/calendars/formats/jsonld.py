"""schema.org events: JSON-LD alone, in lists and graphs, or inside the pages of the web."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time
from html.parser import HTMLParser
from typing import Any, Final

from parvis.core.calendars.errors import BadEvent, UnreadableAgenda
from parvis.core.calendars.events import Event, Mode, Picture, Place, Schedule, Source, State, Timing
from parvis.core.calendars.formats.fields import (
    Collector,
    Reading,
    json_of,
    made_up_uid,
    moment,
    number,
    one_line,
    plain_text,
    text_of,
    timing_of,
    web_address,
    whole_number,
    words,
)
from parvis.core.calendars.zones import DEFAULT, zone_of
from parvis.core.errors import ParvisError
from parvis.core.translation import Sentence

STATES: Final = {
    "EventScheduled": State.SCHEDULED,
    "EventRescheduled": State.RESCHEDULED,
    "EventMovedOnline": State.MOVED_ONLINE,
    "EventPostponed": State.POSTPONED,
    "EventCancelled": State.CANCELLED,
}
MODES: Final = {
    "OfflineEventAttendanceMode": Mode.ON_SITE,
    "OnlineEventAttendanceMode": Mode.ONLINE,
    "MixedEventAttendanceMode": Mode.MIXED,
}
FREQUENCIES: Final = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
DAYS: Final = dict(
    zip(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
        strict=True,
    )
)
SOLD_OUT: Final = "SoldOut"
_OTHER_TYPES: Final = frozenset({"Festival", "CourseInstance", "Hackathon"})
_PERIOD: Final = re.compile(r"P(\d{1,3})([DWMY])")
_WRAPPED: Final = re.compile(r"^(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\*/)?)$")
"""What publishing software puts around scripts for the browsers of another time."""
_PREFIX: Final = re.compile(r"^(?:schema:|https?://schema\.org/)")
_DEEPEST: Final = 20
_MOST_NODES: Final = 200_000


def read(content: bytes, name: str, source: str = "") -> Reading:
    """The events in ``content``, JSON or a page that holds some; UnreadableAgenda when there is no JSON-LD."""
    collector = Collector()
    documents = list(_documents(content, name, collector))
    if not documents:
        raise UnreadableAgenda(file=name, reason="JSON-LD")
    for rank, node in enumerate(_events_in(documents), start=1):
        try:
            event = _event(node, source)
        except ParvisError as error:
            collector.refuse(one_line(node.get("name")) or f"{rank}", error)
            continue
        if not collector.is_full:
            collector.add(event)
    return collector.reading()


class _Scripts(HTMLParser):
    """The texts of the scripts of JSON-LD."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a script of the type wanted."""
        self._inside = tag == "script" and "ld+json" in (dict(attrs).get("type") or "").lower()
        if self._inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        self._inside = False

    def handle_data(self, data: str) -> None:
        """Take its text."""
        if self._inside:
            self.texts[-1] += data


def _documents(content: bytes, name: str, collector: Collector) -> Iterator[Any]:
    text = text_of(content)
    if not text.lstrip().startswith("<"):
        yield json_of(content, name, _unprefixed)
        return
    page = _Scripts()
    try:
        page.feed(text)
        page.close()
    except (ValueError, AssertionError) as error:
        raise UnreadableAgenda(file=name, reason="HTML") from error
    for rank, script in enumerate(page.texts, start=1):
        try:
            yield json.loads(_WRAPPED.sub("", script.strip()), strict=False, object_hook=_unprefixed)
        except (ValueError, RecursionError):
            collector.tell(f"script {rank}", Sentence("JSON-LD illisible"))


def _unprefixed(node: dict[str, Any]) -> dict[str, Any]:
    """The node, each of its keys in the words of schema.org alone: ``schema:name`` is ``name``."""
    return {_PREFIX.sub("", key): value for key, value in node.items()}


def _events_in(documents: list[Any]) -> Iterator[Mapping[str, Any]]:
    """The nodes that are events, wherever they stand; parts of an event are left to it."""
    waiting: list[tuple[Any, int]] = [(document, 0) for document in reversed(documents)]
    seen = 0
    while waiting and seen < _MOST_NODES:
        node, depth = waiting.pop()
        seen += 1
        if isinstance(node, Mapping) and _is_event(node):
            yield node
        elif depth < _DEEPEST and isinstance(node, Mapping | list):
            inner = list(node.values()) if isinstance(node, Mapping) else node
            waiting.extend((child, depth + 1) for child in reversed(inner) if isinstance(child, Mapping | list))


def _is_event(node: Mapping[str, Any]) -> bool:
    kinds = (_last(kind) for kind in _list(node.get("@type")))
    return any(kind.endswith(("Event", "EventSeries")) or kind in _OTHER_TYPES for kind in kinds)


def _event(node: Mapping[str, Any], source: str) -> Event:
    title = one_line(_text(node.get("name")))
    address = web_address(_text(node.get("url")))
    schedule = _schedule(node)
    if not title or not schedule.timings:
        raise BadEvent(reason=Sentence("sans nom ou sans date"))
    identifier = one_line(_text(node.get("identifier")) or _text(node.get("@id")), 250)
    uid = identifier or made_up_uid(title, schedule.timings[0].start, address)
    offers = [offer for offer in _list(node.get("offers")) if isinstance(offer, Mapping)]
    place, online = _location(node)
    return Event(
        uid=uid,
        title=title,
        schedule=schedule,
        description=plain_text(_text(node.get("description"))),
        picture=_picture(node.get("image")),
        place=place,
        mode=MODES.get(_last(node.get("eventAttendanceMode")), Mode.ONLINE if online and not place else Mode.ON_SITE),
        online_address=online,
        state=_state(node, offers),
        free=_is_free(node, offers),
        conditions="; ".join(filter(None, map(_price, offers[:20])))[:2_000],
        audience=one_line(_name(node.get("audience"), "audienceType")),
        languages=words([_name(language) for language in _list(node.get("inLanguage"))]),
        registration=tuple(dict.fromkeys(filter(None, (web_address(_text(offer.get("url"))) for offer in offers)))),
        organiser=one_line(_name(next(iter(_list(node.get("organizer"))), None))),
        series=one_line(_name(node.get("superEvent"))),
        keywords=words(node.get("keywords") if isinstance(node.get("keywords"), str) else _names(node.get("keywords"))),
        address=address,
        sources=(Source(source, uid, address),) if source else (),
    )


def _schedule(node: Mapping[str, Any]) -> Schedule:
    repeated = next((s for s in _list(node.get("eventSchedule")) if isinstance(s, Mapping)), None)
    own = timing_of(moment(_text(node.get("startDate"))), moment(_text(node.get("endDate"))))
    if repeated is not None:
        schedule = _repeated(repeated, own)
        if schedule is not None:
            return schedule
    parts = [part for part in _list(node.get("subEvent")) if isinstance(part, Mapping)]
    timings = [timing_of(moment(_text(p.get("startDate"))), moment(_text(p.get("endDate")))) for p in parts]
    dated = tuple(dict.fromkeys(timing for timing in timings if timing is not None))
    return Schedule(dated or ((own,) if own else ()))


def _repeated(node: Mapping[str, Any], own: Timing | None) -> Schedule | None:
    """A schema.org Schedule as a first timing and a rule; None when it says too little."""
    period = _PERIOD.fullmatch(_text(node.get("repeatFrequency")).strip())
    first = moment(_text(node.get("startDate")))
    begin, finish = (_clock(node.get(key)) for key in ("startTime", "endTime"))
    if first is not None and not isinstance(first, datetime) and begin is not None:
        timing = timing_of(datetime.combine(first, begin), datetime.combine(first, finish or begin))
    else:
        timing = own or timing_of(first, None)
    if period is None or timing is None:
        return None
    days = [DAYS.get(_last(day), _last(day)) for day in _list(node.get("byDay"))]
    parts = {
        "FREQ": FREQUENCIES[period[2]],
        "INTERVAL": period[1],
        "BYDAY": ",".join(days),
        "BYMONTHDAY": ",".join(str(day) for day in _list(node.get("byMonthDay"))),
        "BYMONTH": ",".join(str(month) for month in _list(node.get("byMonth"))),
        "COUNT": str(whole_number(node.get("repeatCount"), 10_000) or ""),
    }
    last = moment(_text(node.get("endDate")))
    if last is not None and not parts["COUNT"]:
        parts["UNTIL"] = f"{last:%Y%m%d}"
    excepted = [moment(_text(value)) for value in _list(node.get("exceptDate"))]
    start = timing.start.timetz()
    return Schedule(
        (timing,),
        zone_of(_text(node.get("scheduleTimezone"))) or DEFAULT,
        rule=";".join(f"{name}={value}" for name, value in parts.items() if value),
        exceptions=tuple(
            m if isinstance(m, datetime) else datetime.combine(m, start) for m in excepted if m is not None
        ),
    )


def _clock(value: Any) -> time | None:
    try:
        read = time.fromisoformat(_text(value).strip())
    except ValueError:
        return None
    return read.replace(tzinfo=None)


def _location(node: Mapping[str, Any]) -> tuple[Place | None, str]:
    """The place on the ground, and the address on line."""
    place, online = None, ""
    for location in _list(node.get("location")):
        if isinstance(location, str):
            place = place or Place(name=one_line(location))
        elif isinstance(location, Mapping) and _last(next(iter(_list(location.get("@type"))), "")) == "VirtualLocation":
            online = online or web_address(_text(location.get("url")))
        elif isinstance(location, Mapping):
            place = place or _place(location)
    return place, online


def _place(location: Mapping[str, Any]) -> Place:
    postal = location.get("address")
    facts = postal if isinstance(postal, Mapping) else {"streetAddress": postal}
    geo = location.get("geo")
    geo = geo if isinstance(geo, Mapping) else {}
    keys = ("streetAddress", "postalCode", "addressLocality")
    street, postcode, city = (one_line(_text(facts.get(key))) for key in keys)
    return Place(
        name=one_line(_text(location.get("name"))),
        address=", ".join(filter(None, (street, f"{postcode} {city}".strip()))) if city not in street else street,
        postcode=postcode,
        city=city,
        latitude=number(_text(geo.get("latitude")), -90, 90),
        longitude=number(_text(geo.get("longitude")), -180, 180),
    )


def _state(node: Mapping[str, Any], offers: list[Mapping[str, Any]]) -> State:
    state = STATES.get(_last(node.get("eventStatus")), State.SCHEDULED)
    is_full = bool(offers) and all(_last(offer.get("availability")) == SOLD_OUT for offer in offers)
    return State.FULL if is_full and state is State.SCHEDULED else state


def _is_free(node: Mapping[str, Any], offers: list[Mapping[str, Any]]) -> bool | None:
    free = node.get("isAccessibleForFree")
    if isinstance(free, bool):
        return free
    if isinstance(free, str) and _last(free).lower() in ("true", "false"):
        return _last(free).lower() == "true"
    prices = [number(_text(offer.get("price")), 0, 1e6) for offer in offers]
    return all(price == 0 for price in prices) if prices and None not in prices else None


def _price(offer: Mapping[str, Any]) -> str:
    price = _text(offer.get("price")) or _text(offer.get("lowPrice"))
    currency = {"EUR": "€"}.get(_text(offer.get("priceCurrency")), _text(offer.get("priceCurrency")))
    named = one_line(_text(offer.get("name")), 200)
    amount = one_line(f"{price} {currency}", 60) if number(price, 0, 1e6) else ""
    return " : ".join(filter(None, (named, amount)))


def _picture(value: Any) -> Picture | None:
    image = next(iter(_list(value)), None)
    if not isinstance(image, Mapping):
        image = {"url": image}
    address = web_address(_text(image.get("url")) or _text(image.get("contentUrl")))
    keys = ("caption", "creditText", "license")
    return Picture(address, *(one_line(_text(image.get(key))) for key in keys)) if address else None


def _name(value: Any, key: str = "name") -> str:
    return _text(value.get(key)) if isinstance(value, Mapping) else _text(value)


def _names(value: Any) -> list[str]:
    return [_name(one) for one in _list(value)]


def _text(value: Any) -> str:
    """A text, the value of a language or of a property, or the first of a list."""
    for _level in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, Mapping):
            value = value.get("@value", value.get("value", ""))
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(value: Any) -> list[Any]:
    return value[:1_000] if isinstance(value, list) else [] if value is None else [value]


def _last(value: Any) -> str:
    """The last part of an address of schema.org: ``https://schema.org/EventCancelled`` is ``EventCancelled``."""
    return re.split(r"[/#:]", _name(value, "@id") if isinstance(value, Mapping) else _text(value))[-1]
