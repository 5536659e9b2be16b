"""Read the communes or intercommunal bodies of a file: Admin Express in any of its formats, or ``@etalab/decoupage-administratif``.

Called in confined children: what is read is left as lines of JSON in a file of theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import shapely

from parvis.core.errors import DataError
from parvis.core.formats.file_reader import read
from parvis.core.formats.options import ReadOptions
from parvis.core.staging import ROWS, StagedTable, Workspace, open_workspace, quote_identifier
from parvis.core.text import fold
from parvis.core.translation import Sentence, gettext_noop

LINES = "territories.jsonl"
MOST = 100_000
"""Rows of a file: France has 35,000 communes."""
LONGEST_JSON = 100_000_000
TOLERANCE = 0.0015
"""Of the simplification, in degrees (square root of the smallest triangle kept), as that of the contours shipped."""
DECIMALS = 5
LONGEST_NAME = 120
_COMMUNE = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_SIREN = re.compile(r"\d{9}", re.ASCII)
_NATURES = {"CA": "Communauté d’agglomération", "CC": "Communauté de communes", "CU": "Communauté urbaine"}
_NATURE = re.compile(r"(CA|CC|CU) (?=((?:du|des|de|Intercommunale|Interrégionale|Territoriale) |d['’])?)")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("insee_com", "code_insee", "code_insee_de_la_commune", "insee", "codgeo", "code"),
    "name": ("nom_officiel", "nom", "nom_com", "nom_comm", "libelle", "name"),
    "population": ("population", "pop"),
    "department": ("insee_dep", "code_insee_du_departement", "code_dept"),
    "region": ("insee_reg", "code_insee_de_la_region", "code_reg"),
    "epci": ("siren_epci", "codes_siren_des_epci", "code_epci"),
}
"""How the editions of Admin Express and of what is made of it call the columns that are read."""


class BadTerritories(DataError):
    """The file holds no communes, nor intercommunal bodies, that can be read."""

    code: ClassVar[str] = "territories-file"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’est pas un fichier de territoires : {reason}.")
    advice: ClassVar[str] = gettext_noop(
        "Donnez la couche des communes d’Admin Express (GeoPackage, Shapefile zippé ou GeoJSON), ou communes.json ou epci.json de "
        "@etalab/decoupage-administratif. Rien n’a été changé."
    )


def read_territories(path: Path, work: Path, *, name: str) -> str:
    """Write the territories of the file in ``work / LINES``, one a line; what they are: ``communes``, ``contours``, ``epci`` or ``ept``.

    Raises BadTerritories and the refusals of the readers.
    """
    with path.open("rb") as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    kind, rows = _from_list(path, name) if start.startswith(b"[") else ("contours", _from_layer(path, work, name))
    with (work / LINES).open("w", encoding="utf-8") as target:
        for row in rows:
            target.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    return kind


def _from_list(path: Path, name: str) -> tuple[str, list[dict[str, Any]]]:
    if path.stat().st_size > LONGEST_JSON:
        raise BadTerritories(file=name, reason=Sentence("il est trop gros"))
    try:
        items = json.loads(path.read_bytes())
        kind = "communes" if "membres" not in items[0] else "ept" if items[0]["type"] == "EPT" else "epci"
        rows = _communes(items) if kind == "communes" else [_group(item) for item in items]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise BadTerritories(file=name, reason=Sentence("sa forme n’est pas celle attendue")) from error
    _check(rows, _COMMUNE if kind == "communes" else _SIREN, name)
    return kind, rows


def _communes(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Present communes, with the codes of what joined them."""
    parts: dict[str, list[str]] = {}
    for item in items:
        if item["type"] in ("commune-deleguee", "commune-associee"):
            parts.setdefault(item["chefLieu"], []).append(item["code"])
    present = [item for item in items if item["type"] == "commune-actuelle"]
    codes = {item["code"] for item in present}
    elsewhere = {part: whole for whole, own in parts.items() for part in own}
    return [
        {
            "code": item["code"],
            "name": item["nom"],
            "population": item.get("population"),
            "department": item["departement"],
            "region": item["region"],
            "postcodes": sorted(item.get("codesPostaux", ())),
            "former_codes": sorted(
                {code for code in item.get("anciensCodes", ()) if elsewhere.get(code, item["code"]) == item["code"]}
                | set(parts.get(item["code"], ())) - codes
            ),
        }
        for item in present
    ]


def group_name(name: str) -> str:
    """« CA Grand Paris Sud » gives « Grand Paris Sud », « CU d'Arras » gives « Communauté urbaine d'Arras »."""
    match = _NATURE.match(name)
    if not match:
        return name
    rest = name[match.end() :]
    return f"{_NATURES[match[1]]} {rest}" if match[2] else rest[0].upper() + rest[1:]


