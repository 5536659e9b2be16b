"""GTFS, timetables of public transport: the stops and the lines of a zip as two tables with their geometry."""

from __future__ import annotations

import csv
import io
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from parvis.core.formats.archives import open_zip, read_member
from parvis.core.formats.limits import GIB, Limits
from parvis.core.sources.answers import answer_bytes, unreadable
from parvis.core.sources.contract import Item, Page, Request, Resource, Settings
from parvis.core.sources.paging import base_url, write_rows
from parvis.core.sources.values import address, email, keywords, moment, short, stable
from parvis.core.sources.vocabulary import language_of
from parvis.core.translation import gettext_noop

LIMITS: Final = Limits(max_bytes=4 * GIB, max_members=200)
STOPS: Final = "stops"
ROUTES: Final = "routes"
MOST_POINTS: Final = 3_000_000
MOST_SHAPE_ROWS: Final = 50_000_000
MOST_TRIPS: Final = 3_000_000
BATCH: Final = 5_000
_NAME: Final = "gtfs.zip"
_LABELS = {STOPS: "Arrêts", ROUTES: "Lignes"}
_NO_FILE = gettext_noop("l’archive n’a pas de fichier « {name} »")
_TOO_MANY = gettext_noop("plus de {limit} lignes dans « {name} »")
_BROKEN = gettext_noop("« {name} » n’est pas un tableau CSV ({reason})")
_MODES = {
    "0": "tramway",
    "1": "métro",
    "2": "train",
    "3": "bus",
    "4": "bateau",
    "5": "tramway à câble",
    "6": "téléphérique",
    "7": "funiculaire",
    "11": "trolleybus",
    "12": "monorail",
}
_EXTENDED_MODES = {
    "1": "train",
    "2": "autocar",
    "4": "métro",
    "7": "bus",
    "8": "trolleybus",
    "9": "tramway",
    "10": "bateau",
    "12": "bateau",
    "13": "téléphérique",
    "14": "funiculaire",
    "15": "taxi",
}
"""Extended types of lines, by their hundreds."""
_PATTERNS: Final = 20
"""Trips of a line and direction of which the stops are looked at when it has no shape."""


