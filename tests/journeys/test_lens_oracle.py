"""What each commune's site shows of each demonstration file, counted again in plain Python over the file itself.

Codes are compared as text, places by point in polygon (shapely), with the codes and contours of the shipped reference. A few
communes are asked at each run; ``PARVIS_LENS=all`` asks every site at every door.
"""

from __future__ import annotations

import csv
import io
import json
import os
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import shapely
from shapely.geometry import Point, shape

from parvis.core.odata.edm import set_name
from parvis.core.text import slugify
from parvis.packs.bundled_files import DEMO, contours, demo_pack, territory_rows

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FILES = DEMO / "files"
EVERYWHERE = os.environ.get("PARVIS_LENS") == "all"
SOME = ("77251", "91228", "91286", "92040")
"""Lieusaint; Évry-Courcouronnes, with the codes of two former communes; Grigny; Issy, of another body."""

PUBLIC_BODY = "200059228"
SMALL = 3_000
"""Rows up to which an export is fetched and its lines counted."""


@dataclass(frozen=True)
class Commune:
    code: str
    name: str
    codes: frozenset[str]
    epci: str
    department: str
    region: str
    contour: object

    @property
    def host(self) -> str:
        return f"{slugify(self.name)}.localhost"


@pytest.fixture(scope="module")
def communes() -> list[Commune]:
    shapes = contours()
    rows = [
        row for row in territory_rows() if row.kind == "commune" and (row.epci == PUBLIC_BODY or row.code == "92040")
    ]
    all_communes = [
        Commune(
            row.code,
            row.name,
            frozenset((row.code, *row.former_codes)),
            row.epci,
            row.department,
            row.region,
            shape(shapes[row.key]),
        )
        for row in rows
    ]
    assert len(all_communes) == 24
    return [one for one in all_communes if EVERYWHERE or one.code in SOME]


def table(name: str, separator: str = ",", encoding: str = "utf-8-sig", skip: int = 0) -> Iterator[dict[str, str]]:
    """The lines of a CSV by the names of its header, which comes after ``skip`` lines."""
    text = (FILES / name).read_bytes().decode(encoding)
    for _line in range(skip):
        text = text.partition("\n")[2]
    yield from csv.DictReader(io.StringIO(text), delimiter=separator)


def features(name: str) -> list[dict]:
    return json.loads((FILES / name).read_text(encoding="utf-8"))["features"]


def by_column(rows: Callable[[], Iterator[dict[str, str]]], column: str, whose: str = "codes", width: int = 9):
    """How many lines hold one of the commune's codes, or the code of what it belongs to."""

    def count(commune: Commune) -> int:
        codes = commune.codes if whose == "codes" else {getattr(commune, whose)}
        return sum((row[column] or "").strip()[:width] in codes for row in rows())

    return count


def by_points(points: Callable[[], Iterator[tuple[float, float] | None]]):
    """How many longitudes and latitudes are inside the contour."""

    def count(commune: Commune) -> int:
        located_points = [Point(*point) for point in points() if point is not None]
        return int(shapely.covers(commune.contour, located_points).sum()) if located_points else 0

    return count


def by_code_of_features(name: str, column: str, width: int = 9):
    return by_column(lambda: (one["properties"] for one in features(name)), column, width=width)


def records(name: str) -> Iterator[tuple[float, float] | None]:
    for row in json.loads((FILES / name).read_text(encoding="utf-8")):
        place = row.get("geometry")
        yield tuple(place["coordinates"]) if place else None


def stops() -> Iterator[tuple[float, float]]:
    with zipfile.ZipFile(FILES / "gtfs_transilien_2021-03-09.zip") as archive:
        text = archive.read("stops.txt").decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text)):
        yield float(row["stop_lon"]), float(row["stop_lat"])


def stations() -> Iterator[tuple[float, float]]:
    for row in table("velib_temps_reel_2023-12-10_1750.csv", ";"):
        latitude, longitude = row["Coordonnées géographiques"].split(",")
        yield float(longitude), float(latitude)


def mapped_communes() -> Iterator[tuple[float, float]]:
    for row in table("osm_communes_essonne.csv"):
        latitude, longitude = row["position"].split(",")
        yield float(longitude), float(latitude)


def directory() -> Iterator[tuple[float, float] | None]:
    for row in table("annuaire_organisations_opendata_2021.csv"):
        yield (float(row["long"]), float(row["lat"])) if row["lat"] and row["long"] else None


def departments() -> Iterator[tuple[float, float]]:
    """A point on each shape: a department is where its middle is, not in each of its communes."""
    for feature in features("departements-ile-de-france_2018.geojson"):
        place = shape(feature["geometry"]).point_on_surface()
        yield place.x, place.y


def heat(name: str) -> Iterator[dict[str, str]]:
    """Without the second header, which repeats the names in capitals."""
    return (row for row in table(name, ";") if row["index"] != "ID")


