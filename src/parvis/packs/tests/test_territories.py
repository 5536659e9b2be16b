"""The reference of territories is whole and coherent."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from parvis.core.connections import connect
from parvis.packs.bundled_files import (
    CONTOURS,
    DEMO,
    LAKES,
    RIVERS,
    TERRITORIES,
    contours,
    lakes,
    rivers,
    territory_rows,
)

GRAND_PARIS_SUD = "200059228"
GRAND_PARIS_SEINE_OUEST = "200057974"
FINER = ("communes-77-seine-et-marne_2018.geojson", "communes-91-essonne_2018.geojson")
"""Files of the demonstration with contours drawn five times finer."""


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


PARTED = {"14666", "15031", "15035", "15047", "15171", "85165", "85212"}
"""Communes that left another one after 2018, whose contour still holds them (``SOURCE.md``)."""
COLLECTIVITIES = {"975", "977", "978", "984", "986", "987", "988", "989"}
"""Overseas collectivities, of which no contour is shipped."""


def test_every_commune_has_a_valid_contour_or_is_in_the_list_of_those_that_lack(rows, shapes):
    communes = {row.code: row for row in rows.values() if row.kind == "commune"}
    lacking = {code for code in communes if ("commune", code) not in shapes}
    assert {code for code in lacking if communes[code].department not in COLLECTIVITIES} == PARTED
    assert {communes[code].department for code in lacking - PARTED} == COLLECTIVITIES
    assert set(shapes) <= set(rows)
    assert all(geometry.is_valid and geometry.area > 0 for geometry in shapes.values())


def test_every_department_and_region_with_a_commune_has_a_contour(rows, shapes):
    for kind in ("epci", "ept", "departement", "region"):
        members = {row.code for row in rows.values() if row.kind == kind and row.code not in COLLECTIVITIES}
        assert members == {code for shape_kind, code in shapes if shape_kind == kind} or kind == "epci"
    without = {code for kind, code in rows if kind == "epci"} - {code for kind, code in shapes if kind == "epci"}
    assert all(row.department in COLLECTIVITIES for row in rows.values() if row.epci in without)


def test_neighbours_share_their_border(shapes):
    communes = [geometry for (kind, _code), geometry in shapes.items() if kind == "commune"]
    assert shapely.coverage_is_valid(communes)


OFFICIAL_AREAS = {"29": 6_733, "59": 5_743, "13": 5_087, "2A": 4_014, "973": 83_534, "974": 2_504, "77": 5_915}
"""Square kilometres, as Insee has them (cadastre, without estuaries and lagoons)."""


def test_areas_are_those_of_the_registers_within_two_percent(shapes):
    for code, official in OFFICIAL_AREAS.items():
        assert on_the_ellipsoid(shapes["departement", code]) == pytest.approx(official, rel=0.02)
    # IGN measures 551,500 km² for the mainland with its waters, and Insee 632,702 with the five departments overseas.
    mainland = sum(on_the_ellipsoid(shapes[kind, code]) for kind, code in shapes if kind == "region" and code > "06")
    assert mainland == pytest.approx(551_500, rel=0.01)
    whole = sum(on_the_ellipsoid(shapes[kind, code]) for kind, code in shapes if kind == "region")
    assert whole == pytest.approx(632_702, rel=0.012)


def on_the_ellipsoid(geometry) -> float:
    """Square kilometres, by another way than ours: the geodesics of GeographicLib, which reads latitude first."""
    sql = "SELECT ST_Area_Spheroid(ST_FlipCoordinates(ST_GeomFromWKB(?::BLOB)))"
    return connect("500MB").execute(sql, [shapely.to_wkb(geometry)]).fetchone()[0] / 1e6


def test_a_point_lies_in_the_commune_of_the_finer_source(shapes):
    disagreeing, drawn = 0, 0
    random = np.random.default_rng(16)
    now = {code: row.code for row in territory_rows() if row.kind == "commune" for code in row.former_codes}
    for name in FINER:
        features = json.loads((DEMO / "files" / name).read_text())["features"]
        codes = [feature["properties"]["code"] for feature in features]
        finer = [shape(feature["geometry"]) for feature in features]
        tree, (west, south, east, north) = shapely.STRtree(finer), shapely.total_bounds(finer)
        points = shapely.points(random.uniform(west, east, 4_000), random.uniform(south, north, 4_000))
        for point, polygon in zip(*tree.query(points, predicate="within"), strict=True):
            code = now.get(codes[polygon], codes[polygon])
            drawn += 1
            disagreeing += not shapes["commune", code].covers(points[point])
    assert drawn > 4_000
    assert disagreeing / drawn < 0.012


@pytest.mark.parametrize(
    ("kind", "code", "column"),
    [
        ("epci", GRAND_PARIS_SUD, "epci"),
        ("ept", GRAND_PARIS_SEINE_OUEST, "ept"),
        ("epci", "242900314", "epci"),
        ("departement", "85", "department"),
        ("departement", "2B", "department"),
        ("region", "06", "region"),
    ],
)
def test_a_contour_is_exactly_that_of_its_communes(rows, shapes, kind, code, column):
    union = shapely.union_all([shapes[row.key] for row in communes_of(rows, column, code) if row.code not in PARTED])
    assert union.symmetric_difference(shapes[kind, code]).area == pytest.approx(0, abs=1e-12)


def test_merged_communes_are_one(shapes):
    assert ("commune", "91182") not in shapes
    evry_courcouronnes = shapes["commune", "91228"]
    assert evry_courcouronnes.geom_type == "Polygon"
    assert evry_courcouronnes.contains(shapely.Point(2.4075, 48.6145))


def test_coordinates_have_five_decimals_and_stand_in_france(shapes):
    points = shapely.get_coordinates(list(shapes.values()))
    assert (abs(points - points.round(5)) < 1e-9).all()
    in_europe = points[(points[:, 0] > -10) & (points[:, 1] > 40)]
    assert (in_europe.min(axis=0) > (-5.2, 41.3)).all()
    assert (in_europe.max(axis=0) < (9.6, 51.1)).all()
    assert len(in_europe) > 0.9 * len(points)


def test_rivers_and_lakes_of_france_are_there_the_largest_first():
    names, ranks = ([feature["properties"][key] for feature in rivers()["features"]] for key in ("name", "rank"))
    assert {"Seine", "Loire", "Garonne", "Rhône"} <= set(names)
    assert ranks == sorted(ranks)
    assert any("Annecy" in feature["properties"]["name"] for feature in lakes()["features"])


def test_files_stay_small():
    assert TERRITORIES.stat().st_size < 1_500_000
    assert CONTOURS.stat().st_size < 5_000_000
    assert RIVERS.stat().st_size + LAKES.stat().st_size < 100_000
