"""Titles of columns and values that programs wrote are read as people write."""

import pytest

from parvis.core.charts.column_values import is_code, step_of
from parvis.core.charts.column_words import in_words
from parvis.core.charts.factories import make_answered
from parvis.core.charts.reading import read
from parvis.core.charts.sentences import sentence


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("dateNotification", "Date de notification"),
        ("TYPE_ENREGISTREMENT", "Type d’enregistrement"),
        ("nb_emplacements", "Nombre d’emplacements"),
        ("dureeMois", "Durée (mois)"),
        ("ndeg_de_l_edition_2018", "N° de l’édition 2018"),
        ("population_municipale", "Population municipale"),
        ("ANNEE", "Année"),
        ("Nombre de points de livraison", "Nombre de points de livraison"),
        ("T3 2017", "T3 2017"),
        ("% Voix/Ins", "% Voix/Ins"),
    ],
)
def test_a_title_made_for_programs_is_put_in_words_and_another_is_left(title, words):
    assert in_words(title) == words


def test_moments_written_as_text_are_moments():
    assert step_of(["2019", "2020"]) == "year"
    assert step_of(["2019-01", "2019-12"]) == "month"
    assert step_of(["2020-12-06T00:00:00/2020-12-07T00:00:00"]) == "day"
    assert step_of(["2019", "total"]) == step_of(["01000", "0612"]) == step_of([]) == ""
    rows = [{"c_group": key, "c_value": value} for key, value in (("2023-02", 90), ("2023-03", 120))]
    chart = make_answered("lines", rows, grouping="commune", calculation="sum", measure="arceaux")
    assert read(*chart).is_time
    assert sentence(*chart).startswith("En mars 2023, 120")


def test_a_code_is_quoted_and_a_name_is_not():
    assert is_code("011") and is_code("H") and is_code("TER_20") and not is_code("Évry") and not is_code("DIV")
    rows = [{"c_group": key, "c_value": value} for key, value in (("011", 55), ("Évry", 22))]
    assert sentence(*make_answered("bars", rows, grouping="commune")).startswith("«\u00a0011\u00a0» vient en tête")


def test_months_without_rows_are_drawn_at_nothing_where_rows_are_counted():
    rows = [{"c_group": key, "c_value": 12} for key in ("2022-11", "2022-12", "2023-02")]
    counted = read(*make_answered("lines", rows, grouping="pose_le", step="month"))
    assert [point.value for point in counted.points] == [12, 12, 0, 12]
    measured = make_answered("lines", rows, grouping="pose_le", step="month", calculation="sum", measure="arceaux")
    assert len(read(*measured).points) == 3, "what was not measured is not nothing"
