"""What the ten pages of the demonstration show, recounted from its source files with nothing but csv and json."""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter, defaultdict
from dataclasses import replace
from html import unescape
from io import TextIOWrapper
from itertools import pairwise
from statistics import mean, median
from zipfile import ZipFile

import pytest

from parvis.core.text import fold
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.factories import make_dataset, make_version
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.packs.contents import load_contents
from parvis.hub.pages.figures import Figure, Provider
from parvis.hub.registry import MODULES
from parvis.hub.sites.services import main_site
from parvis.hub.territories.models import Territory
from parvis.hub.territories.services import write_contours
from parvis.hub.ui.tests.markup import tight
from parvis.packs.bundled_files import DEMO, contours, demo_charts, demo_maps, demo_pack, demo_pages, territory_rows

CHARTS, MAPS, PAGES = demo_charts(), demo_maps(), demo_pages()
PACK = {row.dataset_id: row for row in demo_pack().datasets}
FILES = DEMO / "files"
GPS = "200059228"


# What the files say


def lines(name, delimiter=",", encoding="utf-8-sig", skip=0):
    with (FILES / name).open(encoding=encoding, newline="") as stream:
        for _ in range(skip):
            next(stream)
        return list(csv.DictReader(stream, delimiter=delimiter))


def number(text):
    bare = re.sub(r"\s", "", text or "").replace(",", ".")
    return float(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare) else None


def numbers(rows, column):
    return [value for row in rows if (value := number(row[column])) is not None]


def sums(rows, group, column):
    totals = defaultdict(float)
    for row in rows:
        if (value := number(row[column])) is not None:
            totals[row[group]] += value
    return dict(totals)


def share(rows, column, value):
    return 100 * mean(row[column] == value for row in rows)


BIKES = lines("stationnement_velos_saint-etienne.csv", ";")
TREES = lines("arbres_urbains_saint-germain-en-laye.csv")
FIBRE = lines("arcep_ftth_communes_2018T1.csv", skip=4)
HOMES = [row for row in lines("arcep_communes_2018.csv", skip=4) if row["Siren EPCI"].strip() == GPS]
COMMUNES = {row["Code commune"] for row in HOMES}
CONNECTED = [row for row in FIBRE if row["Code commune"] in COMMUNES and row["Champ"] == "Locaux Raccordables"]
PEOPLE = lines("historique-des-populations-legales-2.csv")
NOW = [row for row in PEOPLE if row["Année"] == "2015"]
GRANTS = lines("subventions_poitiers_2017.csv", ";")
NIEVRE = lines("subventions_nievre_2016_cp1252.csv", ",", "cp1252")
ROQUES = [
    row
    for row in lines("subventions_roques_haute-garonne_2017.csv", ";")
    if row["nomAttribuant"] == "COMMUNE DE ROQUES"
]
TRAINS = lines("ponctualite-mensuelle-transilien_2013-2020.csv", ";")
TER = lines("regularite-mensuelle-ter_2013-2021.csv", ";")
CHARGERS = lines("bornes_recharge_ile-de-france_2021-07-18.csv")
NAMES = lines("prenoms_carrieres-sous-poissy_2018-2020.csv")
HEAT = [row for row in lines("chaleur_froid_iris_2021.csv", ";", skip=1) if row["FILIERE"] == "C"]
HEAT_2023 = [row for row in lines("chaleur_froid_iris_2023.csv", ";", skip=1) if row["FILIERE"] == "C"]
POWER = [
    row for row in lines("conso_elec_gaz_departement_secteur_2011-2019.csv", ";") if row["Code Département"] == "91"
]
EVRY = [row for row in HEAT if row["IRIS_CODE"].startswith("91228")]


def fields(name):
    return [row["fields"] for row in json.loads((FILES / name).read_text(encoding="utf-8"))]


BORN = fields("entreprises-immatriculees-en-2018_grand-paris-sud.json")
GONE = fields("entreprises-radiees-en-2018_grand-paris-sud.json")
INHABITANTS = {row.code: row.population for row in territory_rows() if row.kind == "commune"}


def of_line(line, year):
    return mean(
        numbers([r for r in TRAINS if r["Ligne"] == line and r["Date"].startswith(year)], "Taux de ponctualité")
    )


