"""Checks by a library or a grammar give the verdicts that Validata's own libraries give."""

import json
from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.validation.checks.opening_hours import is_opening_hours
from parvis.core.validation.checks.phones import is_phone_number
from parvis.core.validation.checks.rows import as_number
from parvis.core.validation.checks.values import is_siren, is_siret, luhn_sift, no_post_office, siret_sift

DATA = Path(__file__).parent / "data"


def test_opening_hours_are_read_as_by_the_parser_of_validata() -> None:
    cases = json.loads((DATA / "opening-hours.json").read_text())["cases"]
    assert [text for text, right in cases if is_opening_hours(text) is not right] == []
    assert len(cases) == 1200


def test_phone_numbers_have_the_same_verdict() -> None:
    cases = json.loads((DATA / "phone-numbers.json").read_text())["cases"]
    assert [text for text, right in cases if is_phone_number(text) is not right] == []


@given(st.lists(st.from_regex(r"\A[0-9]{13,15}\Z") | st.text(max_size=14), max_size=20))
def test_the_key_of_many_siret_at_once_is_that_of_each(texts: list[str]) -> None:
    sure = no_post_office(siret_sift)(pa.array(texts, pa.string())).to_pylist()
    assert [text for text, known in zip(texts, sure, strict=True) if known and not is_siret(text)] == []
    plain = [text for text in texts if len(text) == 14 and text.isascii() and text.isdigit()]
    assert all(
        siret_sift(pa.array([text])).to_pylist() == [is_siret(text)] for text in plain if text[:9] != "356000000"
    )


def test_a_siret_whose_siren_is_wrong_is_wrong_though_its_own_key_is_right() -> None:
    assert luhn_sift(14)(pa.array(["87385010853779"])).to_pylist() == [True]
    assert siret_sift(pa.array(["87385010853779", "73282932000074"])).to_pylist() == [False, True]
    assert not is_siret("87385010853779")


@given(st.from_regex(r"\A[0-9]{9}\Z"))
def test_the_key_of_a_siren_is_found_both_ways(text: str) -> None:
    assert luhn_sift(9)(pa.array([text])).to_pylist() == [is_siren(text)]


def test_numbers_are_told_from_other_texts() -> None:
    assert [as_number(text) for text in ("10", " 10", "1e3", "1_0", "abc", "1,5", "-2.5")] == [
        10,
        10,
        1000.0,
        10,
        None,
        None,
        -2.5,
    ]
