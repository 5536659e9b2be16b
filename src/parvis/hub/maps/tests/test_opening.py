"""What the map of a dataset shows first on a site of a territory."""

import pytest

from parvis.core.text import fold
from parvis.hub.maps.factories import make_trees
from parvis.hub.maps.selectors import layer_of
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

OWN = (2.4, 48.6, 2.5, 48.7)
INSIDE = [(2.41 + n / 500, 48.65) for n in range(30)]


@pytest.fixture
def town() -> Territory:
    west, south, east, north = OWN
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    contour = {"type": "Polygon", "coordinates": [ring]}
    return Territory.objects.create(kind="commune", code="91228", name="Évry", folded=fold("Évry"), contour=contour)


@pytest.mark.parametrize(
    ("places", "is_territory"),
    [
        (INSIDE, False),  # all of them on the territory: the data themselves
        ([(2.45, 48.65), (2.4501, 48.65)], True),  # one point of it
        ([(4.4, 45.4), (4.5, 45.5)], False),  # all of them elsewhere
        ([*INSIDE, (2.9, 48.65)], True),  # nearly all of them
        ([*INSIDE, *((2.6 + n / 100, 48.65) for n in range(30))], False),  # half of them outside
        ([*INSIDE[:2], *((-1.0 + n / 5, 46.0) for n in range(30))], True),  # those of a country
    ],
)
def test_a_map_opens_on_the_territory_of_the_site_or_on_data_that_lie_elsewhere(town, places, is_territory):
    layer = layer_of(make_trees(places), territory=town)
    assert layer["start"] == pytest.approx(OWN if is_territory else layer["bbox"])


def test_a_few_rows_put_in_the_sea_or_overseas_do_not_make_a_map_of_the_world(town):
    mainland = [(-1.0 + n / 5, 46.0) for n in range(30)]
    layer = layer_of(make_trees([*mainland, (46.7, 5.6), (55.4, -20.9)]))
    assert layer["start"] == pytest.approx((-1.0, 46.0, 4.8, 46.0))
    assert layer["bbox"] == pytest.approx((-1.0, -20.9, 55.4, 46.0))
    many = layer_of(make_trees([*mainland, *((55.4, -20.9 - n / 50) for n in range(10))], dataset_id="outre-mer"))
    assert many["start"] == many["bbox"]


def test_a_site_overseas_opens_on_its_own_rows_of_data_of_the_whole_country(town):
    mainland = [(-1.0 + n / 5, 46.0) for n in range(30)]
    layer = layer_of(make_trees([*mainland, (55.4, -20.9)]), territory=reunion())
    assert layer["start"] == pytest.approx((55.2, -21.4, 55.8, -20.8))


def reunion() -> Territory:
    ring = [[55.2, -21.4], [55.8, -21.4], [55.8, -20.8], [55.2, -20.8], [55.2, -21.4]]
    contour = {"type": "Polygon", "coordinates": [ring]}
    return Territory.objects.create(
        kind="commune", code="97411", name="Saint-Denis", folded=fold("Saint-Denis"), contour=contour
    )


def test_without_a_territory_a_map_opens_on_its_data():
    layer = layer_of(make_trees(INSIDE))
    assert layer["start"] == layer["bbox"]
