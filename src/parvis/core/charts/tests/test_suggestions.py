"""What is worth looking at first follows from the profile of the columns."""

from parvis.core.charts.questions import Table
from parvis.core.charts.suggestions import MOST, columns_by_part, suggest
from parvis.core.charts.titles import title_of
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
    assert marks(suggest("lieux", places)) == ["bars"], "a ring of what bars show tells nothing more"


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


def counts(*numbers, nulls=0):
    return ColumnProfile(nulls, len(numbers), top=[(f"v{rank}", number) for rank, number in enumerate(numbers)])


def test_rows_of_a_full_panel_are_not_counted():
    """As many rows for each line of trains and each year: what is measured is averaged, and nothing is drawn of the plan."""
    line = Column("ligne", "Ligne", ColumnType.TEXT), counts(50, 50, 50, 50)
    assert suggest("a", table(line, rows=200)) == []
    measured = suggest("a", table(line, number("t3_2017", 3, 900), rows=200))[0].sources[0]
    assert (measured.calculation, measured.measure) == ("avg", "t3_2017")


def test_people_of_several_censuses_are_counted_in_the_last_whole_one():
    columns = (text("commune", 24), number("annee", 1968, 2026, 15, ColumnType.INT), number("population", 100, 60_000))
    shape = TableShape(tuple(column for column, _profile in columns))
    counted = Table(shape, {column.name: profile for column, profile in columns}, 360, created="2026-03-02")
    bars = next(one for one in suggest("a", counted) if one.mark == "bars")
    assert bars.sources[0].where == ("`annee` = 2025",)
    assert title_of(bars, counted) == "Population en 2025 par commune"


def test_numbers_that_name_rows_are_not_measured():
    numbers = [
        (Column("dossier_recu", "Reçu", ColumnType.INT), ColumnProfile(0, 900, 1_000, 1_950)),
        (Column("dc", "dc", ColumnType.INT), ColumnProfile(0, 900, 340_570, 343_370)),
        (Column("date_fiche", "Fiche", ColumnType.INT), ColumnProfile(0, 30, 20_110_203, 20_130_708)),
        (Column("osm_id_n_10_0", "osm", ColumnType.INT), ColumnProfile(0, 900, 1, 10_000_000)),
    ]
    assert columns_by_part(table(*numbers, rows=900)).measures == ()


def test_what_is_free_at_one_moment_is_averaged():
    places = table(date("moment"), text("parking", 9), number("places_libres", 0, 800))
    assert {one.sources[0].calculation for one in suggest("a", places) if one.mark in ("lines", "bars")} == {"avg"}


def test_no_bars_are_drawn_of_values_that_are_all_in_one():
    skewed = Column("montant", "Montant", ColumnType.DOUBLE), ColumnProfile(0, 500, 0, 2_000_000, mean=900)
    assert marks(suggest("a", table(text("theme", 8), skewed))) == ["bars"]


def test_a_ring_of_one_piece_is_not_proposed():
    mostly = Column("type", "Type", ColumnType.TEXT), counts(960, 30, 10)
    absent = Column("etat", "État", ColumnType.TEXT), counts(200, 100, 50, nulls=650)
    assert "pie" not in marks(suggest("a", table(mostly)))
    assert "pie" not in marks(suggest("a", table(absent, text("commune", 30))))
