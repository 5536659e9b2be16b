"""Names of communes after « de » and « à », as people write them."""

from __future__ import annotations

import pytest

from parvis.core.elision import at, of


@pytest.mark.parametrize(
    ("name", "de", "a"),
    [
        ("Lieusaint", "de Lieusaint", "à Lieusaint"),
        ("Évry-Courcouronnes", "d’Évry-Courcouronnes", "à Évry-Courcouronnes"),
        ("Le Coudray-Montceaux", "du Coudray-Montceaux", "au Coudray-Montceaux"),
        ("Les Ulis", "des Ulis", "aux Ulis"),
        ("La Norville", "de La Norville", "à La Norville"),
        ("L’Haÿ-les-Roses", "de L’Haÿ-les-Roses", "à L’Haÿ-les-Roses"),
        ("Étiolles", "d’Étiolles", "à Étiolles"),
        ("Yerres", "d’Yerres", "à Yerres"),
        ("Yutz", "de Yutz", "à Yutz"),
        ("Houdan", "d’Houdan", "à Houdan"),
        ("Ham", "de Ham", "à Ham"),
        ("Œting", "d’Œting", "à Œting"),
        ("Combs-la-Ville", "de Combs-la-Ville", "à Combs-la-Ville"),
        ("Lessy", "de Lessy", "à Lessy"),
    ],
)
def test_articles_contract_and_vowels_elide(name, de, a):
    assert (of(name), at(name)) == (de, a)
