"""Marks of names and pictograms of themes: told apart, drawn for every word of the vocabulary."""

from __future__ import annotations

import pytest

from parvis.core.metadata import THEMES
from parvis.hub.ui.drawing import initials
from parvis.hub.ui.pictograms import DEFAULT, PICTOGRAMS, pictogram


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("SNCF", "SNCF"),
        ("Institut national de l’information géographique et forestière (IGN)", "IGN"),
        ("Saint-Étienne Métropole", "SM"),
        ("La Poste", "Po"),
        ("Ville de Poitiers", "VP"),
        ("Arcep", "Ar"),
        ("", "·"),
    ],
)
def test_the_mark_of_a_name_is_its_acronym_or_the_first_letters_of_what_it_says(name, letters):
    assert initials(name).text == letters


def test_names_with_the_same_initials_have_different_stones():
    names = ("Ville de Poitiers", "Ville de Paris", "Vallée de Poix", "Voies de Paimpol")
    stones = {(initials(name).tint, initials(name).joints) for name in names}
    assert {initials(name).text for name in names} == {"VP"}
    assert len(stones) == len(names)


def test_every_theme_of_the_vocabulary_has_a_pictogram_of_its_own():
    drawn = [pictogram(theme.slug) for theme in THEMES]
    assert len(set(drawn)) == len(THEMES) == len(PICTOGRAMS)
    assert DEFAULT not in drawn
    assert pictogram("") == pictogram("inconnu") == DEFAULT
