"""The console in a real browser: accessible, narrow or wide, light or dark, by keyboard, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKED = "operation=getRecords&dataset_id=equipements"
PAGES = (
    "",
    "?operation=exportRecordsCsv&delimiter=%3B",
    f"?{ASKED}&where=places > 10&envoyer=1",
    f"?{ASKED}&where=une_colonne_dont_le_nom_est_bien_trop_long_pour_tenir_sur_un_petit_écran > 10&envoyer=1",
    "?operation=getRecords&envoyer=1",
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
    urls = []
    page.on("request", lambda request: urls.append(request.url))
    for query in PAGES:
        page.goto(f"{live_server.url}/api/console/{query}")
        for panel in page.locator("details.panel:not([open]) summary").all():
            panel.click()
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), query
    assert all(url.startswith((live_server.url, "data:")) for url in urls)


def test_a_request_is_written_and_sent_by_keyboard_without_javascript(live_server, dataset, open_page):
    page = open_page(1280, javascript=False)
    page.goto(f"{live_server.url}/api/console/?operation=getRecords")
    page.get_by_label("dataset_id", exact=True).fill("equipements")
    page.get_by_label("limit", exact=True).fill("1")
    page.get_by_label("limit", exact=True).press("Enter")
    page.wait_for_url("**envoyer=1*")
    expect(page.locator("#reponse")).to_contain_text('"total_count": 4', use_inner_text=True)
    expect(page.locator("#reponse")).to_contain_text(
        "/api/explore/v2.1/catalog/datasets/equipements/records?limit=1", use_inner_text=True
    )


def test_with_javascript_the_form_stays_and_the_answer_comes_beside_it(live_server, dataset, open_page):
    page = open_page(1280)
    page.goto(f"{live_server.url}/api/console/?{ASKED}", wait_until="networkidle")
    page.evaluate("window.same = true")
    page.get_by_label("where", exact=True).fill("places > 1000")
    page.get_by_label("where", exact=True).press("Control+Enter")
    page.wait_for_selector("#corps")
    assert page.evaluate("window.same")
    expect(page.locator("#reponse")).to_contain_text("Stade des Loges", use_inner_text=True)
    expect(page.locator("#reponse")).to_be_focused()
    expect(page).to_have_url(re.compile("where=places"))


def test_of_two_requests_the_last_is_answered_whichever_comes_first(live_server, dataset, open_page):
    page = open_page(1280)
    page.goto(f"{live_server.url}/api/console/?{ASKED}&envoyer=1", wait_until="networkidle")
    routes = []
    page.route("**/api/console/?*limit=*", lambda route: routes.append(route))
    for limit in ("1", "2"):
        page.get_by_label("limit", exact=True).fill(limit)
        with page.expect_request(f"**/api/console/?*limit={limit}*"):
            page.get_by_label("limit", exact=True).press("Control+Enter")
    for route in routes:
        route.continue_()
        page.wait_for_timeout(300)
    page.locator("#reponse", has_text="records?limit=2").wait_for()
    expect(page).to_have_url(re.compile("limit=2"))
    expect(page.locator("#reponse[aria-busy]")).to_have_count(0)
