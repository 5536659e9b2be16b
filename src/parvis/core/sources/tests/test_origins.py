"""Where datasets first came from: known through whoever passed them on, and by nothing that merely names a page."""

import pytest

from parvis.core.sources.contract import Item
from parvis.core.sources.origins import comes_from, origin_of, origin_page, with_origin


def item(page: str = "", **extras: str) -> Item:
    return Item("un", "Un", landing_page=page, extras=extras)


@pytest.mark.parametrize(
    ("row", "origin"),
    [
        (item("https://data.a.fr/explore/dataset/arbres/"), ("data.a.fr", "arbres")),
        (item("https://www.data.a.fr/portail/explore/dataset/arbres/information/?x=1"), ("data.a.fr", "arbres")),
        (item("https://data.a.fr/explore/dataset/%C3%A9coles%2F2/"), ("data.a.fr", "écoles/2")),
        (
            item("https://b.fr/explore/dataset/x/", source_domain="data.a.fr", source_dataset="arbres"),
            ("data.a.fr", "arbres"),
        ),
        (item("https://b.fr/explore/dataset/x/", origin="http://a.fr:81/explore/dataset/y/"), ("a.fr:81", "y")),
        (
            item("https://b.fr/explore/dataset/x/", source_domain="https://Data.A.fr/", source_dataset="y"),
            ("data.a.fr", "y"),
        ),
        (item("https://b.fr/explore/dataset/x/", source_domain="data.a.fr"), ("b.fr", "x")),
        (item("https://ckan.fr/dataset/arbres"), None),
        (item("https://b.fr/explore/dataset/"), None),
        (item("https://[b.fr/explore/dataset/x", source_domain="//[", source_dataset="x"), None),
    ],
)
def test_the_first_portal_is_known_whoever_passed_the_dataset_on(row, origin):
    assert origin_of(row) == origin


def test_what_left_here_is_known_and_what_only_speaks_of_here_is_not():
    servers = {"data.a.fr", "a.fr:81"}
    assert comes_from(
        item("https://b.fr/explore/dataset/x/", source_domain="www.data.a.fr", source_dataset="arbres"), servers
    )
    assert not comes_from(
        item("https://b.fr/explore/dataset/x/", references="https://data.a.fr/explore/dataset/arbres/"), servers
    )
    assert not comes_from(item("https://a.fr/explore/dataset/x/"), servers), "another server, by its port"


def test_a_card_says_it_as_portals_do_and_what_the_source_said_stays():
    card = {}
    with_origin(card, item("https://data.a.fr/explore/dataset/arbres/"))
    assert origin_page(card["as_told"]["default"]) == "https://data.a.fr/explore/dataset/arbres/"
    former = {"as_told": {"default": {"source_domain": "eux", "license": "Maison"}}}
    with_origin(former, item("https://b.fr/explore/dataset/x/"))
    assert former["as_told"]["default"]["source_domain"] == "eux"
    assert former["as_told"]["default"]["license"] == "Maison"
    plain = {}
    with_origin(plain, item("https://ckan.fr/dataset/arbres"))
    assert (plain, origin_page({})) == ({}, "")