def usual(rows):
    return [row for row in rows if row["PRENOM_ENFANT"] != "_PRENOMS_RARES"]


def per_thousand(code, value):
    return 1000 * value / INHABITANTS[code]


CAPACITY = sums(BIKES, "code_com", "capacite")
EVRY_HOMES = sum(numbers([r for r in HOMES if r["Code commune"] in ("91228", "91182")], "Logements"))
PER_YEAR = sums(NAMES, "ANNEE", "NOMBRE_OCCURENCES")

FIGURES = {
    "stationnement-velo": {
        "places de vélo connues": sum(CAPACITY.values()),
        "emplacements": len(BIKES),
        "des emplacements sont abrités": share(BIKES, "couverture", "true"),
        "places par emplacement, en moyenne": mean(numbers(BIKES, "capacite")),
    },
    "arbres": {
        "arbres suivis": len(TREES),
        "hauteur moyenne": mean(numbers(TREES, "hauteur")) / 100,
        "sont des tilleuls": share(TREES, "genre_arbre", "Tilia"),
        "genres différents": len({row["genre_arbre"] for row in TREES}),
    },
    "fibre": {
        "locaux raccordables": sum(numbers(CONNECTED, "T1 2018")),
        "six mois plus tôt": sum(numbers(CONNECTED, "T3 2017")),
        "logements": sum(numbers(HOMES, "Logements")),
        "établissements": sum(numbers(HOMES, "Établissements")),
    },
    "population": {
        "habitants en 2015": sum(numbers(NOW, "Population municipale")),
        "habitants en 1968": sum(numbers([r for r in PEOPLE if r["Année"] == "1968"], "Population municipale")),
        "habitants à Évry et Courcouronnes en 2015": sum(
            numbers([r for r in NOW if r["Code INSEE"] in ("91228", "91182")], "Population municipale")
        ),
        "habitants dans la plus petite commune en 2015": min(numbers(NOW, "Population municipale")),
    },
    "entreprises": {
        "sociétés immatriculées en 2018": len(BORN),
        "sociétés radiées en 2018": len(GONE),
        "des immatriculations sont de vraies créations": 100 * mean(row["etat"] == "Nouveau" for row in BORN),
        "capital médian d’une société immatriculée": median(row["capital"] for row in BORN if row.get("capital")),
    },
    "subventions": {
        "versés par Poitiers en 2017": sum(numbers(GRANTS, "SUB_MONTANT")),
        "subventions votées": len(GRANTS),
        "bénéficiaires": len({row["ATTRIB_NOM"].strip() for row in GRANTS}),
        "la moitié sont plus petites que": median(numbers(GRANTS, "SUB_MONTANT")),
        "versés par le département de la Nièvre en 2016": sum(numbers(NIEVRE, "SUB_MONTANT")),
        "versés par la commune de Roques en 2017": sum(
            numbers(
                [row for row in ROQUES if row["dateConvention"].endswith("2017") or "2017-" in row["dateConvention"]],
                "montant",
            )
        ),
    },
    "ponctualite-des-trains": {
        "des voyageurs du RER D à l’heure en 2019": of_line("D", "2019"),
        "sur la ligne R en 2019": of_line("R", "2019"),
        "le pire mois du RER D": min(numbers([r for r in TRAINS if r["Ligne"] == "D"], "Taux de ponctualité")),
    },
    "bornes-de-recharge": {
        "points de recharge": len(CHARGERS),
        "stations": len({row["nom_station"] for row in CHARGERS}),
        "sont ouverts jour et nuit, tous les jours": share(CHARGERS, "horaires", "24/7"),
        "sont sur la voie publique": share(CHARGERS, "implantation_station", "Voirie"),
    },
    "prenoms": {
        "nouveau-nés de 2018 à 2020": sum(PER_YEAR.values()),
        "portent un prénom donné trois fois ou plus dans l’année": sum(numbers(usual(NAMES), "NOMBRE_OCCURENCES")),
        "portent un prénom plus rare": sum(PER_YEAR.values()) - sum(numbers(usual(NAMES), "NOMBRE_OCCURENCES")),
        "prénoms sont montrés ici": len({row["PRENOM_ENFANT"] for row in usual(NAMES)}),
    },
    "energie": {
        "de chaleur livrée à Évry en 2021": sum(numbers(EVRY, "CONSO")) / 1000,
        "points de livraison à Évry": sum(numbers(EVRY, "PDL")),
        "de chaleur livrée à Ris-Orangis en 2021": sum(
            numbers([row for row in HEAT if row["IRIS_CODE"].startswith("91521")], "CONSO")
        )
        / 1000,
        "de gaz consommé dans l’Essonne en 2017": sum(
            numbers([r for r in POWER if r["Filière"] == "Gaz" and r["Année"] == "2017"], "Consommation totale (MWh)")
        )
        / 1000,
    },
}
"""For each page, what each key figure must be, by its label."""

