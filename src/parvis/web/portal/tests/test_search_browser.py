"""Suggestions in a real browser: by keyboard, by pointer, and when the server does not answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.maps.factories import make_trees

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def search_page(page, live_server):
    for title in ("Arbres du parc", "Arbres d’alignement"):
        make_trees([(2.44, 48.62)], title=title)
    make_dataset(title="Arceaux à vélos")
    page.goto(f"{live_server.url}/recherche/")
    page.wait_for_load_state("networkidle")
    return page


def test_a_suggestion_is_chosen_by_keyboard_and_opened(search_page, axe):
    field = search_page.get_by_role("combobox")
    field.press_sequentially("arb")
    options = search_page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    assert axe(search_page) == []
    field.press("Enter")
    search_page.wait_for_url("**/explore/dataset/**")


def test_the_field_itself_still_searches_and_escape_closes_the_list(search_page):
    field = search_page.get_by_role("combobox")
    field.press_sequentially("arc")
    expect(search_page.get_by_role("option")).to_have_count(1)
    field.press("Escape")
    expect(search_page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("arc")
    field.press("Enter")
    search_page.wait_for_url("**/recherche/?q=arc")
    expect(search_page.get_by_role("link", name="Arceaux à vélos")).to_be_visible()


def test_a_suggestion_is_opened_by_a_pointer(search_page):
    search_page.get_by_role("combobox").press_sequentially("arbres")
    search_page.get_by_role("option").first.click()
    search_page.wait_for_url("**/explore/dataset/**")


def test_an_answer_that_never_comes_leaves_the_field_as_it_is(search_page):
    search_page.route("**/recherche/suggestions*", lambda route: None)
    field = search_page.get_by_role("combobox")
    with search_page.expect_request("**/recherche/suggestions*"):
        field.press_sequentially("arbres")
    expect(search_page.get_by_role("listbox")).to_be_hidden()
    field.press("Enter")
    search_page.wait_for_url("**/recherche/?q=arbres")
