"""Files of OpenStreetMap read: PBF, XML and changes by libosmium, answers of Overpass as JSON. Only ever called in a confined child.

What a theme wants of a territory is written as CSV, one line an object: who imports it needs to know nothing of these files.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

import osmium
import shapely

from parvis.core.osm.errors import ChangeWithoutBase, ExtractTooLarge, NothingInExtract, UnreadableExtract
from parvis.core.osm.model import address_of, key_of
from parvis.core.progress import Progress, no_progress
from parvis.core.text import seen_text
from parvis.core.translation import Sentence

MOST_OBJECTS = 500_000
MOST_JSON = 100_000_000
"""Bytes of an answer of Overpass, which is read whole: larger ones are asked as PBF from elsewhere."""
MOST_TAGS = 200
MOST_MEMBERS = 2_000_000
COLUMNS = ("osm_id", "nom", "position", "etiquettes", "version", "modifie_le")
"""What is written of each object; ``position`` is « latitude, longitude », ``etiquettes`` a JSON object."""
_EVERY = 50_000
type _Box = tuple[float, float, float, float]
_FORMATS = {"pbf": "pbf", "xml": "osm", "change": "osc"}


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted: objects with ``tags`` (several values separated by ``|``, ``*`` for any) within ``area``, GeoJSON or nothing."""

    tags: Mapping[str, str]
    area: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done: objects written, those left out by their place, those without any place, the latest change seen."""

    objects: int
    elsewhere: int
    unplaced: int
    latest: str
    is_change: bool


@dataclass(frozen=True, slots=True)
class Feature:
    """An object of the theme. ``version`` is 0 when its tags are not all it has: it is not to be written again from them."""

    key: str
    longitude: float
    latitude: float
    tags: Mapping[str, str]
    version: int
    modified: str


@dataclass(frozen=True, slots=True)
class _Change:
    """What a file says of an object: ``feature`` is None when it is gone, or no longer of the theme."""

    key: str
    version: int
    feature: Feature | None
    is_placed: bool = True


def extract(
    source: Path,
    target: Path,
    selection: Selection,
    name: str,
    base: Path | None = None,
    progress: Progress = no_progress,
) -> Summary:
    """Write to ``target`` what ``source`` has of a theme; of a file of changes, what ``base`` (written before) becomes by it.

    ``name`` is what people call the file. Raises UnreadableExtract, ExtractTooLarge, NothingInExtract, ChangeWithoutBase.
    """
    form = form_of(source)
    if form == "":
        raise UnreadableExtract(file=name)
    if form == "change" and base is None:
        raise ChangeWithoutBase(file=name)
    changes = _from_json(source, selection, name) if form == "json" else _from_osmium(source, form, selection, progress)
    rows: dict[str, Feature] = {}
    if form == "change" and base is not None:
        rows = {feature.key: feature for feature in read_csv(base)}
    try:
        elsewhere, unplaced = _apply(changes, rows, _area(selection.area), name)
    except (RuntimeError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableExtract(file=name) from error
    if not rows:
        raise NothingInExtract(file=name)
    write_csv(target, (rows[key] for key in sorted(rows, key=lambda key: (key[0], int(key[1:])))))
    latest = max((feature.modified for feature in rows.values()), default="")
    return Summary(len(rows), elsewhere, unplaced, latest, form == "change")


def _apply(
    changes: Iterable[_Change], rows: dict[str, Feature], area: shapely.Geometry | None, name: str
) -> tuple[int, int]:
    """Make of ``rows`` what the file says; how many objects are elsewhere, and how many have no place."""
    elsewhere = unplaced = 0
    for change in changes:
        former, feature = rows.get(change.key), change.feature
        if former is not None and former.version > change.version:
            continue
        if feature is None:
            rows.pop(change.key, None)
            continue
        if not change.is_placed:
            if former is None:
                unplaced += 1
                continue
            # A way whose nodes did not change with it: it is where it was.
            feature = replace(feature, longitude=former.longitude, latitude=former.latitude)
        if area is not None and not shapely.contains_xy(area, feature.longitude, feature.latitude):
            rows.pop(change.key, None)
            elsewhere += 1
            continue
        rows[change.key] = feature
        if len(rows) > MOST_OBJECTS:
            raise ExtractTooLarge(file=name, limit=Sentence("500 000 objets"))
    return elsewhere, unplaced


def form_of(path: Path) -> str:
    """``pbf``, ``xml``, ``change``, ``json`` by its first bytes, whatever its name; empty for anything else."""
    with path.open("rb") as stream:
        head = stream.read(4_096)
    try:
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                head = packed.read(4_096)
        elif head.startswith(b"BZh"):
            with bz2.open(path) as packed:
                head = packed.read(4_096)
        elif b"OSMHeader" in head[:64]:
            return "pbf"
    except (OSError, EOFError):
        return ""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"{"):
        return "json"
    if text.startswith(b"<"):
        return "change" if b"<osmChange" in text else "xml" if b"<osm" in text else ""
    return ""


def _ending(path: Path, form: str) -> str:
    """The name that libosmium has for the form, packed as the file is."""
    with path.open("rb") as stream:
        head = stream.read(3)
    packing = ".gz" if head.startswith(b"\x1f\x8b") else ".bz2" if head == b"BZh" else ""
    return f"{_FORMATS[form]}{packing}"


def _from_osmium(source: Path, form: str, selection: Selection, progress: Progress) -> Iterator[_Change]:
    """The objects of a file; relations are placed by their members, which are read first.

    libosmium's own filters keep what is not of the theme out of Python: a region has tens of millions of nodes.
    """
    file = osmium.io.File(str(source), _ending(source, form))
    boxes = {} if form == "change" else _boxes_of_members(file, selection)
    processor = osmium.FileProcessor(file).with_locations()
    if form != "change":  # what a change removes has no tags
        processor = processor.with_filter(osmium.filter.KeyFilter(next(iter(selection.tags))))
    things: Iterable[Any] = processor  # the class says that it gives changesets too
    for number, thing in enumerate(things):
        if number % _EVERY == 0:
            progress("read", number)
        fits = not thing.deleted and _fits(thing.tags, selection.tags)
        if fits or form == "change":
            yield _change(thing, _box(thing, boxes) if fits else None, fits=fits)


def _boxes_of_members(file: osmium.io.File, selection: Selection) -> dict[tuple[str, int], _Box | None]:
    """Where the nodes and ways are that the relations of the theme are made of."""
    boxes: dict[tuple[str, int], _Box | None] = {}
    key = osmium.filter.KeyFilter(next(iter(selection.tags)))
    relations: Iterable[Any] = osmium.FileProcessor(file, osmium.osm.RELATION).with_filter(key)
    for relation in relations:
        if _fits(relation.tags, selection.tags):
            boxes.update(((member.type, member.ref), None) for member in relation.members)
        if len(boxes) > MOST_MEMBERS:
            raise ValueError("too many members")
    if boxes:
        members = osmium.filter.IdFilter({number for _letter, number in boxes})
        for thing in osmium.FileProcessor(file).with_locations().with_filter(members):
            if (thing.type_str(), thing.id) in boxes:
                boxes[thing.type_str(), thing.id] = _box(thing, {})
    return boxes


def _change(thing: Any, box: _Box | None, *, fits: bool) -> _Change:
    key = f"{thing.type_str()}{thing.id}"
    if not fits:
        return _Change(key, thing.version, None)
    west, south, east, north = box or (0.0, 0.0, 0.0, 0.0)
    tags, version = _clean(((tag.k, tag.v) for tag in thing.tags), thing.version)
    moment = thing.timestamp.astimezone(UTC)
    modified = moment.isoformat(timespec="seconds") if moment.year > 2003 else ""
    feature = Feature(key, (west + east) / 2, (south + north) / 2, tags, version, modified)
    return _Change(key, thing.version, feature, is_placed=box is not None)


def _fits(tags: Any, expected: Mapping[str, str]) -> bool:
    for key, values in expected.items():
        value = tags.get(key)
        if value is None or (values != "*" and value not in values.split("|")):
            return False
    return True


def _box(thing: Any, boxes: Mapping[tuple[str, int], _Box | None]) -> _Box | None:
    """The box around an object in degrees; None when none of its places is in the file."""
    if thing.is_node():
        places = [(thing.location.lon, thing.location.lat)] * 2 if thing.location.valid() else []
    elif thing.is_way():
        places = [(node.lon, node.lat) for node in thing.nodes if node.location.valid()]
    else:
        corners = [boxes.get((member.type, member.ref)) for member in thing.members]
        places = [place for box in corners if box is not None for place in (box[:2], box[2:])]
    if not places:
        return None
    longitudes, latitudes = zip(*places, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _from_json(source: Path, selection: Selection, name: str) -> Iterator[_Change]:
    """The elements of an answer of Overpass: ways and relations have a ``center``, ``bounds`` or ``geometry``."""
    opened = gzip.open if source.read_bytes()[:2] == b"\x1f\x8b" else open
    with opened(source, "rb") as stream:
        body = stream.read(MOST_JSON + 1)
    if len(body) > MOST_JSON:
        raise ExtractTooLarge(file=name, limit=Sentence("100 Mo de JSON"))
    answer = json.loads(body)
    elements = answer["elements"]
    if not isinstance(elements, list):
        raise TypeError("no elements")
    for element in elements:
        key = key_of(f"{element['type']}/{element['id']}")
        tags = element.get("tags") or {}
        if key and isinstance(tags, dict) and _fits(tags, selection.tags):
            place = _place_of(element)
            longitude, latitude = place or (0.0, 0.0)
            version = int(element.get("version") or 0)
            clean, whole = _clean(tags.items(), version)
            modified = str(element.get("timestamp") or "")[:25]
            feature = Feature(key, longitude, latitude, clean, whole, modified)
            yield _Change(key, version, feature, is_placed=place is not None)


def _place_of(element: Mapping[str, Any]) -> tuple[float, float] | None:
    point = element if "lat" in element else element.get("center")
    if point:
        place = float(point["lon"]), float(point["lat"])
    elif (bounds := element.get("bounds")) is not None:
        place = (bounds["minlon"] + bounds["maxlon"]) / 2, (bounds["minlat"] + bounds["maxlat"]) / 2
    else:
        return None
    return place if -180 <= place[0] <= 180 and -90 <= place[1] <= 90 else None


def _clean(tags: Iterable[tuple[Any, Any]], version: int) -> tuple[dict[str, str], int]:
    """The tags as they may be shown, and the version of the object: 0 when they are not all it has, to the letter.

    Nobody may then write the object again from them: what was left out would be lost.
    """
    rows = sorted((str(key), str(value)) for key, value in tags)
    clean = {seen_text(key)[:255]: seen_text(value)[:255] for key, value in rows[:MOST_TAGS]}
    return clean, version if clean == dict(rows) else 0


def _area(text: str) -> shapely.Geometry | None:
    if not text:
        return None
    area = shapely.make_valid(shapely.from_geojson(text))
    shapely.prepare(area)
    return area


def write_csv(target: Path, features: Iterable[Feature]) -> None:
    """The file that is imported."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for feature in features:
            facts = asdict(feature)
            writer.writerow(
                [
                    address_of(feature.key),
                    feature.tags.get("name", ""),
                    f"{feature.latitude:.7f}, {feature.longitude:.7f}",
                    json.dumps(facts["tags"], ensure_ascii=False, sort_keys=True),
                    feature.version,
                    feature.modified,
                ]
            )


def read_csv(path: Path) -> Iterator[Feature]:
    """What ``write_csv`` wrote."""
    csv.field_size_limit(1_000_000)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            latitude, longitude = row["position"].split(",")
            yield Feature(
                key_of(row["osm_id"]),
                float(longitude),
                float(latitude),
                json.loads(row["etiquettes"]),
                int(row["version"] or 0),
                row["modifie_le"],
            )
