"""Land and sea of extracts whose coasts are whole, cut off, broken or lacking."""

import json

import pytest
import shapely

from parvis.core.basemap.factories import CENTRE, ExtractWriter
from parvis.core.basemap.features import write_features
from parvis.packs import bundled_files

X, Y = CENTRE
BY_THE_COAST, AT_SEA = (X + 0.03, Y - 0.02), (X + 0.02, Y - 0.07)
STREET = [(X, Y), (X + 0.02, Y)]
ISLAND = [(X, Y - 0.3), (X + 0.04, Y - 0.3), (X + 0.04, Y - 0.27), (X, Y - 0.27), (X, Y - 0.3)]
COAST = [(X - 0.4 + step * 0.02, Y - 0.05 + step % 2 * 0.004) for step in range(41)]
"""From the west to the east, so that the land is in the north of it."""


@pytest.fixture
def drawn(tmp_path):
    """Writes an extract with what is given of it; tells what is drawn at a place, and all features of a layer."""

    class Drawn:
        def __init__(self):
            self.writer = ExtractWriter(tmp_path / "finistere.osm.pbf")
            self.writer.line(STREET, highway="residential", name="Rue Kéréon")

        def read(self, ground=None):
            self.writer.close()
            self.summary = write_features(tmp_path / "finistere.osm.pbf", tmp_path, "finistere.osm.pbf", ground=ground)
            return self

        def layer(self, name):
            return [json.loads(line) for line in (tmp_path / f"{name}.geojsonl").read_text().splitlines()]

        def at(self, place):
            point = shapely.Point(place)
            rows = [row for layer in ("water", "land") for row in self.layer(layer)]
            return {
                row["properties"]["kind"]
                for row in rows
                if shapely.from_geojson(json.dumps(row["geometry"])).contains(point)
            }

        def covers(self, place):
            ground = shapely.MultiPolygon([(part[0], part[1:]) for part in self.summary.coverage])
            return bool(ground.contains(shapely.Point(place)))

    return Drawn()


def test_an_island_has_land_in_it_and_sea_around_it(drawn):
    drawn.writer.line(COAST, natural="coastline")
    drawn.writer.line(ISLAND, natural="coastline", place="island", name="Enez Eusa", **{"name:fr": "Ouessant"})
    drawn.read()
    assert drawn.at((X + 0.02, Y - 0.285)) == {"ground"}
    assert drawn.at((X + 0.02, Y - 0.26)) == {"sea"}
    assert drawn.at(BY_THE_COAST) == {"ground"}
    assert [row["properties"]["name"] for row in drawn.layer("places")] == ["Ouessant"]


def test_a_rock_in_the_open_sea_makes_no_land_of_it(drawn):
    drawn.writer.line(COAST, natural="coastline")
    drawn.writer.point((X + 0.02, Y - 0.8), place="islet", name="Ar Men")
    drawn.read()
    assert drawn.at((X + 0.1, Y - 0.75)) in (set(), {"sea"})
    assert drawn.at(AT_SEA) == {"sea"}


def test_an_extract_without_coasts_leaves_land_and_sea_to_the_shipped_contours(drawn):
    drawn.read()
    assert drawn.at(BY_THE_COAST) == set()
    assert drawn.at(AT_SEA) == set()


def test_places_that_lack_cut_a_coast_off_and_flood_nothing(drawn):
    drawn.writer.broken_line(COAST, 3, natural="coastline")
    drawn.read()
    for step in range(-8, 9):
        assert drawn.at((X + step * 0.04, Y + 0.01)) <= {"ground"}
        assert drawn.at((X + step * 0.04, Y - 0.11)) <= {"sea"}
    assert drawn.at((COAST[4][0], Y - 0.03)) == {"ground"}
    assert drawn.at((COAST[4][0], Y - 0.07)) == {"sea"}


def test_a_street_is_drawn_as_far_as_its_places_go(drawn):
    drawn.writer.broken_line(
        [(X, Y + 0.1), (X + 0.01, Y + 0.1), (X + 0.02, Y + 0.1), (X + 0.03, Y + 0.1)], 2, highway="primary"
    )
    drawn.read()
    assert [row["properties"]["kind"] for row in drawn.layer("roads")] == ["street", "primary", "primary"]


def test_a_coast_that_goes_on_beyond_the_extract_hides_no_name_there(drawn):
    drawn.writer.line([*COAST, (X + 2, Y - 0.05)], natural="coastline")
    drawn.read()
    assert drawn.covers(STREET[0])
    assert not drawn.covers((X + 1.5, Y))


def test_the_other_bank_that_is_not_in_the_extract_is_not_flooded(drawn):
    # The coast of Lorient, with the sea on its right; that of Port-Louis, beyond the roadstead, is missing.
    drawn.writer.line([(-3.36, 47.6 + step / 40) for step in range(11)], natural="coastline")
    drawn.writer.line([(-3.39, 47.72), (-3.38, 47.73)], highway="residential")
    drawn.read(ground=bundled_files.GROUND)
    for riantec in ((-3.30, 47.715), (-3.28, 47.71)):
        assert "sea" not in drawn.at(riantec)


def test_an_extract_of_one_commune_covers_no_commune_around(drawn):
    drawn.read()
    assert drawn.covers(STREET[1])
    assert not any(drawn.covers((X + right, Y + down)) for right, down in ((0.2, 0), (-0.2, 0), (0, 0.15), (0, -0.15)))


def test_a_moor_without_a_street_is_covered_by_what_is_around(drawn):
    around = [(X + right * 0.088, Y + down * 0.059) for right in (-1, 0, 1) for down in (-1, 0, 1) if right or down]
    for place in around:
        drawn.writer.point(place, place="hamlet", name="Ti Nevez")
    drawn.writer.point((X + 3, Y), place="village", name="Elsewhere")
    drawn.read()
    assert drawn.covers((X, Y))
    assert not drawn.covers((X + 1.5, Y))


def test_a_limit_of_waters_is_no_border_of_the_map(drawn):
    drawn.writer.line([(X, Y - 0.4), (X + 0.2, Y - 0.4)], boundary="administrative", admin_level="4", maritime="yes")
    drawn.writer.line([(X, Y), (X, Y + 0.2)], boundary="administrative", admin_level="6")
    drawn.read()
    assert [row["properties"]["level"] for row in drawn.layer("boundaries")] == [6]
