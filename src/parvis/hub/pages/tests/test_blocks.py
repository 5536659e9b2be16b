"""Each kind of block, on real rows."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import unescape

import pytest

from parvis.core.errors import Forbidden
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import made_rows, make_stands
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.rules import BadPage
from parvis.hub.pages.services import make_page
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db

NBSP = "\N{NO-BREAK SPACE}"


def shown(client, *body, address="/pages/velo/", **facts) -> str:
    make_theme_page(*body, **facts)
    response = client.get(address)
    assert response.status_code == 200
    return tight(response.content.decode())


def test_a_share_is_that_of_the_rows_a_condition_keeps(client):
    make_stands()
    html = shown(
        client,
        block("figure", {"dataset": "arceaux", "calculation": "share", "where": 'modele = "Box"', "label": "box"}),
    )
    share = 100 * sum(row[1] == "Box" for row in made_rows()) / 60
    assert f">{share:.0f}{NBSP}%</a>" in html


def test_an_expression_in_the_query_language_is_a_figure(client):
    make_stands()
    html = shown(client, block("figure", {"dataset": "arceaux", "expression": "max(places) - min(places)"}))
    assert ">5</a>" in html


def test_a_gauge_says_how_far_the_target_is(client):
    make_stands()
    places = sum(row[3] for row in made_rows())
    html = shown(
        client,
        block(
            "gauge",
            {
                "dataset": "arceaux",
                "calculation": "sum",
                "measure": "places",
                "target": places * 2.0,
                "label": "Places",
                "deadline": "fin 2027",
            },
        ),
    )
    assert f"50{NBSP}% de l’objectif" in html
    assert "objectif pas encore atteint" in html
    assert 'width="500"' in html


def test_a_comparison_has_a_bar_a_figure_and_a_trail_for_each(client):
    make_stands()
    html = shown(
        client,
        block("comparison", {"dataset": "arceaux", "grouping": "commune", "measure": "places", "highlight": "grigny"}),
    )
    sums: Counter = Counter()
    for commune, _model, _day, places, _price in made_rows():
        sums[commune] += places
    assert f">{sums['Grigny']}{NBSP}places</a>" in html
    assert "<strong>Grigny</strong>" in html
    assert f'width="{round(1000 * sums["Grigny"] / max(sums.values()))}"' in html


def test_a_number_of_a_table_leads_to_its_rows_and_shares_its_origin_with_the_others(client):
    make_stands()
    table = {"dataset": "arceaux", "columns": "commune, places", "order": "places", "descending": True, "limit": 5}
    html = shown(client, block("table", table))
    name, base = re.search(r'<span id="([^"]*-provenance)" hidden data-trail="([^"]*)"', html).groups()
    assert {"Jeu de données", "Version", "Requête"} <= dict(json.loads(unescape(base))).keys()
    cells = re.findall(
        rf'<td class="number"><a class="trail" href="([^"]*)"[^>]*data-trail-base="{name}"[^>]*>(\d+)</a>', html
    )
    assert [int(text) for _address, text in cells] == sorted((row[3] for row in made_rows()), reverse=True)[:5]
    for address, text in cells:
        assert f'<td class="number">{text}</td>' in tight(client.get(unescape(address)).content.decode())


def test_datasets_are_listed_in_the_order_chosen(client):
    make_stands()
    make_stands(dataset_id="abris", title="Abris")
    html = shown(client, block("datasets", {"datasets": ["arceaux", "abris"]}))
    assert html.index("/explore/dataset/arceaux/information/") < html.index("/explore/dataset/abris/information/")


def test_sections_of_tabs_and_accordions_hold_data(client):
    make_stands()
    figure = block("figure", {"dataset": "arceaux", "label": "arceaux"})
    sections = [
        {"title": "Chiffres", "body": [figure]},
        {"title": "Méthode", "body": [block("text", "<p>Comptés.</p>")]},
    ]
    html = shown(client, block("tabs", {"sections": sections}), block("accordion", {"sections": sections}))
    assert html.count("<summary>Chiffres</summary>") == 2
    assert html.count(">60</a>") == 2


def test_words_stand_as_they_were_written(client):
    html = shown(
        client,
        block("callout", {"tone": "warning", "title": "Attention", "text": "<p>Travaux</p>"}),
        block("quote", {"text": "Enfin !", "author": "Une habitante"}),
        block("timeline", {"events": [{"date": "2018", "title": "Vote"}]}),
        block("faq", {"questions": [{"question": "Combien ?", "answer": "<p>Cent.</p>"}]}),
        block("video", {"title": "Le film", "address": "https://video.example.org/a"}),
    )
    for text in ("Travaux", "Enfin !", "2018", "Combien ?", "Vidéo sur video.example.org"):
        assert text in html
    assert "<iframe" not in html


def test_free_html_is_cleaned_of_what_runs_or_fetches(client):
    html = shown(
        client, block("html", '<p onclick="x()">Bonjour<script>x()</script><img src="https://x.example/a.png"></p>')
    )
    assert "<p>Bonjour</p>" in html


def test_a_filter_of_the_address_holds_for_every_block_that_has_the_column(client):
    make_stands()
    bar = {"filters": [{"label": "Commune", "dataset": "arceaux", "column": "commune"}]}
    body = (
        block("filters", bar),
        block("figure", {"dataset": "arceaux", "calculation": "sum", "measure": "places", "label": "places"}),
        block("table", {"dataset": "arceaux", "columns": "commune, places"}),
    )
    html = shown(client, *body, address="/pages/velo/?commune=Grigny")
    rows = [row for row in made_rows() if row[0] == "Grigny"]
    assert f">{sum(row[3] for row in rows)}{NBSP}places</a>" in html
    assert f">{len(rows)}</a> lignes" in html
    assert '<option value="Grigny" selected>' in html
    assert "Commune : Grigny" in html
    assert "colonne=commune&amp;op=egal&amp;valeur=Grigny" in html


def test_a_filter_a_table_and_a_chart_of_a_page_say_values_by_their_labels(client):
    make_stands(fields={"commune": {"annotations": {"labels": {"Grigny": "Grigny-la-Neuve"}}}})
    body = (
        block("filters", {"filters": [{"label": "Commune", "dataset": "arceaux", "column": "commune"}]}),
        block("table", {"dataset": "arceaux", "columns": "commune, places"}),
        block("chart", {"dataset": "arceaux", "mark": "bars", "grouping": "commune", "calculation": "count"}),
    )
    html = shown(client, *body, address="/pages/velo/?commune=Grigny")
    assert '<option value="Grigny" selected>Grigny-la-Neuve</option>' in html
    assert "Commune : Grigny-la-Neuve" in html
    assert "colonne=commune&amp;op=egal&amp;valeur=Grigny&" in html
    assert not re.search(r">\s*Grigny\s*<", html)


def test_a_year_filters_dates_and_a_block_without_the_column_says_so(client):
    make_stands()
    make_stands(dataset_id="abris", title="Abris")
    bar = {"filters": [{"label": "Année", "name": "annee", "dataset": "arceaux", "column": "pose_le"}]}
    html = shown(
        client,
        block("filters", bar),
        block("figure", {"dataset": "arceaux", "label": "arceaux"}),
        block("datasets", {"datasets": ["abris"]}),
        address="/pages/velo/?annee=2021",
    )
    assert f">{sum(row[2].startswith('2021') for row in made_rows())}</a>" in html


def test_words_of_an_address_that_are_no_filter_of_the_page_do_nothing(client):
    make_stands()
    html = shown(
        client, block("figure", {"dataset": "arceaux", "label": "arceaux"}), address="/pages/velo/?commune=Grigny&x=1"
    )
    assert ">60</a>" in html


@pytest.mark.parametrize("value", ['Grigny" or 1=1 --', "\\", '"', "x" * 5000, "<script>", "\N{SNOWMAN}", "%00"])
def test_a_strange_value_of_a_filter_finds_no_row_and_breaks_nothing(client, value):
    make_stands()
    bar = {"filters": [{"label": "Commune", "dataset": "arceaux", "column": "commune"}]}
    make_theme_page(block("filters", bar), block("figure", {"dataset": "arceaux", "label": "arceaux"}))
    response = client.get("/pages/velo/", {"commune": value})
    assert response.status_code == 200
    assert ">0</a>" in tight(response.content.decode())
    assert "<script>" not in response.content.decode().replace("<script type", "")


def test_a_column_that_is_not_there_is_told_with_the_nearest(client):
    make_stands()
    with pytest.raises(BadPage) as raised:
        make_theme_page(block("figure", {"dataset": "arceaux", "measure": "place", "calculation": "sum"}))
    assert "Voulez-vous dire « places » ?" in str(raised.value)
    with pytest.raises(BadPage) as raised:
        make_theme_page(block("chart", {"dataset": "arceaux", "grouping": "communes"}))
    assert "Voulez-vous dire « commune » ?" in str(raised.value)


def test_a_condition_that_is_no_odsql_is_refused_when_saved(client):
    make_stands()
    with pytest.raises(BadPage) as raised:
        make_theme_page(block("table", {"dataset": "arceaux", "where": "places >"}))
    assert "where" in str(raised.value)


def test_a_private_dataset_tells_a_reader_nothing(client):
    dataset = make_stands(title="Plan secret")
    make_theme_page(block("figure", {"dataset": "arceaux", "label": "vélos"}), block("chart", {"dataset": "arceaux"}))
    dataset.access = Access.INTERNAL
    dataset.save()
    html = tight(client.get("/pages/velo/").content.decode())
    assert html.count("Ces données ne sont pas disponibles pour le moment.") == 2
    for secret in ("Plan secret", "arceaux", ">60<", " 60 "):
        assert secret not in html.partition("<article")[2].partition("</article>")[0]


def test_nobody_in_particular_writes_no_page(client):
    make_theme_page(block("text", "<p>a</p>"))
    from wagtail.models import Site  # noqa: PLC0415

    with pytest.raises(Forbidden):
        make_page(ANONYMOUS, Site.objects.get(), "velo", "Autre", [])
