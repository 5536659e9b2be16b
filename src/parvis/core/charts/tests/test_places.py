"""Codes of territories are called by name, brought together, related to inhabitants and area; what would be false is refused."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.drawing import vega_lite
from parvis.core.charts.errors import BadDescription, NotAddable, NoTerritories, RatesAreNoParts, TooManyPlaces
from parvis.core.charts.places import Place, joined
from parvis.core.charts.questions import MOST_PLACES, Answer, Table, completed, questions
from parvis.core.charts.reading import read
from parvis.core.charts.sentences import sentence
from parvis.core.charts.suggestions import suggest
from parvis.core.charts.tables import table
from parvis.core.charts.titles import title_of
from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.versions.manifest import ColumnProfile

TABLE = Table(
    TableShape(
        (
            Column("insee", "Code INSEE", ColumnType.TEXT, kind="insee_commune"),
            Column("zone", "Zone", ColumnType.TEXT, kind="iris"),
            Column("rue", "Rue", ColumnType.TEXT),
            Column("annee", "Année", ColumnType.INT),
            Column("places", "Places", ColumnType.INT, annotations={"unit": "places"}),
        )
    ),
    {"insee": ColumnProfile(0, 3), "places": ColumnProfile(0, 50, 1, 90), "annee": ColumnProfile(0, 1, 2020, 2020)},
    rows=100,
)
EVRY = Place("91228", "Évry-Courcouronnes", 66_000, 13.0)
GRIGNY = Place("91286", "Grigny", 30_000, 4.9)
FAR = Place("29019", "Brest", 140_000, None)
COMMUNES = {"91228": EVRY, "91182": EVRY, "91286": GRIGNY, "29019": FAR}


def find(kind, codes, level):
    return {code: COMMUNES[code] for code in codes if code in COMMUNES}


def described(mark="bars", **source):
    source = {"grouping": "insee", "calculation": "sum", "measure": "places", **source}
    return completed(ChartDescription(mark, (SeriesSource("arceaux", **source),)), {"arceaux": TABLE})


def answered(rows, **source):
    chart = described(**source)
    answer = Answer([{"c_group": code, "c_value": value} for code, value in rows], len(rows), TABLE)
    return chart, [joined(chart.sources[0], answer, find)]


def values(rows, **source):
    return {point.group: point.value for point in read(*answered(rows, **source)).points}


def test_codes_are_called_by_their_names_and_unknown_ones_stay_as_they_are():
    rows = [("91228", 12), ("99999", 5), (None, 3)]
    assert values(rows, territory="commune") == {"Évry-Courcouronnes": 12, "99999": 5, "Non renseigné": 3}
    assert values(rows) == {"91228": 12, "99999": 5, "Non renseigné": 3}


def test_a_former_commune_is_added_to_the_one_that_took_it_over():
    assert values([("91228", 12), ("91182", 8)], territory="commune") == {"Évry-Courcouronnes": 20}


def test_means_of_a_former_commune_stay_apart_under_its_code():
    rows = [("91228", 12.0), ("91182", 8.0)]
    assert values(rows, territory="commune", calculation="avg") == {
        "Évry-Courcouronnes": 12.0,
        "Évry-Courcouronnes (91182)": 8.0,
    }


def test_values_are_related_to_a_thousand_inhabitants_and_say_so_everywhere():
    chart, answers = answered([("91228", 132), ("91286", 30)], territory="commune", per="inhabitants")
    reading = read(chart, answers)
    assert [(point.group, point.value) for point in reading.points] == [("Évry-Courcouronnes", 2.0), ("Grigny", 1.0)]
    assert table(chart, answers).heads[1].text == "Places pour 1\u202f000\xa0habitants"
    assert title_of(chart, TABLE) == "Places par commune, pour 1\u202f000\xa0habitants"
    assert "2 places pour 1\u202f000\xa0habitants" in sentence(chart, answers).replace("\xa0places", " places")
    assert "per 1,000" in sentence(chart, answers, "en")
    assert not reading.is_additive


def test_bars_bear_numbers_alone_when_the_unit_is_long():
    chart, answers = answered([("91228", 132), ("91286", 30)], territory="commune", per="inhabitants")
    assert {row["t"] for row in vega_lite(chart, answers)["data"]["values"]} == {"2", "1"}
    short, answers = answered([("91228", 132)], territory="commune")
    assert {row["t"] for row in vega_lite(short, answers)["data"]["values"]} == {"132\xa0places"}


def test_a_place_whose_area_is_not_known_is_left_out_and_counted_in_the_sentence():
    chart, answers = answered([("91286", 49), ("29019", 900), ("99999", 1)], per="km2")
    assert {point.group: point.value for point in read(chart, answers).points} == {"Grigny": pytest.approx(10.0)}
    assert "2 codes dont la surface n’est pas connue ne sont pas montrés." in sentence(chart, answers)
    assert "2 codes whose area is not known are not shown." in sentence(chart, answers, "en")


def test_a_rate_alone_takes_the_level_of_the_column():
    assert described(per="inhabitants").sources[0].territory == "commune"
    assert described(grouping="zone", per="inhabitants").sources[0].territory == "commune"


def test_series_may_be_the_territories():
    chart = described("lines", grouping="annee", series="insee", territory="commune")
    rows = [{"c_group": 2020, "c_series": "91228", "c_value": 1}, {"c_group": 2020, "c_series": "91182", "c_value": 2}]
    reading = read(chart, [joined(chart.sources[0], Answer(rows, 2, TABLE), find)])
    assert [(point.series, point.value) for point in reading.points] == [("Évry-Courcouronnes", 3)]


@pytest.mark.parametrize("calculation", ["avg", "median", "distinct"])
def test_what_cannot_be_added_up_is_neither_brought_together_nor_related(calculation):
    with pytest.raises(NotAddable):
        described(territory="epci", calculation=calculation)
    with pytest.raises(NotAddable):
        described(per="inhabitants", calculation=calculation)


def test_rates_are_refused_where_parts_of_a_whole_are_shown_and_another_type_is_advised():
    with pytest.raises(RatesAreNoParts) as refused:
        described("treemap", per="inhabitants")
    assert refused.value.details["mark_instead"] == "bars"


def test_a_column_of_something_else_is_refused_with_those_that_will_do():
    with pytest.raises(NoTerritories) as refused:
        described(grouping="rue", territory="commune")
    assert "Code INSEE" in refused.value.hint("fr")


@pytest.mark.parametrize(
    "wrong", [{"territory": "canton"}, {"per": "arbre"}, {"select": "count(*)", "territory": "epci"}]
)
def test_a_description_says_known_words_only(wrong):
    with pytest.raises(BadDescription):
        ChartDescription.from_dict({"mark": "bars", "sources": [{"dataset": "arceaux", "grouping": "insee", **wrong}]})


def test_an_answer_cut_short_is_never_brought_together():
    chart = described(territory="commune")
    with pytest.raises(TooManyPlaces):
        joined(chart.sources[0], Answer([{"c_group": "91228", "c_value": 1}], MOST_PLACES + 1, TABLE), find)
    assert questions(chart)[0].limit == MOST_PLACES


def test_a_dataset_with_codes_is_first_proposed_per_inhabitant():
    assert any(one.sources[0].per == "inhabitants" for one in suggest("arceaux", TABLE))


def test_neither_inhabitants_per_inhabitant_nor_the_sum_of_years_is_proposed():
    people = TableShape(
        tuple(c if c.name != "places" else c.with_changes(label="Population", annotations={}) for c in TABLE.shape)
    )
    assert not any(one.sources[0].per for one in suggest("arceaux", replace(TABLE, shape=people)))
    years = {**TABLE.profile, "annee": ColumnProfile(0, 5, 2015, 2020)}
    by_place = [one.sources[0] for one in suggest("arceaux", replace(TABLE, profile=years)) if one.sources[0].territory]
    assert by_place and all(source.where == ("`annee` = 2020",) for source in by_place)


@given(
    st.lists(
        st.tuples(st.sampled_from([*COMMUNES, "99999", None]), st.integers(0, 10_000)),
        min_size=1,
        unique_by=lambda row: row[0],
    )
)
def test_nothing_is_lost_and_nothing_counted_twice(rows):
    sums = defaultdict(int)
    for code, value in rows:
        sums[COMMUNES[code].name if code in COMMUNES else code or "Non renseigné"] += value
    assert values(rows, territory="commune") == dict(sums)
