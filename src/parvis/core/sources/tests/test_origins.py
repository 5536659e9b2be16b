"""Where datasets first came from: known through whoever passed them on, and by nothing that merely names a page."""

import pytest

from parvis.core.sources.contract import Item
from parvis.core.sources.origins import comes_from, first_page, origin_of, origin_page, statement_of, with_origin
from parvis.core.sources.tests.conftest import Elsewhere


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


@pytest.mark.parametrize(
    ("names", "page"),
    [
        (
            ["urn:1", None, 3, "https://a.fr/explore/dataset/arbres/#identifier"],
            "https://a.fr/explore/dataset/arbres/#identifier",
        ),
        ([statement_of("https://a.fr/explore/dataset/arbres/")], "https://a.fr/explore/dataset/arbres/"),
        (["D’après https://a.fr/explore/dataset/arbres/"], ""),
        (["https://a.fr/explore/dataset/arbres/ et d’autres"], ""),
        (["https://ckan.fr/dataset/arbres", "a.fr/explore/dataset/x"], ""),
        ([], ""),
    ],
)
def test_a_name_kept_elsewhere_is_the_page_itself_and_never_words_that_mention_it(names, page):
    assert first_page(names) == page


def test_what_was_made_after_a_dataset_of_ours_is_not_taken_for_it(elsewhere: Elsewhere):
    """A source that people name, a work that inspired another: neither says that it is the same dataset."""
    page = "https://a.fr/explore/dataset/arbres/"
    package = {"id": "1", "name": "etude", "title": "Étude", "url": page, "notes": page}
    package["extras"] = [{"key": "source", "value": page}, {"key": "provenance", "value": f"D’après {page}"}]
    body = {"success": True, "result": {"count": 1, "results": [package]}}
    (study,) = elsewhere.read("ckan", body, "https://ckan.fr").items
    dataset = {"id": "1", "title": "Étude", "extras": {"dcat": {"provenance": [f"Tiré de {page}"]}, "source": page}}
    (other,) = elsewhere.read("udata", {"data": [dataset]}, "https://udata.fr").items
    entry = {"identifier": "etude", "title": "Étude", "references": [page], "landingPage": "https://d.fr/etude"}
    (third,) = elsewhere.read("data_json", {"dataset": [entry]}, "https://d.fr/data.json").items
    assert [origin_of(row) for row in (study, other, third)] == [None, None, None]


def test_what_a_parvis_published_on_a_udata_is_known_when_it_is_read_from_there(elsewhere: Elsewhere):
    dataset = {"id": "1", "title": "Arbres", "extras": {"parvis:page": "https://data.a.fr/explore/dataset/arbres/"}}
    (row,) = elsewhere.read("udata", {"data": [dataset]}, "https://www.data.gouv.fr").items
    assert comes_from(row, {"data.a.fr"})
