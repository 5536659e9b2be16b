"""What a map draws of an OpenStreetMap extract, written as lines of GeoJSON by layer. Only ever called in a confined child."""

from __future__ import annotations

import contextlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path
from typing import Any, TextIO

import osmium
import shapely
from osmium.geom import GeoJSONFactory

from parvis.core.basemap import coast, themes
from parvis.core.basemap.coverage import FINE_ZOOM, Rings, covered, covered_widely
from parvis.core.basemap.errors import BrokenExtract, DiskIsFull, EmptyExtract, NotAnExtract
from parvis.core.basemap.shipped import ShippedLand
from parvis.core.basemap.themes import Drawn
from parvis.core.osm.extracts import form_of
from parvis.core.progress import Progress, no_progress

_EVERY, _BATCH = 20_000, 5_000
_LONGEST_NAME = 120
_TAG_FILTER = osmium.filter.KeyFilter(*themes.KEYS)
_NO_SHAPE = (RuntimeError, osmium.InvalidLocationError)
"""What libosmium raises of a way whose places lack, or that has one place alone."""
_NAMED_AREAS = {"lake": ("waters", 3), "island": ("places", 2), "islet": ("places", 2)}
"""Where the names of areas go, and how many zooms after the area itself: there is room for them then."""
_SEEN_PIXELS = 3.0
"""An area begins at the zoom where its side is so many pixels of a tile of 512."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: features by layer, the box around them, the covered ground as rings of longitude and latitude, and the same in
    larger squares."""

    features: dict[str, int]
    box: tuple[float, float, float, float]
    coverage: Rings
    wide_coverage: Rings
    date: str


def write_features(
    source: Path, folder: Path, name: str, progress: Progress = no_progress, ground: Path | None = None
) -> Summary:
    """Write ``folder``/``layer``.geojsonl for each layer of the tiles, of what the extract ``source`` holds.

    Where nodes are is kept in a file that the system pages in and out: memory does not grow with the extract. ``name`` is what
    people call the file, ``ground`` the file of the ground that ships. Raises NotAnExtract, BrokenExtract, EmptyExtract.
    """
    if form_of(source) != "pbf":
        raise NotAnExtract(file=name)
    locations = folder / "locations"
    try:
        with ExitStack() as stack:
            writer = _Writer(folder, stack)
            file = osmium.io.File(str(source), "pbf")
            date = _date_of(file)
            _read(file, source, locations, writer, progress)
            writer.close_coast(ShippedLand(ground))
    except (RuntimeError, ValueError, ArithmeticError) as error:
        raise BrokenExtract(file=name) from error
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskIsFull from error
        raise
    finally:
        locations.unlink(missing_ok=True)
    if not writer.cells:
        raise EmptyExtract(file=name)
    # Coasts are no sign of what is covered: extracts hold them whole, far into what is around.
    areas = covered(writer.cells), covered_widely(writer.cells)
    return Summary(dict(writer.counts), writer.box(), *areas, date)


def _date_of(file: osmium.io.File) -> str:
    """The moment of OpenStreetMap that the extract shows, when it says so."""
    with osmium.io.Reader(file, osmium.osm.NOTHING) as reader:
        return str(reader.header().get("osmosis_replication_timestamp", ""))[:25]


def _read(file: osmium.io.File, source: Path, locations: Path, writer: _Writer, progress: Progress) -> None:
    processor = (
        osmium.FileProcessor(file)
        .with_locations(f"sparse_file_array,{locations}")
        .with_areas(_TAG_FILTER, writer.borders)
        .with_filter(_TAG_FILTER)
        .handler_for_filtered(_Untagged(writer))
    )
    size = source.stat().st_size
    things: Iterable[Any] = processor
    for number, thing in enumerate(things):
        if number % _EVERY == 0:
            progress("read", _position(source), size)
        if thing.is_node():
            writer.node(thing)
        elif thing.is_way():
            writer.way(thing)
        elif thing.is_area():
            writer.area(thing)
    writer.flush()


def _position(source: Path) -> int:
    """How far libosmium has read the file, as the system says it: it has no word of it itself."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for descriptor in Path("/proc/self/fd").iterdir():
            if descriptor.exists() and descriptor.readlink() == source:
                facts = Path("/proc/self/fdinfo") / descriptor.name
                return int(facts.read_text(encoding="ascii").split()[1])
    return 0


class _Borders:
    """The ways of administrative borders: many bear no tag, and are borders by the relations that hold them."""

    def __init__(self) -> None:
        self._levels: dict[int, int] = {}

    def relation(self, relation: Any) -> bool:
        """Take the ways of a border; True keeps it from being assembled as an area, which nobody draws."""
        tags = relation.tags
        if tags.get("boundary") != "administrative" or tags.get("place") in themes.ISLANDS:
            return False
        if tags.get("admin_level") in themes.ADMIN_LEVELS:
            level = int(tags["admin_level"])
            for member in relation.members:
                if member.type == "w":
                    self._levels[member.ref] = min(level, self._levels.get(member.ref, level))
        return True

    def level(self, way: Any) -> str:
        """The level of the largest territory that a way closes, by its relations and its own tags; empty when it closes none."""
        tags = way.tags
        levels = [self._levels[way.id]] if way.id in self._levels else []
        if tags.get("boundary") == "administrative" and tags.get("admin_level") in themes.ADMIN_LEVELS:
            levels.append(int(tags["admin_level"]))
        # A border in the sea is a limit of waters, nobody looks for it on a map of streets; one along the coast is the coast.
        if not levels or tags.get("maritime") == "yes" or tags.get("natural") == "coastline":
            return ""
        return str(min(levels))


class _Untagged:
    """Takes the ways that are nothing by themselves."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer

    def way(self, way: Any) -> None:
        """A border, perhaps."""
        self._writer.border(way)


