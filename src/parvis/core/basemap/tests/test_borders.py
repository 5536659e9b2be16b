"""Borders of territories, which extracts tag on ways, on relations, or on both."""

import json

import pytest

from parvis.core.basemap.factories import CENTRE, ExtractWriter
from parvis.core.basemap.features import write_features

X, Y = CENTRE
LACKING = 10**8


@pytest.fixture
def extract(tmp_path):
    """Writes what is given of an extract; tells the features of a layer."""

    class Extract(ExtractWriter):
        def layer(self, name):
            if not (tmp_path / f"{name}.geojsonl").exists():
                self.close()
                write_features(tmp_path / "29.osm.pbf", tmp_path, "29.osm.pbf")
            return [json.loads(line)["properties"] for line in (tmp_path / f"{name}.geojsonl").read_text().splitlines()]

    writer = Extract(tmp_path / "29.osm.pbf")
    writer.line([(X, Y), (X + 0.02, Y)], highway="residential", name="Rue Kéréon")
    return writer


def edge(rank):
    return [(X, Y + rank * 0.01), (X + 0.05, Y + rank * 0.01)]


def test_ways_without_tags_are_borders_by_the_relations_that_hold_them(extract):
    both, own, none = (extract.line(edge(1)), extract.line(edge(2)), extract.line(edge(3)))
    commune = {"type": "boundary", "boundary": "administrative", "admin_level": "8"}
    extract.relation({both: "outer", own: "outer", LACKING: "outer"}, **commune)
    extract.relation({both: "outer", LACKING + 1: "outer"}, **{**commune, "admin_level": "6"})
    extract.relation({none: "outer"}, **{**commune, "admin_level": "10"})
    assert [row["level"] for row in extract.layer("boundaries")] == [6, 8]


def test_a_river_that_parts_two_communes_is_a_river_and_a_border(extract):
    extract.line(edge(1), boundary="administrative", admin_level="8", waterway="river", name="Odet")
    assert [row["level"] for row in extract.layer("boundaries")] == [8]
    assert [row["name"] for row in extract.layer("waterways")] == ["Odet"]


def test_a_coast_is_no_border_though_it_closes_a_commune(extract):
    coast = extract.line(edge(-1), natural="coastline")
    extract.relation({coast: "outer"}, type="boundary", boundary="administrative", admin_level="8")
    assert extract.layer("boundaries") == []
