"""Words are kept when several people typed them and when they can name nobody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.hub.usage.failed_searches import SEVERAL, Waiting, keepable
from parvis.hub.usage.rules import LONGEST_SEARCH

DAY = date(2026, 11, 25)


@pytest.mark.parametrize("text", ["Jean Dupont", "dupont", "06 12 34 56 78", "jean.dupont@orange.fr", "1 84 12 76 451 089 46",
                                  "12 rue des acacias 91000", "AB-123-CD", "mme martin", "a", "mot " * 9, "x" * 61, "<script>", "nathalie"])  # fmt: skip
def test_what_may_name_somebody_is_not_kept(text):
    assert keepable(text) == ""


@pytest.mark.parametrize(("text", "expected"), [("Compostage", "compostage"), ("toilettes  accessibles à tous", "toilettes accessibles a tous"),
                                            ("qualité de l’air 2024", "qualite de l'air 2024")])  # fmt: skip
def test_plain_words_are_kept_without_accents(text, expected):
    assert keepable(text) == expected


@given(st.text(max_size=200))
def test_whatever_is_typed_what_is_kept_is_short_and_plain(text):
    words = keepable(text)
    assert len(words) <= LONGEST_SEARCH
    assert sum(character.isdigit() for character in words) <= 5
    assert "@" not in words
    assert "<" not in words


def test_words_wait_until_several_addresses_typed_them():
    waiting = Waiting()
    typed = [waiting.typed(DAY, 1, "compostage", f"192.0.2.{rank}") for rank in (1, 1, 1, 2, 3, 1)]
    assert typed == [0, 0, 0, 0, SEVERAL, 1]


def test_yesterdays_marks_are_gone():
    waiting = Waiting()
    waiting.typed(DAY, 1, "compostage", "192.0.2.1")
    waiting.typed(DAY, 1, "compostage", "192.0.2.2")
    assert waiting.typed(date(2026, 11, 26), 1, "compostage", "192.0.2.3") == 0


def test_the_same_words_on_another_site_wait_apart():
    waiting = Waiting()
    waiting.typed(DAY, 1, "compostage", "192.0.2.1")
    waiting.typed(DAY, 1, "compostage", "192.0.2.2")
    assert waiting.typed(DAY, 2, "compostage", "192.0.2.3") == 0


def test_no_address_is_left_in_memory():
    waiting = Waiting()
    waiting.typed(DAY, 1, "compostage", "192.0.2.77")
    assert "192.0.2.77" not in repr(waiting._typed)
    assert waiting._typed[1, "compostage"] != Waiting()._typed
