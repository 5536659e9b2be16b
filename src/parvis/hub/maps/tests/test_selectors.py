import pytest

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