class Gtfs:
    """A GTFS archive, at one address."""

    slug = "gtfs"
    label = gettext_noop("Des horaires de transport (GTFS)")
    options: tuple[str, ...] = ()
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The archive."""
        return (Request(base_url(settings.url)),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """A dataset for the stops, one for the lines."""
        with _opened(answer) as archive:
            agencies = list(_table(archive, "agency.txt"))
            feed = next(_table(archive, "feed_info.txt", optional=True), {})
            names = {name: f"{name}.txt" in _members(archive) for name in _LABELS}
        return Page(tuple(_item(table, agencies, feed, settings.url) for table, there in names.items() if there))


class GtfsRows:
    """The stops as points; the lines with the way that most of their trips take, from stop to stop where the archive has no shape."""

    slug = "gtfs"

    def first(self, resource: Resource, settings: Settings) -> tuple[Request, ...]:
        """The archive."""
        url, _, table = base_url(resource.url).partition("#")
        return (Request(url, state={"table": table or STOPS}),)

    def rows(self, answer: Path, request: Request, destination: Path) -> tuple[Request, ...]:
        """Features by line."""
        with _opened(answer) as archive:
            features = _stops(archive) if request.state.get("table") == STOPS else _routes(archive)
            batch: list[dict[str, Any]] = []
            for feature in features:
                batch.append(feature)
                if len(batch) >= BATCH:
                    write_rows(destination, batch)
                    batch = []
            write_rows(destination, batch)
        return ()


def _opened(answer: Path) -> zipfile.ZipFile:
    with answer.open("rb") as stream:
        if stream.read(2) != b"PK" and answer.stat().st_size < 1_000_000:
            answer_bytes(answer)  # which says so when it is a page for people
    return open_zip(answer, _NAME, LIMITS)


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """The members by the name that the standard gives them: some archives hold them in a folder."""
    return {name.rpartition("/")[2].lower(): name for name in archive.namelist() if not name.startswith("__MACOSX")}


def _table(
    archive: zipfile.ZipFile, name: str, *, optional: bool = False, most: int = MOST_TRIPS
) -> Iterator[dict[str, str]]:
    member = _members(archive).get(name)
    if member is None:
        if optional:
            return
        raise unreadable(_NO_FILE, name=name)
    reader = csv.DictReader(_text(archive, member))
    try:
        for count, row in enumerate(reader):
            if count >= most:
                raise unreadable(_TOO_MANY, limit=most, name=name)
            yield {
                key.strip().lstrip("\ufeff"): value.strip()
                for key, value in row.items()
                if isinstance(key, str) and isinstance(value, str)
            }
    except csv.Error as error:
        raise unreadable(_BROKEN, name=name, reason=str(error)[:100]) from error


def _columns(archive: zipfile.ZipFile, name: str, *names: str) -> Iterator[list[str]]:
    """Some columns of a table of millions of rows, empty where it has none; a dictionary for each row would take minutes."""
    member = _members(archive).get(name)
    if member is None:
        return
    reader = csv.reader(_text(archive, member))
    try:
        header = [cell.strip().lstrip("\ufeff") for cell in next(reader, [])]
        places = [header.index(column) if column in header else -1 for column in names]
        for count, row in enumerate(reader):
            if count >= MOST_SHAPE_ROWS:
                raise unreadable(_TOO_MANY, limit=MOST_SHAPE_ROWS, name=name)
            yield [row[place].strip() if 0 <= place < len(row) else "" for place in places]
    except csv.Error as error:
        raise unreadable(_BROKEN, name=name, reason=str(error)[:100]) from error


def _text(archive: zipfile.ZipFile, member: str) -> Iterator[str]:
    """Lines of a member in UTF-8, which the standard asks for."""
    return io.TextIOWrapper(
        io.BufferedReader(_Member(archive, member)), encoding="utf-8-sig", errors="replace", newline=""
    )


class _Member(io.RawIOBase):
    """A member as a stream, read to its true end."""

    def __init__(self, archive: zipfile.ZipFile, member: str) -> None:
        self._chunks = read_member(archive, member, _NAME, LIMITS)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._chunks, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _item(table: str, agencies: Sequence[dict[str, str]], feed: dict[str, str], url: str) -> Item:
    names = [short(row.get("agency_name")) for row in agencies[:50] if row.get("agency_name")]
    network = short(", ".join(names[:3]) + ("…" if len(names) > 3 else "")) or "GTFS"
    identifier = short(feed.get("feed_id"), 200) or stable(url, url)
    return Item(
        identifier=f"{identifier}/{table}",
        title=f"{_LABELS[table]} – {network}"[:500],
        description=f"{_LABELS[table]} du fichier d’horaires (GTFS) de : {', '.join(names)}."[:5_000] if names else "",
        landing_page=address(next((row.get("agency_url") for row in agencies), "")),
        publisher=short(feed.get("feed_publisher_name")) or (names[0] if len(names) == 1 else ""),
        contact_email=email(feed.get("feed_contact_email"))
        or email(next((row.get("agency_email") for row in agencies), "")),
        keywords=keywords(["gtfs", "transport public", *names]),
        themes=("transports",),
        temporal_start=_day(feed.get("feed_start_date", "")),
        temporal_end=_day(feed.get("feed_end_date", "")),
        language=language_of(feed.get("feed_lang", "") or next((row.get("agency_lang", "") for row in agencies), "")),
        resources=(Resource(f"{url}#{table}", title=f"{table}.txt", format="geojson", dialect="gtfs"),),
        extras={"version": version} if (version := short(feed.get("feed_version"), 100)) else {},
    )


def _day(text: str) -> str:
    return moment(f"{text[:4]}-{text[4:6]}-{text[6:8]}") if len(text) == 8 else ""


def _stops(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    for row in _table(archive, "stops.txt"):
        pair = _pair(row.get("stop_lon", ""), row.get("stop_lat", ""))
        properties = {name: value or None for name, value in row.items() if name not in ("stop_lon", "stop_lat")}
        geometry = {"type": "Point", "coordinates": pair} if pair else None
        yield {"type": "Feature", "geometry": geometry, "properties": properties}


def _routes(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    shapes_of, trips_of, shapeless = _shapes_of_routes(archive)
    lines = _lines(archive, {shape for shapes in shapes_of.values() for shape in shapes})
    ways = _ways(archive, shapeless)
    agencies = {row.get("agency_id", ""): row.get("agency_name") for row in _table(archive, "agency.txt")}
    only = next(iter(agencies.values())) if len(agencies) == 1 else None
    for row in _table(archive, "routes.txt"):
        route = row.get("route_id", "")
        shapes = [lines[shape] for shape in shapes_of.get(route, ()) if len(lines.get(shape, ())) > 1]
        parts = shapes or ways.get(route, [])
        geometry = {"type": "MultiLineString", "coordinates": parts} if parts else None
        properties = {
            **{name: value or None for name, value in row.items()},
            "agency_name": agencies.get(row.get("agency_id", "")) or only,
            "mode": _mode(row.get("route_type", "")),
            "trips": trips_of.get(route, 0),
            "drawn_from": ("shapes" if shapes else "stops") if parts else None,
        }
        yield {"type": "Feature", "geometry": geometry, "properties": properties}


def _mode(kind: str) -> str | None:
    extended = _EXTENDED_MODES.get(kind[:-2]) if kind.isdigit() and len(kind) > 2 else None
    return _MODES.get(kind) or extended or kind or None


def _runs(archive: zipfile.ZipFile) -> dict[str, int]:
    """How many times the trips run that ``frequencies.txt`` repeats."""
    runs: dict[str, int] = {}
    for row in _table(archive, "frequencies.txt", optional=True):
        start, end = (_seconds(row.get(name, "")) for name in ("start_time", "end_time"))
        every = row.get("headway_secs", "")
        if (
            start is not None
            and end is not None
            and every.isascii()
            and every.isdigit()
            and len(every) < 6
            and int(every)
        ):
            trip = row.get("trip_id", "")
            runs[trip] = runs.get(trip, 0) + max(0, -(-(end - start) // int(every)))
    return runs


def _seconds(text: str) -> int | None:
    parts = text.split(":")
    fits = len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts)
    return int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2]) if fits else None


type Shapeless = dict[tuple[str, str], list[str]]


def _shapes_of_routes(archive: zipfile.ZipFile) -> tuple[dict[str, list[str]], dict[str, int], Shapeless]:
    """The shape that most trips take, by line and direction; how many trips a line has; some trips of those without any shape."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    trips: dict[str, int] = {}
    shapeless: Shapeless = {}
    runs = _runs(archive)
    for row in _table(archive, "trips.txt", optional=True):
        route, trip = row.get("route_id", ""), row.get("trip_id", "")
        way, count = (route, row.get("direction_id", "")), runs.get(trip, 1)
        trips[route] = trips.get(route, 0) + count
        if shape := row.get("shape_id", ""):
            shapes = counts.setdefault(way, {})
            shapes[shape] = shapes.get(shape, 0) + count
        elif len(some := shapeless.setdefault(way, [])) < _PATTERNS:
            some.append(trip)
    taken: dict[str, list[str]] = {}
    for (route, _), shapes in sorted(counts.items()):
        taken.setdefault(route, []).append(max(shapes, key=lambda shape: (shapes[shape], shape)))
    return taken, trips, {way: some for way, some in shapeless.items() if way not in counts}