class _Writer:
    """One file a layer, and what is known of the whole once all is written."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._streams: dict[str, TextIO] = {
            layer: stack.enter_context((folder / f"{layer}.geojsonl").open("w", encoding="utf-8"))
            for layer in themes.LAYERS
        }
        self._shapes = GeoJSONFactory()
        self._areas: list[tuple[Drawn, dict[str, object], str]] = []
        self._coast: list[str] = []
        self._coastal: set[coast.Cell] = set()
        self.borders = _Borders()
        self.counts: Counter[str] = Counter()
        self.cells: set[coast.Cell] = set()

    # What is read

    def node(self, node: Any) -> None:
        """A place with a name, or a station."""
        tags, location = node.tags, node.location
        name = name_of(tags)
        if not name or not location.valid():
            return
        place, railway = tags.get("place", ""), tags.get("railway", "")
        if place in themes.PLACE_ZOOMS:
            people = _whole(tags.get("population", ""))
            self.cells.add(coast.cell_of(location.lon, location.lat, FINE_ZOOM))
            self._write_point("places", themes.PLACE_ZOOMS[place], (location.lon, location.lat), name, place, people)
        elif railway in themes.STATION_ZOOMS:
            kind = "subway" if tags.get("station") == "subway" or tags.get("subway") == "yes" else railway
            first = 14 if kind == "subway" else themes.STATION_ZOOMS[railway]
            self._write_point("stations", min(first, themes.MAX_ZOOM), (location.lon, location.lat), name, kind, 0)

    def way(self, way: Any) -> None:
        """A road, a railway, a river, a coast; any of them may be a border too."""
        tags = way.tags
        self.border(way)
        if tags.get("natural") == "coastline":
            self._line_of(way, self._coast.append)
            return
        drawn, properties = line_of(tags, closed=way.is_closed())
        if drawn is not None:
            self._line_of(way, lambda shape: self._write(drawn.layer, drawn.first, properties, shape))
            if drawn.layer == "roads":
                self._cover(way)

    def border(self, way: Any) -> None:
        """A border, when territories are parted by that way."""
        if level := self.borders.level(way):
            first, properties = themes.ADMIN_LEVELS[level], {"level": int(level)}
            self._line_of(way, lambda shape: self._write("boundaries", first, properties, shape))

    def area(self, area: Any) -> None:
        """A building, a lake, a wood."""
        tags = area.tags
        building = tags.get("building", "")
        if building and building not in themes.NO_BUILDING:
            drawn: Drawn | None = Drawn("buildings", "building", themes.MAX_ZOOM)
        elif tags.get("place") in themes.ISLANDS and name_of(tags):
            drawn = Drawn("places", tags["place"], themes.PLACE_ZOOMS[tags["place"]])
        else:
            drawn = area_of(tags)
        if drawn is None:
            return
        with contextlib.suppress(*_NO_SHAPE):  # a ring of too few places
            shape = self._shapes.create_multipolygon(area)
            if drawn.layer == "buildings":
                self._write(drawn.layer, drawn.first, {}, shape)
                return
            properties: dict[str, object] = {"kind": drawn.kind}
            if drawn.layer in ("water", "places") and (name := name_of(tags)):
                properties["name"] = name
            self._areas.append((drawn, properties, shape))
            if len(self._areas) >= _BATCH:
                self.flush()

    def flush(self) -> None:
        """Write the areas that wait: each from the zoom where it can be seen, lakes and islands with a point for their name."""
        shapes = shapely.from_geojson([shape for _drawn, _properties, shape in self._areas], on_invalid="ignore")
        sizes = shapely.area(shapes)
        for (drawn, properties, text), shape, size in zip(self._areas, shapes, sizes, strict=True):
            first = max(drawn.first, zoom_of_area(float(size)))
            if first > themes.MAX_ZOOM:
                continue
            name = properties.pop("name", None)
            if drawn.layer != "places":
                self._write(drawn.layer, first, properties, text)
            if isinstance(name, str) and drawn.kind in _NAMED_AREAS:
                point = shapely.point_on_surface(shape)
                layer, later = _NAMED_AREAS[drawn.kind]
                self._write_point(layer, min(first + later, themes.MAX_ZOOM), (point.x, point.y), name, drawn.kind, 0)
        self._areas.clear()

    def close_coast(self, shipped: ShippedLand) -> None:
        """Write the sea and the land of what coasts part."""
        shapes = shapely.from_geojson(self._coast, on_invalid="ignore")
        lines = [line for line in shapes if line is not None and not line.is_empty]
        for kind, shape in coast.sea_and_land(lines, self._wide_cells(), shipped):
            layer = "water" if kind == "sea" else "land"
            self._write(layer, themes.MIN_ZOOM, {"kind": kind}, shapely.to_geojson(shape))
        self._coastal = coast.coastal_cells(lines)

    # What is known of the whole

    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of what is drawn."""
        west, south, east, north = coast.ground(self._wide_cells() | self._coastal).bounds
        return west, south, east, north

    def _wide_cells(self) -> set[coast.Cell]:
        return coast.wider(self.cells, FINE_ZOOM - coast.CELL_ZOOM)

    def _cover(self, way: Any) -> None:
        ends = (way.nodes[0].location, way.nodes[-1].location) if len(way.nodes) else ()
        self.cells |= {coast.cell_of(place.lon, place.lat, FINE_ZOOM) for place in ends if place.valid()}

    # Writing

    def _line_of(self, way: Any, take: Callable[[str], object]) -> None:
        try:
            take(self._shapes.create_linestring(way))
        except _NO_SHAPE:
            for shape in _stretches(way):
                take(shape)

    def _write_point(
        self, layer: str, first: int, place: tuple[float, float], name: str, kind: str, people: int
    ) -> None:
        properties: dict[str, object] = {"name": name, "kind": kind}
        if people:
            properties["people"] = people
        shape = f'{{"type":"Point","coordinates":[{place[0]:.6f},{place[1]:.6f}]}}'
        self._write(layer, first, properties, shape)

    def _write(self, layer: str, first: int, properties: Mapping[str, object], shape: str) -> None:
        self.counts[layer] += 1
        words = json.dumps(properties, ensure_ascii=False)
        self._streams[layer].write(
            f'{{"type":"Feature","tippecanoe":{{"minzoom":{first}}},"properties":{words},"geometry":{shape}}}\n'
        )


