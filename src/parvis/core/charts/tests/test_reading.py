"""Answers become points in their order; what a type cannot show well is refused with another type."""

import gettext

import pytest

from parvis.core import translation
from parvis.core.charts import sentences
from parvis.core.charts.errors import ChartError, NegativeParts, NothingToDraw, TooManyParts, WrongParts
from parvis.core.charts.factories import TABLE, make_answered, make_chart
from parvis.core.charts.formats import (
    moment_of,
    moment_text,
    number_text,
    usual_decimals,
    with_unit,
)
from parvis.core.charts.marks import MARKS
from parvis.core.charts.points import Reading
from parvis.core.charts.questions import nice_width, usual_step
from parvis.core.charts.reading import natural, read
from parvis.core.charts.tables import table
from parvis.core.charts.titles import title_of
from parvis.core.translation import translate
from parvis.core.versions.manifest import ColumnProfile


def names(mark, rows, **source):
    return list(read(*make_answered(mark, rows, **source)).groups)


def rows_of(*pairs):
    return [{"c_group": group, "c_value": value} for group, value in pairs]


def test_named_groups_come_by_value_and_moments_by_time():
    assert names("bars", rows_of(("a", 1), ("b", 3), ("c", 2)), grouping="commune") == ["b", "c", "a"]
    assert names("bars", rows_of(("2023", 1), ("2021", 3)), grouping="pose_le", step="year") == ["2021", "2022", "2023"]


def test_the_order_asked_for_wins():
    rows = rows_of(("c", 1), ("b", 3), ("a", 2))
    assert names("bars", rows, grouping="commune", order="value") == ["c", "a", "b"]
    assert names("bars", rows, grouping="commune", order="group") == ["a", "b", "c"]


def test_ages_are_ordered_as_numbers_and_accents_do_not_matter():
    assert sorted(["10 à 14 ans", "5 à 9 ans", "100 ans"], key=natural) == ["5 à 9 ans", "10 à 14 ans", "100 ans"]
    assert sorted(["Zoé", "Évry", "Etampes"], key=natural) == ["Etampes", "Évry", "Zoé"]


def test_rows_without_a_group_are_a_group_of_their_own_that_comes_last():
    assert names("bars", rows_of((None, 5), ("a", 2)), grouping="commune") == ["a", "Non renseigné"]


def test_rows_without_a_date_are_not_on_a_line_of_time():
    assert names("lines", rows_of((None, 5), ("2021", 2)), grouping="pose_le", step="year") == ["2021"]


@pytest.mark.parametrize("mark", ["lines", "areas"])
def test_names_by_the_hundred_make_no_line(mark):
    rows = rows_of(*((f"n° {rank}", rank + 1) for rank in range(501)))
    with pytest.raises(TooManyParts) as refused:
        read(*make_answered(mark, rows, grouping="commune"))
    assert refused.value.details["mark_instead"] == "bars"
    days = rows_of(*((f"20{rank // 28:02}-01-{1 + rank % 28:02}", 1) for rank in range(501)))
    assert len(names(mark, days, grouping="pose_le", step="day")) == 501


def test_a_pie_of_twelve_parts_proposes_bars():
    rows = rows_of(*((f"n° {rank}", rank + 1) for rank in range(12)))
    with pytest.raises(TooManyParts) as refused:
        read(*make_answered("pie", rows, grouping="commune"))
    assert refused.value.message("fr").startswith("12 parts : c’est trop")
    assert "Barres" in refused.value.hint("fr")
    assert refused.value.details["mark_instead"] == "bars"
    assert len(read(*make_answered("bars", rows, grouping="commune")).groups) == 12


def test_parts_of_a_whole_are_never_negative():
    with pytest.raises(NegativeParts) as refused:
        read(*make_answered("pie", rows_of(("a", -2), ("b", 3)), grouping="commune"))
    assert "−2" in refused.value.message("fr")


def test_a_pyramid_wants_two_sides():
    rows = [{"c_group": "0 à 9 ans", "c_series": "Femmes", "c_value": 3}]
    with pytest.raises(WrongParts):
        read(*make_answered("pyramid", rows, grouping="age", series="sexe"))


