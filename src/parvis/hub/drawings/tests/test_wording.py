"""Questions said in words, and those that words would not say."""

import pytest

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.hub.drawings.wording import question_words

SHAPE = TableShape(
    (
        Column("ligne", "Ligne", ColumnType.TEXT),
        Column("taux", "Taux de ponctualité", ColumnType.DOUBLE),
        Column("date", "Mois", ColumnType.DATE),
    )
)


def test_a_question_is_said_with_the_labels_of_its_columns():
    words = question_words("avg(taux)", ['ligne="D"'], ['date_format(`date`, "yyyy-MM")'], SHAPE)
    assert words == "moyenne de « Taux de ponctualité », où « Ligne » est D, par mois"


def test_values_are_written_as_french_writes_them():
    words = question_words("count(*)", ["taux >= 92.5", "`date` < date'2020-09-01'"], ["ligne"], SHAPE)
    assert words == (
        "nombre de lignes, où « Taux de ponctualité » est au moins 92,5 et « Mois » est avant le 1er\N{NO-BREAK SPACE}"
        "septembre\N{NO-BREAK SPACE}2020, par « Ligne »"
    )


def test_conditions_have_labels_of_values_and_their_links():
    kind = Column("genre", "Genre", ColumnType.TEXT, annotations={"labels": {"townhall": "mairie"}})
    words = question_words(
        "count(*)", ['genre in ("townhall", "park") or taux in [1 .. 2.5]'], [], TableShape((kind, *SHAPE))
    )
    assert (
        words == "nombre de lignes, où « Genre » est l’un de mairie, park ou « Taux de ponctualité » est entre 1 et 2,5"
    )


def test_without_its_columns_a_question_names_them():
    assert question_words("sum(t1_2018)", [], []) == "somme de « t1_2018 »"


@pytest.mark.parametrize(
    ("select", "where", "groups"),
    [
        ("sum(a) / sum(b)", [], []),
        ("sum(a)", ["a > 2 or b < 3 and c = 1"], []),
        ("sum(a)", ["length(b) > 2"], []),
        ("sum(a)", [], ["substr(b, 1, 2)"]),
    ],
)
def test_what_words_would_not_say_is_left_to_the_query(select, where, groups):
    assert question_words(select, where, groups) == ""