IRIS = "Code de l'IRIS - Code de la zone"
BY_CODE = {
    "bassins-emploi-communes": by_column(lambda: table("bassins_emploi_communes.csv"), "code_insee"),
    "population-grand-paris-sud-1968-2015": by_column(
        lambda: table("historique-des-populations-legales-2.csv"), "Code INSEE"
    ),
    "fibre-communes-2018": by_column(lambda: table("arcep_communes_2018.csv", skip=4), "Code commune"),
    "fibre-locaux-raccordables-communes": by_column(
        lambda: table("arcep_ftth_communes_2018T1.csv", skip=4), "Code commune"
    ),
    "fibre-epci-2018": by_column(lambda: table("arcep_epci_2018.csv", skip=4), "Siren EPCI", "epci"),
    "fibre-locaux-raccordables-epci": by_column(
        lambda: table("arcep_ftth_epci_2018T1.csv", skip=4), "Siren EPCI", "epci"
    ),
    "chaleur-froid-iris-2021": by_column(lambda: heat("chaleur_froid_iris_2021.csv"), IRIS, width=5),
    "chaleur-froid-iris-2023": by_column(lambda: heat("chaleur_froid_iris_2023.csv"), IRIS, width=5),
    "bornes-recharge-ile-de-france-2021": by_column(
        lambda: table("bornes_recharge_ile-de-france_2021-07-18.csv"), "code_insee_commune"
    ),
    "stationnement-velos-saint-etienne": by_column(
        lambda: table("stationnement_velos_saint-etienne.csv", ";"), "code_com"
    ),
    "contours-communes-seine-et-marne": by_code_of_features("communes-77-seine-et-marne_2018.geojson", "code"),
    "contours-communes-essonne": by_code_of_features("communes-91-essonne_2018.geojson", "code"),
    "contours-communes-hauts-de-seine": by_code_of_features("communes-92-hauts-de-seine_2018.geojson", "code"),
    "cadastre-batiments-terres-de-bord": by_code_of_features("cadastre_terres-de-bord_batiments.geojson", "commune"),
    "cadastre-sections-terres-de-bord": by_code_of_features("cadastre_terres-de-bord_sections.geojson", "commune"),
    "festivals-finistere": by_code_of_features("festivals-du-finistere.geojson", "code_insee"),
}
BY_PLACE = {
    "contours-departements-ile-de-france": by_points(departments),
    "entreprises-immatriculees-2018-grand-paris-sud": by_points(
        lambda: records("entreprises-immatriculees-en-2018_grand-paris-sud.json")
    ),
    "entreprises-radiees-2018-grand-paris-sud": by_points(
        lambda: records("entreprises-radiees-en-2018_grand-paris-sud.json")
    ),
    "gares-arrets-transilien": by_points(stops),
    "velib-disponibilite": by_points(stations),
    "annuaire-open-data-2021": by_points(directory),
    "osm-communes-essonne": by_points(mapped_communes),
}
EXPECTED = BY_CODE | BY_PLACE
ELSEWHERE = {
    "adresses-bano-correze",
    "velos-libre-service-bordeaux",
    "compteur-velo-beracasa",
    "compteur-velo-celleneuve",
}
"""Datasets with places, all of them far from these communes: nothing of them is shown."""

BROADER = {"electricite-gaz-departements", "presidentielle-2017-tour-1", "comptes-regions-2008-2015"}
"""Datasets of departments and regions: the lines of those of the commune, counted by the door of the main site."""


class Door:
    """One served portal, asked by host name."""

    def __init__(self, portal: str) -> None:
        self.portal = portal

    def text(self, host: str, path: str) -> str:
        request = urllib.request.Request(self.portal + path, headers={"Host": host})
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode("utf-8-sig")

    def json(self, host: str, path: str):
        return json.loads(self.text(host, path))

    def rows(self, host: str, dataset: str, where: str = "") -> int:
        query = f"&where={quote(where)}" if where else ""
        return self.json(host, f"/api/explore/v2.1/catalog/datasets/{dataset}/records?limit=0{query}")["total_count"]


@pytest.fixture(scope="module")
def door(portal) -> Door:
    return Door(portal)


def counts_at(door: Door, host: str, dataset: str, *, has_places: bool) -> dict[str, int]:
    """What each door of a site says."""
    counts = {"v2.1": door.rows(host, dataset)}
    counts["v1"] = door.json(host, f"/api/records/1.0/search/?dataset={dataset}&rows=0")["nhits"]
    sql = quote(f'SELECT count(*) AS n FROM "{dataset}"')
    counts["sql"] = door.json(host, f"/api/parvis/v1/sql?q={sql}")["results"][0]["n"]
    if counts["v2.1"] <= SMALL:
        export = door.text(host, f"/api/explore/v2.1/catalog/datasets/{dataset}/exports/csv")
        counts["csv"] = sum(1 for _row in csv.reader(io.StringIO(export), delimiter=";")) - 1
        lines = door.text(host, f"/api/explore/v2.1/catalog/datasets/{dataset}/exports/jsonl").splitlines()
        counts["jsonl"] = len(lines)
    counts["odata"] = int(door.text(host, f"/odata/{dataset}/{set_name(dataset)}/$count"))
    if has_places:
        counts["ogc"] = door.json(host, f"/ogc/collections/{dataset}/items?limit=1&f=json")["numberMatched"]
    return counts


