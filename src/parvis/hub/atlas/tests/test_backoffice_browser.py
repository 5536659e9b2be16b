"""The maker of maps of the back office in a real browser: shown as it is composed, by keyboard alone, down to the public page."""

from __future__ import annotations

import pytest

from parvis.hub.atlas.factories import make_map, make_towns, make_trees
from parvis.hub.atlas.models import Map
from parvis.hub.backoffice.tests.keyboard import press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def choose(page, name: str, letters: str) -> None:
    """Choose in a list by keyboard, and wait for what follows from it."""
    tab_to(page, f"select[name={name}]")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.type(letters)
    page.locator("#resultat[aria-busy]").wait_for(state="detached")


def test_a_map_is_composed_shown_and_published_by_keyboard_alone(page, town):
    make_towns()
    make_trees(organisation=town.organisation)
    page.goto("/admin/cartes/-/nouvelle/")
    page.evaluate("window.same = true")
    choose(page, "jeu", "Arbres")
    page.locator("#resultat figure.atlas").wait_for()
    choose(page, "genre", "Territoires")
    choose(page, "nombre", "3")
    page.locator("#resultat .chart-sentence", has_text="communes").wait_for()
    press(page, "details:has(input[name=titre]) > summary")
    tab_to(page, "input[name=titre]")
    page.keyboard.type("Des arbres partout")
    assert page.evaluate("window.same")  # all of it without leaving the page
    press(page, "button[value=enregistrer]")
    page.get_by_text("La carte est enregistrée.").wait_for()
    press(page, "button[value=publier]")
    page.get_by_text("La carte est publiée.").wait_for()
    saved_map = Map.objects.get()
    assert (saved_map.title, saved_map.described.layers[0].kind) == ("Des arbres partout", "choropleth")
    press(page, f"a[href='{saved_map.get_absolute_url()}']")
    page.wait_for_url(f"**{saved_map.get_absolute_url()}")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_list_and_the_maker_are_accessible(page, axe, town, width, scheme):
    make_towns()
    saved_map = make_map(make_trees(organisation=town.organisation))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for address in ("/admin/cartes/", "/admin/cartes/-/nouvelle/", f"/admin/cartes/{saved_map.slug}/"):
        assert page.goto(address).status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert axe(page) == [], address