def _ways(archive: zipfile.ZipFile, shapeless: Shapeless) -> dict[str, list[list[list[float]]]]:
    """From stop to stop, by line: the way of most of the trips that are looked at."""
    chosen = {trip for some in shapeless.values() for trip in some}
    calls: dict[str, list[tuple[int, str]]] = {}
    count = 0
    for trip, rank, stop in (
        _columns(archive, "stop_times.txt", "trip_id", "stop_sequence", "stop_id") if chosen else ()
    ):
        if trip in chosen and rank.isascii() and rank.isdigit() and len(rank) < 10:
            calls.setdefault(trip, []).append((int(rank), stop))
            count += 1
            if count > MOST_POINTS:
                raise unreadable(_TOO_MANY, limit=MOST_POINTS, name="stop_times.txt")
    if not calls:
        return {}
    places = {
        row.get("stop_id", ""): pair
        for row in _table(archive, "stops.txt")
        if (pair := _pair(row.get("stop_lon", ""), row.get("stop_lat", "")))
    }
    ways: dict[str, list[list[list[float]]]] = {}
    for (route, _), some in sorted(shapeless.items()):
        patterns = [tuple(stop for _, stop in sorted(calls[trip])) for trip in some if trip in calls]
        if patterns:
            pattern = max(patterns, key=lambda stops: (patterns.count(stops), len(stops), stops))
            line = [places[stop] for stop in pattern if stop in places]
            if len(line) > 1:
                ways.setdefault(route, []).append(line)
    return ways


def _lines(archive: zipfile.ZipFile, shapes: set[str]) -> dict[str, list[list[float]]]:
    """The points of these shapes in their order."""
    flat: dict[str, array[float]] = {}
    count = 0
    columns = ("shape_id", "shape_pt_sequence", "shape_pt_lon", "shape_pt_lat")
    for shape, rank, x, y in _columns(archive, "shapes.txt", *columns) if shapes else ():
        if shape in shapes and (pair := _pair(x, y)) and rank.isascii() and rank.isdigit() and len(rank) < 10:
            flat.setdefault(shape, array("d")).extend((int(rank), *pair))
            count += 1
            if count > MOST_POINTS:
                raise unreadable(_TOO_MANY, limit=MOST_POINTS, name="shapes.txt")
    return {shape: _ordered(line) for shape, line in flat.items()}


def _ordered(line: array[float]) -> list[list[float]]:
    triples = sorted(zip(line[::3], line[1::3], line[2::3], strict=True))
    return [[x, y] for _, x, y in triples]


def _pair(longitude: str, latitude: str) -> list[float] | None:
    try:
        x, y = float(longitude), float(latitude)
    except ValueError:
        return None
    return [x, y] if -180 <= x <= 180 and -90 <= y <= 90 and (x or y) else None


DIALECT = Gtfs()
ROWS = GtfsRows()
