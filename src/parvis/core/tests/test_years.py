"""What is a year, and what only looks like one."""

from __future__ import annotations

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.years import holds_years, is_year


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("annee", "Année"),
        ("annee_de_plantation", "Année de plantation"),
        ("exercice", "Exercice"),
        ("a", "Millésime du recensement"),
        ("an", "An"),
        ("bgt_annee", "bgt_annee"),
        ("year", "Year"),
    ],
)
def test_columns_named_after_years_hold_years(name, label):
    assert holds_years(Column(name, label, ColumnType.INT))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("annonces", "Annonces"),
        ("annexes", "Annexes"),
        ("population_2018", "Population, année 2018"),
        ("visites_par_an", "Visites par an"),
        ("moins_de_25_ans", "Moins de 25 ans"),
        ("habitants", "Habitants"),
        ("banane", "Banane"),
    ],
)
def test_other_columns_do_not(name, label):
    assert not holds_years(Column(name, label, ColumnType.INT))


def test_a_column_recognised_by_its_values_holds_years_whatever_its_name():
    assert holds_years(Column("x", "X", ColumnType.INT, kind="year"))


@pytest.mark.parametrize(
    ("value", "expected"), [(2024, True), (1500, True), (2024.0, True), (0, False), (2200, False), (2024.5, False)]
)
def test_only_whole_numbers_of_these_centuries_are_years(value, expected):
    assert is_year(value, Column("annee", "Année", ColumnType.DOUBLE)) is expected
    assert not is_year(value, None)
