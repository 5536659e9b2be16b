"""The page of SQL in a real browser: accessible, narrow or wide, light or dark, by keyboard, without JavaScript."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

T = '"equipements-sportifs"'
STATEMENTS = (
    "",
    f"SELECT * FROM {T}",
    f"SELECT nom,\n       plces\nFROM {T} WHERE places > 100 AND commune = 'une valeur assez longue pour déborder'",
    f"SELECT * FROM {T} WHERE false",
)


@pytest.fixture
def open_page(chromium):
    """``open_page(width, scheme)`` gives a page; every context is closed at the end."""
    contexts = []

    def opened(width, *, scheme="light", javascript=True):
        context = chromium.new_context(
            locale="fr-FR",
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_page_is_accessible_and_fits(live_server, dataset, open_page, axe, width, scheme):
    page = open_page(width, scheme=scheme)
    for sql in STATEMENTS:
        page.goto(f"{live_server.url}/sql/?q={quote(sql)}")
        for panel in page.locator("details.panel summary").all():
            panel.click()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), sql


def test_a_statement_is_written_and_run_by_keyboard_without_javascript(live_server, dataset, open_page):
    page = open_page(1280, javascript=False)
    page.goto(f"{live_server.url}/sql/")
    page.get_by_label("Requête SQL").fill(f"SELECT sum(places) AS total FROM {T}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=SELECT*")
    expect(page.locator("tbody td")).to_have_text("1\u202f500", use_inner_text=True)
    expect(page.locator("#lignes")).to_have_text(re.compile("^1 ligne"), use_inner_text=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.path().read_text("utf-8-sig") == "total\n1500\n"
