"""A chart is answered with the reader's own rights, its figures counted again here in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.errors import ChartError, MissingPart, NothingToDraw, TooManyParts, UnknownColumn, WrongParts
from parvis.core.errors import NotFound, RequestError
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.selectors import DataOnRequest
from parvis.hub.charts.answers import answer
from parvis.hub.charts.factories import COMMUNES, made_rows, make_stands

pytestmark = pytest.mark.django_db


def asked(mark, actor=ANONYMOUS, language="fr", **source):
    changes = {name: source.pop(name) for name in ("order", "stacked", "title") if name in source}
    return answer(actor, ChartDescription(mark, (SeriesSource("arceaux", **source),), **changes), language)


def test_places_are_added_up_by_commune_the_largest_first():
    make_stands()
    answered = asked("bars", calculation="sum", measure="places", grouping="commune")
    sums = defaultdict(int)
    for commune, _model, _day, places, _price in made_rows():
        sums[commune or "Non renseigné"] += places
    expected = sorted(sums.items(), key=lambda pair: -pair[1])
    assert [(point.group, point.value) for point in answered.reading.points] == expected
    assert answered.title == "Places par commune"


def test_rows_are_counted_by_year_in_the_order_of_time():
    make_stands()
    answered = asked("lines", grouping="pose_le", step="year")
    years = Counter(row[2][:4] for row in made_rows())
    assert [(point.group, point.value) for point in answered.reading.points] == sorted(years.items())
    assert answered.reading.is_time


def test_a_date_without_a_step_takes_the_one_that_suits_its_span():
    make_stands()
    assert asked("lines", grouping="pose_le").description.sources[0].step == "month"


def test_the_median_and_the_quartiles_are_those_of_the_values():
    make_stands()
    answered = asked("box", measure="prix", grouping="modele")
    for point in answered.reading.points:
        values = sorted(row[4] for row in made_rows() if row[1] == point.group)
        low, first, middle, third, high = point.quartiles
        assert (low, high, point.count) == (values[0], values[-1], len(values))
        assert middle == pytest.approx((values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2)
        assert first <= middle <= third


def test_the_bars_of_a_histogram_hold_every_value_once():
    make_stands()
    answered = asked("histogram", measure="prix")
    points = answered.reading.points
    assert sum(point.value for point in points) == 60
    for point in points:
        low, high = point.bounds
        assert point.value == sum(low <= row[4] < high for row in made_rows())


def test_a_filter_keeps_its_rows_only():
    make_stands()
    answered = asked("bars", grouping="modele", where=("`places` >= 5",))
    expected = Counter(row[1] for row in made_rows() if row[3] >= 5)
    assert {point.group: point.value for point in answered.reading.points} == expected


def test_two_datasets_on_one_chart_are_two_series_by_name():
    make_stands()
    make_stands(dataset_id="arceaux-d-avant", title="Arceaux d’avant")
    description = ChartDescription(
        "lines",
        tuple(
            SeriesSource(name, grouping="pose_le", step="year", label=label)
            for name, label in (("arceaux", "Maintenant"), ("arceaux-d-avant", "Avant"))
        ),
    )
    answered = answer(ANONYMOUS, description)
    assert set(answered.reading.series) == {"Maintenant", "Avant"}
    assert len(answered.reading.points) == 10


def test_a_question_written_by_hand_is_asked_as_it_is():
    make_stands()
    answered = asked(
        "bars", select="sum(places) / count(*) as moyenne", group_by="commune", grouping="commune", measure="moyenne",
        where=("commune is not null",),
    )  # fmt: skip
    assert {point.group for point in answered.reading.points} == set(COMMUNES)


@pytest.mark.parametrize(
    ("mark", "source", "error", "word"),
    [
        ("bars", {}, MissingPart, "regroupement"),
        ("sankey", {"grouping": "commune"}, MissingPart, "séries"),
        ("points", {"measure": "prix"}, MissingPart, "mesure horizontale"),
        ("bars", {"grouping": "inconnue"}, UnknownColumn, "Commune"),
        ("histogram", {"measure": "commune"}, UnknownColumn, "Prix"),
        ("pie", {"grouping": "prix"}, TooManyParts, "Barres"),
        ("pyramid", {"grouping": "modele", "series": "commune"}, TooManyParts, "Barres"),
        ("pyramid", {"grouping": "commune", "series": "modele", "where": ('modele = "Box"',)}, WrongParts, "Barres"),
        ("bars", {"grouping": "commune", "where": ("places > 100",)}, NothingToDraw, "filtre"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_what_to_do_instead(mark, source, error, word):
    make_stands()
    with pytest.raises(error) as refused:
        asked(mark, **source)
    assert issubclass(error, ChartError)
    assert word in refused.value.hint("fr")
    assert refused.value.hint("en")


def test_a_condition_that_makes_no_sense_is_told_by_the_query_language():
    make_stands()
    with pytest.raises(RequestError):
        asked("bars", grouping="commune", where=("places >",))


def test_nothing_of_a_dataset_is_told_to_who_may_not_read_it():
    make_stands(access=Access.RESTRICTED)
    with pytest.raises(NotFound):
        asked("bars", grouping="commune")
    assert asked("bars", actor=OPERATOR, grouping="commune").reading.points


def test_of_what_is_announced_only_no_figure_is_told():
    dataset = make_stands(access=Access.RESTRICTED)
    dataset.announced = True
    dataset.save()
    with pytest.raises(DataOnRequest):
        asked("bars", grouping="commune")


def test_answers_kept_for_one_reader_do_not_open_the_data_to_another():
    dataset = make_stands()
    asked("bars", grouping="commune")
    dataset.status = Status.UNPUBLISHED
    dataset.save()
    with pytest.raises(NotFound):
        asked("bars", grouping="commune")


def test_the_key_of_a_drawing_changes_with_its_words_and_its_language():
    make_stands()
    first, again = (asked("bars", grouping="commune").key for _n in range(2))
    others = {asked("bars", language="en", grouping="commune").key, asked("bars", grouping="modele").key}
    assert first == again
    assert first not in others and len(others) == 2
