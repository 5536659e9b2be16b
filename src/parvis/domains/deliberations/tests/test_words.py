"""Votes, matières and numbers of pages in words."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from parvis.domains.deliberations.models import Act
from parvis.domains.deliberations.presentation import heading, matter_words, pages_words, vote_words


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"outcome": "adopted", "is_unanimous": True, "present": 15, "proxies": 2},
            "Adoptée à l’unanimité des 17 votants (15 présents, 2 pouvoirs)",
        ),
        (
            {"outcome": "adopted", "votes_for": 14, "votes_against": 2, "abstentions": 1, "present": 15, "proxies": 2},
            "Adoptée par 14 voix pour, 2 contre et 1 abstention (15 présents, 2 pouvoirs)",
        ),
        ({"outcome": "adopted", "votes_for": 16, "votes_against": 1}, "Adoptée par 16 voix pour et 1 contre"),
        (
            {"outcome": "adopted", "is_unanimous": True, "abstentions": 2},
            "Adoptée à l’unanimité des suffrages exprimés, avec 2 abstentions",
        ),
        ({"outcome": "rejected"}, "Rejetée"),
        ({"outcome": "noted"}, "Il en est pris acte"),
        ({"outcome": "noted", "is_unanimous": True}, "Il en est pris acte, à l’unanimité"),
        ({"is_unanimous": True, "present": 1}, "Vote à l’unanimité : 1 votant (1 présent)"),
        ({"present": 15, "proxies": 2}, ""),
        ({}, ""),
    ],
)
def test_a_vote_is_said_as_far_as_it_is_known(facts, words):
    assert vote_words(Act(**facts)) == words


def test_a_vote_is_said_in_english_too():
    with override("en"):
        act = Act(outcome="adopted", votes_for=14, votes_against=2, abstentions=1)
        assert vote_words(act).endswith("by 14 votes for, 2 against and 1 abstention")


def test_an_act_is_headed_with_its_kind_and_number():
    assert heading(Act(number="2026-014", date=date(2026, 1, 15))) == "Délibération n°\u00a02026-014"
    assert heading(Act(kind="minutes")) == "Procès-verbal"


def test_a_matter_is_named_by_both_its_levels():
    assert matter_words("7.5") == "Finances locales / Subventions"
    assert matter_words("99.1") == "99.1"


def test_pages_that_follow_one_another_are_told_together():
    assert pages_words([9, 1, 2, 3, 5]) == "1 à 3, 5 et 9"
    assert pages_words([4, 5]) == "4 et 5"
    assert pages_words([7]) == "7"