TABLES = {
    "stationnement-velo": {
        "saint-etienne-reunit-presque-toutes-les-places-de-velo-de-sa-metropole": {"Saint-Étienne": CAPACITY["42218"]},
        "par-habitant-la-petite-commune-de-sainte-croix-en-jarez-passe-devant-saint-etien": {
            "Saint-Étienne": per_thousand("42218", CAPACITY["42218"])
        },
        "l-arceau-est-de-loin-le-mobilier-le-plus-pose": sums(BIKES, "mobilier", "capacite"),
    },
    "arbres": {
        "le-quartier-alsace-pereire-compte-le-plus-d-arbres-suivis": Counter(row["quartier"] for row in TREES),
    },
    "fibre": {
        "evry-courcouronnes-reunit-le-plus-de-locaux-raccordables": {
            "Évry-Courcouronnes": sum(
                numbers([r for r in CONNECTED if r["Code commune"] in ("91228", "91182")], "T1 2018")
            ),
            "Ris-Orangis": sum(numbers([r for r in CONNECTED if r["Code commune"] == "91521"], "T1 2018")),
        },
        "evry-courcouronnes-et-corbeil-essonnes-pesent-plus-du-tiers-des-logements": {"Évry-Courcouronnes": EVRY_HOMES},
        "paris-et-les-hauts-de-seine-loin-devant-les-departements-plus-etendus": {
            "Paris": 1000
            * sum(numbers([r for r in FIBRE if r["Code commune"][:2] == "75" and r["Champ"] != "Catégorie"], "T1 2018"))
            / sum(people or 0 for code, people in INHABITANTS.items() if code.startswith("75")),
        },
    },
    "population": {"la-population-a-plus-que-triple-depuis-1968": sums(PEOPLE, "Année", "Population municipale")},
    "entreprises": {
        "le-taxi-et-le-conseil-arrivent-en-tete-des-activites": {
            "Transports de voyageurs par taxis": sum(
                r.get("libelle_ape") == "Transports de voyageurs par taxis" for r in BORN
            )
        }
    },
    "subventions": {
        "dans-la-nievre-les-pompiers-d-abord": {
            row["ATTRIB_NOM"]: number(row["SUB_MONTANT"]) for row in NIEVRE if row["ATTRIB_NOM"] in ("SDIS", "RESO")
        },
    },
    "ponctualite-des-trains": {
        "le-rer-a-est-le-moins-ponctuel-la-ligne-h-la-plus-ponctuelle": {
            line: mean(numbers([r for r in TRAINS if r["Ligne"] == line], "Taux de ponctualité"))
            for line in "ABCDEHJKLNPRU"
        },
        "plus-de-49-000-trains-regionaux-annules-en-2013-et-en-2019": {
            year: sum(numbers([r for r in TER if r["Date"].startswith(year)], "Nombre de trains annulés"))
            for year in ("2013", "2019", "2020")
        },
    },
    "bornes-de-recharge": {
        "presque-tous-ces-points-ont-ete-ouverts-en-2015-et-en-2016": Counter(
            row["date_mise_en_service"][:4] for row in CHARGERS
        ),
        "la-seine-et-marne-loin-devant-dans-ce-fichier": {
            "Seine-et-Marne": sum(row["code_insee_commune"].startswith("77") for row in CHARGERS)
        },
    },
    "prenoms": {
        "un-peu-plus-de-naissances-en-2019": PER_YEAR,
        "gabriel-lina-et-adam-sont-les-plus-donnes": {
            name: sums(NAMES, "PRENOM_ENFANT", "NOMBRE_OCCURENCES")[name] for name in ("Gabriel", "Lina", "Adam")
        },
    },
    "energie": {
        "a-evry-le-centre-urbain-se-chauffe-le-plus-au-reseau": sums(EVRY, "IRIS_LIBELLE", "CONSO"),
        "le-reseau-d-evry-chauffe-surtout-des-logements": sums(
            [row for row in HEAT_2023 if row["IRIS"].startswith("91228")], "CODE_GRAND_SECTEUR", "CONSO"
        ),
    },
}
"""For each page, lines of the tables under its charts, by the address of the chart."""

