"""Each kind of code tells its right values from its wrong ones; SIRET and SIREN agree with another library on any number."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import siren, siret

from parvis.core.profiling.kinds import KINDS
from parvis.core.quality.value_rules import RULE_BY_KIND, VALUE_RULES


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as opened:
        yield opened


def is_wrong(connection, kind: str, value: str | None) -> bool:
    sql = f"SELECT {RULE_BY_KIND[kind].sql('c')} FROM (SELECT $value AS c)"
    return connection.execute(sql, {"value": value}).fetchone()[0]


@pytest.mark.parametrize("rule", VALUE_RULES, ids=lambda rule: rule.kind)
def test_a_rule_knows_its_examples(connection, rule):
    assert [value for value in rule.good if is_wrong(connection, rule.kind, value)] == []
    assert [value for value in rule.bad if not is_wrong(connection, rule.kind, value)] == []


@pytest.mark.parametrize("rule", VALUE_RULES, ids=lambda rule: rule.kind)
def test_an_empty_cell_breaks_no_rule(connection, rule):
    assert not is_wrong(connection, rule.kind, None)


def test_every_rule_is_of_a_kind_that_profiling_recognises():
    recognised = {kind.name for kind in KINDS}
    assert {rule.kind for rule in VALUE_RULES} <= recognised


_SHARED = duckdb.connect()
_SIRETS = st.tuples(st.integers(0, 10**8 - 1), st.integers(0, 9), st.integers(0, 10**4 - 1), st.integers(0, 9))


def _nearly_right(parts: tuple[int, int, int, int]) -> str:
    """Fourteen digits whose two keys are right, but for small numbers of ``wrong``."""
    start, shift, office, key = parts
    head = f"{start:08}"
    head += luhn.calc_check_digit(head) if shift > 2 else str(shift)
    whole = f"{head}{office:04}"
    return whole + (luhn.calc_check_digit(whole) if key > 2 else str(key))


@given(st.one_of(_SIRETS.map(_nearly_right), st.text(max_size=16)))
@settings(max_examples=300)
def test_siret_agrees_with_another_library(text):
    value = text.replace("\x00", "")
    bare = value.translate({ord(c): None for c in " .-/()\u00a0\u202f\n\t\r\x0b\x0c"})
    expected = bare.isascii() and bare.isdigit() and siret.is_valid(bare)
    assert is_wrong(_SHARED, "siret", value) is not expected


@given(st.integers(0, 10**9 - 1))
@settings(max_examples=200)
def test_siren_agrees_with_another_library(number):
    assert is_wrong(_SHARED, "siren", f"{number:09}") is not siren.is_valid(f"{number:09}")
