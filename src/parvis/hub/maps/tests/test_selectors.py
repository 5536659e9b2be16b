import mapbox_vector_tile
import pytest
import shapely
import shapely.geometry

from parvis.hub.maps import base_map, ground
from parvis.hub.maps.factories import make_trees
from parvis.hub.maps.selectors import layer_of

pytestmark = pytest.mark.django_db


def test_a_layer_tells_its_extent_its_legends_and_its_tiles():
    dataset = make_trees([(2.4 + n / 1000, 48.6) for n in range(50)], dataset_id="arbres")
    layer = layer_of(dataset)
    assert (layer["kind"], layer["rows"], layer["titleFields"]) == ("points", 50, ["nom"])
    assert layer["bbox"] == pytest.approx((2.4, 48.6, 2.449, 48.6))
    assert layer["tiles"] == (
        f"/tiles/arbres/{{z}}/{{x}}/{{y}}.mvt?v={dataset.current.name}&f=nom,espece,hauteur,plante_le"
    )
    category, number = layer["legends"]
    assert (category["field"], category["kind"], category["others"]) == ("espece", "category", False)
    assert [(row["value"], row["count"], row["rank"]) for row in category["values"]][:2] == [
        ("Platane", 10, 1), ("Érable", 10, 2)
    ]  # fmt: skip
    assert (number["field"], number["unit"], number["edges"]) == ("hauteur", "m", [1.0, 2.0, 3.0, 4.0])


def test_the_card_renames_what_the_map_shows():
    dataset = make_trees([(2.4, 48.6), (2.5, 48.6)], fields={"espece": {"label": "Essence", "unit": ""}})
    labels = {field["name"]: field["label"] for field in layer_of(dataset)["fields"]}
    assert labels["espece"] == "Essence"


def test_the_base_map_draws_the_territory_and_nothing_elsewhere():
    # between Essonne and Seine-et-Marne, zoom 10
    tile = mapbox_vector_tile.decode(ground.base_tile(10, 519, 353))
    assert {feature["properties"]["kind"] for feature in tile["shapes"]["features"]} == {
        "region",
        "departement",
        "commune",
    }
    assert ground.base_tile(10, 0, 0) == b""


def test_a_border_that_two_territories_share_is_drawn_once():
    tile = mapbox_vector_tile.decode(ground.base_tile(10, 519, 353))
    drawn: dict[str, list] = {"departement": [], "commune": []}
    for feature in tile["shapes"]["features"]:
        if feature["geometry"]["type"] != "Polygon":
            shape = shapely.geometry.shape(feature["geometry"])
            drawn[feature["properties"]["kind"]] += shapely.get_parts(shape).tolist()
    alone = [shapely.union_all(lines).length for lines in drawn.values()]
    assert alone == pytest.approx([sum(line.length for line in lines) for lines in drawn.values()])
    common = shapely.intersection(*(shapely.union_all(lines) for lines in drawn.values()))
    assert common.length == pytest.approx(0, abs=1)


def test_far_away_only_the_largest_territories_are_drawn():
    tile = mapbox_vector_tile.decode(ground.base_tile(4, 8, 5))
    assert {feature["properties"]["kind"] for feature in tile["shapes"]["features"]} == {"region"}
    assert "names" not in tile


def test_each_zoom_names_the_communes_that_have_room():
    def named(z, x, y):
        tile = mapbox_vector_tile.decode(ground.base_tile(z, x, y))
        return [feature["properties"]["name"] for feature in tile["names"]["features"]]

    far, near = named(8, 129, 88), named(11, 1037, 706)
    assert far[0] == "Paris"
    assert "Évry-Courcouronnes" in far
    assert "Ballainvilliers" not in far
    assert {"Ballainvilliers", "Évry-Courcouronnes"} <= set(near)
    assert near.index("Évry-Courcouronnes") < near.index("Ballainvilliers")  # the most peopled first


def test_the_outside_base_map_is_used_only_when_asked_for(settings):
    assert base_map.base_of_maps()["kind"] == "own"
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAP_BASE": "ign"}
    assert base_map.base_of_maps()["tiles"].startswith("https://data.geopf.fr/")
