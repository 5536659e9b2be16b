"""The reference of territories is whole and coherent."""

from __future__ import annotations

from collections import Counter

import pytest
import shapely
from shapely.geometry import shape

from parvis.packs.bundled_files import CONTOURS, TERRITORIES, contours, territory_rows

GRAND_PARIS_SUD = "200059228"
GRAND_PARIS_SEINE_OUEST = "200057974"


@pytest.fixture(scope="module")
def rows():
    return {row.key: row for row in territory_rows()}


@pytest.fixture(scope="module")
def shapes():
    return {key: shape(geometry) for key, geometry in contours().items()}


def communes_of(rows, column, code):
    return [row for row in rows.values() if row.kind == "commune" and getattr(row, column) == code]


def test_every_territory_stands_once_and_all_are_there(rows):
    assert Counter(kind for kind, _code in rows) == {
        "commune": 34969,
        "epci": 1255,
        "ept": 11,
        "departement": 109,
        "region": 26,
    }
    assert sum(1 for _row in territory_rows()) == len(rows)


def test_codes_stay_text(rows):
    assert rows["commune", "2A004"].name == "Ajaccio"
    assert rows["commune", "01001"].name == "L'Abergement-Clémenciat"
    assert rows["departement", "01"].name == "Ain"
    assert rows["region", "01"].name == "Guadeloupe"


def test_parents_exist(rows):
    for row in rows.values():
        parents = {"epci": row.epci, "ept": row.ept, "departement": row.department, "region": row.region}
        for kind, code in parents.items():
            assert not code or (kind, code) in rows, (row, kind, code)


def test_grand_paris_sud_has_23_communes_over_two_departments(rows):
    members = communes_of(rows, "epci", GRAND_PARIS_SUD)
    assert len(members) == 23
    assert {row.department for row in members} == {"77", "91"}
    agglomeration = rows["epci", GRAND_PARIS_SUD]
    assert agglomeration.name == "Grand Paris Sud Seine Essonne Sénart"
    assert agglomeration.nature == "CA"
    assert agglomeration.population == sum(row.population for row in members) == 364991


def test_issy_is_in_grand_paris_seine_ouest_and_in_the_metropolis(rows):
    issy = rows["commune", "92040"]
    assert (issy.name, issy.ept, issy.epci) == ("Issy-les-Moulineaux", GRAND_PARIS_SEINE_OUEST, "200054781")
    assert (issy.department, issy.region, issy.postcodes, issy.siren) == ("92", "11", ("92130",), "219200409")
    assert len(communes_of(rows, "ept", GRAND_PARIS_SEINE_OUEST)) == 8


def test_former_codes_lead_to_one_present_commune(rows):
    owners = Counter(code for row in rows.values() for code in row.former_codes)
    assert set(owners.values()) == {1}
    assert not {("commune", code) for code in owners} & set(rows)
    assert "91182" in rows["commune", "91228"].former_codes
    assert "13201" in rows["commune", "13055"].district_codes


def test_populations_of_regions_are_those_of_their_communes(rows):
    for row in rows.values():
        if row.kind == "region":
            total = sum(member.population or 0 for member in communes_of(rows, "region", row.code))
            assert (row.population or 0) == total


def test_names_fit_the_database(rows):
    assert max(len(row.name) for row in rows.values()) <= 120


def test_every_commune_of_ile_de_france_has_a_valid_contour(rows, shapes):
    communes = communes_of(rows, "region", "11")
    assert {row.key for row in communes} == {key for key in shapes if key[0] == "commune"}
    assert set(shapes) <= set(rows)
    assert all(geometry.is_valid and geometry.area > 0 for geometry in shapes.values())


def test_neighbours_share_their_border(shapes):
    communes = [geometry for (kind, _code), geometry in shapes.items() if kind == "commune"]
    assert shapely.coverage_is_valid(communes)


@pytest.mark.parametrize(
    ("kind", "code", "column"),
    [
        ("epci", GRAND_PARIS_SUD, "epci"),
        ("ept", GRAND_PARIS_SEINE_OUEST, "ept"),
        ("departement", "91", "department"),
        ("region", "11", "region"),
    ],
)
def test_a_contour_is_exactly_that_of_its_communes(rows, shapes, kind, code, column):
    union = shapely.union_all([shapes[row.key] for row in communes_of(rows, column, code)])
    assert union.symmetric_difference(shapes[kind, code]).area == pytest.approx(0, abs=1e-12)


def test_merged_communes_are_one(shapes):
    assert ("commune", "91182") not in shapes
    evry_courcouronnes = shapes["commune", "91228"]
    assert evry_courcouronnes.geom_type == "Polygon"
    assert evry_courcouronnes.contains(shapely.Point(2.4075, 48.6145))


def test_coordinates_have_five_decimals_and_stand_in_france(shapes):
    points = shapely.get_coordinates(list(shapes.values()))
    assert (abs(points - points.round(5)) < 1e-9).all()
    assert points[:, 0].min() > 1.4
    assert points[:, 0].max() < 3.6
    assert points[:, 1].min() > 48.1
    assert points[:, 1].max() < 49.3


def test_files_stay_small():
    assert TERRITORIES.stat().st_size < 1_500_000
    assert CONTOURS.stat().st_size < 700_000