PLACED = [row for row in BORN if row.get("geolocalisation")]
with ZipFile(FILES / "gtfs_transilien_2021-03-09.zip") as _feed, _feed.open("stops.txt") as _stops:
    STATIONS = [row for row in csv.DictReader(TextIOWrapper(_stops, "utf-8-sig")) if row["location_type"] == "1"]


def square_kilometres(contour):
    """The surface of a contour on a sphere, ring by ring, by the trapezes between each side and the equator."""
    polygons = contour["coordinates"] if contour["type"] == "MultiPolygon" else [contour["coordinates"]]
    total = 0.0
    for polygon in polygons:
        for rank, ring in enumerate(polygon):
            sides = pairwise(ring)
            around = sum(
                math.radians(x2 - x1) * (2 + math.sin(math.radians(y1)) + math.sin(math.radians(y2)))
                for (x1, y1), (x2, y2) in sides
            )
            total += (1 if rank == 0 else -1) * abs(around) * 6_371.0088**2 / 2
    return total


def extremes(values):
    """The least, the greatest and how many, as a map of territories says them."""
    return [min(values), max(values), len(values)]


SHAPES = contours()
COMMUNES_NOW = {row.code: SHAPES[row.key] for row in territory_rows() if row.kind == "commune" and row.epci == GPS}


def by_present_commune(rows, code, column):
    """The sum of a column for each commune of Grand Paris Sud, Courcouronnes with Évry as they are since 2019."""
    totals = sums(rows, code, column)
    totals["91228"] = totals.get("91228", 0) + totals.pop("91182", 0)
    return {code: value for code, value in totals.items() if code in COMMUNES_NOW}


OPEN_LINES = by_present_commune(CONNECTED, "Code commune", "T1 2018")
DENSITY = {
    code: value / square_kilometres(COMMUNES_NOW[code])
    for code, value in by_present_commune(NOW, "Code INSEE", "Population municipale").items()
}
MAP_NUMBERS = {
    "stationnement-velo": [len(BIKES)],
    "arbres": [len(TREES)],
    "bornes-de-recharge": [len(CHARGERS)],
    "ponctualite-des-trains": [len(STATIONS)],
    "entreprises": [len(PLACED), len(GONE)],
    "fibre": extremes([per_thousand(code, value) for code, value in OPEN_LINES.items()]),
    "population": extremes(list(DENSITY.values())),
}
"""For each page with a map, the numbers that the sentence of the map says."""


# What the pages show


