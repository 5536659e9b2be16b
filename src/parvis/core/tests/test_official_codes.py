"""Codes of French administrations, right and wrong."""

import re

import duckdb
import pytest

from parvis.core.official_codes import COMMUNE, IRIS, is_commune, is_nir, is_siren, is_siret, is_uai


@pytest.mark.parametrize("code", ["01001", "91228", "2A004", "2B033", "97411", "98735", "20004"])
def test_communes_are_recognised(code: str) -> None:
    assert is_commune(code)


@pytest.mark.parametrize("code", ["00123", "96001", "99100", "2a004", "2C004", "1001", "912280", "٩١٢٢٨", "Évry"])
def test_what_is_no_commune_is_not(code: str) -> None:
    assert not is_commune(code)


@pytest.mark.parametrize("text", ["91228", "2A004", "96001", "2a004", "912280101"])
def test_patterns_say_the_same_in_python_and_in_duckdb(text: str) -> None:
    for pattern in (COMMUNE, IRIS):
        row = duckdb.sql("SELECT regexp_full_match(?, ?)", params=[text, pattern]).fetchone()
        assert row == (re.fullmatch(pattern, text) is not None,)


def test_check_digits_are_asked() -> None:
    assert [is_siren(text) for text in ("200059228", "200059229", "200 059 228", "")] == [True, False, False, False]
    assert [is_siret(text) for text in ("21560046100010", "21560046100011")] == [True, False]
    assert [is_uai(text) for text in ("0911577V", "0911577v", "0911577A", "911577")] == [True, True, False, False]
    assert [is_nir(text) for text in ("255081416802538", "255081416802539", "355081416802538")] == [True, False, False]


def test_la_poste_has_a_rule_of_its_own_but_for_its_head_office() -> None:
    assert is_siret("35600000000048")
    assert is_siret("35600000049837")
    assert not is_siret("35600000049838")
