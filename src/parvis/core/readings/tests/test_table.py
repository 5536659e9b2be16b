"""What each reading makes of real cells, row by row; what it must leave alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parvis.core.readings.dates import find_dates, impossible_part
from parvis.core.readings.model import Certainty
from parvis.core.readings.places import projection_of
from parvis.core.readings.table import READINGS

SIRET = {"widths": [14], "check": "siret"}
GRANT = {"values": ["aide en numéraire", "aide en nature", "aide en numéraire;aide en nature"]}
YES_NO = {"true": ["oui"], "false": ["non"]}

MENDED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("date", {}, "12/31/2021", "month-day-year sure 2021-12-31"),
    ("date", {}, "31/12/2021", "day-month-year sure 2021-12-31"),
    ("date", {}, "03/04/2021", "day-first choice 2021-04-03 | month-first choice 2021-03-04"),
    ("date", {}, "04/04/2021", "day-month-year sure 2021-04-04"),
    ("date", {}, "2013.01.26", "year-month-day sure 2013-01-26"),
    ("date", {}, "2020-6-24", "year-month-day sure 2020-06-24"),
    ("date", {}, "1er janvier 2020", "words sure 2020-01-01"),
    ("date", {}, "05-avr.-2019", "words sure 2019-04-05"),
    ("date", {}, "mardi 3 mars 2020", "words sure 2020-03-03"),
    ("date", {}, "2021-01-14 17:30:16.750551", "date-and-time likely 2021-01-14"),
    ("date", {}, "2021-01-14T00:00:00", "date-and-time sure 2021-01-14"),
    ("date", {}, "43831", "spreadsheet-number likely 2020-01-01"),
    ("date", {}, "13/1/21", "day-month-short-year likely 2021-01-13"),
    ("date", {"to": "%Y"}, "2017-06-27", "year-month-day sure 2017"),
    ("year", {}, "2017.0", "year sure 2017"),
    ("year", {}, "27/06/2017", "year-of-date likely 2017"),
    ("period", {}, "2018-01-01_2018-03-31", "period sure 2018-01-01/2018-03-31"),
    ("period", {}, "du 1er janvier 2018 au 31/12/2018", "period sure 2018-01-01/2018-12-31"),
    ("number", {}, "40 000,00", "blanks sure 40000.00"),
    ("number", {}, "1\u202f234,56 €", "unit sure 1234.56"),
    ("number", {}, "1.234,56", "dots sure 1234.56"),
    ("number", {}, "12,5", "decimal-comma sure 12.5"),
    ("number", {}, "1,234", "decimal-comma choice 1.234 | thousands choice 1234"),
    ("number", {}, "-\u00a05", "plain sure -5"),
    ("number", {"ratio": True}, "45 %", "percent sure 0.45"),
    ("number", {"ratio": True}, "100", "percent likely 1"),
    ("number", {"integer": True}, "12.0", "plain sure 12"),
    ("code", {"widths": [5]}, "1001", "leading-zero sure 01001"),
    ("code", {"widths": [2, 3]}, "1", "leading-zero sure 01"),
    ("code", {"widths": [5]}, "01 001", "blanks sure 01001"),
    ("code", SIRET, "446 720 633 00010", "blanks sure 44672063300010"),
    ("code", SIRET, "44259700100035.0", "number sure 44259700100035"),
    ("code", SIRET, "21860194600000.0", "rounded lost "),
    ("code", SIRET, "2,18602E+13", "rounded lost "),
    ("code", SIRET, "21860194600000", "rounded lost "),
    ("code", SIRET, "53507938800000.0", "rounded lost "),  # its check digit is right by chance
    ("code", SIRET, "35600000000100.0", "number likely 35600000000100"),
    ("phone", {}, "384259552", "leading-zero sure 0384259552"),
    ("phone", {}, "+33 (0)3 84 25 95 52", "blanks sure 0384259552"),
    ("boolean", {}, "VRAI", "word sure true"),
    ("boolean", YES_NO, "False", "word sure non"),
    ("boolean", {}, "x", "word likely true"),
    ("choice", GRANT, "Aide en numeraire", "spelling sure aide en numéraire"),
    ("choice", GRANT, "Aide en numérraire", "close likely aide en numéraire"),
    ("choice", GRANT, "Numéraire", "close likely aide en numéraire"),
    ("case", {"pattern": "[A-ZÉ][a-zé]+"}, "ÉLéanore", "capitals likely Éléanore"),
    ("case", {"pattern": "W[0-9]{9}"}, "w333216789", "capitals likely W333216789"),
    ("case", {"pattern": "(?:[A-Z]+|[a-z]+)"}, "aB", "small choice ab | large choice AB"),
    ("trim", {}, ' "Lundi"', "quotes likely Lundi"),
    ("trim", {}, "\u00a0Évry ", "blanks sure Évry"),
    ("slash", {}, "'Finances locales / Subventions", "blanks sure Finances locales/Subventions"),
    ("missing", {}, "N/A", "mark likely "),
    ("web", {}, "www.exemple.fr/a", "scheme likely https://www.exemple.fr/a"),
    ("email", {}, "mailto: mairie@evry.fr", "bare sure mairie@evry.fr"),
    ("point", {"format": "array"}, "48.85, 2.35", "swapped sure [2.35,48.85]"),
    ("point", {}, "48,85 ; 2,35", "swapped sure 2.35,48.85"),
    ("point", {}, "[5.56,46.74]", "form sure 5.56,46.74"),
    ("point", {}, "POINT(2.35 48.85)", "form sure 2.35,48.85"),
    ("point", {}, '{"lat": 48.85, "lon": 2.35}', "form sure 2.35,48.85"),
    ("point", {"format": "array"}, "10.5 ; 20.5", "longitude-first choice [10.5,20.5] | latitude-first choice [20.5,10.5]"),
)  # fmt: skip

LEFT: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("date", {}, "2021-12-31"),
    ("date", {}, "31/02/2021"),
    ("date", {}, "bientôt"),
    ("date", {}, "2021"),
    ("period", {}, "2018-01-01/2018-03-31"),
    ("period", {}, "2019-01-01_2018-03-31"),
    ("period", {}, "03/04/2021 - 05/06/2021"),
    ("number", {}, "12.5"),
    ("number", {}, "15 000- 89 999,99"),
    ("number", {"integer": True}, "12,5"),
    ("code", SIRET, "21560046100010"),
    ("code", SIRET, "225800010"),
    ("code", SIRET, "21560046100011"),
    ("code", {"widths": [5]}, "01001"),
    ("code", {"widths": [5]}, "Évry"),
    ("code", {"widths": [5]}, "123456"),
    ("boolean", {}, "true"),
    ("boolean", {}, "peut-être"),
    ("choice", GRANT, "prêt"),
    ("trim", {}, "Évry-Courcouronnes"),
    ("case", {"pattern": "[0-9]+"}, "abc"),
    ("case", {"pattern": "[a-z]+"}, "abc"),
    ("slash", {}, "Finances locales/Subventions"),
    ("slash", {}, "Finances locales"),
    ("missing", {}, "Non conforme"),
    ("web", {}, "mairie@evry.fr"),
    ("email", {}, "mairie"),
    ("point", {"format": "array"}, "[7.48710500,48.345345]"),
    ("point", {}, "2.35,48.85"),
    ("point", {}, "652000, 6860000"),
    ("point", {}, "48,85"),
)


@pytest.mark.parametrize(("name", "settings", "text", "expected"), MENDED)
def test_a_cell_is_read_as_it_was_meant(name: str, settings: dict[str, Any], text: str, expected: str) -> None:
    candidates = READINGS[name].read(text, settings)
    assert " | ".join(f"{c.variant} {c.certainty} {c.after}" for c in candidates) == expected


@pytest.mark.parametrize(("name", "settings", "text"), LEFT)
def test_a_cell_that_is_right_or_says_something_else_is_left(name: str, settings: dict[str, Any], text: str) -> None:
    assert READINGS[name].read(text, settings) == ()


@given(st.text(max_size=80), st.sampled_from(sorted(READINGS)))
def test_no_text_of_a_stranger_breaks_a_reading_and_nothing_lost_has_a_value(text: str, name: str) -> None:
    settings = {"widths": [5, 14], "values": ["oui", "non"], "check": "siret"}
    for candidate in READINGS[name].read(text, settings):
        assert candidate.after != text or not candidate.after
        assert candidate.certainty is not Certainty.LOST or not candidate.after


@given(st.dates(min_value=date(1900, 1, 1)), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"]))
def test_the_date_that_was_written_is_always_among_the_readings(day: date, layout: str) -> None:
    readings = find_dates(day.strftime(layout))
    assert day in [reading for _form, reading, _sure in readings]
    assert all(sure is Certainty.CHOICE for _form, _day, sure in readings) == (day.day <= 12 and day.day != day.month)


@given(
    st.floats(-5, 9), st.floats(42, 51), st.sampled_from(["{1:.6f}, {0:.6f}", "[{0:.6f},{1:.6f}]", "{0:.6f};{1:.6f}"])
)
def test_a_point_of_mainland_france_comes_out_longitude_first(lon: float, lat: float, form: str) -> None:
    text = form.format(lon, lat)
    after = READINGS["point"].read(text, {"format": "default"})[0].after
    x, y = map(float, after.split(","))
    assert (x, y) == pytest.approx((lon, lat), abs=1e-6)


def test_what_cannot_be_in_a_date_is_told() -> None:
    assert impossible_part("12/31/2021") == ("month", 31)
    assert impossible_part("31/02/2021") == ("day", 31)
    assert impossible_part("2021-13-01") == ("month", 13)
    assert impossible_part("31/12/2021") is None
    assert impossible_part("bientôt") is None


def test_metres_are_told_from_degrees() -> None:
    assert projection_of(1049409.0, 6838286.4).epsg == 2154
    assert projection_of(7.73, 48.55) is None


_ALPHABET = "0123456789 .,/-:;[]()€%eEaAéoOuUiInNvVrRxX\u00a0"


@given(st.text(alphabet=_ALPHABET, max_size=24), st.sampled_from(sorted(READINGS)))
@example("[0,0", "point")
@example("(1.5, 1.5)", "point")
def test_what_a_reading_wrote_it_leaves_alone(text: str, name: str) -> None:
    settings = {
        "widths": [5, 14],
        "values": ["oui", "non"],
        "check": "siret",
        "format": "array",
        "pattern": "[A-Z][a-z]+",
    }
    for candidate in READINGS[name].read(text, settings):
        if candidate.after:
            assert candidate.after not in [again.after for again in READINGS[name].read(candidate.after, settings)]
            assert not [c for c in READINGS[name].read(candidate.after, settings) if c.certainty is Certainty.SURE]
