"""What is worth looking at first follows from the profile of the columns."""

from parvis.core.charts.questions import Table
from parvis.core.charts.suggestions import MOST, columns_by_part, suggest
from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.versions.manifest import ColumnProfile


def table(*columns: tuple[Column, ColumnProfile], rows: int = 1_000) -> Table:
    shape = TableShape(tuple(column for column, _profile in columns))
    return Table(shape, {column.name: profile for column, profile in columns}, rows)


def text(name, distinct, kind=""):
    return Column(name, name.capitalize(), ColumnType.TEXT, kind=kind), ColumnProfile(0, distinct)


def number(name, low, high, distinct=500, type_=ColumnType.DOUBLE):
    return Column(name, name.capitalize(), type_), ColumnProfile(0, distinct, low, high)


def date(name, first="2015-01-01", last="2023-12-31"):
    return Column(name, name.replace("_", " "), ColumnType.DATE), ColumnProfile(0, 300, first, last)


def marks(suggestions):
    return [description.mark for description in suggestions]


def test_a_table_of_subsidies_is_seen_over_time_by_theme_and_by_size():
    subsidies = table(text("nom", 980), text("theme", 8), date("date_de_vote"), number("montant", 50, 90_000))
    suggestions = suggest("subventions", subsidies)
    assert marks(suggestions)[:3] == ["lines", "bars", "histogram"]
    lines, bars, histogram = suggestions[:3]
    assert (lines.sources[0].grouping, lines.sources[0].calculation, lines.sources[0].measure) == (
        "date_de_vote", "sum", "montant",
    )  # fmt: skip
    assert bars.sources[0].grouping == "theme"
    assert histogram.sources[0].measure == "montant" and float(histogram.sources[0].step) > 0


def test_codes_and_coordinates_are_not_measured():
    places = table(
        number("code_postal", 1000, 98000), number("longitude", 2, 3), number("id", 1, 1000), text("type", 4)
    )
    assert columns_by_part(places).measures == ()
    assert marks(suggest("lieux", places)) == ["bars", "pie"]


def test_rates_are_averaged_neither_added_up_nor_counted():
    stations = table(text("gare", 12), number("taux_de_ponctualite", 80, 99))
    first = suggest("gares", stations)[0].sources[0]
    assert (first.calculation, first.measure) == ("avg", "taux_de_ponctualite")


def test_a_column_of_years_is_time_when_there_are_several():
    several = table(number("annee", 2010, 2020, 11, ColumnType.INT), text("type", 4))
    only = table(number("annee", 2021, 2021, 1, ColumnType.INT), text("type", 4))
    assert suggest("a", several)[0].mark == "lines"
    assert "lines" not in marks(suggest("a", only))


def test_the_day_a_row_was_kept_is_not_the_time_of_what_it_tells():
    assert "lines" not in marks(suggest("a", table(date("date_maj"), text("type", 4))))


def test_names_come_before_codes():
    communes = table(text("code_insee", 20, kind="insee_commune"), text("commune", 20))
    assert suggest("a", communes)[0].sources[0].grouping == "commune"


def test_a_table_of_codes_still_shows_its_most_frequent_values():
    (suggestion,) = suggest("rome", table(text("metier", 480), text("intitule", 990)))
    assert (suggestion.mark, suggestion.sources[0].grouping) == ("bars", "metier")


def test_a_table_without_anything_to_draw_suggests_nothing():
    assert suggest("formes", table((Column("forme", "Forme", ColumnType.GEO_SHAPE), ColumnProfile(0, 10)))) == []
    assert suggest("vide", Table(TableShape(()))) == []


def test_suggestions_are_few_and_all_different():
    wide_table = table(
        date("jour"), text("theme", 8), text("statut", 3), text("quartier", 12), number("montant", 0, 9), number("delai", 1, 90)
    )  # fmt: skip
    suggestions = suggest("tout", wide_table)
    assert len(suggestions) == MOST
    assert len({description.to_json() for description in suggestions}) == MOST
