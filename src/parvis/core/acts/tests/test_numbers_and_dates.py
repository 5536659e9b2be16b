"""Numbers in letters and dates, against what the tests write themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from parvis.core.acts.dates import dates_in, yearless_date_at
from parvis.core.acts.flat_text import flatten
from parvis.core.acts.numbers_in_letters import read_number
from parvis.core.acts.tests.french import in_letters

MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
ALL_DAYS = [date(2015, 1, 1) + timedelta(days=days) for days in range((date(2031, 1, 1) - date(2015, 1, 1)).days)]


def _days(text: str) -> list[date]:
    return [read.day for read in dates_in(flatten(text))]


@pytest.mark.parametrize(
    "spelling", [str, lambda text: text.replace(" ", "-"), lambda text: text.replace("-", " ").upper()]
)
def test_every_number_to_9999_written_in_letters_is_read_back(spelling):
    for number in range(10_000):
        text = flatten(spelling(in_letters(number)))
        assert read_number(text) == (number, len(text)), text


def test_the_years_of_registers_are_read_in_their_old_spelling():
    assert read_number("deux mil vingt et un") == (2021, 20)
    assert read_number("mil neuf cent quatre vingt dix huit") == (1998, 35)


def test_a_number_ends_where_the_grammar_ends_it():
    assert read_number("vingt-quatre quinze janvier") == (24, 12)
    assert read_number("vingtaine") is None


def test_every_date_of_2015_to_2030_is_read_in_each_way_of_writing_it():
    for day in ALL_DAYS:
        figure = "1er" if day.day == 1 else str(day.day)
        letters = "premier" if day.day == 1 else in_letters(day.day)
        month, year = MONTHS[day.month - 1], in_letters(day.year)
        for text in (
            f"séance du {figure} {month} {day.year} à 20 h",
            f"le {day:%d/%m/%Y}.",
            f"{WEEKDAYS[day.weekday()]} {figure} {month.upper()} {day.year}",
            f"L’an {year}, le {letters} {month} à vingt heures",
            f"L'an {year.replace('deux mille', 'deux mil')} et le {letters} du mois de {month}",
            f"le {letters} {month} {year}, à dix-neuf heures",
            f"L'AN {day.year}, LE {WEEKDAYS[day.weekday()].upper()} {day.day} {month.upper()}",
        ):
            assert _days(text) == [day], text


def test_a_day_of_the_week_that_is_another_makes_a_date_doubtful():
    assert [read.doubt for read in dates_in("mardi 28 octobre 2022")] == [True]
    assert [read.doubt for read in dates_in("vendredi 28 octobre 2022")] == [False]


@pytest.mark.parametrize(
    "text", ["31/02/2024", "n° 2024-12-45", "12/2024", "article 2121-29", "le 99 mars 2024", "l'an dernier le 3 mars"]
)
def test_what_is_no_date_is_not_read_as_one(text):
    assert _days(text) == []


def test_a_date_without_its_year_is_the_last_one_before_the_sitting():
    assert yearless_date_at("convoque le 28 decembre, s'est reuni", 11, 20, date(2024, 1, 8)).day == date(2023, 12, 28)
