"""The pages of OGC API Records in a real browser: no violation of accessibility, wide and light, narrow and dark."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "/ogc/collections/catalogue"


def test_the_pages_of_the_catalogue_are_accessible_and_fit(home, chromium, live_server, axe, shown):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(60_000)
    places = ["", "/items", "/items?limit=1", "/items?q=aucun", "/items/arbres", "/items/budget"]
    places += ["/queryables", "/sortables", "/items/inconnu"]
    for place in places:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        answer = page.goto(f"{live_server.url}{HERE}{place}")
        assert "html" in answer.headers["content-type"], place
        assert axe(page) == [], place
        page.set_viewport_size({"width": 360, "height": 800})
        page.emulate_media(color_scheme="dark")
        assert axe(page) == [], f"{place} narrow"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
    context.close()