def shown_number(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def test_each_site_shows_what_its_commune_has_in_each_file(door, communes):
    faults = []
    placed = {
        row["dataset_id"]
        for row in door.json("localhost", "/api/explore/v2.1/catalog/datasets?limit=100")["results"]
        if "geo" in row["features"]
    }
    for commune in communes:
        for dataset, count in EXPECTED.items():
            expected = count(commune)
            for name, actual in counts_at(door, commune.host, dataset, has_places=dataset in placed).items():
                if actual != expected:
                    faults.append(f"{commune.name}, {dataset}, {name}: {actual}, {expected} in the file")
        faults += [
            f"{commune.name}, {dataset}: {actual} rows where none is"
            for dataset in sorted(ELSEWHERE)
            if (actual := door.rows(commune.host, dataset))
        ]
    assert faults == []


def test_each_tab_says_how_many_lines_of_how_many_concern_the_commune(door, communes):
    faults = []
    dataset = "fibre-locaux-raccordables-communes"
    total = shown_number(door.rows("localhost", dataset))
    for commune in communes:
        lines = shown_number(EXPECTED[dataset](commune))
        for tab in ("information", "table", "analyze", "profile", "quality", "export", "api"):
            page = door.text(commune.host, f"/explore/dataset/{dataset}/{tab}/").replace("\xa0", "\u202f")
            if f"{lines} lignes sur {total} concernent {commune.name}" not in page:
                faults.append(f"{commune.name}, {tab}")
    assert faults == []


def owners() -> dict[str, str]:
    """For each dataset that a commune publishes, its code."""
    pack = demo_pack()
    communes = {
        row.slug: row.territory[1] for row in pack.organisations if row.territory and row.territory[0] == "commune"
    }
    return {row.dataset_id: communes[row.organisation] for row in pack.datasets if row.organisation in communes}


def test_what_another_commune_publishes_is_nowhere_and_ones_own_is_whole(door, communes):
    for dataset, code in owners().items():
        for commune in communes:
            if commune.code == code:
                assert door.rows(commune.host, dataset) == door.rows("localhost", dataset)
            else:
                with pytest.raises(urllib.error.HTTPError, match="404"):
                    door.rows(commune.host, dataset)


def test_every_other_dataset_is_shown_whole_as_nothing_in_it_names_a_place(door, communes):
    aside = EXPECTED.keys() | ELSEWHERE | BROADER | owners().keys()
    faults = []
    for commune in communes if EVERYWHERE else communes[:1]:
        for dataset in sorted({row.dataset_id for row in demo_pack().datasets} - aside):
            whole, here = door.rows("localhost", dataset), door.rows(commune.host, dataset)
            if here != whole:
                faults.append(f"{commune.name}, {dataset}: {here} of {whole}")
    assert faults == []


def test_lines_of_departments_and_regions_are_those_of_the_commune(door, communes):
    for commune in communes:
        votes = table("presidentielle2017_t1_departements_cp1252.csv", ";", "cp1252")
        expected = sum(row["Code du département"].zfill(2) == commune.department for row in votes)
        assert door.rows(commune.host, "presidentielle-2017-tour-1") == expected == 1
        used = table("conso_elec_gaz_departement_secteur_2011-2019.csv", ";")
        expected = sum(row["Code Département"].zfill(2) == commune.department for row in used)
        assert door.rows(commune.host, "electricite-gaz-departements") == expected > 0


def test_the_same_rows_are_shown_behind_the_prefix(door, communes):
    for commune in communes:
        for dataset in ("population-grand-paris-sud-1968-2015", "gares-arrets-transilien"):
            path = f"/{slugify(commune.name)}/api/explore/v2.1/catalog/datasets/{dataset}/records?limit=0"
            assert door.json("localhost", path)["total_count"] == EXPECTED[dataset](commune)


def test_drafts_of_any_site_are_found_by_nobody(door, communes):
    """The pages that each site is given to fill are drafts: no list, feed, site map or address shows one."""
    for commune in communes:
        for path in ("/", "/pages/", "/explore/?q=budget", "/sitemap.xml", "/feed.xml"):
            page = door.text(commune.host, path)
            assert "/pages/budget/" not in page, path
            assert "/pages/notre-commune/" not in page, path
        for slug in ("budget", "notre-commune"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                door.text(commune.host, f"/pages/{slug}/")
