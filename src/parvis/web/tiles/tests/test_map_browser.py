"""The map of a dataset in a real browser, under the policy of the public pages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from parvis.hub.maps.factories import make_gardens, make_trees
from parvis.hub.ui.tests.patience import patience

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAIT = 20
PLACES = [(2.40 + n % 20 / 100, 48.60 + n // 20 / 200) for n in range(200)]


def until(page, question: str, condition: Callable[[object], bool] = bool):
    """Ask the page again and again; its policy forbids ``wait_for_function``."""
    end = time.monotonic() + patience(WAIT)
    while time.monotonic() < end:
        answer = page.evaluate(question)
        if condition(answer):
            return answer
        page.wait_for_timeout(50)
    raise AssertionError(f"{question} : {page.evaluate(question)!r}")


READY = "document.querySelector('[data-map]')?.dataset.state === 'ready'"
COUNT = "document.querySelector('[data-map-count]')?.textContent ?? ''"
ROWS = "document.querySelectorAll('[data-map-rows] li').length"


@pytest.fixture
def visit(chromium, live_server):
    """Open the map of a dataset; the test fails when the page complains or asks anything of another server."""
    contexts, complaints = [], []

    def opened(dataset, *, suffix: str = "", ready: bool = True, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR", **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _note_stranger(request.url, live_server.url, complaints))
        page.goto(f"{live_server.url}/explore/dataset/{dataset.dataset_id}/map/{suffix}")
        if ready:
            until(page, READY)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _note_stranger(url: str, own: str, complaints: list[str]) -> None:
    if not url.startswith((own, "data:", "blob:")):
        complaints.append(f"third party: {url}")


def test_the_map_shows_what_the_list_says(visit):
    page = visit(make_trees(PLACES))
    assert until(page, COUNT).startswith("200 éléments à l’écran")
    assert until(page, "document.querySelector('[data-map-values]').innerText.includes('Tilleul')")


def test_coming_nearer_tells_one_from_another_and_the_address_keeps_the_view(visit):
    page = visit(make_trees(PLACES), suffix="#carte=17/48.60/2.40")
    until(page, ROWS, lambda rows: rows == 1)
    expect(page.locator("[data-map-rows]")).to_contain_text("Arbre n° 1")
    page.locator(".maplibregl-ctrl-zoom-out").click()
    until(page, "location.hash", lambda address: not str(address).startswith("#carte=17/"))


def test_the_list_opens_the_values_by_keyboard_and_gives_the_focus_back(visit):
    page = visit(make_trees(PLACES), suffix="#carte=17/48.60/2.40")
    until(page, ROWS, lambda rows: rows == 1)
    page.focus("[data-map-rows] button")
    page.keyboard.press("Enter")
    card = page.locator(".map-card")
    card.wait_for()
    text = card.inner_text()
    assert "Arbre n° 1" in text and "0,1\u00a0m" in text and "3 mars 2026" in text
    page.keyboard.press("Enter")  # the close button has the focus
    until(page, "document.activeElement.closest('[data-map-rows]') !== null")


def test_a_value_is_said_to_the_keyboard_and_escape_takes_it_away(visit):
    page = visit(make_trees(PLACES), suffix="?couleur=hauteur#carte=17/48.60/2.40")
    until(page, ROWS, lambda rows: rows == 1)
    tip = page.locator(".map-tip")
    page.focus("[data-map-rows] button")
    expect(tip).to_contain_text("Arbre n° 1")
    expect(tip).to_contain_text("0,1\u00a0m")
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    page.focus(".maplibregl-canvas")  # what is at the centre is what is pointed at
    expect(tip).to_contain_text("Arbre n° 1")
    expect(page.locator(".maplibregl-map [role=status]")).to_contain_text("Arbre n° 1")
    page.keyboard.press("Enter")
    expect(page.locator(".map-card")).to_contain_text("Platane")


def test_a_legend_by_number_is_chosen_and_kept_in_the_address(visit):
    page = visit(make_trees(PLACES))
    page.select_option("[data-map-choice]", "hauteur")
    assert until(page, "document.querySelector('[data-map-values]').innerText.includes('et plus')")
    expect(page).to_have_url(re.compile("couleur=hauteur"))
    page.reload()
    until(page, READY)
    expect(page.locator("[data-map-choice]")).to_have_value("hauteur")


def test_areas_are_drawn_and_listed(visit):
    text = "POLYGON((2.40 48.60, 2.45 48.60, 2.45 48.65, 2.40 48.65, 2.40 48.60))"
    page = visit(make_gardens([text], (2.4, 48.6, 2.45, 48.65)))
    until(page, ROWS, lambda rows: rows == 1)


def test_without_webgl_the_page_leads_to_the_table(visit):
    dataset = make_trees(PLACES)
    page = visit(dataset, ready=False)
    page.context.add_init_script("HTMLCanvasElement.prototype.getContext = function () { return null; };")
    page.reload()
    until(page, "!document.querySelector('[data-map-message]').hidden")
    link = page.locator("[data-map-message] a")
    expect(link).to_have_attribute("href", re.compile("^" + re.escape(f"/explore/dataset/{dataset.dataset_id}/table/")))


def test_without_javascript_the_page_has_a_picture_and_leads_to_the_table(visit):
    dataset = make_trees(PLACES)
    page = visit(dataset, ready=False, java_script_enabled=False)
    expect(page.locator(".chart-area img").first).to_be_visible()
    expect(page.locator("[data-map-frame]")).to_be_hidden()
    table = page.get_by_role("link", name="voir le tableau complet")
    expect(table).to_have_attribute(
        "href", re.compile("^" + re.escape(f"/explore/dataset/{dataset.dataset_id}/table/"))
    )


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_map_is_accessible_and_fits_the_screen(visit, axe, width, scheme):
    page = visit(make_trees(PLACES), viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    label = page.evaluate("document.querySelector('.maplibregl-canvas').getAttribute('aria-label')")
    assert "Flèches" in label


def test_the_settings_of_the_map_are_well_formed(visit):
    page = visit(make_trees(PLACES), ready=False)
    settings = json.loads(page.inner_text("#map-settings") or page.text_content("#map-settings"))
    assert settings["base"]["kind"] == "own"


@pytest.mark.parametrize("width", [320, 1280])
def test_a_filtered_map_shows_the_kept_rows_only_and_says_so(visit, axe, width):
    dataset = make_trees(PLACES)
    query = "?colonne=espece&op=egal&valeur=Tilleul&q=arbre"
    page = visit(dataset, suffix=query, viewport={"width": width, "height": 900})
    assert until(page, COUNT).startswith("40 éléments à l’écran")
    expect(page.locator(".map-filtered")).to_contain_text("40 lieux répondent à vos filtres")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_navigation():
        page.click(".map-filtered a")
    until(page, COUNT, lambda text: str(text).startswith("200 éléments"))


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_the_ogc_doors_are_accessible_and_fit_the_screen(visit, axe, live_server, width):
    dataset = make_trees(PLACES)
    page = visit(dataset, ready=False, viewport={"width": width, "height": 900})
    here = f"/ogc/collections/{dataset.dataset_id}"
    for path in (
        "/ogc",
        "/ogc/api",
        "/ogc/conformance",
        "/ogc/collections",
        here,
        f"{here}/items",
    ):
        page.goto(f"{live_server.url}{path}{'&' if '?' in path else '?'}f=html")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
