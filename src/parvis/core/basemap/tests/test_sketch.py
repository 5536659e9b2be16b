"""What pictures show of a base map."""

import gzip

import pytest

from parvis.core.basemap import building, sketch
from parvis.core.basemap.archive import Archive
from parvis.core.basemap.factories import CENTRE, make_extract

X, Y = CENTRE
TOWN = (X - 0.06, Y - 0.07, X + 0.06, Y + 0.05)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sketch")
    base_map = building.build(make_extract(folder / "quimper.osm.pbf"), folder / "made")
    with Archive(base_map.path(folder / "made")) as archive:
        yield archive


def kinds(archive, box, width=960):
    return {one.kind for one in sketch.sketch(archive, box, width)}


def test_a_town_has_its_sea_its_wood_its_roads_and_its_rails(town):
    assert {"sea", "ground", "wood", "built", "water", "large", "rail", "stream"} <= kinds(town, TOWN)


def test_shapes_lie_where_the_picture_is_and_are_no_finer_than_its_pixels(town):
    west, south, east, north = TOWN
    fine, coarse = sketch.sketch(town, TOWN, 960), sketch.sketch(town, TOWN, 8)
    places = [place for one in fine for shape in one.shapes for place in _places(shape["coordinates"])]
    assert all(west - 1e-9 <= x <= east + 1e-9 and south - 1e-9 <= y <= north + 1e-9 for x, y in places)
    assert sum(len(one.shapes) for one in coarse) < sum(len(one.shapes) for one in fine)


def test_few_tiles_are_read_however_wide_the_picture(town, monkeypatch):
    addresses = []
    monkeypatch.setattr(town, "tile", lambda *address: addresses.append(address))
    for wide in (0.01, 0.2, 3, 40):
        addresses.clear()
        sketch.sketch(town, (X - wide, Y - wide / 2, X + wide, Y + wide / 2), 960)
        assert len(addresses) <= sketch.MOST_TILES


@pytest.mark.parametrize(
    "body", [b"no gzip", gzip.compress(b"\x1a\xff\xff\xff\xff no tile"), gzip.compress(bytes(4_000_000))]
)
def test_a_tile_that_cannot_be_read_is_left_out(town, monkeypatch, body):
    monkeypatch.setattr(town, "tile", lambda *_address: body)
    assert kinds(town, TOWN) == set()


def _places(coordinates):
    if isinstance(coordinates[0], float | int):
        yield coordinates
        return
    for part in coordinates:
        yield from _places(part)
