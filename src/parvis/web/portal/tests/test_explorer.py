"""The Explorer's pages."""

from __future__ import annotations

import re

import pytest

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue():
    ville = make_organisation("Ville de Lisses", slug="ville-de-lisses")
    make_dataset(ville, title="Arceaux à vélos", themes=["transports"], keywords=["vélo"])
    make_dataset(title="Menus des cantines", themes=["education"], keywords=["école"])
    make_dataset(title="Dossiers confidentiels", access=Access.INTERNAL)
    bump_revision()


def _page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return tight(answer.content.decode())


def test_every_public_dataset_is_listed_and_no_other(client, catalogue):
    html = _page(client, "/explore/")
    assert "Arceaux à vélos" in html
    assert "Menus des cantines" in html
    assert "Dossiers confidentiels" not in html


def test_the_whole_list_is_indexed_and_a_filtered_one_is_not(client, catalogue):
    assert "noindex" not in _page(client, "/explore/")
    for address in ("/explore/?q=vélo", "/explore/?theme=transports", "/explore/?tri=titre"):
        html = _page(client, address)
        assert '<meta name="robots" content="noindex, follow">' in html
        assert 'rel="canonical" href="http://127.0.0.1:8000/explore/"' in html


def test_a_facet_filters_and_its_filter_can_be_removed(client, catalogue):
    html = _page(client, "/explore/?q=des&theme=education&theme=transports")
    assert 'href="/explore/?q=des&amp;theme=transports"' in html
    html = _page(client, "/explore/?theme=education")
    assert "Menus des cantines" in html
    assert "Arceaux à vélos" not in html


def test_a_facet_keeps_its_place_when_it_has_one_value_left(client, catalogue):
    before = set(re.findall(r'id="facette-([\w-]+)"', _page(client, "/explore/")))
    alone = _page(client, "/explore/?theme=transports")
    assert {"theme", "organisation"} <= before & set(re.findall(r'id="facette-([\w-]+)"', alone))
    assert 'class="pictogram"' in alone.split('id="facette-theme"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    "address",
    [
        "/explore/?refine.theme=transports",
        "/explore/?refine.theme=Mobilité et transports",
        "/explore/?refine.publisher=ville-de-lisses",
        "/explore/?refine.keyword=vélo",
    ],
)
def test_addresses_of_a_moved_in_portal_still_filter(client, catalogue, address):
    html = _page(client, address)
    assert "Arceaux à vélos" in html
    assert "Menus des cantines" not in html


def test_an_empty_answer_gives_advice(client, catalogue):
    html = _page(client, "/explore/?q=xylophone")
    assert "Aucun jeu de données ne correspond" in html
    assert "Essayez un mot plus général" in html


def test_what_the_reader_typed_is_shown_as_text(client, catalogue):
    html = _page(client, "/explore/?q=<script>alert(1)</script>&theme=<b>&mot-cle=\"'><i>")
    assert "<script>alert" not in html
    assert "<b>" not in html
    assert "<i>" not in html


@pytest.mark.parametrize(
    "address", ["?page=0", "?page=-1", "?page=999999999", "?page=x", "?tri=x", "?page=٣", "?q=%00"]
)
def test_nonsense_in_the_address_breaks_nothing(client, catalogue, address):
    _page(client, f"/explore/{address}")


def test_the_number_of_queries_does_not_grow_with_results(client, catalogue, django_assert_max_num_queries):
    for rank in range(25):
        make_dataset(title=f"Jeu {rank}", themes=["sante"])
    bump_revision()
    client.get("/explore/")
    with django_assert_max_num_queries(14):
        client.get("/explore/")
