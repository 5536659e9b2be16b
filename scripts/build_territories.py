"""Build the reference of territories shipped with Parvis (``src/parvis/packs/territories``) from its open sources.

    python scripts/build_territories.py --communes communes.json --epci epci.json --ept ept.json \
        --departements departements.json --regions regions.json --contours communes-ile-de-france.geojson \
        --output src/parvis/packs/territories

The same sources give the same bytes. What the sources are and what is done to them: ``SOURCE.md`` beside the result.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

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
NATURES = {"CA": "Communauté d’agglomération", "CC": "Communauté de communes", "CU": "Communauté urbaine"}
NATURE = re.compile(r"(CA|CC|CU) (?=((?:du|des|de|Intercommunale|Interrégionale|Territoriale) |d['’])?)")
CONTOUR_REGION = "11"
DECIMALS = 5
TOLERANCE = 0.001
"""Of the simplification, in degrees (square root of the smallest triangle kept): about 90 metres."""

Row = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the sources named on the command line, write both files; 0 when done."""
    options = _options(arguments)
    sources = {name: json.loads(getattr(options, name).read_text("utf-8")) for name in _SOURCES}
    rows = territory_rows(sources)
    options.output.mkdir(parents=True, exist_ok=True)
    _write_gzip(options.output / "territories.csv.gz", _as_csv(rows))
    contours = contour_features(rows, sources["contours"])
    _write_gzip(options.output / "contours.geojson.gz", _as_json(contours))
    for path in sorted(options.output.glob("*.gz")):
        sys.stdout.write(f"{path.name}: {path.stat().st_size} bytes\n")
    return 0


_SOURCES = ("communes", "epci", "ept", "departements", "regions", "contours")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in _SOURCES:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    return parser.parse_args(arguments)


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
        "name": _group_name(item["nom"]),
        "nature": item["type"],
        "population": sum(people.values()),
        "department": department,
        "region": region,
        "siren": item["code"],
        "epci": communes[item["membres"][0]["code"]]["epci"] if kind == "ept" else None,
    }


def _group_name(name: str) -> str:
    """« CA Grand Paris Sud » gives « Grand Paris Sud », « CU d'Arras » gives « Communauté urbaine d'Arras »."""
    match = NATURE.match(name)
    if not match:
        return name
    rest = name[match.end() :]
    return f"{NATURES[match[1]]} {rest}" if match[2] else rest[0].upper() + rest[1:]


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


def contour_features(rows: Sequence[Row], source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """GeoJSON features of the region's communes, then of all that is wholly made of them; neighbours share borders."""
    communes = [row for row in rows if row["kind"] == "commune" and row["region"] == CONTOUR_REGION]
    geometries = dict(zip([row["code"] for row in communes], _commune_contours(communes, source), strict=True))
    features = [_feature(row, geometries[row["code"]]) for row in communes]
    members_of = _members(rows)
    for row in rows:
        members = members_of[row["kind"], row["code"]]
        if members and all(code in geometries for code in members):
            features.append(_feature(row, shapely.coverage_union_all([geometries[code] for code in members])))
    return features


def _commune_contours(communes: Sequence[Row], source: Mapping[str, Any]) -> list[Any]:
    """Contours in the order of ``communes``: old communes merged into the present ones, then simplified together."""
    now = {code: row["code"] for row in communes for code in [row["code"], *row["former_codes"]]}
    pieces: dict[str, list[Any]] = defaultdict(list)
    for feature in source["features"]:
        pieces[now[feature["properties"]["code"]]].append(shape(feature["geometry"]))
    whole = [shapely.coverage_union_all(pieces[row["code"]]) for row in communes]
    _check_coverage(whole)
    simple = shapely.set_precision(shapely.coverage_simplify(whole, TOLERANCE), 10**-DECIMALS, mode="pointwise")
    _check_coverage(simple)
    return list(simple)


def _check_coverage(geometries: Sequence[Any]) -> None:
    if not (all(shapely.is_valid(geometries)) and shapely.coverage_is_valid(geometries)):
        raise SystemExit("the contours overlap, leave gaps or cross themselves")


def _members(rows: Iterable[Row]) -> Mapping[tuple[str, str], list[str]]:
    """The communes of each territory that has some, by kind and code."""
    columns = {"region": "region", "departement": "department", "epci": "epci", "ept": "ept"}
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        if row["kind"] == "commune":
            for kind, column in columns.items():
                members[kind, row[column]].append(row["code"])
    return members


def _feature(row: Row, geometry: Any) -> dict[str, Any]:
    """Rings turn as RFC 7946 wants; ``centre`` is a point inside, ``bbox`` is west, south, east, north."""
    geometry = shapely.orient_polygons(geometry)
    centre = shapely.point_on_surface(geometry)
    return {
        "type": "Feature",
        "id": f"{row['kind']}:{row['code']}",
        "bbox": [round(value, DECIMALS) for value in geometry.bounds],
        "properties": {
            "kind": row["kind"],
            "code": row["code"],
            "name": row["name"],
            "centre": [round(centre.x, DECIMALS), round(centre.y, DECIMALS)],
        },
        "geometry": _rounded(mapping(geometry)),
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def _as_csv(rows: Iterable[Row]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: " ".join(value) if isinstance(value, list) else value for key, value in row.items()})
    return stream.getvalue().encode("utf-8")


def _as_json(features: Sequence[Mapping[str, Any]]) -> bytes:
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _write_gzip(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


if __name__ == "__main__":
    raise SystemExit(main())