def _stretches(way: Any) -> Iterator[str]:
    """What a way is where the extract has its places: it may leave out those beyond its edge."""
    stretch: list[tuple[float, float]] = []
    for node in (*way.nodes, None):
        if node is not None and node.location.valid():
            place = (node.location.lon, node.location.lat)
            if not stretch or place != stretch[-1]:
                stretch.append(place)
            continue
        if len(stretch) > 1:
            yield json.dumps({"type": "LineString", "coordinates": stretch})
        stretch = []


def name_of(tags: Any) -> str:
    """The French name, else the name of the place itself, printable and not too long."""
    text = tags.get("name:fr") or tags.get("name") or ""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:_LONGEST_NAME]


def line_of(tags: Any, *, closed: bool) -> tuple[Drawn | None, dict[str, object]]:
    """How a way is drawn as a line, and the values that its tiles carry."""
    for key in ("highway", "railway", "waterway"):
        value = tags.get(key)
        drawn = themes.LINE_TAGS.get((key, value)) if value else None
        if drawn is None or (closed and tags.get("area") == "yes"):
            continue
        properties: dict[str, object] = {"kind": drawn.kind}
        first = drawn.first
        if drawn.layer == "rails" and tags.get("service") in themes.SIDINGS:
            first, properties["kind"] = 13, "siding"
        if drawn.layer == "waterways" and not tags.get("name") and drawn.kind == "stream":
            first = 13
        if tags.get("tunnel") in themes.UNDERGROUND:
            properties["tunnel"] = True
        if name := name_of(tags):
            properties["name"] = name
        if drawn.layer == "roads" and (number := tags.get("ref")) and drawn.kind in ("motorway", "trunk", "primary"):
            properties["ref"] = number.partition(";")[0][:12]
        return Drawn(drawn.layer, drawn.kind, first), properties
    return None, {}


def area_of(tags: Any) -> Drawn | None:
    """How an area is drawn, by the first of its tags that is drawn at all."""
    for tag in tags:
        drawn = themes.AREA_TAGS.get((tag.k, tag.v))
        if drawn is None or (tag.k == "highway" and tags.get("area") != "yes"):
            continue
        if drawn.kind == "lake" and tags.get("water") in ("river", "canal", "stream"):
            return Drawn("water", "river", 6)
        return drawn
    return None


def zoom_of_area(square_degrees: float) -> int:
    """The zoom from which an area of that size is more than a speck."""
    if square_degrees <= 0:
        return themes.MAX_ZOOM + 1
    pixels_at_zero = math.sqrt(square_degrees) * 512 / 360
    return min(max(math.ceil(math.log2(_SEEN_PIXELS / pixels_at_zero)), 0), themes.MAX_ZOOM)


def _whole(text: str) -> int:
    digits = text.replace(" ", "").replace("\u202f", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def layers_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """The layers that have features, with their files."""
    for layer in themes.LAYERS:
        path = folder / f"{layer}.geojsonl"
        if path.exists() and path.stat().st_size:
            yield layer, path
