"""Read what Parvis ships as files: territories, contours, and the demonstration pack."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parvis.packs.topology import Contours

HERE = Path(__file__).resolve().parent
TERRITORIES = HERE / "territories" / "territories.csv.gz"
CONTOURS = HERE / "territories" / "contours.topojson.gz"
RIVERS = HERE / "territories" / "rivers.geojson.gz"
LAKES = HERE / "territories" / "lakes.geojson.gz"
ABROAD = HERE / "territories" / "abroad.geojson.gz"
GROUND = HERE / "territories" / "ground.pmtiles"
DEMO = HERE / "demo"
STARTERS = HERE / "starters"

type Key = tuple[str, str]
"""A territory: its kind (``commune``, ``epci``, ``ept``, ``departement``, ``region``) and its official code."""


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """One territory of 2026; the columns are told in ``territories/SOURCE.md``. Empty text = none, None = unknown."""

    kind: str
    code: str
    name: str
    nature: str
    population: int | None
    epci: str
    ept: str
    department: str
    region: str
    siren: str
    seat: str
    postcodes: tuple[str, ...]
    former_codes: tuple[str, ...]
    district_codes: tuple[str, ...]

    @property
    def key(self) -> Key:
        """Kind and code, unique together."""
        return self.kind, self.code


@dataclass(frozen=True, slots=True)
class PackOrganisation:
    """A producer of the pack; ``kind`` is a value of the accounts' list, ``territory`` None for national bodies."""

    slug: str
    name: str
    kind: str
    description: str
    territory: Key | None = None
    siren: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class PackSite:
    """A public face to make: the first one of a pack is the main site."""

    slug: str
    title: str
    territory: Key
    organisation: str
    tagline: str = ""


