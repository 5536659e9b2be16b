"""The indicators of the demonstration, recounted from its source files with nothing but csv and json."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from statistics import mean

import pytest

from parvis.core.indicators.definition import Definition
from parvis.domains.indicators.computation import figures
from parvis.hub.catalogue.factories import make_dataset, make_version
from parvis.hub.datastore.factories import versions_folder
from parvis.packs.bundled_files import DEMO, demo_pack, demo_pages, demo_rows

pytestmark = pytest.mark.django_db

ROWS = {row["slug"]: Definition.from_dict(row) for row in demo_rows("indicators")}
PACK = {row.dataset_id: row for row in demo_pack().datasets}
FILES = DEMO / "files"
GPS, ISSY = "200059228", "92040"


def lines(name, delimiter=",", encoding="utf-8-sig", skip=0):
    with (FILES / name).open(encoding=encoding, newline="") as stream:
        for _ in range(skip):
            next(stream)
        return list(csv.DictReader(stream, delimiter=delimiter))


def numbers(rows, column):
    texts = (re.sub(r"\s", "", row[column] or "").replace(",", ".") for row in rows)
    return [float(text) for text in texts if re.fullmatch(r"-?\d+(\.\d+)?", text)]


def fields(name):
    return [row["fields"] for row in json.loads((FILES / name).read_text(encoding="utf-8"))]


def arcep(name, code=GPS):
    with (FILES / name).open(encoding="utf-8-sig", newline="") as stream:
        return [[cell.strip() for cell in row] for row in csv.reader(stream) if code in row]


def cities(name):
    return Counter(row.get("ville") for row in fields(name))


def people(year):
    return sum(
        numbers(
            [r for r in lines("historique-des-populations-legales-2.csv") if r["Année"] == year],
            "Population municipale",
        )
    )


def monthly(name, column, where=lambda row: True):
    numbers_by_month = defaultdict(list)
    for row in lines(name, ";"):
        if where(row):
            numbers_by_month[row["Date"]] += numbers([row], column)
    return numbers_by_month


def last_mean(numbers_by_month):
    month = max(month for month in numbers_by_month if numbers_by_month[month])
    return mean(numbers_by_month[month])


BIKES = "stationnement_velos_saint-etienne.csv"
TREES = "arbres_urbains_saint-germain-en-laye.csv"
VELIB, FREE = "velib_temps_reel_2023-12-10_1750.csv", "Nombre total vélos disponibles"
BORN, GONE = (
    "entreprises-immatriculees-en-2018_grand-paris-sud.json",
    "entreprises-radiees-en-2018_grand-paris-sud.json",
)
TRAINS, TER = "ponctualite-mensuelle-transilien_2013-2020.csv", "regularite-mensuelle-ter_2013-2021.csv"


def connectable(column):
    return float(next(row for row in arcep("arcep_ftth_epci_2018T1.csv") if row[1].startswith("Locaux"))[column])


def of_communes(column):
    return sum(float(re.sub(r"\s", "", row[column])) for row in arcep("arcep_communes_2018.csv"))


def ratio(name, top, bottom, delimiter, encoding="utf-8-sig"):
    rows = lines(name, delimiter, encoding)
    return 100 * sum(numbers(rows, top)) / sum(numbers(rows, bottom))


def in_issy(column):
    return float(re.sub(r"\s", "", arcep("arcep_communes_2018.csv", ISSY)[0][column]))


def heat(column, where=lambda row: True):
    rows = lines("chaleur_froid_iris_2021.csv", ";", skip=1)
    return sum(numbers([row for row in rows if row["FILIERE"] == "C" and where(row)], column))


RECOUNTED = {
    "fibre-locaux-raccordables": lambda: connectable(4),
    "fibre-progression-trimestre": lambda: connectable(4) - connectable(3),
    "fibre-part-raccordable": lambda: 100 * connectable(4) / (136_102 + 7_756),
    "logements": lambda: of_communes(5),
    "etablissements": lambda: of_communes(6),
    "entreprises-immatriculees": lambda: sum(cities(BORN).values()),
    "entreprises-radiees": lambda: sum(cities(GONE).values()),
    "entreprises-solde": lambda: sum(cities(BORN).values()) - sum(cities(GONE).values()),
    "population-municipale": lambda: people("2015"),
    "population-depuis-1968": lambda: people("2015") / people("1968"),
    "population-moyenne-commune": lambda: people("2015") / 24,
    "ponctualite-transilien": lambda: last_mean(monthly(TRAINS, "Taux de ponctualité")),
    "ponctualite-rer-d": lambda: last_mean(monthly(TRAINS, "Taux de ponctualité", lambda row: row["Ligne"] == "D")),
    "regularite-ter": lambda: last_mean(monthly(TER, "Taux de régularité")),
    "ter-annules": lambda: ratio(TER, "Nombre de trains annulés", "Nombre de trains programmés", ";"),
    "velo-places": lambda: sum(numbers(lines(BIKES, ";"), "capacite")),
    "velo-part-couverte": lambda: 100 * mean(row["couverture"] == "true" for row in lines(BIKES, ";")),
    "arbres-suivis": lambda: len(lines(TREES)),
    "arbres-hauteur": lambda: mean(numbers(lines(TREES), "hauteur")) / 100,
    "velib-velos": lambda: sum(numbers(lines(VELIB, ";"), FREE)),
    "velib-part-electrique": lambda: ratio(
        VELIB, "Vélos électriques disponibles", "Nombre total vélos disponibles", ";"
    ),
    "bordeaux-velos": lambda: sum(
        row["fields"]["nbvelos"]
        for row in json.loads((FILES / "velos_libre_service_bordeaux_v3_2020-09-28.json").read_text("utf-8"))["records"]
    ),
    "subventions-poitiers": lambda: sum(numbers(lines("subventions_poitiers_2017.csv", ";"), "SUB_MONTANT")),
    "subventions-nievre": lambda: sum(
        numbers(lines("subventions_nievre_2016_cp1252.csv", ",", "cp1252"), "SUB_MONTANT")
    ),
    "subventions-roques": lambda: sum(numbers(lines("subventions_roques_haute-garonne_2017.csv", ";"), "montant")),
    "chaleur-livree": lambda: heat("CONSO"),
    "points-livraison-chaleur": lambda: heat("PDL"),
    "bornes-recharge": lambda: len(lines("bornes_recharge_ile-de-france_2021-07-18.csv")),
    "fibre-locaux-raccordables-issy": lambda: float(arcep("arcep_ftth_communes_2018T1.csv", ISSY)[0][4]),
    "logements-issy": lambda: in_issy(5),
    "etablissements-issy": lambda: in_issy(6),
    "velib-velos-issy": lambda: sum(
        numbers([row for row in lines(VELIB, ";") if row["Nom communes équipées"] == "Issy-les-Moulineaux"], FREE)
    ),
    "chaleur-livree-issy": lambda: heat("CONSO", lambda row: row["IRIS_CODE"].startswith(ISSY)),
    "participation-2017": lambda: ratio(
        "presidentielle2017_t1_departements_cp1252.csv", "Votants", "Inscrits", ";", "cp1252"
    ),
}
"""The last value of the whole, recounted; the others need a population, or a sum of many files."""


@pytest.fixture
def versions(home, demo_version):
    """Make a dataset of the pack with its version; the name of the version."""

    def versions(dataset_id):
        dataset = make_dataset(dataset_id=dataset_id)
        manifest = demo_version(dataset_id, versions_folder(dataset.uid))
        dataset.current = make_version(dataset, name=manifest.version)
        dataset.save()
        return manifest.version

    return versions


def test_thirty_indicators_ask_datasets_of_the_pack():
    assert len(ROWS) >= 30
    assert {name for row in ROWS.values() for name in row.datasets} <= set(PACK)
    assert all(len(row.method) > 30 for row in ROWS.values())


def test_the_indicators_that_pages_show_are_among_those_recounted_here():
    shown = re.findall(r'"indicateur:([\w-]+)"', json.dumps(demo_pages()))
    assert shown
    assert set(shown) <= set(ROWS)


@pytest.mark.parametrize("slug", sorted(RECOUNTED))
def test_the_last_figure_is_the_one_counted_in_the_file(slug, versions):
    definition = ROWS[slug]
    computed = figures(definition, {name: versions(name) for name in definition.datasets}, {})
    whole = [one.value for one in computed if not one.key[0] and one.value is not None]
    assert whole[-1] == pytest.approx(RECOUNTED[slug](), rel=1e-9)


def test_figures_by_city_are_those_of_the_two_files(versions):
    definition = ROWS["entreprises-solde"]
    computed = figures(definition, {name: versions(name) for name in definition.datasets}, {})
    by_city = {one.key[0]: one.value for one in computed if one.key[0]}
    born, gone = cities(BORN), cities(GONE)
    assert by_city == {city: born[city] - gone[city] for city in {*born, *gone}}
