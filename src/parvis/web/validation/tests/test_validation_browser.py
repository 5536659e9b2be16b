"""The public pages in a real browser: accessible, narrow or wide, light or dark, by keyboard, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import GRANTS, WRONG

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_page(chromium):
    """``open_page(width, scheme)`` gives a page; nothing may be written to its console."""
    contexts, complaints = [], []

    def opened(width, *, scheme="light", javascript=True):
        context = chromium.new_context(
            locale="fr-FR",
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def fill(page, live_server, grants):
    page.goto(f"{live_server.url}/valider/?schema=scdl/subventions")
    page.set_input_files("#fichier", {"name": "lot.csv", "mimeType": "text/csv", "buffer": grants})
    expect(page.locator("#schema")).to_have_value(GRANTS)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_every_page_is_accessible_and_fits(live_server, grants, open_page, axe, width, scheme):
    page = open_page(width, scheme=scheme)
    fill(page, live_server, grants)
    page.get_by_role("button", name="Vérifier").click()
    page.wait_for_url("**/valider/*/")
    report = page.url
    for address in ("/valider/", "/schemas/", "/schemas/scdl/subventions/", "/schemas/?q=zzz", report):
        page.goto(address if address.startswith("http") else live_server.url + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


def test_a_file_is_checked_by_keyboard_without_javascript(live_server, grants, open_page):
    page = open_page(1280, javascript=False)
    fill(page, live_server, grants)
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/valider/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("erreurs$"), use_inner_text=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="Toutes les erreurs (CSV)").click()
    assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    page.get_by_role("button", name="Tout effacer maintenant").click()
    expect(page.get_by_text("Le rapport est effacé.")).to_be_visible()


def test_a_refusal_is_shown_in_place_and_read_first(live_server, open_page):
    page = open_page(1280)
    page.goto(f"{live_server.url}/valider/")
    page.set_input_files("#fichier", {"name": "rien.zip", "mimeType": "application/zip", "buffer": b"PK\x03\x04"})
    page.get_by_role("button", name="Vérifier").click()
    page.wait_for_selector("#erreur")
    assert page.evaluate("document.activeElement.id") == "erreur"
    page.set_input_files("#fichier", {"name": "a.csv", "mimeType": "text/csv", "buffer": WRONG})
    page.get_by_role("button", name="Vérifier").click()
    page.wait_for_url("**/valider/*/")
