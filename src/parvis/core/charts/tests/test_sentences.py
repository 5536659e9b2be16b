"""The sentence of a chart says what its values say, in French and in English."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.factories import TABLE, make_answered, make_chart
from parvis.core.charts.formats import SPACE
from parvis.core.charts.marks import MARKS
from parvis.core.charts.nouns import noun_of, plural
from parvis.core.charts.questions import Answer, completed
from parvis.core.charts.reading import read
from parvis.core.charts.sentences import sentence
from parvis.core.columns import TableShape


def told(mark, rows, language="fr", **source):
    description, answers = make_answered(mark, rows, **source)
    return sentence(description, answers, language).replace(SPACE, " ").replace("\u202f", " ")


def by_year(*values, first=2021, **more):
    return [{"c_group": str(first + rank), "c_value": value, **more} for rank, value in enumerate(values)]


TIME = {"grouping": "pose_le", "step": "year", "calculation": "sum", "measure": "arceaux"}


def test_the_last_year_is_compared_with_the_one_before_and_who_has_the_most_is_named():
    rows = [
        {"c_group": year, "c_series": name, "c_value": value}
        for year, values in (("2022", (200, 150)), ("2023", (230, 182)))
        for name, value in zip(("Évry-Courcouronnes", "Grigny"), values, strict=True)
    ]
    assert told("areas", rows, series="commune", **TIME) == (
        "En 2023, 412 arceaux, soit 18 % de plus qu’en 2022 ; Évry-Courcouronnes en compte le plus (230 arceaux)."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            (100, 150, 118),
            "En 2023, 118 arceaux, soit 21 % de moins qu’en 2022 ; le niveau le plus élevé est 150 arceaux, en 2022.",
        ),
        (
            (90, 100, 118),
            "En 2023, 118 arceaux, soit 18 % de plus qu’en 2022 ; c’est le niveau le plus élevé depuis 2021.",
        ),
        ((90, 100, 100), "En 2023, 100 arceaux, autant qu’en 2022."),
        ((90, 80, 72), "En 2023, 72 arceaux, soit 10 % de moins qu’en 2022 ; c’est le niveau le plus bas depuis 2021."),
        (
            (10, 20, 90),
            "En 2023, 90 arceaux, soit 4,5 fois plus qu’en 2022 ; c’est le niveau le plus élevé depuis 2021.",
        ),
        ((10, 10, 80), "En 2023, 80 arceaux, soit 8 fois plus qu’en 2022 ; c’est le niveau le plus élevé depuis 2021."),
        ((10, 0, 80), "En 2023, 80 arceaux, contre 0 arceaux en 2022 ; c’est le niveau le plus élevé depuis 2021."),
        (
            (1, 100000, 100001),
            "En 2023, 100 001 arceaux, presque autant qu’en 2022 ; c’est le niveau le plus élevé depuis 2021.",
        ),
        ((412,), "En 2021, 412 arceaux."),
        ((400, 412), "En 2022, 412 arceaux, soit 3,0 % de plus qu’en 2021."),
    ],
)
def test_more_less_as_much_times_more(values, expected):
    assert told("lines", by_year(*values), **TIME) == expected


def test_months_and_days_are_told_with_their_own_words():
    months = [{"c_group": f"2023-{month:02}", "c_value": value} for month, value in ((7, 90), (8, 120))]
    assert told("lines", months, **{**TIME, "step": "month"}) == (
        "En août 2023, 120 arceaux, soit 33 % de plus qu’en juillet 2023."
    )
    days = [{"c_group": f"2023-03-{day:02}", "c_value": value} for day, value in ((1, 60), (2, 45))]
    assert told("lines", days, **{**TIME, "step": "day"}) == (
        "Le 2 mars 2023, 45 arceaux, soit 25 % de moins que le 1er mars 2023."
    )


def test_without_a_unit_the_measure_is_named_first():
    assert told("lines", by_year(3, 6), grouping="pose_le", step="year") == ("En 2022, 6 lignes, contre 3 en 2021.")


def test_a_unit_that_ends_with_a_stop_ends_the_sentence():
    assert told("lines", by_year(412), **{**TIME, "unit": "hab."}) == "En 2021, 412 hab."
    assert told("lines", by_year(412), **{**TIME, "unit": "hab"}) == "En 2021, 412 hab."


def test_columns_of_years_are_time_too():
    rows = [{"c_group": 2022, "c_value": 5}, {"c_group": 2023, "c_value": 6}]
    assert told("bars", rows, grouping="annee") == "En 2023, 6 lignes, contre 5 en 2022."


def test_parts_are_told_with_their_share_of_the_whole():
    rows = [{"c_group": name, "c_value": value} for name, value in (("Arceau", 60), ("Box", 30), ("Abri", 10))]
    assert told("pie", rows, grouping="modele") == (
        "Arceau vient en tête avec 60 lignes, 60 % du total, devant Box (30) ; 100 lignes en tout, pour 3 modèles."
    )


def test_when_groups_are_left_out_no_share_is_claimed_and_it_is_said():
    rows = [{"c_group": f"Rue {rank}", "c_value": 100 - rank} for rank in range(30)]
    text = told("bars", rows, grouping="commune")
    assert text == ("Rue 0 vient en tête avec 100 lignes, devant Rue 1 (99). Le graphique montre 20 communes sur 30.")


def test_means_are_never_added_up():
    rows = [{"c_group": name, "c_value": value} for name, value in (("Grigny", 12.5), ("Évry", 9.3))]
    text = told("bars", rows, grouping="commune", calculation="avg", measure="prix")
    assert (
        text
        == "Prix (moyenne) : la valeur la plus élevée est celle de Grigny (12,5 €), la plus basse celle d’Évry (9,3 €)."
    )


def test_values_that_read_the_same_are_not_told_apart():
    rows = [{"c_group": name, "c_value": value} for name, value in (("Grigny", 12.51), ("Évry", 12.49))]
    text = told("bars", rows, grouping="commune", calculation="avg", measure="prix")
    assert text == "Prix (moyenne) : les valeurs sont presque égales (12,5 €)."


@pytest.mark.parametrize(
    ("mark", "french", "english"),
    [
        ("histogram", "la tranche la plus fréquente va de", "the most frequent range is from"),
        ("box", "la médiane la plus haute est celle de Lieusaint", "the highest median is that of Lieusaint"),
        ("points", "plus l’une est grande, plus l’autre l’est", "when one is large, so is the other"),
        ("heatmap", "La plus grande valeur est", "The largest value is"),
        ("pyramid", "le groupe le plus nombreux est", "the largest group is"),
        ("sankey", "Le plus grand flux va de", "The largest flow goes from"),
    ],
)
def test_types_of_their_own_have_words_of_their_own(mark, french, english):
    description, answers = make_chart(mark)
    assert french in sentence(description, answers, "fr")
    assert english in sentence(description, answers, "en")


def test_points_without_a_link_are_said_to_have_none():
    rows = [{"c_value": x * 7919 % 101, "c_against": x} for x in range(50)]
    assert "sans lien net" in told("points", rows, measure="prix", against="arceaux")


def test_names_that_begin_with_a_vowel_are_elided():
    rows = [
        {"c_group": name, "c_low": 0, "c_first": 1, "c_middle": m, "c_third": 9, "c_high": 10, "c_count": 5}
        for name, m in (("Évry", 5), ("Grigny", 4))
    ]
    assert "celle d’Évry" in told("box", rows, measure="prix", grouping="commune")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("mark", sorted(MARKS))
def test_every_type_has_one_or_two_whole_sentences(mark, language):
    description, answers = make_chart(mark)
    text = sentence(description, answers, language)
    assert text[0] == text[0].upper() and text.endswith(".")
    assert 20 < len(text) < 300
    assert not re.search(r"nan|None|inf\b|\{|\}", text)


@given(
    st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=12),
    st.sampled_from(["lines", "bars", "heatmap", "multiples"]),
)
def test_whatever_the_values_there_is_a_sentence(values, mark):
    rows = by_year(*values, c_series="a")
    assert told(mark, rows, series="modele", **{**TIME, "calculation": "avg"})


def test_values_of_two_datasets_side_by_side_are_never_added_up():
    rows = [{"c_group": "Grigny", "c_value": 107}], [{"c_group": "Grigny", "c_value": 71}]
    sources = tuple(SeriesSource("arceaux", grouping="commune", label=name) for name in ("Ouverts", "Fermés"))
    answers = [Answer(list(one), 1, TABLE) for one in rows]
    apart = completed(ChartDescription("bars", sources, stacked=False), {"arceaux": TABLE})
    assert (
        "la valeur la plus élevée est celle de Grigny, Ouverts (107), la plus basse celle de Grigny, Fermés (71)"
        in sentence(apart, answers)
    )
    piled = completed(ChartDescription("bars", sources), {"arceaux": TABLE})
    assert sentence(piled, answers).endswith("Grigny, 178.")


def counted(*values):
    return [{"c_group": name, "c_value": value} for name, value in zip("ABCDEFGH", values, strict=False)]


@pytest.mark.parametrize(
    ("values", "french", "english"),
    [
        ((4,), "« A », 4 lignes.", "“A”, 4 rows."),
        ((4, 4), "Les 2 communes sont à égalité, à 4 lignes.", "All 2 groups are equal, at 4 rows."),
        (
            (1, 4, 4),
            "« B » et « C » viennent en tête à égalité avec 4 lignes.",
            "“B” and “C” come first together with 4 rows.",
        ),
        (
            (4, 4, 4, 1),
            "« A » et 2 autres communes viennent en tête à égalité avec 4 lignes.",
            "“A” and 2 other groups come first together with 4 rows.",
        ),
    ],
)
def test_no_group_comes_before_its_equals(values, french, english):
    assert told("bars", counted(*values), grouping="commune") == french
    assert told("bars", counted(*values), "en", grouping="commune") == english


def test_equal_medians_and_equal_means_are_told_as_equal():
    boxes = [
        {"c_group": name, **dict.fromkeys(("c_low", "c_first", "c_middle", "c_third", "c_high"), 3)} for name in "AB"
    ]
    assert told("box", boxes, grouping="commune", measure="prix") == "Prix : toutes les médianes sont égales (3 €)."
    mean = {"grouping": "commune", "calculation": "avg", "measure": "arceaux"}
    assert told("bars", counted(3, 3), **mean) == "Arceaux (moyenne) : les 2 communes sont à égalité, à 3 arceaux."


def test_parts_that_are_years_are_told_as_parts_and_what_is_left_out_never_comes_first():
    rows = by_year(*range(100, 220), first=1850)
    text = told("treemap", rows, grouping="pose_le", step="year")
    assert text.startswith("1969 vient en tête avec 219 lignes")
    assert "Autres" not in text


def test_a_very_long_name_leaves_room_for_the_value():
    rows = [{"c_group": "Très " * 60 + str(rank), "c_value": 10 + rank} for rank in range(3)]
    assert re.search(
        r"… vient en tête avec 12 lignes, .* du total, devant Très .*… \(11\)", told("bars", rows, grouping="commune")
    )


def test_one_row_is_no_plural():
    rows = [{"c_group": "[10, 20[", "c_value": 1}]
    assert "1 ligne sur 1" in told("histogram", rows, measure="prix", step="10")


def test_a_rate_moves_by_points():
    """« 0,1 % de plus » than 88,5 % would be 88,6 %: what is told is the difference, in points."""
    rate = {"grouping": "pose_le", "step": "year", "calculation": "avg", "measure": "prix", "unit": "%"}
    assert told("lines", by_year(88.5, 90.6), **rate) == "En 2022, 90,6 %, soit 2,1 points de plus qu’en 2021."
    assert told("lines", by_year(88.5, 87.6), **rate) == "En 2022, 87,6 %, soit 0,9 point de moins qu’en 2021."
    assert told("lines", by_year(88.5, 88.5), **rate) == "En 2022, 88,5 %, autant qu’en 2021."


@pytest.mark.parametrize("nothing", ["-", "n.d.", "NC", "s.o.", "Non communiqué"])
def test_what_people_write_for_no_value_does_not_come_first(nothing):
    rows = [{"c_group": name, "c_value": value} for name, value in ((nothing, 22_095), ("Grigny", 60), ("Évry", 40))]
    description, answers = make_answered("bars", rows, grouping="commune")
    assert sentence(description, answers).startswith("Grigny vient en tête avec 60\u00a0lignes")
    assert read(description, answers).groups[-1] == f"Non renseigné ({nothing})"


def test_millions_are_told_as_people_say_them():
    rows = [{"c_group": name, "c_value": value} for name, value in (("Grigny", 40_123_456), ("Évry", 1_500_000))]
    text = told("bars", rows, grouping="commune", calculation="sum", measure="prix")
    assert text == "Grigny vient en tête avec 40,1 M€, 96 % du total, devant Évry (1,5 M€)."
    text = told("bars", rows, grouping="commune", calculation="sum", measure="arceaux")
    assert "40,1 millions d’arceaux" in text and "1,5 million d’arceaux" in text
    near = [{"c_group": name, "c_value": value} for name, value in (("Grigny", 1_705_448), ("Évry", 1_651_867))]
    text = told("bars", near, grouping="commune", calculation="sum", measure="arceaux")
    assert "1 705 448 arceaux" in text and "1 651 867 arceaux" in text, "both are 1,7 million"


@pytest.mark.parametrize(
    ("label", "counted"),
    [
        ("Commune", "communes"),
        ("Nom de la commune", "communes"),
        ("Type de logement", "types de logement"),
        ("Journal", "journaux"),
        ("Bureau", "bureaux"),
        ("CODE_X1", ""),
        ("Informations relatives à l’autorité", ""),
    ],
)
def test_groups_are_counted_by_the_noun_of_their_column(label, counted):
    noun = noun_of(label)
    assert (plural(noun) if noun else "") == counted


def test_what_has_no_value_is_said_beside_a_whole():
    rows = [{"c_group": name, "c_value": value} for name, value in (("Oui", 28), ("Non", 2), (None, 39))]
    text = sentence(*make_answered("bars", rows, grouping="modele"))
    assert text.endswith("devant «\u00a0Non\u00a0» (2)\u00a0; non renseigné\u00a0: 39.")


def test_groups_without_a_value_are_not_left_out_of_the_drawing():
    rows = [{"c_group": name, "c_value": value} for name, value in (("A", 28), ("B", 2), ("C", None), (None, 3))]
    assert "Le graphique montre" not in sentence(*make_answered("bars", rows, grouping="modele"))


def test_a_title_that_is_a_period_does_not_begin_a_sentence():
    description, (answer,) = make_answered(
        "histogram", [{"c_group": "[0, 10[", "c_value": 3}], measure="prix", step="10"
    )
    shape = TableShape(tuple(replace(column, label="T3 2017", annotations={}) for column in answer.table.shape))
    text = sentence(description, [replace(answer, table=replace(answer.table, shape=shape))])
    assert text.startswith("Colonne « T3 2017 »\u00a0: la tranche")


def test_a_rate_without_unit_moves_by_points():
    rows = [{"c_group": year, "c_value": value} for year, value in (("2021", 88.2), ("2022", 89.9))]
    description, answers = make_answered(
        "lines", rows, grouping="pose_le", step="year", measure="prix", calculation="avg"
    )
    shape = TableShape(tuple(replace(column, annotations={}) for column in answers[0].table.shape))
    answers = [replace(answers[0], table=replace(answers[0].table, shape=shape))]
    described = replace(description, labels={"measure": "Taux de ponctualité"})
    assert "1,7 point de plus" in sentence(described, answers)
