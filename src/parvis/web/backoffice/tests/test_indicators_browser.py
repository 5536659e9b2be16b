"""An indicator written from nothing in a real browser, by keyboard alone: its figures tried, kept, then online."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from playwright.sync_api import expect

from parvis.domains.indicators.models import Indicator
from parvis.hub.backoffice.tests.keyboard import press, tab_to
from parvis.hub.charts.factories import made_rows, make_stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asked_again(page, name: str):
    """Wait for the menus that a choice has the page ask for."""
    if name.startswith("part0-"):
        return page.expect_response(lambda answer: "/admin/menus/" in answer.url)
    return nullcontext()


def test_an_indicator_is_written_tried_and_published_by_keyboard_alone(page, axe, town, work):
    make_stands(organisation=town.organisation)
    page.goto("/admin/indicateurs/nouveau/")
    for name, words in (
        ("title", "Places de vélo"),
        ("question", "Y a-t-il assez de places ?"),
        ("method", "On additionne les places."),
        ("part0-dataset", "Arceaux"),
        ("part0-select.calcul", "Somme"),
        ("part0-select.colonne", "Places"),
        ("part0-where.colonne", "Modèle"),
        ("part0-where.valeur", "Arceau"),
        ("unit", "places"),
    ):
        with asked_again(page, name):
            tab_to(page, f"[name='{name}']")
            page.keyboard.type(words)
            page.keyboard.press("Tab")
    total = sum(row[3] for row in made_rows() if row[1] == "Arceau")
    expect(page.locator("[name=part0-where]")).to_have_value('`modele` = "Arceau"')
    page.locator("[data-preview]", has_text=f"{total} places").wait_for()
    assert axe(page) == []
    press(page, "button[value=enregistrer]")
    page.wait_for_url("**/admin/indicateurs/places-de-velo/")
    press(page, "button[value=publier]")
    page.get_by_role("button", name="Repasser en brouillon").wait_for()
    assert Indicator.objects.get().status == "published"
    work()
    press(page, "a[href='/indicateurs/places-de-velo/']")
    page.wait_for_url("**/indicateurs/places-de-velo/")
    assert f"{total}" in page.locator("main").inner_text().replace("\u202f", "")
