"""Files of OpenStreetMap read: PBF, XML and changes by libosmium, answers of Overpass as JSON. Only ever called in a confined child.

What a theme wants of a territory is written as CSV, one line an object: who imports it needs to know nothing of these files.
"""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

import osmium
import shapely

from parvis.core.osm.errors import (
    ChangeWithoutBase,
    ExtractTooLarge,
    NothingInExtract,
    PartialAnswer,
    UnreadableExtract,
)
from parvis.core.osm.features import Change, Feature, box_around, clean, fits, placed, read_csv, write_csv
from parvis.core.osm.model import Box
from parvis.core.osm.overpass import changes_of_answer
from parvis.core.progress import Progress, no_progress
from parvis.core.translation import Sentence

MOST_OBJECTS = 500_000
MOST_MEMBERS = 2_000_000
_EVERY, _TAIL = 50_000, 2_000
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
    if form == "xml" and _is_partial(source):
        raise PartialAnswer(file=name)
    if form == "change" and base is None:
        raise ChangeWithoutBase(file=name)
    changes = (
        changes_of_answer(source, selection.tags, name)
        if form == "json"
        else _from_osmium(source, form, selection, progress)
    )
    rows: dict[str, Feature] = {}
    if form == "change" and base is not None:
        rows = {feature.key: feature for feature in read_csv(base)}
    try:
        elsewhere, unplaced = _apply(changes, rows, _area(selection.area), name)
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise UnreadableExtract(file=name) from error
    if not rows:
        raise NothingInExtract(file=name)
    write_csv(target, (rows[key] for key in sorted(rows, key=lambda key: (key[0], int(key[1:])))))
    latest = max((feature.modified for feature in rows.values()), default="")
    return Summary(len(rows), elsewhere, unplaced, latest, form == "change")


def _apply(
    changes: Iterable[Change], rows: dict[str, Feature], area: shapely.Geometry | None, name: str
) -> tuple[int, int]:
    """Make of ``rows`` what the file says; how many objects are elsewhere, and how many have no place."""
    elsewhere = unplaced = 0
    for change in changes:
        former, feature = rows.get(change.key), change.feature
        if former is not None and former.version > change.version > 0:  # 0: a file that tells no versions
            continue
        if feature is None:
            rows.pop(change.key, None)
            continue
        if former is not None and not change.is_whole:
            # A way whose nodes did not all change with it: it is where it was.
            feature = replace(feature, longitude=former.longitude, latitude=former.latitude, box=former.box)
        elif not change.is_placed:
            unplaced += 1
            continue
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


def _is_partial(path: Path) -> bool:
    """Whether Overpass says in its last lines of XML that it stopped half-way."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL))
        _before, mark, remark = stream.read().partition(b"<remark>")
    return bool(mark) and b"error" in remark.partition(b"</remark>")[0].lower()


def _ending(path: Path, form: str) -> str:
    """The name that libosmium has for the form, packed as the file is."""
    with path.open("rb") as stream:
        head = stream.read(3)
    packing = ".gz" if head.startswith(b"\x1f\x8b") else ".bz2" if head == b"BZh" else ""
    return f"{_FORMATS[form]}{packing}"


def _from_osmium(source: Path, form: str, selection: Selection, progress: Progress) -> Iterator[Change]:
    """The objects of a file; relations are placed by their members, which are read first.

    libosmium's own filters keep what is not of the theme out of Python: a region has tens of millions of nodes.
    """
    file = osmium.io.File(str(source), _ending(source, form))
    locations = _locations(file) if form != "pbf" else "flex_mem"
    boxes = {} if form == "change" else _boxes_of_members(file, locations, selection)
    processor = osmium.FileProcessor(file).with_locations(locations)
    if form != "change":  # what a change removes has no tags
        processor = processor.with_filter(osmium.filter.KeyFilter(next(iter(selection.tags))))
    things: Iterable[Any] = processor  # the class says that it gives changesets too
    for number, thing in enumerate(things):
        if number % _EVERY == 0:
            progress("read", number)
        if thing.id < 1:  # drawn in an editor, never sent
            continue
        is_wanted = not thing.deleted and fits(thing.tags, selection.tags)
        if is_wanted:
            yield _change(thing, _box(thing, boxes))
        elif form == "change":
            yield Change(f"{thing.type_str()}{thing.id}", thing.version, None)


def _locations(file: osmium.io.File) -> Any:
    """Where the nodes of a text file are: Overpass and editors write them after what is made of them."""
    table = osmium.index.create_map("sparse_mem_map")
    nodes: Iterable[Any] = osmium.FileProcessor(file, osmium.osm.NODE)
    for node in nodes:
        if node.id > 0 and node.location.valid():
            table.set(node.id, node.location)
    return table


def _boxes_of_members(file: osmium.io.File, locations: Any, selection: Selection) -> dict[tuple[str, int], Box | None]:
    """Where the nodes and ways are that the relations of the theme are made of."""
    boxes: dict[tuple[str, int], Box | None] = {}
    key = osmium.filter.KeyFilter(next(iter(selection.tags)))
    relations: Iterable[Any] = osmium.FileProcessor(file, osmium.osm.RELATION).with_filter(key)
    for relation in relations:
        if fits(relation.tags, selection.tags):
            boxes.update(((member.type, member.ref), None) for member in relation.members)
        if len(boxes) > MOST_MEMBERS:
            raise ValueError("too many members")
    if boxes:
        members = osmium.filter.IdFilter({number for _letter, number in boxes})
        for thing in osmium.FileProcessor(file).with_locations(locations).with_filter(members):
            if (thing.type_str(), thing.id) in boxes:
                boxes[thing.type_str(), thing.id] = _box(thing, {})
    return boxes


def _change(thing: Any, box: Box | None) -> Change:
    key = f"{thing.type_str()}{thing.id}"
    corners = [box[:2], box[2:]] if box is not None else []
    tags, version = clean(((tag.k, tag.v) for tag in thing.tags), thing.version)
    moment = thing.timestamp.astimezone(UTC)
    modified = moment.isoformat(timespec="seconds") if moment.year > 2003 else ""
    feature = placed(key, corners, tags, version, modified)
    is_whole = box is not None and not (thing.is_way() and any(not node.location.valid() for node in thing.nodes))
    return Change(key, thing.version, feature, is_placed=box is not None, is_whole=is_whole)


def _box(thing: Any, boxes: Mapping[tuple[str, int], Box | None]) -> Box | None:
    """The box around an object in degrees; None when none of its places is in the file."""
    if thing.is_node():
        places = [(thing.location.lon, thing.location.lat)] * 2 if thing.location.valid() else []
    elif thing.is_way():
        places = [(node.lon, node.lat) for node in thing.nodes if node.location.valid()]
    else:
        corners = [boxes.get((member.type, member.ref)) for member in thing.members]
        places = [place for box in corners if box is not None for place in (box[:2], box[2:])]
    return box_around(places)


def _area(text: str) -> shapely.Geometry | None:
    if not text:
        return None
    area = shapely.make_valid(shapely.from_geojson(text))
    shapely.prepare(area)
    return area
