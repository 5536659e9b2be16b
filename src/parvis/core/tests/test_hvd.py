"""Categories of high-value datasets, proposed from words."""

import pytest

from parvis.core.hvd import CATEGORIES, proposed, refuses


@pytest.mark.parametrize(
    ("words", "schema", "categories"),
    [
        (["Contours des communes de l’Essonne"], "", ("geospatial",)),
        (["Base Adresse Locale"], "", ("geospatial",)),
        (["Adresses"], "etalab/schema-bal", ("geospatial",)),
        (["Mesures de la QUALITE DE L'AIR à Lisses", "ozone"], "", ("environnement",)),
        (["Cadastre", "zones inondables"], "", ("geospatial", "environnement")),
        (["Aménagements cyclables"], "", ("mobilite",)),
        (["Stations météo"], "", ("meteorologie",)),
        (["Le bal du 14 juillet", "fêtes"], "", ()),
        (["Marchés publics", "emballages"], "", ()),
        ([], "", ()),
    ],
)
def test_words_propose_categories(words, schema, categories):
    assert proposed(words, schema) == categories


def test_odbl_suits_no_category():
    assert all(refuses([category.slug], "odbl") for category in CATEGORIES)
    assert not refuses(["mobilite"], "lov2")
    assert not refuses([], "odbl")