def _group(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": item["code"],
        "name": group_name(item["nom"]),
        "members": [member["code"] for member in item["membres"]],
    }


def _check(rows: Sequence[Mapping[str, Any]], code: re.Pattern[str], name: str) -> None:
    """Codes become keys and names are shown: neither is taken as it comes."""
    if not rows or len(rows) > MOST:
        raise BadTerritories(file=name, reason=Sentence("il compte {count} territoires", {"count": len(rows)}))
    codes = [row["code"] for row in rows]
    for row in rows:
        if not isinstance(row["code"], str) or not code.fullmatch(row["code"]):
            raise BadTerritories(
                file=name, reason=Sentence("« {code} » n’est pas un code", {"code": str(row["code"])[:40]})
            )
        if not isinstance(row["name"], str) or not 0 < len(row["name"]) <= LONGEST_NAME:
            raise BadTerritories(file=name, reason=Sentence("{code} n’a pas de nom", {"code": row["code"]}))
    if len(set(codes)) < len(codes):
        raise BadTerritories(file=name, reason=Sentence("des codes y sont deux fois"))


def _from_layer(path: Path, work: Path, name: str) -> list[dict[str, Any]]:
    with open_workspace(work, memory="1GB") as workspace:
        staged, detected = read(path, workspace, name=name)
        sheet = _layer_of_communes(detected.reading.get("sheets", ()), detected.reading.get("sheet"))
        member = _layer_of_communes(detected.reading.get("members", ()), detected.reading.get("member"))
        if sheet or member:
            staged, _detected = read(path, workspace, ReadOptions(sheet=sheet, member=member), name=name)
        rows = list(_rows(workspace, staged, name))
    _check(rows, _COMMUNE, name)
    shapes = _simple([row.pop("shape") for row in rows], name)
    for row, shape in zip(rows, shapes, strict=True):
        row["geometry"] = json.loads(shapely.to_geojson(shape))
    return rows


def _layer_of_communes(layers: Sequence[str], chosen: str | None) -> str | None:
    """The layer or file of communes when another one was read."""
    communes = [layer for layer in layers if Path(layer.lower()).stem in ("commune", "communes")]
    return communes[0] if communes and chosen not in communes else None


def _rows(workspace: Workspace, staged: StagedTable, name: str) -> Iterator[dict[str, Any]]:
    by_header = {fold(column.header).replace(" ", "_"): column.name for column in staged.columns}
    chosen = {
        field: next((by_header[header] for header in headers if header in by_header), None)
        for field, headers in COLUMNS.items()
    }
    geometry = by_header.get("geometry")
    for field in ("code", "name"):
        if chosen[field] is None:
            word = Sentence("le code INSEE") if field == "code" else Sentence("le nom")
            raise BadTerritories(file=name, reason=Sentence("aucune colonne n’y donne {word}", {"word": word}))
    if geometry is None:
        raise BadTerritories(file=name, reason=Sentence("il n’a pas de contours"))
    fields = [field for field in COLUMNS if chosen[field] is not None]
    columns = ", ".join(quote_identifier(str(chosen[field])) for field in fields)
    shape = f"ST_AsWKB({quote_identifier(geometry)})"
    for *values, wkb in workspace.connection.execute(f"SELECT {columns}, {shape} FROM {ROWS}").fetchall():
        row = dict(zip(fields, (str(value).strip() if value is not None else "" for value in values), strict=True))
        if wkb is None:
            raise BadTerritories(file=name, reason=Sentence("{code} n’a pas de contour", {"code": row["code"]}))
        people = row.pop("population", "")
        population = {"population": int(people)} if people.isascii() and people.isdigit() and int(people) else {}
        # A commune of several bodies (Greater Paris) names them all: the first is the body with its own taxes.
        bodies = [code for code in re.split(r"[/;, ]+", row.pop("epci", "")) if _SIREN.fullmatch(code)]
        yield row | population | ({"epci": bodies[0]} if bodies else {}) | {"shape": wkb}


def _simple(shapes: Sequence[bytes], name: str) -> Sequence[Any]:
    """Contours simplified together, so that neighbours keep one and the same border."""
    whole = shapely.make_valid(shapely.force_2d(shapely.from_wkb(shapes)), method="structure")
    if any(one.geom_type not in ("Polygon", "MultiPolygon") or one.is_empty for one in whole):
        raise BadTerritories(file=name, reason=Sentence("ses formes ne sont pas des surfaces"))
    if not shapely.coverage_is_valid(whole):
        whole = shapely.coverage_clean(whole)
    simple = shapely.coverage_simplify(whole, TOLERANCE)
    rounded = shapely.set_precision(simple, 10**-DECIMALS, mode="pointwise")
    return list(shapely.orient_polygons(shapely.make_valid(rounded, method="structure")))