def test_nothing_at_all_is_told():
    with pytest.raises(NothingToDraw):
        read(*make_answered("bars", [], grouping="commune"))


def test_bars_show_the_first_twenty_groups_unless_asked_otherwise():
    rows = rows_of(*((f"n° {rank}", 100 - rank) for rank in range(60)))
    assert len(names("bars", rows, grouping="commune")) == 20
    assert len(names("bars", rows, grouping="commune", limit=35)) == 35
    assert len(names("bars", rows, grouping="commune", limit=1000)) == MARKS["bars"].most_groups


def test_small_tiles_are_put_together_and_nothing_is_lost():
    rows = rows_of(*((f"n° {rank}", 100 - rank) for rank in range(90)))
    reading = read(*make_answered("treemap", rows, grouping="commune"))
    assert reading.groups[-1] == "Autres (31)"
    assert sum(point.value for point in reading.points) == sum(100 - rank for rank in range(90))


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_the_advice_of_each_type_leads_to_a_type_that_shows_more_or_otherwise(mark):
    current, seen = mark, []
    while current not in seen and len(seen) < 4:
        seen.append(current)
        current = MARKS[current].instead
    assert MARKS[mark].instead in MARKS and MARKS[mark].instead != mark


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_the_table_has_a_line_for_each_group_or_value(mark):
    description, answers = make_chart(mark)
    chart_table = table(description, answers)
    assert all(len(row) == len(chart_table.heads) for row in chart_table.rows)
    assert len(chart_table.rows) >= 3
    assert chart_table.heads[-1].is_number


def test_titles_say_what_by_what():
    description, _answers = make_chart("bars", title="")
    assert title_of(description, TABLE) == "Arceaux par commune"
    assert title_of(make_chart("areas", title="")[0], TABLE) == "Nombre de lignes par année et par modèle"
    assert title_of(make_chart("points", title="")[0], TABLE, "en").startswith("Prix against Arceaux")
    assert title_of(make_chart("pie", title="Le mien")[0], TABLE) == "Le mien"


@pytest.mark.parametrize(
    ("value", "decimals", "french", "english"),
    [(1294, 0, "1\u202f294", "1,294"), (-12.5, 1, "−12,5", "−12.5"), (0.04, 0, "0", "0"), (-0.2, 0, "0", "0"), (None, 0, "—", "—")],
)  # fmt: skip
def test_numbers_are_written_as_their_readers_write_them(value, decimals, french, english):
    assert number_text(value, decimals, "fr") == french
    assert number_text(value, decimals, "en") == english


def test_a_percent_sign_is_apart_in_french_only():
    assert with_unit("12", "%", "fr") == "12\u00a0%" and with_unit("12", "%", "en") == "12%"


@pytest.mark.parametrize(
    ("key", "step", "french"),
    [
        ("2023", "year", "2023"), ("2023-04", "month", "avril 2023"), ("2023-04-01", "day", "1er\u00a0avril 2023"),
        ("08", "month-of-year", "août"), ("1", "weekday", "lundi"), ("07", "hour", "7\u00a0h"), ("2023-13", "month", "2023-13"),
        ("hier", "day", "hier"),
    ],
)  # fmt: skip
def test_moments_are_written_in_words(key, step, french):
    assert moment_text(key, step, "fr") == french


class German(gettext.NullTranslations):
    """A third language that no code names: what its catalogue holds of charts."""

    MESSAGES = {
        "1\u202f234,5": "1.234,5",
        "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre": "Januar|Februar|März|"
        "April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
        "{day}\u00a0{month} {year}": "{day}. {month} {year}",
        "le {moment}": "am {moment}",
        "{measure}\u00a0: ": "{measure}: ",
        ", soit {share} de plus {than_when}": ", {share} mehr als {when}",
    }

    def gettext(self, message: str) -> str:
        return self.MESSAGES.get(message, message)


