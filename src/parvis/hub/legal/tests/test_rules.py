"""What a site may call its accessibility."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.hub.legal.models import LegalNotice
from parvis.hub.legal.rules import MENTIONS, Audit, State, state_of

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("rate", "day", "state"),
    [
        (100, date(2026, 1, 1), State.TOTAL),
        (99, date(2026, 1, 1), State.PARTIAL),
        (50, date(2026, 1, 1), State.PARTIAL),
        (49, date(2026, 1, 1), State.NONE),
        (100, date(2023, 11, 27), State.TOTAL),
        (100, date(2023, 11, 26), State.NONE),
        (100, date(2026, 11, 28), State.NONE),
    ],
)
def test_an_audit_gives_the_state_while_it_is_valid(rate, day, state):
    assert state_of(Audit("Un cabinet", day, rate), TODAY) is state


def test_without_an_audit_a_site_is_not_compliant_whatever_tools_say():
    assert state_of(None, TODAY) is State.NONE
    assert str(State.NONE.words) == "non conforme"


def test_an_audit_of_the_last_day_of_february_ends_three_years_later():
    assert state_of(Audit("Un cabinet", date(2024, 2, 29), 80), date(2027, 2, 28)) is State.PARTIAL
    assert state_of(Audit("Un cabinet", date(2024, 2, 29), 80), date(2027, 3, 1)) is State.NONE


def test_every_mention_is_a_field_of_the_notice_and_names_its_law():
    fields = {field.name for field in LegalNotice._meta.get_fields()}
    assert {mention.field for mention in MENTIONS} <= fields
    assert all(mention.law for mention in MENTIONS)
