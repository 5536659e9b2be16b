"""An indicator written from nothing in a real browser, by keyboard alone: its figures tried, kept, then online."""

from __future__ import annotations

import pytest

from parvis.domains.indicators.models import Indicator
from parvis.hub.backoffice.tests.keyboard import press, tab_to
from parvis.hub.charts.factories import made_rows, make_stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_indicator_is_written_tried_and_published_by_keyboard_alone(page, axe, town, work):
    make_stands(organisation=town.organisation)
    page.goto("/admin/indicateurs/nouveau/")
    for name, words in (
        ("slug", "places"),
        ("title", "Places de vélo"),
        ("question", "Y a-t-il assez de places ?"),
        ("method", "On additionne les places."),
        ("part0-dataset", "Arceaux"),
        ("part0-select", "sum(places)"),
        ("unit", "places"),
    ):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(words)
    total = sum(row[3] for row in made_rows())
    page.locator("[data-preview]", has_text=f"{total} places").wait_for()
    assert axe(page) == []
    press(page, "button[value=enregistrer]")
    page.wait_for_url("**/admin/indicateurs/places/")
    press(page, "button[value=publier]")
    page.get_by_role("button", name="Repasser en brouillon").wait_for()
    assert Indicator.objects.get().status == "published"
    work()
    press(page, "a[href='/indicateurs/places/']")
    page.wait_for_url("**/indicateurs/places/")
    assert f"{total}" in page.locator("main").inner_text().replace("\u202f", "")
