"""The map page follows the filters of the table and those of the Explore API."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.hub.maps.factories import SPECIES, make_trees
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db
PLACES = [(2.40 + n / 1000, 48.60) for n in range(60)]


def layer_address(html: str) -> str:
    """Where the map's script asks what to draw."""
    return unescape(re.search(r'data-layer="([^"]*)"', html)[1])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 60),
        ("?colonne=espece&op=egal&valeur=Tilleul", 12),
        ("?colonne=espece&op=egal&valeur=Tilleul&colonne=hauteur&op=min&valeur=3", 7),
        ("?q=tilleul", 12),
        ("?refine=espece:Tilleul&q=tilleul", 12),
        ("?exclude=espece:Tilleul", 48),
        ("?where=hauteur>5.95", 1),
    ],
)
def test_the_map_shows_the_rows_that_its_address_keeps(client, query, expected):
    make_trees(PLACES, dataset_id="foret")
    html = tight(client.get(f"/explore/dataset/foret/map/{query}").content.decode())
    layer = client.get(layer_address(html)).json()
    assert layer["rows"] == expected
    assert ("map-filtered" in html) == bool(query)
    if query:
        assert f"{expected} lieu{'x' if expected > 1 else ''} répond" in html
        assert parse_qs(urlsplit(layer["tiles"]).query).keys() & {"where", "refine", "exclude"}
    assert html.count('<li><a href="/explore/dataset/foret/table/?colonne=nom') == min(expected, 50)


def test_the_tabs_carry_the_filters_from_the_table_to_the_map_and_back(client):
    make_trees(PLACES, dataset_id="foret")
    query = "q=tilleul&colonne=espece&op=egal&valeur=Tilleul"
    for tab in ("table", "map"):
        html = unescape(tight(client.get(f"/explore/dataset/foret/{tab}/?{query}").content.decode()))
        for other in ("table", "map"):
            assert f'href="/explore/dataset/foret/{other}/?{query}"' in html


@pytest.mark.parametrize("query", ["?where=especes='x'", "?colonne=hauteur&op=min&valeur=beaucoup", "?refine=espece"])
def test_a_filter_that_makes_no_sense_is_explained_in_place_of_the_map(client, query):
    make_trees(PLACES, dataset_id="foret")
    answer = client.get(f"/explore/dataset/foret/map/{query}")
    html = tight(answer.content.decode())
    assert answer.status_code == 400
    assert "Ce filtre ne peut pas être appliqué" in html
    assert "data-map" not in html


def drawn(html: str) -> str:
    """Where the picture is that readers without scripts see."""
    return unescape(re.search(r'<noscript><div class="chart-area no-print">.*<img src="([^"]*)"', tight(html), re.S)[1])


def test_without_scripts_the_same_map_is_drawn_by_the_server(client):
    make_trees(PLACES, dataset_id="foret")
    whole = client.get(drawn(client.get("/explore/dataset/foret/map/").content.decode()))
    assert whole["Content-Type"] == "image/svg+xml"
    assert all(species in whole.content.decode() for species in SPECIES)
    few = client.get(
        drawn(client.get("/explore/dataset/foret/map/?colonne=hauteur&op=min&valeur=5,9").content.decode())
    )
    assert len(few.content) < len(whole.content)


@pytest.mark.parametrize("query", ["?refine=espece:Tilleul", "?q=baobab"])
def test_what_a_map_of_one_layer_cannot_show_is_not_drawn(client, query):
    make_trees(PLACES, dataset_id="foret")
    assert '<div class="chart-area no-print">' not in client.get(f"/explore/dataset/foret/map/{query}").content.decode()
