"""GBFS, bicycles and vehicles that are shared, versions 1 to 3: the stations with what is free in them, and the vehicles of the street."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from parvis.core.sources.answers import json_object, unreadable
from parvis.core.sources.contract import Item, Page, Request, Resource, Settings
from parvis.core.sources.paging import base_url, write_rows
from parvis.core.sources.rdf import first_of
from parvis.core.sources.values import address, box, email, keywords, mapping, moment, plain, rows, short, stable
from parvis.core.sources.vocabulary import language_of, licence_slug
from parvis.core.translation import gettext_noop

STATIONS: Final = "stations"
VEHICLES: Final = "vehicles"
_FEEDS = {
    STATIONS: ("station_information", "station_status"),
    VEHICLES: ("vehicle_status", "free_bike_status"),
}
_NO_FEEDS = gettext_noop("ce n’est pas une découverte GBFS : aucune liste « feeds » n’y est")
_LOST_FEED = gettext_noop("le flux « {name} » n’est pas annoncé")
_TYPES: Final = 200


class Gbfs:
    """A system by its discovery file, ``gbfs.json``."""

    slug = "gbfs"
    label = gettext_noop("Des véhicules partagés (GBFS)")
    options = ("language",)
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The discovery file."""
        return (Request(base_url(settings.url), state={"step": "discovery"}),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """The system in the end, one dataset for the stations, one for the vehicles; on the way there, its own description."""
        body = json_object(answer)
        if request.state.get("step") == "discovery":
            feeds = _feeds(body, settings.options.get("language", ""), request.url)
            state = {"step": "system", "feeds": " ".join(sorted(feeds)), "version": short(body.get("version"), 10)}
            if url := feeds.get("system_information"):
                return Page(following=(Request(url, state=state),))
            return Page(_items({}, state, settings.url))
        return Page(
            _items(
                mapping(body.get("data")), {**request.state, "changed": moment(body.get("last_updated"))}, settings.url
            )
        )


class GbfsRows:
    """Stations joined with their status, or vehicles, as points."""

    slug = "gbfs"

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The discovery file, once more: addresses of feeds change."""
        url, _, table = base_url(resource.url).partition("#")
        state = {"step": "discovery", "table": table or STATIONS, "language": settings.options.get("language", "")}
        return (Request(url, state=state),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Nothing until the last feed is there; then points by line."""
        body, state = json_object(answer), request.state
        beside = destination.with_name(destination.name + ".stations")
        if state["step"] == "discovery":
            return _feeds_of(state["table"], _feeds(body, state.get("language", ""), request.url))
        data = mapping(body.get("data"))
        if state["step"] == "information":
            beside.write_text(json.dumps(rows(data.get("stations"))), encoding="utf-8")
            return (
                (Request(state["next"], state={"step": "status"}),)
                if state.get("next")
                else _joined(beside, {}, destination)
            )
        if state["step"] == "status":
            status = {short(row.get("station_id"), 200): row for row in rows(data.get("stations"))}
            return _joined(beside, status, destination)
        write_rows(destination, map(_point, rows(data.get("vehicles")) or rows(data.get("bikes"))))
        return ()


def _feeds(body: dict[str, Any], language: str, url: str) -> dict[str, str]:
    """Addresses of feeds by name: the list itself since version 3, one a language before."""
    data = mapping(body.get("data"))
    listed = data.get("feeds")
    if not isinstance(listed, list):
        languages = [language, "fr", "en", *data]
        listed = next(
            (mapping(data.get(name)).get("feeds") for name in languages if isinstance(data.get(name), dict)), None
        )
    if not isinstance(listed, list):
        raise unreadable(_NO_FEEDS)
    feeds = {short(row.get("name"), 100): feed for row in rows(listed) if (feed := address(row.get("url"), url))}
    if not any(name in feeds for names in _FEEDS.values() for name in names):
        raise unreadable(_LOST_FEED, name="station_information")
    return feeds


def _items(system: dict[str, Any], state: dict[str, str], url: str) -> tuple[Item, ...]:
    feeds = state["feeds"].split(" ")
    name = short(system.get("name")) or first_of([stable(url, url)])
    labels = {
        STATIONS: f"Stations de véhicules partagés – {name}",
        VEHICLES: f"Véhicules partagés hors station – {name}",
    }
    identifier = short(system.get("system_id"), 200) or stable(url, url)
    return tuple(
        _item(system, state, f"{url}#{table}", f"{identifier}/{table}", labels[table])
        for table, names in _FEEDS.items()
        if any(feed in feeds for feed in names)
    )


def _item(system: dict[str, Any], state: dict[str, str], url: str, identifier: str, title: str) -> Item:
    licence = [short(system.get("license_id")), address(system.get("license_url"))]
    operator = short(system.get("operator")) or short(system.get("name"))
    return Item(
        identifier=identifier,
        title=title[:500],
        description=plain(system.get("description")),
        landing_page=address(system.get("url")),
        publisher=operator,
        contact_email=email(system.get("email")) or email(system.get("feed_contact_email")),
        licence=licence_slug(*licence) or first_of(licence),
        frequency="continuous",
        keywords=keywords(["gbfs", "véhicules partagés", "mobilité"]),
        themes=("transports",),
        issued=moment(system.get("start_date")),
        modified=state.get("changed", ""),
        language=language_of(short(system.get("language") or system.get("languages"))),
        resources=(Resource(url, title=title[:500], format="geojson", dialect="gbfs"),),
        extras={
            key: value
            for key, value in (
                ("version", state.get("version", "")),
                ("timezone", short(system.get("timezone"), 60)),
                ("system", short(system.get("system_id"), 200)),
            )
            if value
        },
    )


def _feeds_of(table: str, feeds: dict[str, str]) -> tuple[Request, ...]:
    if table == STATIONS:
        if "station_information" not in feeds:
            raise unreadable(_LOST_FEED, name="station_information")
        state = {"step": "information", "next": feeds.get("station_status", "")}
        return (Request(feeds["station_information"], state=state),)
    url = first_of(feeds.get(name, "") for name in _FEEDS[VEHICLES])
    if not url:
        raise unreadable(_LOST_FEED, name="vehicle_status")
    return (Request(url, state={"step": "vehicles"}),)


def _joined(beside: Path, status: dict[str, dict[str, Any]], destination: Path) -> tuple[Request, ...]:
    stations = json.loads(beside.read_text(encoding="utf-8"))
    write_rows(destination, (_point({**row, **status.get(short(row.get("station_id"), 200), {})}) for row in stations))
    beside.unlink()
    return ()


def _point(row: dict[str, Any]) -> dict[str, Any]:
    """A station or a vehicle: texts in French, instants in ISO 8601, counts by type of vehicle in columns of their own."""
    place = box((row.get("lon"), row.get("lat")) * 2)  # which some feeds write as texts
    geometry = {"type": "Point", "coordinates": list(place[:2])} if place else None
    return {"type": "Feature", "geometry": geometry, "properties": dict(_columns(row))}


def _columns(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name in ("lat", "lon", "station_area"):
            continue
        if name in ("last_reported", "available_until"):
            yield name, moment(value)
        elif name == "vehicle_types_available":
            for part in rows(value)[:_TYPES]:
                if kind := short(part.get("vehicle_type_id"), 100):
                    yield f"available_{kind}", part.get("count")
        elif name == "num_bikes_available_types":  # before types were standard
            yield from ((f"available_{kind}", count) for kind, count in mapping(value).items())
        elif isinstance(value, list) and value and all(isinstance(part, dict) and "text" in part for part in value):
            yield name, short(value)
        else:
            yield name, value


DIALECT = Gbfs()
ROWS = GbfsRows()
