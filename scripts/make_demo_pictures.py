"""Draw the pictures of the demonstration from its own data: ``python scripts/make_demo_pictures.py``.

No photograph of these places was found under a licence that its source states; these pictures are ours, made of contours, trees,
trains and charging points that the pack holds, and may be used as freely as Parvis itself. Each is written as WebP, at most
100 kB, once: they are committed, and this script says how they came to be.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import random
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry
import shapely.prepared
import vl_convert
from PIL import Image

from parvis.packs import bundled_files

DEMO = Path(bundled_files.__file__).parent / "demo"
WIDTH, HEIGHT = 1600, 900
MOST_BYTES = 95_000
TURN, FLAT = math.radians(-24), 0.58
"""How the ground is turned, and how flat it is seen."""

PER_LIGHT = 240
"""Inhabitants for whom one light is drawn."""
INK, STONE, JOINT, PAPER, ACCENT = "#1d2433", "#f6f3ed", "#ded8cc", "#ffffff", "#0b5a60"
TEALS = ("#d9e7e5", "#b5d3d2", "#82b4b4", "#4d9294", "#23747a", "#0b5a60")
WARM = ("#f3e2d3", "#ecc9ac", "#e0a67c", "#d0825a", "#b9603c", "#8f4426")

GREENS = ("#2f6b3a", "#6f9a4b", "#0b5a60", "#a3b35c", "#4d7c33", "#c2a243", "#3f8560", "#8a6f4d")

type Point = tuple[float, float]


def main() -> None:
    """Draw all of them, or those that are named."""
    folder = DEMO / "pictures"
    folder.mkdir(exist_ok=True)
    population = _populations()
    town = list(population)
    drawings = {
        "grand-paris-sud": _stones(town, {code: population[code] for code in town}, TEALS, 0.11),
        "soir": _evening(town, population),
        "fibre": _stones(town, _connected(town), WARM, 0.10),
        "evry-courcouronnes": _amid("91228"),
        "lieusaint": _amid("77251"),
        "grigny": _amid("91286"),
        "issy-les-moulineaux": _amid("92040"),
        "trains": _trains(),
        "bornes": _night(),
        "arbres": _garden(),
        "velos": _hoops(),
    }
    for name, shapes in drawings.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        _write(folder / f"{name}.webp", shapes)


def _write(path: Path, shapes: Iterable[str]) -> None:
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{''.join(shapes)}</svg>"
    )
    picture = Image.open(io.BytesIO(vl_convert.svg_to_png(drawing, scale=1))).convert("RGB")
    for quality in range(86, 20, -6):
        picture.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= MOST_BYTES:
            break


def _rows(file: str, **reading: Any) -> Iterator[dict[str, str]]:
    with (DEMO / "files" / file).open(encoding=reading.pop("encoding", "utf-8-sig"), newline="") as stream:
        yield from csv.DictReader(stream, **reading)


def _populations() -> dict[str, int]:
    """The last one of each commune of the agglomeration."""
    latest: dict[str, tuple[str, int]] = {}
    for row in _rows("historique-des-populations-legales-2.csv"):
        code, year = row["Code INSEE"], row["Année"]
        if row["Population municipale"].isdigit() and year > latest.get(code, ("", 0))[0]:
            latest[code] = year, int(row["Population municipale"])
    contours = bundled_files.contours()
    return {code: count for code, (_year, count) in latest.items() if ("commune", code) in contours}


def _connected(town: Sequence[str]) -> dict[str, int]:
    """Premises that fibre reaches, by commune."""
    with (DEMO / "files" / "arcep_ftth_communes_2018T1.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    counts = dict.fromkeys(town, 0)
    for row in rows:
        if row[0] in counts and row[-1].isdigit():
            counts[row[0]] = int(row[-1])
    return counts


def _shape(code: str) -> Any:
    return shapely.geometry.shape(bundled_files.contours()["commune", code])


class _View:
    """The ground seen from above and aside: degrees become pixels of the picture."""

    def __init__(
        self,
        shapes: Sequence[Any],
        *,
        turn: float = TURN,
        flat: float = FLAT,
        share: float = 0.86,
        shift: Point = (0, 0),
    ) -> None:
        west, south, east, north = shapely.union_all(list(shapes)).bounds
        self._x, self._y = (west + east) / 2, (south + north) / 2
        self._narrow, self._turn, self._flat = math.cos(math.radians(self._y)), turn, flat
        self.scale, self._left, self._top = 1.0, 0.0, 0.0
        places = [self.at(*place) for shape in shapes for part in _rings(shape) for place in part]
        xs, ys = [place[0] for place in places], [place[1] for place in places]
        self.scale = min(WIDTH * share / (max(xs) - min(xs)), HEIGHT * share / (max(ys) - min(ys)))
        self._left = WIDTH * (0.5 + shift[0]) - (max(xs) + min(xs)) / 2 * self.scale
        self._top = HEIGHT * (0.5 + shift[1]) - (max(ys) + min(ys)) / 2 * self.scale

    def at(self, longitude: float, latitude: float, *_height: float) -> Point:
        """A place of the ground."""
        x, y = (longitude - self._x) * self._narrow, self._y - latitude
        x, y = x * math.cos(self._turn) - y * math.sin(self._turn), x * math.sin(self._turn) + y * math.cos(self._turn)
        return x * self.scale + self._left, y * self._flat * self.scale + self._top


def _rings(shape: Any) -> Iterator[list[Any]]:
    for polygon in getattr(shape, "geoms", [shape]):
        yield list(polygon.exterior.coords)


def _path(points: Sequence[Point], up: float = 0.0) -> str:
    return "M" + "L".join(f"{x:.1f} {y - up:.1f}" for x, y in points) + "Z"


def _ground() -> str:
    return (
        '<linearGradient id="sol" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#efe9dd"/>'
        '<stop offset="1" stop-color="#dcd3c2"/></linearGradient>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sol)"/>'
    )


def _mixed(colour: str, other: str, share: float) -> str:
    first, second = (tuple(int(text[at : at + 2], 16) for at in (1, 3, 5)) for text in (colour, other))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(first, second, strict=True))


def _raised(points: Sequence[Point], up: float, top: str) -> Iterator[str]:
    """A stone: its shadow, its sides lit from the left, its top."""
    shadow = [(x + up * 0.55, y + up * 0.12) for x, y in points]
    yield f'<path d="{_path(shadow)}" fill="{INK}" fill-opacity=".16"/>'
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        if bx < ax:  # seen from the south, with rings that turn as they do in contours
            light = min(max((by - ay) / (math.hypot(bx - ax, by - ay) or 1) * 0.5 + 0.5, 0), 1)
            colour = _mixed(_mixed(top, INK, 0.45), top, light * 0.7)
            side = f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}L{bx:.1f} {by - up:.1f}L{ax:.1f} {ay - up:.1f}Z"
            yield f'<path d="{side}" fill="{colour}" stroke="{colour}" stroke-width=".6"/>'
    yield f'<path d="{_path(points, up)}" fill="{top}" stroke="{PAPER}" stroke-width="2" stroke-linejoin="round"/>'


def _oriented(view: _View, shape: Any) -> Iterator[list[Point]]:
    """The rings of a contour on the picture, all turning the same way, without details that it cannot show."""
    for ring in _rings(shape):
        points = [view.at(*place) for place in ring]
        drawn = shapely.simplify(shapely.geometry.Polygon(points), 1.2)
        yield list(shapely.geometry.polygon.orient(drawn, sign=1.0).exterior.coords)


def _stones(town: Sequence[str], figures: dict[str, int], colours: Sequence[str], tallest: float) -> Iterator[str]:
    """Communes as paving stones, as high as a figure of theirs."""
    shapes = {code: _shape(code) for code in town}
    view, most = _View(list(shapes.values()), share=0.8), max(figures.values())
    yield _ground()
    for code in sorted(town, key=lambda code: view.at(*shapes[code].centroid.coords[0])[1]):
        share = figures[code] / most
        colour = colours[min(int(math.sqrt(share) * len(colours)), len(colours) - 1)]
        for points in _oriented(view, shapely.buffer(shapes[code], -0.0006)):
            yield from _raised(points, 8 + share * tallest * WIDTH, colour)


def _evening(town: Sequence[str], population: dict[str, int]) -> Iterator[str]:
    """The agglomeration at nightfall: a light for PER_LIGHT inhabitants of each commune, anywhere in it.

    Drawn for a band: what matters is in the middle half of the height.
    """
    contours = bundled_files.contours()
    shapes = {code: _shape(code) for code in town}
    view = _View(list(shapes.values()), turn=math.radians(-12), flat=0.5, share=0.62, shift=(0.0, 0.0))
    west, south, east, north = shapely.union_all(list(shapes.values())).bounds
    window = shapely.box(west - 0.5, south - 0.3, east + 0.5, north + 0.3)
    yield (
        '<linearGradient id="soir" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#3c5a66"/><stop offset=".3" stop-color="#1c3a45"/>'
        '<stop offset="1" stop-color="#0b1d26"/></linearGradient>'
        '<radialGradient id="halo"><stop offset="0" stop-color="#ffd27a" stop-opacity=".38"/><stop offset="1" stop-color="#ffd27a" stop-opacity="0"/></radialGradient>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#soir)"/>'
    )
    for key, contour in contours.items():
        if key[0] == "commune" and key[1] not in shapes:
            shape = shapely.geometry.shape(contour)
            if shape.intersects(window):
                for points in _oriented(view, shape):
                    yield f'<path d="{_path(points)}" fill="#ffffff" fill-opacity=".025" stroke="#9fc2c4" stroke-opacity=".16" stroke-width="1.2"/>'
    for code in sorted(town, key=lambda code: view.at(*shapes[code].centroid.coords[0])[1]):
        density = population[code] / shapes[code].area / 1e6
        colour = _mixed("#17424c", "#2f7c82", min(density / 60, 1))
        for points in _oriented(view, shapely.buffer(shapes[code], -0.0008)):
            yield from _raised(points, 14, colour)
    chance = random.Random(77251)  # noqa: S311 where lights are drawn, the same each time
    for code in town:
        left, low, right, high = shapes[code].bounds
        inside = shapely.prepared.prep(shapely.buffer(shapes[code], -0.002))
        lights = population[code] // PER_LIGHT
        while lights:
            place = chance.uniform(left, right), chance.uniform(low, high)
            if inside.contains(shapely.geometry.Point(place)):
                x, y = view.at(*place)
                size = chance.uniform(1.0, 1.9)
                yield f'<circle cx="{x:.1f}" cy="{y - 15:.1f}" r="{size * 4:.1f}" fill="url(#halo)"/><circle cx="{x:.1f}" cy="{y - 15:.1f}" r="{size:.1f}" fill="#ffe7b0"/>'
                lights -= 1


def _amid(code: str) -> Iterator[str]:
    """A commune among those around it: it alone is raised, and has the colour."""
    own, contours = _shape(code), bundled_files.contours()
    west, south, east, north = own.bounds
    window = shapely.box(*own.bounds).buffer(max(east - west, north - south) * 3)
    around = [
        shape
        for key, contour in contours.items()
        if key[0] == "commune" and key[1] != code
        if (shape := shapely.geometry.shape(contour)).intersects(window)
    ]
    view = _View([own], share=0.46, shift=(0.06, -0.02))  # whole in a band of half the height, beside words at the left
    joint = (north - south) * 0.006
    yield _ground()
    for shape in sorted([*around, own], key=lambda shape: view.at(*shape.centroid.coords[0])[1]):
        is_own = shape is own
        for points in _oriented(view, shapely.buffer(shape, -joint)):
            yield from _raised(points, 46 if is_own else 12, ACCENT if is_own else "#f4efe5")


def _trains() -> Iterator[str]:
    """The trains of the RER D of a morning, as Marey drew those of his time: hours across, stations down, a line a train."""
    with zipfile.ZipFile(DEMO / "files" / "gtfs_transilien_2021-03-09.zip") as archive:

        def table(name: str) -> Iterator[dict[str, str]]:
            with archive.open(name) as stream:
                yield from csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig"))

        routes = {
            row["route_id"]
            for row in table("routes.txt")
            if row["route_short_name"] == "D" and row["route_type"] == "2"
        }
        trips = {row["trip_id"]: row["service_id"] for row in table("trips.txt") if row["route_id"] in routes}
        days = {row["service_id"] for row in table("calendar.txt") if row["tuesday"] == "1" and row["start_date"] <= "20210316" <= row["end_date"]}  # fmt: skip
        latitudes = {row["stop_id"]: float(row["stop_lat"]) for row in table("stops.txt")}
        lines: dict[str, list[Point]] = defaultdict(list)
        for row in table("stop_times.txt"):
            if trips.get(row["trip_id"]) in days:
                hours, minutes, seconds = map(int, row["departure_time"].split(":"))
                lines[row["trip_id"]].append((hours + minutes / 60 + seconds / 3600, latitudes[row["stop_id"]]))
    first, last, north, south = 5.5, 10.5, 49.27, 48.33
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#10222a"/>'
    for hour in range(6, 11):
        x = (hour - first) / (last - first) * WIDTH
        yield f'<path d="M{x:.0f} 0V{HEIGHT}" stroke="#2c4650" stroke-width="2"/>'
    for points in lines.values():
        drawn = [((hour - first) / (last - first) * WIDTH, (north - latitude) / (north - south) * HEIGHT) for hour, latitude in points]  # fmt: skip
        colour = "#74c5c6" if points[0][1] > points[-1][1] else "#f0b27a"
        yield f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in drawn)}" fill="none" stroke="{colour}" stroke-opacity=".75" stroke-width="2.4"/>'


def _night() -> Iterator[str]:
    """The charging points of Île-de-France as lights in the night."""
    places = []
    for row in _rows("bornes_recharge_ile-de-france_2021-07-18.csv"):
        first, second = json.loads(row["coordonneesXY"])
        places.append((min(first, second), max(first, second)))  # both orders are met in this file
    departments = json.loads((DEMO / "files" / "departements-ile-de-france_2018.geojson").read_text(encoding="utf-8"))
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in departments["features"]]
    view = _View([shapely.box(2.1, 48.3, 3.3, 48.98)], turn=0, flat=1.0, share=1.25)
    yield (
        '<radialGradient id="lueur"><stop offset="0" stop-color="#ffe9b0"/><stop offset=".25" stop-color="#f7b955" stop-opacity=".55"/>'
        '<stop offset="1" stop-color="#f7b955" stop-opacity="0"/></radialGradient>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#0d151f"/>'
    )
    for shape in shapes:
        for ring in _rings(shape):
            yield f'<path d="{_path([view.at(*place) for place in ring])}" fill="#14202d" stroke="#2b3b4c" stroke-width="2"/>'
    for longitude, latitude in places:
        x, y = view.at(longitude, latitude)
        if -20 < x < WIDTH + 20 and -20 < y < HEIGHT + 20:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="17" fill="url(#lueur)"/><circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="#fff4d6"/>'


def _garden() -> Iterator[str]:
    """The trees of Saint-Germain-en-Laye in rows, from the thinnest trunk to the thickest, in the colour of their genus.

    By rank and not by place: the file rounds places to a hundred metres, where many trees would be one.
    """
    trees = sorted(
        (float(row["diametre"] or 0), row["genre_arbre"])
        for row in _rows("arbres_urbains_saint-germain-en-laye.csv")
        if row["diametre"]
    )
    columns = math.ceil(math.sqrt(len(trees) * WIDTH / HEIGHT))
    side, most = WIDTH / columns, trees[-1][0]
    common = [genus for genus, _count in Counter(tree[1] for tree in trees).most_common(len(GREENS) - 1)]
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f1ecdd"/>'
    for rank, (diameter, genus) in enumerate(trees):
        x, y = (rank % columns + 0.5) * side, (rank // columns + 0.5) * side
        radius = side * (0.12 + 0.42 * math.sqrt(diameter / most))
        colour = GREENS[common.index(genus) if genus in common else -1]
        yield f'<circle cx="{x + radius * 0.22:.1f}" cy="{y + radius * 0.22:.1f}" r="{radius:.1f}" fill="{INK}" fill-opacity=".14"/>'
        for part, shift, light in ((1.0, 0.0, 0.0), (0.7, 0.14, 0.16), (0.4, 0.26, 0.34)):
            shade = _mixed(colour, "#fffbe0", light)
            yield f'<circle cx="{x - radius * shift:.1f}" cy="{y - radius * shift:.1f}" r="{radius * part:.1f}" fill="{shade}"/>'


def _hoops() -> Iterator[str]:
    """The bicycle stands of Saint-Étienne in lines, the largest first: a hoop for two bicycles, a colour a stand."""
    capacities = sorted(
        (int(row["capacite"] or 2) for row in _rows("stationnement_velos_saint-etienne.csv", delimiter=";")),
        reverse=True,
    )
    stands = [max(capacity // 2, 1) for capacity in capacities]
    columns = math.ceil(math.sqrt(sum(stands) * WIDTH / HEIGHT) * 0.78)  # the smallest stands are beyond the frame
    side = WIDTH / columns
    width, height = side * 0.6, side * 0.66
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#e4efee"/>'
    place = 0
    for rank, hoops in enumerate(stands):
        colour = (ACCENT, "#4d9294", "#c2703f", "#1d2433")[rank % 4]
        for _hoop in range(hoops):
            left, foot = (place % columns + 0.2) * side, (place // columns + 0.84) * side
            place += 1
            bend = width / 2
            yield f'<path d="M{left:.1f} {foot:.1f}v{bend - height:.1f}a{bend:.1f} {bend:.1f} 0 0 1 {width:.1f} 0v{height - bend:.1f}" fill="none" stroke="{colour}" stroke-width="6" stroke-linecap="round"/>'


if __name__ == "__main__":
    main()
