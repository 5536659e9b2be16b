"""Blocks alone, their files, and pictures."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import made_rows, make_stands
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

KEY = "0d9b4a1e-7a52-4a3c-9a53-0a4b8a4c1d11"
BAR = block("filters", {"filters": [{"label": "Commune", "dataset": "arceaux", "column": "commune"}]})
CHART = block("chart", {"dataset": "arceaux", "grouping": "modele", "measure": "places", "mark": "bars"}, KEY)
FIGURE = block("figure", {"dataset": "arceaux", "calculation": "sum", "measure": "places", "label": "places"}, KEY)


@pytest.fixture
def stands():
    return make_stands()


def rows_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_a_block_alone_may_be_framed_by_any_site_and_the_page_may_not(client, stands):
    make_theme_page(BAR, FIGURE)
    alone = client.get(f"/pages/velo/blocs/{KEY}/")
    assert "frame-ancestors 'self' *" in alone["Content-Security-Policy"]
    assert "X-Frame-Options" not in alone
    assert f">{sum(row[3] for row in made_rows())}\N{NO-BREAK SPACE}places</a>" in tight(alone.content.decode())
    whole = client.get("/pages/velo/")
    assert "frame-ancestors 'self' *" not in whole["Content-Security-Policy"]
    assert whole["X-Frame-Options"] == "SAMEORIGIN"


def test_no_two_parts_of_a_page_have_the_same_anchor(client, stands):
    make_theme_page(BAR, CHART)
    anchors = re.findall(r'\sid="([^"]+)"', client.get("/pages/velo/").content.decode())
    assert f"bloc-{KEY}" in anchors
    assert [anchor for anchor, count in Counter(anchors).items() if count > 1] == []


def test_the_values_of_a_block_are_a_csv_under_the_filters_of_the_address(client, stands):
    make_theme_page(BAR, CHART)
    lines = rows_of(client.get(f"/pages/velo/blocs/{KEY}.csv?commune=Grigny"))
    rows = [row for row in made_rows() if row[0] == "Grigny"]
    sums = {model: sum(row[3] for row in rows if row[1] == model) for model in {row[1] for row in rows}}
    assert {row[0]: float(row[1]) for row in lines[1:]} == sums


@pytest.mark.parametrize("body", [CHART, FIGURE], ids=["chart", "figure"])
@pytest.mark.parametrize(("form", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_every_block_has_a_picture(client, stands, body, form, start):
    make_theme_page(body)
    response = client.get(f"/pages/velo/blocs/{KEY}.{form}")
    assert response.status_code == 200
    assert response.content.startswith(start)
    assert "script-src" not in response["Content-Security-Policy"]


def test_a_page_has_a_picture_to_be_shared(client, stands):
    make_theme_page(FIGURE)
    assert client.get("/pages/velo/image.png").content.startswith(b"\x89PNG")
    assert "/pages/velo/image.png" in client.get("/pages/velo/").content.decode()


def test_a_page_whose_address_has_accents_opens_with_all_that_goes_with_it(client, stands):
    page = make_theme_page(FIGURE, slug="où-garer")
    text = client.get(page.url).content.decode()
    assert "o%C3%B9-garer/page.pdf" in text
    assert client.get(f"{page.url}image.png").content.startswith(b"\x89PNG")
    assert client.get(f"{page.url}blocs/{KEY}/").status_code == 200


@pytest.mark.parametrize("address", ["rien/", f"{KEY}9/", "rien.csv", "rien.png", "..%2f/", "%00.csv"])
def test_a_block_that_is_not_there_is_not_found(client, stands, address):
    make_theme_page(FIGURE)
    assert client.get(f"/pages/velo/blocs/{address}").status_code == 404


def test_a_block_whose_data_is_closed_gives_no_file_and_tells_nothing(client, stands):
    make_theme_page(FIGURE)
    stands.access = Access.INTERNAL
    stands.save()
    assert client.get(f"/pages/velo/blocs/{KEY}.csv").status_code == 404
    assert client.get(f"/pages/velo/blocs/{KEY}.png").status_code == 404
    html = tight(client.get(f"/pages/velo/blocs/{KEY}/").content.decode())
    assert "Ces données ne sont pas disponibles" in html
    assert "arceaux" not in html


def test_a_draft_shows_neither_page_nor_blocks(client, stands):
    make_theme_page(FIGURE, publish=False)
    for address in (
        "/pages/velo/",
        f"/pages/velo/blocs/{KEY}/",
        f"/pages/velo/blocs/{KEY}.csv",
        "/pages/velo/image.png",
    ):
        assert client.get(address).status_code == 404


def test_the_site_map_has_the_pages_and_no_draft(client, stands):
    make_theme_page(FIGURE)
    make_theme_page(FIGURE, slug="brouillon", publish=False)
    text = client.get("/sitemap.xml").content.decode()
    assert "/pages/velo/</loc>" in text
    assert "/pages/</loc>" in text
    assert "brouillon" not in text


def test_a_search_finds_pages_whatever_the_accents(client, stands):
    make_theme_page(FIGURE)
    make_theme_page(FIGURE, slug="arbres", title="Les arbres", introduction="")
    html = Template("{% load parvis_pages %}{% matching_pages text %}").render(
        Context({"request": RequestFactory().get("/"), "text": "VELOS stationnement"})
    )
    assert 'href="/pages/velo/"' in html
    assert "/pages/arbres/" not in html
