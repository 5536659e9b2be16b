"""A map met with its datasets: what may be guessed is, what will not do is told with what would."""

import pytest

from parvis.core.atlas.completion import completed
from parvis.core.atlas.description import MapDescription, MapLayer
from parvis.core.atlas.errors import BadMap, NoCodes, NothingToPlace, NotTogether, UnfitColumn
from parvis.core.atlas.questions import conditions_of, within
from parvis.core.charts.questions import Table
from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.versions.manifest import ColumnProfile

PLACED = TableShape(
    (
        Column("nom", "Nom", ColumnType.TEXT),
        Column("hauteur", "Hauteur", ColumnType.DOUBLE),
        Column("plante_le", "Planté le", ColumnType.DATE),
        Column("lieu", "Lieu", ColumnType.GEO_POINT),
    )
)
CODED = TableShape(
    (
        Column("iris", "IRIS", ColumnType.TEXT, kind="iris"),
        Column("insee", "Commune", ColumnType.TEXT, kind="insee_commune"),
        Column("places", "Places", ColumnType.INT),
    )
)
TABLES = {
    "arbres": Table(PLACED, {"plante_le": ColumnProfile(0, 900, "1980-01-01", "2024-12-31")}, 1_000),
    "places": Table(CODED, {}, 100),
}


def whole(dataset, **layer):
    return completed(MapDescription((MapLayer(dataset, **layer),)), TABLES).layers[0]


def test_points_need_nothing_more_and_a_slider_takes_a_step():
    assert whole("arbres").kind == "points"
    assert whole("arbres", time="plante_le").step == "year"
    assert whole("arbres", time="plante_le", step="month").step == "month"


def test_territories_are_those_of_the_first_codes():
    layer = whole("places", kind="choropleth", territory="insee")
    assert (layer.territory, layer.level) == ("insee", "commune")
    assert whole("places", kind="choropleth").territory == "iris"


@pytest.mark.parametrize(
    ("dataset", "layer", "error"),
    [
        ("places", {"kind": "points"}, NothingToPlace),
        ("arbres", {"kind": "choropleth"}, NoCodes),
        ("arbres", {"colour": "plante_le"}, UnfitColumn),
        ("arbres", {"size": "nom"}, UnfitColumn),
        ("arbres", {"size": "hauter"}, UnfitColumn),
        ("arbres", {"popup": "{inconnue}"}, UnfitColumn),
        ("arbres", {"popup": "{lieu}"}, UnfitColumn),
        ("arbres", {"time": "nom"}, UnfitColumn),
        ("places", {"kind": "choropleth", "calculation": "sum"}, BadMap),
        ("places", {"kind": "choropleth", "popup": "{places}"}, BadMap),
        ("places", {"kind": "choropleth", "territory": "insee", "level": "iris"}, BadMap),
        ("places", {"kind": "choropleth", "calculation": "avg", "measure": "places", "level": "epci"}, NotTogether),
        (
            "places",
            {"kind": "choropleth", "territory": "insee", "calculation": "median", "measure": "places", "per": "km2"},
            NotTogether,
        ),
    ],
)
def test_what_will_not_do_is_told(dataset, layer, error):
    with pytest.raises(error) as raised:
        whole(dataset, **layer)
    assert raised.value.message("fr") != raised.value.message("en") and raised.value.hint("fr")


def test_a_misspelt_column_is_told_with_the_nearest():
    with pytest.raises(UnfitColumn) as raised:
        whole("arbres", size="hauter")
    assert "hauteur" in raised.value.hint("fr")


def test_two_layers_with_other_steps_share_no_slider():
    layers = tuple(MapLayer("arbres", time="plante_le", step=step) for step in ("year", "month"))
    with pytest.raises(BadMap):
        completed(MapDescription(layers), TABLES)


@pytest.mark.parametrize(
    ("moment", "first", "after"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2024-02-28", "2024-02-28", "2024-02-29"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2023-12-31", "2023-12-31", "2024-01-01"),
    ],
)
def test_a_moment_goes_from_its_first_day_to_the_one_after_its_last(moment, first, after):
    layer = MapLayer("arbres", time="plante_le", step="day")
    assert within(layer, moment) == f"`plante_le` >= date'{first}' and `plante_le` < date'{after}'"


def test_a_layer_without_slider_shows_all_its_rows_at_every_moment():
    assert conditions_of(MapLayer("arbres", where=("a = 1",)), "2024") == ("a = 1",)
    assert conditions_of(MapLayer("arbres", time="annee"), "2024") == ("`annee` = 2024",)
