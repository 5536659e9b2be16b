"""Build the reference of territories shipped with Parvis (``src/parvis/packs/territories``) from its open sources.

    python scripts/build_territories.py --communes communes.json --epci epci.json --ept ept.json \
        --departements departements.json --regions regions.json --contours FOLDER \
        --rivers natural_earth_rivers_france.geojson.gz --lakes natural_earth_lakes_france.geojson.gz --output src/parvis/packs/territories

The same sources give the same bytes. What the sources are and what is done to them: ``SOURCE.md`` beside the result.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from parvis.core.geo.territory_files import group_name

COLUMNS = (
    "kind",
    "code",
    "name",
    "nature",
    "population",
    "epci",
    "ept",
    "department",
    "region",
    "siren",
    "seat",
    "postcodes",
    "former_codes",
    "district_codes",
)
PARTED = {
    "14666": "14712",
    "15031": "15141",
    "15035": "15141",
    "15047": "15141",
    "15171": "15141",
    "85165": "85084",
    "85212": "85084",
}
"""Communes that left, after 2018, the one whose contour still holds them."""
ROUNDS = 20
GRID = 1e-5
"""Degrees of a step of the coordinates, as the source has them: about a metre."""
TOLERANCE = 150
"""Of the simplification, in steps (square root of the smallest triangle kept)."""
WATER_DECIMALS = 4

Row = dict[str, Any]
Place = tuple[int, int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the sources named on the command line, write both files; 0 when done."""
    options = _options(arguments)
    sources = {name: json.loads(_bytes_of(getattr(options, name))) for name in _SOURCES}
    rows = territory_rows(sources)
    options.output.mkdir(parents=True, exist_ok=True)
    _write_gzip(options.output / "territories.csv.gz", _as_csv(rows))
    codes, shapes = commune_shapes([row for row in rows if row["kind"] == "commune"], _features(options.contours))
    contours = topology(rows, codes, shapes)
    _write_gzip(options.output / "contours.topojson.gz", _as_json(contours))
    for name in ("rivers", "lakes"):
        _write_gzip(options.output / f"{name}.geojson.gz", _as_json(waters(sources[name])))
    for path in sorted(options.output.glob("*.gz")):
        sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")
    return 0


_SOURCES = ("communes", "epci", "ept", "departements", "regions", "rivers", "lakes")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in _SOURCES:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--contours", type=Path, required=True, help="folder of GeoJSON files of communes")
    parser.add_argument("--output", type=Path, required=True)
    return parser.parse_args(arguments)


def _features(folder: Path) -> Iterator[Mapping[str, Any]]:
    for path in sorted(folder.glob("*.geojson")):
        yield from json.loads(path.read_bytes())["features"]


