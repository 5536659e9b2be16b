"""Themes that are shipped, and mappings that people write."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.errors import ParvisError
from parvis.core.osm.conflation import conflate
from parvis.core.osm.entries import Row, entry_of, one_per_reference, references_of
from parvis.core.osm.errors import BadTheme
from parvis.core.osm.mappings import read_mapping, theme_text, themes
from parvis.core.osm.model import Verdict
from parvis.core.osm.values import ValueKind, is_nothing, says_same, tag_value

SCHEMAS = {
    "stationnement-velo": {"id_osm", "capacite", "capacite_cargo", "mobilier", "acces", "gratuit", "couverture"},
    "arbre": {"matricule", "genre", "hauteur", "circonference", "date_plantation", "protege"},
    "eau-potable": {"id", "type_fontaine", "accessible_pmr", "remplissage_contenant_possible", "gestionnaire"},
    "defibrillateur": {"acc", "acc_lib", "acc_complt", "fab_rais", "modele", "expt_rais"},
    "borne-recharge": {
        "id_station_itinerance",
        "nom_station",
        "nbre_pdc",
        "nom_operateur",
        "nom_enseigne",
        "gratuit",
        "horaires",
    },
}
"""Columns of the French schemas that are compared or written."""


def test_the_themes_are_there_and_read():
    assert len(themes()) == 11
    for name, theme in themes().items():
        assert read_mapping(theme_text(name), name) == theme
        assert theme.trap
        assert theme.preset
        assert theme.moved <= theme.distance
        assert theme.compared
        assert len(theme.trap) < 250


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_columns_of_the_schema_are_used(name):
    assert SCHEMAS[name] <= set(themes()[name].columns)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pas du toml",
        "[" * 5_000,
        "n = " + "9" * 5_000,
        "[tags]\namenity = 3",
        '[tags]\namenity = "a"\n[[compare]]\ntag = "capacity"',
        '[tags]\namenity = "a"\n[[compare]]\ntag = "capacity"\ncolumns = ["a"]\nkind = "autre"',
        'distance = "loin"\n[tags]\namenity = "a"',
        "distance = inf\n[tags]\namenity = 'a'",
        "distance = 90000\n[tags]\namenity = 'a'",
        "[tags]\n'a = b' = 'c'",
        "reference = 3\n[tags]\namenity = 'a'",
        "[tags]\namenity = 'a'\n[[compare]]\ntag='amenity'\ncolumns=['a']",
        "x" * 50_000,
    ],
)
def test_a_mapping_that_makes_no_sense_says_why(text):
    with pytest.raises(BadTheme) as refusal:
        read_mapping(text)
    assert refusal.value.message("fr")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        assert read_mapping(text).tags
    except ParvisError as error:
        assert isinstance(error, BadTheme)


def test_cells_become_tags():
    theme = themes()["stationnement-velo"]
    row = {
        "capacite": " 6 ",
        "mobilier": "ARCEAU",
        "acces": "LIBRE ACCES",
        "gratuit": "VRAI",
        "couverture": "non",
        "lumiere": "true",
    }
    assert theme.expected(row) == {
        "capacity": "6",
        "bicycle_parking": "stands",
        "access": "yes",
        "fee": "no",
        "covered": "no",
    }
    assert theme.new_tags(row, theme.expected(row))["lit"] == "yes"
    assert theme.expected({"capacite": "beaucoup", "mobilier": "AUTRE", "gratuit": ""}) == {}


def test_centimetres_are_metres_there():
    assert tag_value("95", ValueKind.NUMBER, {}, 0.01) == "0.95"
    assert themes()["arbre"].new_tags({"circonference": "95"}, {})["circumference"] == "0.95"


@pytest.mark.parametrize("text", ["Non concerné", "", " - ", "N/A", "néant", "0", "Inconnu"])
def test_words_for_nothing_are_no_reference(text):
    assert is_nothing(text)
    assert references_of(text) == ()


def test_lists_that_hold_ours_say_it():
    assert says_same("FRA01", "fra01;FRA02", ValueKind.LIST)
    assert not says_same("FRA01;FRA03", "FRA01", ValueKind.LIST)


def test_charging_points_of_a_station_are_one_thing():
    theme = themes()["borne-recharge"]
    rows = [Row(str(n), 2.5, 48.6, {"id_station_itinerance": "FRA01", "nbre_pdc": "2"}) for n in range(2)]
    rows += [
        Row("far", 3.5, 48.6, {"id_station_itinerance": "FRA01"}),
        Row("other", 2.5, 48.6, {"id_station_itinerance": "Non concerné"}),
    ]
    things = list(one_per_reference([entry_of(row, theme) for row in rows], theme))
    assert [entry.key for entry in things] == ["0", "far", "other"]
    assert conflate(things, [], theme).counts[Verdict.MISSING_THERE] == 3
