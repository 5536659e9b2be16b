"""Numbers, dates and sizes as they are read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils.translation import override

from parvis.core.columns import Column, ColumnType
from parvis.hub.ui.formatting import (
    age_words,
    cell,
    day,
    excerpt,
    format_name,
    instant,
    number,
    percent,
    period,
    period_words,
    size,
    with_unit,
    written,
)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (1294, "1\u202f294", "1,294"),
        (-1294.5, "\u22121\u202f294,5", "\u22121,294.5"),
        (0.1, "0,1", "0.1"),
        (1e-7, "0,0000001", "0.0000001"),
        (100.0, "100", "100"),
        (0, "0", "0"),
        (None, "—", "—"),
    ],
)
def test_numbers_follow_the_language(value, french, english):
    with override("fr"):
        assert number(value) == french
    with override("en"):
        assert number(value) == english


def test_percents_sizes_and_days_are_french():
    assert percent(0.125) == "12,5\u00a0%"
    assert size(1_234_567) == "1,2\u00a0Mo"
    assert size(999) == "999\u00a0octets"
    assert day(date(2026, 3, 3)) == "3\u00a0mars\u00a02026"
    assert day("2026-03-01") == "1er\u00a0mars\u00a02026"
    assert instant(datetime(2026, 7, 3, 12, 5, tzinfo=UTC)) == "3\u00a0juillet\u00a02026 à 14\u00a0h\u00a005"


def test_percents_sizes_and_days_are_english_for_readers_of_english():
    with override("en"):
        assert percent(0.125) == "12.5%"
        assert size(1_234_567) == "1.2\u00a0MB"
        assert size(999) == "999\u00a0bytes"
        assert day("2026-03-01") == "1\u00a0March\u00a02026"
        assert instant(datetime(2026, 7, 3, 7, 5, tzinfo=UTC)) == "3\u00a0July\u00a02026 at 09:05"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("01004", "text", "01004"),
        (True, "boolean", "oui"),
        (2.5, "double", "2,5"),
        ("2026-03-03", "date", "03/03/2026"),
        ("2026", "date", "2026"),
        ({"lon": 2.4, "lat": 48.6}, "geo_point_2d", "48.60000, 2.40000"),
        ({"type": "Feature", "geometry": {"type": "Polygon"}}, "geo_shape", "surface"),
        (["a", "b"], "text", "a, b"),
        (None, "int", ""),
    ],
)
def test_cells_are_written_by_type(value, kind, text):
    assert cell(value, kind) == text


def test_a_number_in_an_attribute_is_one_for_the_browser_and_one_that_is_read_has_its_spaces():
    template = engines["django"].from_string('{% load parvis_ui %}<img height="{{ tall }}"> {{ tall|number }}')
    assert template.render({"tall": 3667}) == '<img height="3667"> 3\u202f667'


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (1980, "annee_de_plantation", "1980"),
        (1980.0, "annee_de_plantation", "1980"),
        (12000, "annee_de_plantation", "12\u202f000"),
        (1980, "places", "1\u202f980"),
        (None, "annee_de_plantation", ""),
        (True, "annee_de_plantation", "oui"),
        (float("nan"), "annee_de_plantation", "nan"),
    ],
)
def test_years_are_written_in_one_piece_and_other_numbers_of_their_column_are_not(value, name, text):
    with override("fr"):
        assert written(value, Column(name, name, ColumnType.INT)) == text


@pytest.mark.parametrize(
    ("value", "precision", "text"),
    [
        ("2013-02", "month", "février 2013"),
        ("2013-02-01", "month", "février 2013"),
        ("2013", "year", "2013"),
        ("2013-01-01", "year", "2013"),
        ("2013-02-01", "day", "01/02/2013"),
        ("2013-02-01", "", "01/02/2013"),
        (None, "month", ""),
    ],
)
def test_dates_no_finer_than_a_month_or_a_year_are_told_so(value, precision, text):
    with override("fr"):
        assert (
            written(value, Column("date", "Date", ColumnType.DATE, annotations={"timeserie_precision": precision}))
            == text
        )


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (None, ""),
        (0, "aujourd’hui"),
        (1, "hier"),
        (2, "il y a 2 jours"),
        (59, "il y a 59 jours"),
        (60, "il y a 2 mois"),
        (729, "il y a 24 mois"),
        (731, "il y a 2 ans"),
    ],
)
def test_an_age_is_told_in_days_then_months_then_years(days, text):
    with override("fr"):
        assert age_words(days) == text


@pytest.mark.parametrize(
    ("period", "text"),
    [
        ("2020-09", "septembre 2020"),
        ("2020-09-03", "3\xa0septembre\xa02020"),
        ("2020", "2020"),
        ("2020-13", "2020-13"),
        ("", ""),
    ],
)
def test_a_period_is_written_as_it_is_spoken(period, text):
    with override("fr"):
        assert period_words(period) == text


def test_a_symbol_never_leaves_its_number_where_a_word_may():
    assert (with_unit("12", "km²"), with_unit("12", "places"), with_unit("12", "")) == ("12\xa0km²", "12 places", "12")


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Trois mots seulement.", 12, "Trois mots seulement."),
        ("La fibre avance partout ici. Elle manque encore dans le sud du territoire.", 8, "La fibre avance partout ici."),
        ("Il était loin d’être complet : il y manquait des lignes", 7, "Il était loin d’être complet…"),
        ("Les communes de Corbeil-Essonnes, Grand Bourg, et d’autres encore", 6, "Les communes de Corbeil-Essonnes, Grand Bourg…"),
        ("Le fichier des subventions de Roques et du Sicoval (Haute-Garonne, Occitanie) est complet", 10, "Le fichier des subventions de Roques et du Sicoval…"),
        ("Elle en fait le point pour le premier trimestre", 7, "Elle en fait le point pour…"),
    ],
)  # fmt: skip
def test_an_excerpt_ends_with_a_sentence_or_with_a_word_that_may_end_a_line(text, words, shown):
    assert excerpt(text, words) == shown


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2013", "2021", "2013 à 2021"),
        ("2017", "2017", "2017"),
        ("2017-01-02", "2017-12-30", "2017"),
        ("2013-03-04", "2014-06-01", "mars\u00a02013 à juin\u00a02014"),
        ("2010-05-01", "2022-04-30", "2010 à 2022"),
        ("2021-03-04", "2021-03-24", "mars\u00a02021"),
        ("2021-03-04", "2021-03-04", "4\u00a0mars\u00a02021"),
    ],
)
def test_a_period_is_told_as_finely_as_its_span_wants_it(first, last, words):
    with override("fr"):
        assert period(first, last) == words


def test_formats_are_written_as_their_users_do():
    assert [format_name(name) for name in ("csv", "geojson", "xlsx")] == ["CSV", "GeoJSON", "XLSX"]


def test_a_usual_unit_is_in_the_language_of_the_screen_and_a_symbol_as_it_is():
    with override("en"):
        assert with_unit("364", "habitants") == "364 inhabitants"
        assert with_unit("12", "km²") == "12\u00a0km²"
    assert with_unit("364", "habitants") == "364 habitants"


def test_an_instant_without_end_is_shown():
    assert cell("9999-12-31T23:59:59+00:00", "datetime") == "31/12/9999 23:59"
    assert cell("2024-07-01T12:00:00+00:00", "datetime") == "01/07/2024 14:00"