def bare(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def figures_of(body):
    pairs = re.findall(r'<div class="figure"><dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>', tight(body), re.S)
    return {bare(label.partition("<span")[0]): bare(value) for label, value in pairs}


def tables_of(body):
    """The first two cells of each line of the table of a chart, by the chart's title."""
    tables = {}
    for chart in body.split('<figure class="chart"')[1:]:
        title = bare(re.search(r'class="chart-title">(.*?)</h', chart, re.S)[1])
        rows = re.findall(r"<tr>(.*?)</tr>", chart.partition("<tbody>")[2].partition("</tbody>")[0], re.S)
        cells = [[bare(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]
        tables[title] = {row[0]: row[1] for row in cells}
    return tables


def is_written(text, value):
    """Whether a text says a number, with as many decimals as it has."""
    match = re.match(r"-?[\d\s]+(?:,(\d+))?", text)
    assert match, text
    return float(re.sub(r"\s", "", match[0]).replace(",", ".")) == pytest.approx(
        value, abs=0.5001 * 10 ** -len(match[1] or "")
    )


def is_near(text, value):
    """The same within half a per cent: surfaces are measured here on a sphere, there on an ellipsoid."""
    return float(re.sub(r"\s", "", text).replace(",", ".")) == pytest.approx(value, rel=0.005)


def map_numbers(body):
    """The numbers of the sentence of the map of a page, out of the names of its layers and of places."""
    sentence = bare(re.search(r'data-atlas-part="sentence">(.*?)</p>', body, re.S)[1])
    bare_sentence = re.sub(r"(?:^|(?<=\. ))[^:.]* : |\([^)]*\)", "", sentence)
    return re.findall(r"\d[\d\s]*(?:,\d+)?", bare_sentence)


@pytest.fixture
def page_of(demo_version, home, client, db, monkeypatch):
    """The page of an address, made with its datasets, as HTML; indicators are recounted in their own room."""
    keys = re.findall(r'"indicateur:([\w-]+)"', json.dumps(PAGES))
    stand_in = Provider(
        "indicateur", "Indicateurs", lambda actor: [(k, k) for k in keys], lambda actor, key: Figure(key, "1")
    )
    monkeypatch.setitem(MODULES, "indicators", replace(MODULES["indicators"], figures=stand_in))

    def ask(slug):
        blocks = json.dumps(PAGES[slug])
        charts = {name: row for name, row in CHARTS.items() if f'"{name}"' in blocks}
        maps = {name: row for name, row in MAPS.items() if f'"{name}"' in blocks}
        contents = blocks + json.dumps([charts, maps])
        for dataset_id in sorted(name for name in PACK if f'"{name}"' in contents):
            if not Dataset.objects.filter(dataset_id=dataset_id).exists():
                make_version_of(PACK[dataset_id], demo_version)
        loaded = load_contents(OPERATOR, main_site(), charts=charts, maps=maps, pages={slug: PAGES[slug]})
        assert loaded.refused == ()
        answer = client.get(f"/pages/{slug}/", HTTP_ACCEPT_LANGUAGE="fr")
        assert answer.status_code == 200
        return answer.content.decode()

    near = {"42", "75", "77", "78", "91", "92", "93", "94", "95"}
    Territory.objects.bulk_create(
        Territory(
            kind=row.kind, code=row.code, name=row.name, folded=fold(row.name), population=row.population, epci=row.epci,
            department=row.department, region=row.region, former_codes=list(row.former_codes),
        )
        for row in territory_rows()
        if row.kind in ("departement", "region") or row.department in near
    )  # fmt: skip
    write_contours(one for one in SHAPES.outlines() if one[0][0] == "commune" and one[0][1] in COMMUNES_NOW)
    return ask


def make_version_of(row, demo_version):
    dataset = make_dataset(dataset_id=row.dataset_id, title=row.metas["title"])
    manifest = demo_version(row.dataset_id, versions_folder(dataset.uid))
    dataset.current = make_version(dataset, name=manifest.version)
    dataset.save()


@pytest.mark.parametrize("slug", sorted(PAGES))
def test_the_figures_and_the_tables_of_a_page_are_those_of_the_files(slug, page_of):
    body = page_of(slug)
    shown = figures_of(body)
    assert set(FIGURES[slug]) <= set(shown)
    wrong = {
        label: (shown[label], value) for label, value in FIGURES[slug].items() if not is_written(shown[label], value)
    }
    tables = tables_of(body)
    for chart, expected in TABLES[slug].items():
        table = tables[" ".join(CHARTS[chart]["title"].split())]
        wrong |= {
            (chart, name): (table.get(name), value)
            for name, value in expected.items()
            if not is_written(table[name], value)
        }
    if slug in MAP_NUMBERS:
        wrong |= {
            ("map", value): text
            for text, value in zip(map_numbers(body), MAP_NUMBERS[slug], strict=True)
            if not is_written(text, value) and not (slug == "population" and is_near(text, value))
        }
    assert wrong == {}
    assert len(FIGURES[slug]) >= 3


def test_the_map_of_every_page_is_recounted():
    assert set(MAP_NUMBERS) == {slug for slug, page in PAGES.items() if '"type": "map"' in json.dumps(page)}
