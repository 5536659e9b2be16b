"""The pages of indicators in a real browser: accessible, at 320 px and wide, light and dark, without JavaScript."""

from __future__ import annotations

import pytest

from parvis.domains.indicators.models import Value
from parvis.domains.indicators.tests.test_views import published
from parvis.hub.charts.factories import make_stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_pages_are_accessible_and_fit(live_server, chromium, axe, home, width, scheme):
    make_stands()
    published()
    figure = Value.objects.get(territory="Grigny", period="2023").get_absolute_url()
    context = chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    for address in ("/indicateurs/", "/indicateurs/places/", figure):
        page.goto(live_server.url + address)
        for summary in page.locator("main details summary").all():
            summary.click()
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    context.close()
