"""The page of the chain in a real browser: accessible, no wider than the screen, without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from parvis.core.seals import Kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_page_is_accessible_and_fits_without_javascript(chromium, live_server, acts, axe, width, scheme):
    digest = acts.publish(1).digests.get().sha256
    acts.publish(2, Kind.CORRECTION, refers_to=1)
    options = {
        "viewport": {"width": width, "height": 800},
        "color_scheme": scheme,
        "base_url": live_server.url,
        "locale": "fr-FR",
    }
    context = chromium.new_context(java_script_enabled=False, **options)
    page = context.new_page()
    page.goto("/sceaux/")
    page.get_by_label("Empreinte SHA-256").fill(digest)
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    expect(page.get_by_role("status").first).to_contain_text("a été publié à la ligne 1", use_inner_text=True)
    address = page.url
    context.close()
    context = chromium.new_context(**options)
    page = context.new_page()
    page.goto(address)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()
