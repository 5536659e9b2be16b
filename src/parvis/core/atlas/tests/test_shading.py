"""Shaded territories: former communes brought to the present one, values related to inhabitants or square kilometres."""

import pytest

from parvis.core.atlas.description import MapLayer
from parvis.core.atlas.shading import shaded
from parvis.core.charts.places import Place

EVRY = Place("91228", "Évry-Courcouronnes", 60_000, 13.0)
GRIGNY = Place("91286", "Grigny", 30_000, 4.8)
EMPTY = Place("91999", "Sans habitants", 0, 2.0)
PLACES = {"91228": EVRY, "91182": EVRY, "91286": GRIGNY, "91999": EMPTY}


def rows(*pairs):
    return [{"c_group": code, "c_value": value} for code, value in pairs]


def layer(**changes):
    return MapLayer("places", **{"kind": "choropleth", "calculation": "sum", "measure": "places", **changes})


def test_the_codes_of_a_commune_are_added_up():
    shades, left_out = shaded(layer(), rows(("91228", 100), ("91182", 20), ("91286", 60), ("00000", 5)), PLACES)
    assert [(one.name, one.value, one.codes) for one in shades] == [
        ("Évry-Courcouronnes", 120, ("91228", "91182")),
        ("Grigny", 60, ("91286",)),
    ]
    assert left_out == ("00000",)


@pytest.mark.parametrize(("per", "expected"), [("inhabitants", 120 * 1_000 / 60_000), ("km2", 120 / 13)])
def test_values_are_related_to_what_lives_or_lies_there(per, expected):
    shades, left_out = shaded(layer(per=per), rows(("91228", 100), ("91182", 20), ("91999", 7)), PLACES)
    assert shades[0].value == pytest.approx(expected)
    assert (shades[0].raw, shades[0].base) == (120, {"inhabitants": 60_000, "km2": 13}[per])
    assert left_out == (("91999",) if per == "inhabitants" else ())


@pytest.mark.parametrize(("calculation", "expected"), [("max", 100), ("min", 20), ("count", 120)])
def test_what_can_be_put_together_is_put_together_in_its_own_way(calculation, expected):
    shades, _left_out = shaded(layer(calculation=calculation), rows(("91182", 20), ("91228", 100)), PLACES)
    assert shades[0].value == expected


def test_a_mean_is_no_mean_of_means_that_of_the_present_code_is_kept():
    shades, _left_out = shaded(layer(calculation="avg"), rows(("91182", 20), ("91228", 100)), PLACES)
    assert (shades[0].value, shades[0].codes) == (100, ("91228",))


def test_each_moment_has_its_values_and_rows_without_one_are_left():
    moments = [
        {"c_group": "91286", "c_value": n, "c_series": year} for n, year in ((1, "2018"), (2, "2019"), (3, None))
    ]
    shades, _left_out = shaded(layer(time="annee"), moments, PLACES)
    assert [(one.moment, one.value) for one in shades] == [("2018", 1), ("2019", 2)]


def test_rows_without_code_or_value_are_no_territory():
    assert shaded(layer(), rows((None, 3), ("", 3), ("91286", None)), PLACES) == ([], ())
