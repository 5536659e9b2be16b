"""What a card should say, when data is late, what a report of validation is worth."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime, timedelta

import pytest

from parvis.core.quality import criteria
from parvis.core.quality.criteria import CRITERIA, CRITERION_BY_NAME, Loss
from parvis.core.quality.facts import Verdict
from parvis.hub.catalogue.attention import DAYS_BETWEEN, is_late
from parvis.hub.quality.messages import LOSS_WORDS, to_do
from parvis.hub.quality.rules import SAID, Event, card_items, freshness_event, verdict_of

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FULL = {
    "title": "t", "description": "d", "organisation": "o", "licence": "lov2", "themes": ["x"], "keywords": ["x"],
    "frequency": "annual", "contact_email": "a@b.fr", "territories": ["commune:91228"], "personal_data": "aucune",
    "source": "s", "source_url": "", "columns": 4, "described": 2,
}  # fmt: skip


def test_a_full_card_says_everything():
    assert all(card_items(FULL).values())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("frequency", {"frequency": "unknown"}),
        ("contact", {"contact_email": ""}),
        ("source", {"source": ""}),
        ("columns", {"described": 1}),
        ("personal_data", {"personal_data": ""}),
    ],
)
def test_what_is_left_out_is_named(name, change):
    assert [said for said, met in card_items({**FULL, **change}).items() if not met] == [name]


@pytest.mark.parametrize("frequency", [*DAYS_BETWEEN, "never", "irregular", "unknown"])
@pytest.mark.parametrize("age", [0, 1, 2, 3, 4, 9, 11, 41, 81, 401, 1000])
def test_data_is_late_exactly_when_the_catalogue_says_so(frequency, age):
    modified = NOW - timedelta(days=age, hours=1)
    event = freshness_event(frequency, modified, NOW)
    days = DAYS_BETWEEN.get(frequency)
    assert (event is not None) == (days is not None and age > days)
    assert event is None or is_late(frequency, modified, NOW)
    assert (event is Event.STALE) == (days is not None and age >= 2 * days)


REPORT = {"valid": False, "schema": "scdl/x", "version": "1", "rows": 10, "total": 3, "counts": []}


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        (None, None),
        ({}, None),
        ({"rows": "10", "total": 1}, None),
        (REPORT, Verdict("scdl/x", "1", 10, 3, 3)),
        ({**REPORT, "total": 40}, Verdict("scdl/x", "1", 10, 10, 40)),
        ({**REPORT, "total": 40, "faulty_rows": 4}, Verdict("scdl/x", "1", 10, 4, 40)),
        ({**REPORT, "total": 1, "counts": [{"rule": "header:missing-label", "count": 1}]}, Verdict("scdl/x", "1", 10, 10, 1)),
    ],
)  # fmt: skip
def test_a_report_of_validation_becomes_a_verdict(check, verdict):
    assert verdict_of(check) == verdict


def test_every_loss_has_its_words():
    codes = set(re.findall(r'Loss\(\s*"([a-z-]+)"', inspect.getsource(criteria)))
    assert codes == set(LOSS_WORDS)


def test_every_thing_a_card_should_say_has_its_advice():
    for row in SAID:
        done = to_do(CRITERION_BY_NAME["card"], Loss("unsaid", 0.1, row.name), 1.5, {})
        assert str(row.label).lower() in done.found
        assert done.advice == row.advice


def test_the_shares_of_criteria_have_names_to_store():
    assert all(criterion.name.isidentifier() for criterion in CRITERIA)