def _bytes_of(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def territory_rows(sources: Mapping[str, Any]) -> list[Row]:
    """One row a territory: regions, departments, EPCI, EPT, then communes, each sorted by code."""
    communes = _communes(sources["communes"], sources["epci"], sources["ept"])
    by_code = {row["code"]: row for row in communes}
    groups = [_group("epci", item, by_code) for item in sources["epci"]]
    groups += [_group("ept", item, by_code) for item in sources["ept"]]
    departments = [_area("departement", item, communes, "department") for item in sources["departements"]]
    regions = [_area("region", item, communes, "region") for item in sources["regions"]]
    order = {"region": 0, "departement": 1, "epci": 2, "ept": 3, "commune": 4}
    return sorted([*regions, *departments, *groups, *communes], key=lambda row: (order[row["kind"]], row["code"]))


def _communes(items: Iterable[Mapping[str, Any]], epci: Iterable[Any], ept: Iterable[Any]) -> list[Row]:
    items = list(items)
    epci_of = {member["code"]: group["code"] for group in epci for member in group["membres"]}
    ept_of = {member["code"]: group["code"] for group in ept for member in group["membres"]}
    parts: dict[str, set[str]] = defaultdict(set)
    districts: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if item["type"] in ("commune-deleguee", "commune-associee"):
            parts[item["chefLieu"]].add(item["code"])
        elif item["type"] == "arrondissement-municipal":
            districts[item["commune"]].add(item["code"])
    elsewhere = {code: owner for owner, codes in parts.items() for code in codes}
    current = {item["code"] for item in items if item["type"] == "commune-actuelle"}
    return [
        {
            "kind": "commune",
            "code": item["code"],
            "name": item["nom"],
            "population": item.get("population"),
            "epci": epci_of.get(item["code"]),
            "ept": ept_of.get(item["code"]),
            "department": item["departement"],
            "region": item["region"],
            "siren": item.get("siren"),
            "postcodes": sorted(item.get("codesPostaux", ())),
            "former_codes": sorted(_former_codes(item, elsewhere) | parts[item["code"]] - current),
            "district_codes": sorted(districts[item["code"]]),
        }
        for item in items
        if item["type"] == "commune-actuelle"
    ]


def _former_codes(item: Mapping[str, Any], elsewhere: Mapping[str, str]) -> set[str]:
    """Codes that led here; a part that has since moved to another commune leads there (two cases: 55273, 60455)."""
    return {code for code in item.get("anciensCodes", ()) if elsewhere.get(code, item["code"]) == item["code"]}


def _group(kind: str, item: Mapping[str, Any], communes: Mapping[str, Row]) -> Row:
    """An EPCI or EPT; its department and region are those where most of its inhabitants live."""
    members = [communes[member["code"]] for member in item["membres"]]
    people: Counter[tuple[str, str]] = Counter()
    for member in members:
        people[member["department"], member["region"]] += member["population"]
    department, region = people.most_common(1)[0][0]
    return {
        "kind": kind,
        "code": item["code"],
        "name": group_name(item["nom"]),
        "nature": item["type"],
        "population": sum(people.values()),
        "department": department,
        "region": region,
        "siren": item["code"],
        "epci": communes[item["membres"][0]["code"]]["epci"] if kind == "ept" else None,
    }


def _area(kind: str, item: Mapping[str, Any], communes: Iterable[Row], column: str) -> Row:
    """A department or region, with the population of its communes (None where none is known)."""
    populations = [row["population"] for row in communes if row[column] == item["code"] and row["population"]]
    return {
        "kind": kind,
        "code": item["code"],
        "name": item["nom"],
        "population": sum(populations) or None,
        "region": item.get("region"),
        "seat": item["chefLieu"],
    }


def commune_shapes(communes: Sequence[Row], features: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[Any]]:
    """Codes of 2026 and their contours in whole steps of ``GRID``: old communes merged into the present ones.

    All are simplified together, so that neighbours keep one border.
    """
    now = {code: row["code"] for row in communes for code in [row["code"], *row["former_codes"]]}
    pieces: dict[str, list[Any]] = defaultdict(list)
    for feature in features:
        polygons = shapely.get_parts(shapely.make_valid(shape(feature["geometry"]), method="structure"))
        on_grid = shapely.transform(polygons, lambda places: (places / GRID).round())
        pieces[now[feature["properties"]["code"]]] += on_grid.tolist()
    codes = sorted(pieces)
    whole = _mended([shapely.coverage_union_all(pieces[code]) for code in codes])
    return codes, _mended(list(shapely.coverage_simplify(whole, TOLERANCE)))


def _mended(geometries: Sequence[Any]) -> list[Any]:
    """A coverage on whole numbers: cleaning moves a few corners off the grid, and putting them back may cross lines again."""
    cleaned = list(geometries)
    for _round in range(ROUNDS):
        cleaned = [_areas_of(one) for one in shapely.set_precision(cleaned, 1, mode="pointwise")]
        if all(shapely.is_valid(cleaned)) and shapely.coverage_is_valid(cleaned):
            return cleaned
        valid = shapely.make_valid(cleaned, method="structure")
        cleaned = list(shapely.coverage_clean(valid, snapping_distance=0, gap_width=1))
    raise SystemExit("the contours overlap, leave gaps or cross themselves")


def _areas_of(geometry: Any) -> Any:
    """The polygons of a geometry, without the lines and points that mending leaves."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 0]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def topology(rows: Sequence[Row], codes: Sequence[str], shapes: Sequence[Any]) -> dict[str, Any]:
    """A TopoJSON of the communes and of all that is wholly made of them: a border is one arc, whoever shares it."""
    cutter = Cutter(shapes)
    by_code = dict(zip(codes, shapes, strict=True))
    objects: dict[str, list[dict[str, Any]]] = {"commune": [cutter.object(code, by_code[code]) for code in codes]}
    members_of = _members(rows)
    for row in rows:
        members = members_of[row["kind"], row["code"]]
        present = [by_code[code] for code in members if code in by_code]
        absent = {code for code in members if code not in by_code}
        # Communes that parted again lie in the contour of the one that they left: what they are part of is whole.
        if present and absent <= set(PARTED):
            whole = shapely.coverage_union_all(present)
            objects.setdefault(row["kind"], []).append(cutter.object(row["code"], whole))
    return {
        "type": "Topology",
        "transform": {"scale": [GRID, GRID], "translate": [0, 0]},
        "objects": {
            kind: {"type": "GeometryCollection", "geometries": objects[kind]}
            for kind in ("commune", "epci", "ept", "departement", "region")
        },
        "arcs": [_steps(arc) for arc in cutter.arcs],
    }


class Cutter:
    """Cuts rings where the borders of communes meet, and numbers each piece once."""

    def __init__(self, communes: Sequence[Any]) -> None:
        ends: dict[Place, set[Place]] = defaultdict(set)
        for ring in _rings(communes):
            for start, end in pairwise(ring):
                ends[start].add(end)
                ends[end].add(start)
        self._meetings = {place for place, others in ends.items() if len(others) != 2}
        self._numbers: dict[tuple[Place, ...], int] = {}
        self.arcs: list[tuple[Place, ...]] = []

    def object(self, code: str, geometry: Any) -> dict[str, Any]:
        """The TopoJSON object of a contour; rings turn as RFC 7946 wants."""
        polygons = shapely.get_parts(shapely.orient_polygons(geometry))
        numbered = [[self._ring(ring) for ring in _rings([polygon])] for polygon in polygons]
        if len(numbered) == 1:
            return {"type": "Polygon", "id": code, "arcs": numbered[0]}
        return {"type": "MultiPolygon", "id": code, "arcs": numbered}

    def _ring(self, ring: Sequence[Place]) -> list[int]:
        """The arcs of a ring, from its first meeting (or from its least place when it has none)."""
        corners = ring[:-1]
        first = next((rank for rank, place in enumerate(corners) if place in self._meetings), None)
        if first is None:
            first = corners.index(min(corners))
        turned = [*corners[first:], *corners[: first + 1]]
        cuts = [rank for rank, place in enumerate(turned) if place in self._meetings]
        cuts = cuts if cuts else [0, len(turned) - 1]
        return [self._arc(tuple(turned[start : end + 1])) for start, end in pairwise(cuts)]

    def _arc(self, arc: tuple[Place, ...]) -> int:
        if (number := self._numbers.get(arc)) is not None:
            return number
        if (number := self._numbers.get(arc[::-1])) is not None:
            return ~number
        self._numbers[arc] = len(self.arcs)
        self.arcs.append(arc)
        return self._numbers[arc]


def _rings(geometries: Sequence[Any]) -> Iterator[list[Place]]:
    for polygon in shapely.get_parts(list(geometries)):
        for ring in (polygon.exterior, *polygon.interiors):
            yield [(int(x), int(y)) for x, y in ring.coords]


def _steps(arc: Sequence[Place]) -> list[list[int]]:
    """The first place, then how far each next one is."""
    steps = [[after[0] - before[0], after[1] - before[1]] for before, after in pairwise(arc)]
    return [list(arc[0]), *steps]


def _members(rows: Iterable[Row]) -> Mapping[tuple[str, str], list[str]]:
    """The communes of each territory that has some, by kind and code."""
    columns = {"region": "region", "departement": "department", "epci": "epci", "ept": "ept"}
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        if row["kind"] == "commune":
            for kind, column in columns.items():
                members[kind, row[column]].append(row["code"])
    return members


def waters(source: Mapping[str, Any]) -> dict[str, Any]:
    """Rivers or lakes, the largest first (``rank``, as Natural Earth has it), as a GeoJSON of four decimals."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": item["properties"]["name"] or "", "rank": item["properties"]["scalerank"]},
            "geometry": {"type": item["geometry"]["type"], "coordinates": _rounded(item["geometry"]["coordinates"])},
        }
        for item in source["features"]
    ]
    features.sort(key=lambda one: (one["properties"]["rank"], one["properties"]["name"], str(one["geometry"])))
    return {"type": "FeatureCollection", "features": features}


def _rounded(value: Any) -> Any:
    return [_rounded(one) for one in value] if isinstance(value, list) else round(value, WATER_DECIMALS)


def _as_csv(rows: Iterable[Row]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: " ".join(value) if isinstance(value, list) else value for key, value in row.items()})
    return stream.getvalue().encode("utf-8")


def _as_json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _write_gzip(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


if __name__ == "__main__":
    raise SystemExit(main())
