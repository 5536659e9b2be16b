"""A mistyped word is said as it was understood."""

from __future__ import annotations

import pytest

from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.search.corrections import correction

pytestmark = pytest.mark.django_db

TITLES = ("Stationnement des vélos", "Subventions de la Ville", "Arbres d’alignement")


@pytest.fixture(autouse=True)
def datasets():
    for title in TITLES:
        make_dataset(title=title)


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("subvantion", "subventions"),
        ("stationemant velo", "stationnement velo"),
        ("Stationemant", "stationnement"),
        ("subventions", ""),
        ("VELOS", ""),
        ("xylophone", ""),
        ("subvantion xylophone", ""),
        ("", ""),
        ("(((", ""),
    ],
)
def test_words_that_nothing_has_are_replaced_by_those_that_were_found(text, corrected):
    assert correction(text, TITLES) == corrected