def test_a_third_language_is_a_catalogue_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "_catalogue", lambda language: {"de": German()}[language])
    rows = [{"c_group": f"2023-03-0{day}", "c_value": value} for day, value in ((3, 1000), (4, 1250))]
    source = {"grouping": "pose_le", "step": "day", "calculation": "sum", "measure": "prix"}
    description, answers = make_answered("lines", rows, **source)
    expected = "Am 4. März 2023, 1.250\u00a0€, 25\u00a0% mehr als am 3. März 2023."
    assert sentences.sentence(description, answers, "de") == expected


def test_moments_are_placed_at_the_start_of_their_day_in_utc():
    assert moment_of("1970-01-02") == 86_400_000
    assert moment_of("2023-02-30") is None and moment_of("hier") is None


def test_decimals_follow_the_size_of_the_values():
    assert [usual_decimals(values) for values in ([1, 2.0], [1.25], [12.5], [1234.5], [])] == [0, 2, 1, 0, 0]


@pytest.mark.parametrize(
    ("low", "high", "width"),
    [
        (0, 100, "5"),
        (0, 19, "1"),
        (0, 1, "0.05"),
        (0, 1_000_000, "50000"),
        (5, 5, "1"),
        (0, 50, "2.5"),
        (0, 0.002, "0.0001"),
    ],
)
def test_the_bars_of_a_histogram_have_round_widths(low, high, width):
    assert nice_width(ColumnProfile(0, 10, low, high)) == width


def test_the_bars_of_whole_numbers_are_at_least_one_wide():
    assert nice_width(ColumnProfile(0, 6, 0, 5), whole=True) == "1"


def test_a_usual_unit_is_in_the_language_of_the_screen_on_axes_too():
    description, answers = make_chart("bars", unit="habitants")
    assert [read(description, answers, language).unit for language in ("fr", "en")] == ["habitants", "inhabitants"]


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [("1990-01-01", "2023-12-31", "year"), ("2022-01-01", "2023-12-31", "month"), ("2023-03-01", "2023-04-15", "day")],
)
def test_the_usual_step_of_time_follows_its_span(first, last, step):
    assert usual_step(ColumnProfile(0, 10, first, last)) == step


def test_every_error_of_charts_has_a_sentence_and_advice_in_both_languages():
    for error in ChartError.__subclasses__():
        assert error.code.startswith("chart-")
        for sentence in (error.sentence, error.advice):
            assert sentence != translate(sentence, "en") != ""


def test_a_unit_that_a_title_says_is_not_said_again():
    def axis(label, unit="MWh", counted=None):
        return Reading((), labels={"measure": label}, unit=unit).with_unit("measure", counted)

    assert axis("Consommation (en MWh)") == "Consommation (en MWh)"
    assert axis("Consommation (en MWh)", counted="millions de MWh") == "Consommation (en millions de MWh)"
    assert axis("Consommation (MWh) en 2019", counted="millions de MWh") == "Consommation (millions de MWh) en 2019"


def test_the_bounds_of_narrow_bars_are_told_apart():
    rows = [{"c_group": f"[{low}, {high}[", "c_value": 3} for low, high in ((45.08, 45.1), (45.1, 45.12))]
    reading = read(*make_answered("histogram", rows, measure="prix", step="0.02"))
    assert [point.group for point in reading.points] == ["de 45,08 à moins de 45,10", "de 45,10 à moins de 45,12"]


def test_texts_of_several_lines_are_read_on_one():
    rows = [{"c_group": "2019-02-25\n2020-01-31", "c_value": 3}]
    assert read(*make_answered("bars", rows, grouping="commune")).groups == ("2019-02-25 2020-01-31",)


def test_euros_and_percents_stand_where_their_language_puts_them():
    french = [with_unit("5", unit) for unit in ("€", "M€", "%")]
    assert french == ["5\u00a0€", "5\u00a0M€", "5\u00a0%"]
    english = [with_unit(text, unit, "en") for text, unit in (("5", "€"), ("6.4", "€m"), ("\u22125", "€"), ("5", "%"))]
    assert english == ["€5", "€6.4m", "\u2212€5", "5%"]
