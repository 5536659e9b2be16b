"""Facts that do not make sense together are told, those that do are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from parvis.core.acts.checks import check
from parvis.core.acts.facts import ActFacts
from parvis.core.acts.tests.documents import TODAY

SOUND = ActFacts(
    organisation="Commune d’Exemple",
    siret="21910412300017",
    number="2024-003",
    day=date(2024, 1, 15),
    title="Subvention",
    matter_code="7.5",
    matter_name="Finances locales/Subventions",
    convened_on=date(2024, 1, 9),
    sent_on=date(2024, 1, 18),
    received_on=date(2024, 1, 18),
    posted_on=date(2024, 1, 19),
    members=19,
    present=15,
    proxies=2,
    voters=17,
    votes_for=15,
    votes_against=0,
    abstentions=2,
    outcome="adopted",
    proxy_pairs=(("A", "C"), ("B", "D")),
)


def _codes(**changes) -> set[str]:
    return {problem.code for problem in check(replace(SOUND, **changes), today=TODAY)}


def test_a_sound_act_and_an_empty_one_have_no_problem():
    assert _codes(siret="21910412300018") - {"siret"} == set()
    assert check(ActFacts(), today=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"voters": 20, "members": 19}, "voters-over-members"),
        ({"abstentions": 1}, "votes-sum"),
        ({"abstentions": None, "votes_for": 18}, "votes-over"),
        ({"votes_against": None}, "votes-incomplete"),
        ({"present": 14}, "voters-over-present"),
        ({"present": 16}, "voters-under-present"),
        ({"present": 9}, "quorum"),
        ({"proxy_pairs": (("A", "C"), ("B", "c"))}, "proxies-of-one"),
        ({"proxies": 3}, "proxies-count"),
        ({"convened_on": date(2024, 1, 12)}, "notice"),
        ({"convened_on": date(2024, 1, 10), "population": 3_500}, "notice"),
        ({"convened_on": date(2024, 1, 15)}, "dates-order"),
        ({"sent_on": date(2024, 1, 14)}, "dates-order"),
        ({"received_on": date(2024, 1, 17)}, "dates-order"),
        ({"posted_on": date(2024, 1, 17)}, "dates-order"),
        ({"day": date(2027, 1, 1), "sent_on": None, "received_on": None, "posted_on": None}, "future"),
        ({"unanimous": True, "votes_against": 1, "votes_for": 14}, "unanimous-against"),
        ({"votes_for": 2, "votes_against": 13}, "outcome"),
        ({"siret": "21910412300019"}, "siret"),
        ({"siret": "219104123"}, "siret"),
        ({"matter_code": "7"}, "matter-code"),
        ({"matter_code": "7.1"}, "matter-name"),
        ({"budget_year": "2024"}, "budget"),
        ({"budget_year": "2024/2023", "budget_name": "Principal"}, "budget-year"),
        ({"votes_against": -1}, "negative"),
        ({"amounts": (-3.0,)}, "negative-amount"),
    ],
)
def test_what_does_not_make_sense_is_told(changes, code):
    assert code in _codes(**changes)


def test_two_proxies_and_a_third_of_members_were_enough_in_the_health_crisis():
    pairs = (("A", "C"), ("B", "C"))
    crisis = {
        "day": date(2022, 1, 21),
        "convened_on": date(2022, 1, 14),
        "present": 7,
        "voters": 9,
        "votes_for": 7,
        "proxy_pairs": pairs,
    }
    later = {name: date(2022, 1, 25) for name in ("sent_on", "received_on", "posted_on")}
    assert _codes(**crisis, **later) <= {"siret"}


def test_errors_come_first_and_sentences_are_told_in_both_languages():
    problems = check(replace(SOUND, present=9, abstentions=1, siret="1"), today=TODAY)
    assert [problem.severity for problem in problems] == sorted(problem.severity for problem in problems)
    for problem in problems:
        assert problem.sentence.text("fr") != problem.sentence.text("en")
