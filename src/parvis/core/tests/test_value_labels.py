"""What values are called: bounds, well-known codes, capitals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.columns import LABELS, Column, ColumnType
from parvis.core.value_labels import (
    LONGEST_LABEL,
    MOST_LABELS,
    Family,
    bounded,
    in_small_letters,
    known_labels,
    with_bounded_labels,
)

OSM = Family({"townhall": "mairie", "school": "école"})
SEX = Family({"F": "femmes", "M": "hommes"}, frozenset({"sexe"}))


def column(name="mobilier", labels=None, kind="", type_=ColumnType.TEXT):
    return Column(name, name, type_, annotations={LABELS: labels} if labels else {}, kind=kind)


def test_labels_are_kept_on_one_line_within_their_bounds():
    labels = {"a": " mairie\n annexe ", "b": "", "c": "x" * (LONGEST_LABEL + 1), "d": "d", "x" * 300: "long"}
    assert bounded(labels) == {"a": "mairie annexe"}
    assert len(bounded({str(rank): f"n° {rank}" for rank in range(MOST_LABELS + 50)})) == MOST_LABELS
    assert bounded("mairie") == {}


def test_a_value_named_as_the_label_of_another_keeps_its_own_name():
    assert bounded({"ARCEAU": "Arceau", "Arceau": "Arceau", "Autre": "Autre"}) == {
        "ARCEAU": "Arceau",
        "Arceau": "Arceau",
    }


def test_a_card_without_labels_left_says_nothing_of_them():
    fields = {"a": {"label": "A", "annotations": {"facet": True, LABELS: {"x": ""}}}, "b": {"label": "B"}}
    assert with_bounded_labels(fields) == {"a": {"label": "A", "annotations": {"facet": True}}, "b": {"label": "B"}}


@pytest.mark.parametrize(
    ("value", "labels", "text"),
    [(True, {"true": "gratuit"}, "gratuit"), (1.0, {"1": "un"}, "un"), ("01", {"1": "un"}, ""), ("x", {}, "")],
)
def test_a_value_has_the_label_of_its_text(value, labels, text):
    assert column(labels=labels).label_of(value) == text


def test_values_that_would_be_taken_for_one_another_are_told_apart():
    called = column(labels={"ARCEAU": "Arceau", "RATELIER": "Râtelier"}).labels_of(
        ["ARCEAU", "Arceau", "RATELIER", "?"]
    )
    assert called == {"ARCEAU": "Arceau (ARCEAU)", "RATELIER": "Râtelier"}


def test_well_known_codes_are_proposed_when_half_of_the_values_are_known():
    assert known_labels(column(), ["townhall", "school", "?"], [OSM, SEX]) == {"townhall": "mairie", "school": "école"}
    assert known_labels(column(), ["townhall", "a", "b"], [OSM, SEX]) == {}


def test_codes_that_say_nothing_by_themselves_want_a_column_named_after_them():
    assert known_labels(column("sexe_elu"), ["F", "M"], [OSM, SEX]) == {"F": "femmes", "M": "hommes"}
    assert known_labels(column("filiere"), ["F", "M"], [OSM, SEX]) == {}


@pytest.mark.parametrize(
    ("name", "text", "smaller"),
    [
        ("mobilier", "ARCEAU", "Arceau"),
        ("objet", "REHABILITATION_IMMEUBLE", "Rehabilitation immeuble"),
        ("ville", "SAINT-ETIENNE-DU-ROUVRAY", "Saint-Etienne-du-Rouvray"),
        ("ville", "L'HAY-LES-ROSES", "L'Hay-les-Roses"),
        ("operateur", "RESEAU SNCF", "Reseau SNCF"),
        ("tour", "TOUR XIV", "Tour XIV"),
        ("mobilier", "Arceau", ""),
        ("sigle", "SNCF", ""),
        ("type", "COM", ""),
        ("code", "91228", ""),
    ],
)
def test_capitals_are_written_small_but_for_acronyms(name, text, smaller):
    assert in_small_letters(text, column(name)) == smaller


NAMES = st.text("aAbé 1", min_size=1, max_size=3)


@given(st.dictionaries(NAMES, NAMES, max_size=5), NAMES)
def test_a_form_shows_words_and_reads_them_as_the_same_value(labels, value):
    column = Column("kind", "Genre", ColumnType.TEXT, annotations={"labels": labels})
    for each in (value, *labels):
        assert column.value_of(column.words_of(each)) == each


def test_words_that_could_be_taken_for_anothers_have_their_value_behind():
    labels = {"townhall": "mairie", "city": "mairie", "bank": "post", "school": "école"}
    column = Column("kind", "Genre", ColumnType.TEXT, annotations={"labels": labels})
    shown = {value: column.words_of(value) for value in (*labels, "post", "park")}
    assert shown == {
        "townhall": "mairie (townhall)",
        "city": "mairie (city)",
        "bank": "post",
        "school": "école",
        "post": "post (post)",
        "park": "park",
    }
    assert column.value_of("École") == "school"
    assert column.value_of("mairie") == "mairie"
