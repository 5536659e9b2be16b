"""Titles taken from the names of files."""

from __future__ import annotations

import pytest

from parvis.core.titles import title_from, title_of


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("festivals-du-finistere.geojson", "Festivals du finistere"),
        ("bancs_publics_cp1252.csv", "Bancs publics"),
        ("https://exemple.fr/donnees/arbres-2024.csv", "Arbres 2024"),
        ("export.csv", "Export"),
    ],
)
def test_a_title_is_made_of_the_words_of_a_name(name, title):
    assert title_from(name) == title


def test_a_name_without_its_suffixes_keeps_its_points():
    assert title_of("fichier_2.0-final") == "Fichier 2.0 final"
