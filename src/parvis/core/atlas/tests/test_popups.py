"""Templates of pop-ups: text where values go, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from parvis.core.atlas.popups import columns_of, filled

VALUES = {"nom": "Tilleul", "hauteur": "12 m", "vide": ""}


def said(template):
    return filled(template, lambda name: VALUES.get(name, ""))


def test_values_stand_where_their_column_is_named():
    assert said("{nom}\nHauteur : {hauteur}") == ["Tilleul", "Hauteur : 12 m"]
    assert columns_of("{nom}, {hauteur} puis {nom}") == ("nom", "hauteur")


def test_a_line_whose_values_are_all_empty_is_left_out_and_one_without_any_stays():
    assert said("{nom}\nNote : {vide}\n{vide} ou {hauteur}\nFin") == ["Tilleul", "ou 12 m", "Fin"]


def test_what_parts_two_values_goes_with_the_empty_one():
    assert said("{nom}, {vide}\n{vide} – {hauteur}\nHauteur : {hauteur}, {nom} !") == [
        "Tilleul",
        "12 m",
        "Hauteur : 12 m, Tilleul !",
    ]


def test_other_braces_are_braces():
    assert said("{} {Nom} {{nom}} {a b}") == ["{} {Nom} {Tilleul} {a b}"]


@given(st.text(max_size=40))
def test_a_value_is_never_read_as_a_template(value):
    lines = filled("{a} {b}", lambda name: value if name == "a" else "b")
    assert lines == ([f"{value} b".strip()] if f"{value} b".strip() else [])