@dataclass(frozen=True, slots=True)
class PackDataset:
    """A file and what is said of it; ``card`` is an Explore v2.1 dataset object (``dataset_id``, ``metas``, ``fields``)."""

    dataset_id: str
    file: Path
    card: Mapping[str, Any]
    organisation: str
    subject: str
    """What it is about, finer than a theme: ``fibre``, ``trains``, ``budget``…"""
    theme: str
    licence: str
    frequency: str
    territories: tuple[Key, ...]
    source: str
    personal_data: str
    ip_note: str
    on_misfit: str = "stop"
    misfit_reason: str = ""
    reading: Mapping[str, Any] = field(default_factory=dict)
    """Choices of the reader (``ReadOptions``), for files that cannot say it themselves."""
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Corrections of columns (``Override``), by technical name."""
    privacy: Mapping[str, str] = field(default_factory=dict)
    """The decision about the persons it names: ``ground`` and ``explanation``; empty when it names none."""

    @property
    def metas(self) -> Mapping[str, Any]:
        """The ``default`` block of its metadata: title, description, keywords…"""
        metas: Mapping[str, Any] = self.card["metas"]["default"]
        return metas

    @property
    def dcat(self) -> Mapping[str, Any]:
        """The ``dcat`` block of its metadata: dates and coverage."""
        metas: Mapping[str, Any] = self.card["metas"]["dcat"]
        return metas

    @property
    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """What is said of its columns, by technical name."""
        return {row["name"]: row for row in self.card["fields"]}


@dataclass(frozen=True, slots=True)
class DemoPack:
    """All that the demonstration loads; ``featured`` are dataset ids in order, ``searches`` example questions."""

    title: str
    description: str
    sites: tuple[PackSite, ...]
    featured: tuple[str, ...]
    searches: tuple[str, ...]
    organisations: tuple[PackOrganisation, ...]
    datasets: tuple[PackDataset, ...]


def territory_rows() -> Iterator[TerritoryRow]:
    """All territories of France of 2026: regions, departments, EPCI, EPT, then communes (36,370 rows)."""
    with gzip.open(TERRITORIES, "rt", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield TerritoryRow(
                kind=row["kind"],
                code=row["code"],
                name=row["name"],
                nature=row["nature"],
                population=int(row["population"]) if row["population"] else None,
                epci=row["epci"],
                ept=row["ept"],
                department=row["department"],
                region=row["region"],
                siren=row["siren"],
                seat=row["seat"],
                postcodes=tuple(row["postcodes"].split()),
                former_codes=tuple(row["former_codes"].split()),
                district_codes=tuple(row["district_codes"].split()),
            )


def contours() -> Contours:
    """GeoJSON geometries in WGS 84 of the territories of France, made one by one; which ones lack: ``SOURCE.md``.

    Reading the file takes a second and some 60 MB: portals read them from their database, where they are put once.
    """
    return Contours(CONTOURS)


def rivers() -> dict[str, Any]:
    """The rivers of mainland France and its borders, as a GeoJSON FeatureCollection: ``name``, ``rank`` (0 the largest)."""
    return _gzipped_json(RIVERS)


def lakes() -> dict[str, Any]:
    """The lakes of mainland France and its borders, as ``rivers``."""
    return _gzipped_json(LAKES)


def abroad() -> dict[str, Any]:
    """The land around France, without it, as a GeoJSON FeatureCollection."""
    return _gzipped_json(ABROAD)


def _gzipped_json(path: Path) -> dict[str, Any]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        content: dict[str, Any] = json.load(stream)
    return content


def demo_pack(folder: Path = DEMO) -> DemoPack:
    """The demonstration pack of ``folder``; KeyError or ValueError when one of its files is not as it must be."""
    pack = _json(folder / "pack.json")
    datasets = [_dataset(folder, path) for path in sorted((folder / "datasets").glob("*.json"))]
    return DemoPack(
        title=pack["title"],
        description=pack["description"],
        sites=tuple(PackSite(**{**row, "territory": _key(row["territory"])}) for row in pack["sites"]),
        featured=tuple(pack["featured"]),
        searches=tuple(pack["searches"]),
        organisations=tuple(_organisation(row) for row in _json(folder / "organisations.json")),
        datasets=tuple(datasets),
    )


def demo_rows(name: str, folder: Path = DEMO) -> Any:
    """What the pack holds for a subject of public life, as it reads it: ``<name>.json``."""
    return _json(folder / f"{name}.json")


def demo_charts(folder: Path = DEMO) -> dict[str, dict[str, Any]]:
    """The charts of the pack as ``core.charts`` reads them, by the address that each is to have: that of its title."""
    return _by_stem(folder / "charts")


def demo_maps(folder: Path = DEMO) -> dict[str, dict[str, Any]]:
    """The maps of the pack as ``core.atlas`` reads them, by the address that each is to have: that of its title."""
    return _by_stem(folder / "maps")


def demo_pages(folder: Path = DEMO) -> dict[str, dict[str, Any]]:
    """The editorial pages of the pack by their address: ``title``, ``body`` (the raw form of a StreamField) and other facts."""
    return _by_stem(folder / "pages")


def demo_homes(folder: Path = DEMO) -> dict[str, dict[str, Any]]:
    """The homes of the pack by the code of their site's territory: ``layout``, words, ``pages`` and ``figures`` put forward."""
    rows: dict[str, dict[str, Any]] = _json(folder / "homes.json")
    return rows


def starter_pages(folder: Path = STARTERS) -> dict[str, dict[str, Any]]:
    """The pages that a commune's site is given to fill, as ``demo_pages`` with words in braces; a block names in ``needs`` the
    datasets without which it says nothing."""
    return _by_stem(folder)


def _by_stem(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: _json(path) for path in sorted(folder.glob("*.json"))}


def _organisation(row: Mapping[str, Any]) -> PackOrganisation:
    territory = _key(row["territory"]) if row["territory"] else None
    return PackOrganisation(**{**row, "territory": territory})


def _dataset(folder: Path, path: Path) -> PackDataset:
    card = _json(path)
    own = card.pop("parvis")
    return PackDataset(
        dataset_id=card["dataset_id"],
        file=folder / own.pop("file"),
        card=card,
        territories=tuple(_key(row) for row in own.pop("territories")),
        **own,
    )


def _key(row: Mapping[str, str]) -> Key:
    return row["kind"], row["code"]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
