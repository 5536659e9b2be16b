"""Words are the same whatever extractors make of them, and are no part of other words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from parvis.core.redaction.spelling import Letters, forms, parts_of_name


def says(text: str, word: str) -> bool:
    """Whether ``text`` has the word."""
    return any(True for _place in Letters.of(text).words(word))


@pytest.mark.parametrize(
    "text",
    [
        "de DUPRÉ-LEFÈVRE !",
        "dupre lefevre",
        "D U P R É - L E F È V R E",
        "Dupré-\nLefèvre",
        "DupréLefèvre",
        "Dup ré-Lef èvre",
        "M.Dupré-Lefèvre",
        "aideDUPRÉ-LEFÈVREversée",
        "Dupre\u0301-Lefe\u0300vre",
        "12Dupré-Lefèvre34",
        "Dupr\u00e9\u00ad-Lef\u00e8vre",
    ],
)
def test_a_name_is_read_however_it_is_written(text: str) -> None:
    """Accents, capitals, blanks between letters, hyphens, and what is stuck to it."""
    assert says(text, "Dupré-Lefèvre")


@pytest.mark.parametrize(
    ("text", "word"),
    [("à la réalisation", "Ali"), ("Martinique", "Martin"), ("l’ami de Li", "Lami"), ("Dumartin", "Martin"), ("", "a")],
)
def test_a_name_is_not_read_in_other_words(text: str, word: str) -> None:
    """Nor across short words."""
    assert not says(text, word)


def test_ligatures_are_letters() -> None:
    """One character of a PDF may be two letters."""
    assert says("M. Gri\ufb00on, né à Cœurville", "Griffon")
    assert says("M. Gri\ufb00on, né à Cœurville", "COEURVILLE")


def test_a_name_has_its_other_order_and_no_civility() -> None:
    """« DUPONT Jean » names whom « M. Jean Dupont » names."""
    assert forms("M. Jean Dupont") == ("Jean Dupont", "Dupont Jean")
    assert forms("06 12 34 56 78") == ("06 12 34 56 78",)


@settings(max_examples=100, deadline=None)
@given(some.text(max_size=30), some.text(max_size=60), some.text(max_size=60))
def test_what_is_looked_for_is_seen_between_blanks(word: str, before: str, after: str) -> None:
    """Whatever stands around; and where it is said to be are its letters."""
    bare = Letters.of(word).text
    letters = Letters.of(f"{before} {word} {after}")
    places = list(letters.words(word))
    assert bool(bare) <= bool(places) or len(bare) < 5
    for start, end in places:
        assert Letters.of(letters.characters[start:end]).text == bare


def test_a_name_may_be_known_by_each_of_its_words_and_never_by_a_title():
    assert parts_of_name("Catherine MARTEL") == ["Catherine", "MARTEL"]
    assert parts_of_name("Monsieur Martel") == ["Martel"]
    assert parts_of_name("Martel") == []
