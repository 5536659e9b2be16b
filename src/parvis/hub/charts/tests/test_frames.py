"""The frame of a chart, as pages put it among their blocks; and the trails of its values."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.charts.errors import DrawingFailed
from parvis.core.columns import Column, ColumnType, TableShape
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts import frames
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.drawings.trails import filters_of
from parvis.hub.ui.filters import OPERATORS, Filter, conditions

BARS = ChartDescription("bars", (SeriesSource("arceaux", grouping="commune"),))


def shown(chart, **options) -> str:
    request = RequestFactory().get("/une-page/")
    request.user = AnonymousUser()
    words = " ".join(f"{name}={value!r}" for name, value in options.items())
    template = engines["django"].from_string("{% load parvis_charts %}{% chart_frame chart " + words + " %}")
    return template.render({"chart": chart}, request)


@pytest.mark.django_db
def test_a_block_gives_a_description_an_object_or_a_saved_chart():
    saved = make_chart(make_stands())
    for chart in (BARS, BARS.to_dict(), saved):
        body = shown(chart, level=3, name="bloc-4")
        assert '<figure class="chart" id="bloc-4"' in body and '<h3 class="chart-title">' in body
        assert "data-chart-sentence" in body and "<table" in body


@pytest.mark.django_db
def test_a_block_whose_data_is_not_readable_shows_nothing_at_all():
    saved = make_chart(make_stands(access=Access.RESTRICTED))
    assert shown(saved).strip() == ""
    assert shown(BARS).strip() == ""


@pytest.mark.django_db
def test_when_the_drawing_fails_the_sentence_and_the_table_stay(monkeypatch):
    make_stands()

    def failing(*_all, **_options):
        raise DrawingFailed(reason="20 s")

    monkeypatch.setattr(frames, "picture", failing)
    body = shown(BARS)
    assert "Le dessin n’a pas pu être fait" in body and "vient en tête" in body and "<details" in body


@pytest.mark.django_db
def test_places_of_pictures_are_kept_before_they_come():
    make_stands()
    frame = frames.frame_of(ANONYMOUS, BARS)
    assert all(one.width > 200 and one.height > 80 for one in frame.pictures)
    assert [one.media for one in frame.pictures][-1] == ""


@pytest.mark.django_db
def test_a_title_cannot_leave_its_frame():
    saved = make_chart(make_stands(), title='"><script>alert(1)</script>')
    body = shown(saved)
    assert "<script" not in body
    assert '"><script' not in frames.frame_of(ANONYMOUS, saved.described, chart=saved).embed_code


SHAPE = TableShape(
    (
        Column("nom", "Nom", ColumnType.TEXT),
        Column("haut", "Hauteur", ColumnType.DOUBLE),
        Column("ouvert", "Ouvert", ColumnType.BOOLEAN),
        Column("jour", "Jour", ColumnType.DATE),
    )
)
_values = {
    "nom": st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=12),
    "haut": st.integers(-999, 999).map(str),
    "ouvert": st.sampled_from(["oui", "non"]),
    "jour": st.dates().map(lambda day: day.isoformat()),
}


@given(st.data())
def test_the_filters_of_a_form_are_read_back_from_its_conditions(data):
    column = data.draw(st.sampled_from(list(_values)))
    names = [operator.name for operator in OPERATORS if operator.name != "contient"]
    operator = data.draw(st.sampled_from(names))
    value = "" if operator in ("vide", "rempli") else data.draw(_values[column])
    expected = Filter(column, operator, value)
    actual = filters_of(conditions(SHAPE, [expected], ""))
    assert actual is not None
    assert conditions(SHAPE, [Filter(*one) for one in actual], "") == conditions(SHAPE, [expected], "")


def test_a_search_in_words_is_read_back_and_other_conditions_are_not():
    filters = [Filter("nom", "contient", "rue du parc")]
    assert filters_of(conditions(SHAPE, filters, "")) == [("nom", "contient", "rue du parc")]
    for condition in ("haut > 3 or haut < 1", 'search("parc")', "`haut` > 3", "`nom` = `autre`"):
        assert filters_of((condition,)) is None
