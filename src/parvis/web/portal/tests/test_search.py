"""The page of results over the whole portal, and suggestions."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


def _page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return tight(answer.content.decode())


def test_results_are_under_the_title_of_their_kind_with_the_way_to_all(client):
    make_dataset(make_organisation("Ville de Lisses"), title="Arceaux à vélos")
    html = _page(client, "/recherche/?q=arceaux")
    assert "Jeux de données</h2>" in html
    assert ">Arceaux à vélos</a>" in html
    assert 'href="/explore/?q=arceaux"' in html


def test_each_result_has_a_picture_of_what_it_is(client):
    make_dataset(make_organisation("Ville de Lisses"), title="Arceaux de Lisses", themes=["transports"])
    html = _page(client, "/recherche/?q=lisses")
    lines = {result.split("d=", 2)[2][:40] for result in html.split('class="record-card hit"')[1:]}
    assert html.count('class="record-card hit"') == html.count('class="thumbnail empty"') > 1
    assert len(lines) > 1


def test_nothing_found_gives_advice_and_the_empty_page_a_form(client):
    assert "Rien sur ce portail ne répond à « xylophone »" in _page(client, "/recherche/?q=xylophone")
    assert "Essayez un mot plus général" in _page(client, "/recherche/?q=xylophone")
    assert "Le meilleur" not in _page(client, "/recherche/")


def test_pages_of_results_are_not_for_search_engines(client):
    assert '<meta name="robots" content="noindex, follow">' in _page(client, "/recherche/")


def test_every_page_searches_the_whole_portal(client):
    html = _page(client, "/organisations/")
    assert 'action="/recherche/"' in html
    assert 'data-suggestions="/recherche/suggestions"' in html


def test_suggestions_tell_title_kind_and_address(client):
    make_dataset(title="Arceaux à vélos", dataset_id="arceaux")
    (row,) = client.get("/recherche/suggestions?q=arce").json()["suggestions"]
    assert (row["title"], row["kind"], row["address"]) == (
        "Arceaux à vélos",
        "Jeux de données",
        "/explore/dataset/arceaux/information/",
    )


def test_suggestions_of_one_letter_or_of_nonsense_are_none(client):
    for words in ("", "a", "%00", "<script>", "(", "x" * 5_000):
        answer = client.get("/recherche/suggestions", {"q": words})
        assert answer.status_code == 200
        assert answer.json() == {"suggestions": []}


def test_what_is_closed_is_neither_found_nor_suggested(client):
    make_dataset(title="Dossiers confidentiels", access=Access.INTERNAL)
    assert "Dossiers" not in _page(client, "/recherche/?q=dossiers")
    assert client.get("/recherche/suggestions?q=doss").json() == {"suggestions": []}


def test_what_the_reader_typed_is_shown_as_text(client):
    html = _page(client, "/recherche/?q=<script>alert(1)</script>")
    assert "<script>alert" not in html
