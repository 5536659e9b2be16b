"""Pages as readers see them."""

from __future__ import annotations

import pytest

from parvis.hub.charts.factories import made_rows, make_chart, make_stands
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


def test_a_page_shows_words_and_data(client):
    make_stands()
    make_theme_page(
        block("text", "<h2>Où garer son vélo ?</h2>"),
        block("figure", {"dataset": "arceaux", "calculation": "sum", "measure": "places", "label": "places posées"}),
        block("chart", {"dataset": "arceaux", "grouping": "commune", "mark": "bars"}),
        block("table", {"dataset": "arceaux", "columns": "commune, places", "order": "places", "descending": True}),
    )
    html = tight(client.get("/pages/velo/").content.decode())
    assert "<h2>Où garer son vélo ?</h2>" in html
    assert f">{sum(row[3] for row in made_rows())}\N{NO-BREAK SPACE}places</a>" in html
    assert 'class="chart-sentence"' in html
    assert ">60</a> lignes" in html
    assert html.count("/explore/dataset/arceaux/") > 4


def test_the_list_of_pages_has_each_under_its_theme(client):
    make_theme_page(block("text", "<p>Bonjour</p>"), theme="transports")
    html = tight(client.get("/pages/").content.decode())
    assert 'href="/pages/velo/"' in html
    assert "Où garer son vélo." in html


def test_a_portal_without_pages_says_so(client):
    response = client.get("/pages/")
    assert response.status_code == 200
    assert "Aucune page n’est encore publiée" in response.content.decode()


def test_a_page_that_is_not_there_is_not_found_in_the_look_of_the_portal(client):
    response = client.get("/pages/rien/")
    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()


def test_a_saved_chart_is_shown_with_its_own_pictures(client):
    make_chart(make_stands())
    make_theme_page(block("chart", {"chart": "des-places-partout"}))
    html = tight(client.get("/pages/velo/").content.decode())
    assert "/graphiques/des-places-partout/image.svg" in html
