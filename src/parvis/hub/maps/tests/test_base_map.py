import gzip

import mapbox_vector_tile
import pytest

from parvis.core.basemap import building
from parvis.core.basemap.factories import make_extract
from parvis.core.mercator import mercator_x, mercator_y
from parvis.hub.addresses import current_site
from parvis.hub.maps import base_map, basemap_files, ign, own_ground

LILLE, SAINT_DENIS = (3.058, 50.637), (55.448, -20.88)


@pytest.fixture
def home(settings, tmp_path):
    """An instance without a base map of its own."""
    settings.PARVIS_HOME = tmp_path
    basemap_files.base_map_in_service.cache_clear()
    yield tmp_path
    basemap_files.base_map_in_service.cache_clear()


def ground_at(z, place):
    side = 2**z
    tile = own_ground.ground_archive().tile(z, int(mercator_x(place[0]) * side), int(mercator_y(place[1]) * side))
    return mapbox_vector_tile.decode(gzip.decompress(tile)) if tile else {}


def values(layers, layer, name):
    return [feature["properties"].get(name) for feature in layers.get(layer, {}).get("features", [])]


@pytest.mark.parametrize("place", [LILLE, SAINT_DENIS])
def test_the_ground_places_a_point_anywhere_in_france(place):
    layers = ground_at(10, place)
    assert "land" in layers
    assert "commune" in values(layers, "borders", "kind")
    assert {"Lille", "Saint-Denis"} & set(values(layers, "names", "name"))


def test_each_zoom_names_and_borders_what_has_room():
    far, near = ground_at(5, LILLE), ground_at(10, LILLE)
    assert set(values(far, "borders", "kind")) == {"region", "departement"}
    assert "Lille" in values(far, "names", "name")
    assert "Lambersart" not in values(far, "names", "name")
    assert "Lambersart" in values(near, "names", "name")


def test_the_ground_has_rivers_lakes_and_the_land_around():
    layers = ground_at(8, (6.5, 46.4))
    assert "lakes" in layers
    assert "abroad" in layers
    assert any("Rhône" in (name or "") for name in values(layers, "rivers", "name"))


def test_maps_show_the_ground_until_a_base_map_is_built_then_what_was_built(home):
    assert base_map.base_of_maps()["kind"] == "own"
    built = building.build(make_extract(home / "quimper.osm.pbf"), basemap_files.folder())
    basemap_files.base_map_in_service.cache_clear()
    base = base_map.base_of_maps()
    assert base["kind"] == "pmtiles"
    assert base["detail"]["tiles"] == f"/carte/fond/{built.name}/{{z}}/{{x}}/{{y}}.mvt"
    assert base["detail"]["credit"] == "© les contributeurs d’OpenStreetMap"
    assert base["detail"]["coverage"]
    building.remove(basemap_files.folder())
    basemap_files.base_map_in_service.cache_clear()
    assert base_map.base_of_maps()["kind"] == "own"


def test_tiles_have_one_address_behind_all_prefixes(home):
    here = base_map.base_of_maps()
    with current_site("", "lieusaint"):
        assert base_map.base_of_maps() == here


def test_the_plan_of_ign_comes_through_this_portal_and_is_left_out_while_ign_is_silent(home, settings, monkeypatch):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAP_BASE": "ign"}
    base = base_map.base_of_maps()
    assert (base["kind"], base["plan"]["tiles"]) == ("ign", "/carte/ign/{z}/{x}/{y}.png")
    assert base["plan"]["credit"] == "© IGN"
    monkeypatch.setattr(ign._server, "silent_until", float("inf"))
    assert base_map.base_of_maps()["kind"] == "own"
