"""Maps of several layers in a real browser: alive only when near, layers, places, time, by keyboard, without JavaScript, on paper."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlencode

import brotli
import pytest
from playwright.sync_api import expect

from parvis.hub.atlas.factories import HOSTILE, described, make_map, make_towns, make_trees
from parvis.hub.maps import selectors
from parvis.hub.ui.tests.patience import patience

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_KB = 500
"""Most kilobytes over the wire for a page with a map: its HTML, styles, scripts, library and fonts."""
ALIVE = "figure.atlas[data-state=ready]"
LIST = "[data-atlas-screen]"
SENTENCE = "[data-atlas-part=sentence]"
FOUND = "[data-atlas-part=found]"
POINTS = {"label": "Arbres", "colour": "espece", "popup": "{nom}\n{espece}, hauteur : {hauteur}"}
SHADES = {"kind": "choropleth", "label": "Arbres par commune", "territory": "insee", "calculation": "count"}
SHIFT = (
    "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) "
    "if (!e.hadRecentInput) window.shift += e.value; }).observe({type: 'layout-shift', buffered: true});"
)


@pytest.fixture
def trees():
    """Sixty trees in three communes, planted in four years."""
    make_towns()
    return make_trees()


def alone(*layers, **more):
    """Where a map that was not saved is shown alone."""
    return f"/cartes/-/cadre/?{urlencode({'c': described(*layers, **more).to_json()})}"


@pytest.fixture
def open_page(chromium, live_server):
    """``open_page(address, …)`` gives a page whose map is alive; any error of its console or request to a stranger fails the test."""
    contexts, complaints = [], []

    def opened(where, width=1280, *, alive=True, javascript=True, before=None, **options):
        options = {"reduced_motion": "reduce", "java_script_enabled": javascript, **options}
        context = chromium.new_context(locale="fr-FR", viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if is_foreign(request.url) else None)
        if before:
            before(page)
        page.goto(live_server.url + where)
        if alive and javascript:
            page.locator("figure.atlas").scroll_into_view_if_needed()
            page.locator(ALIVE).wait_for()
        return page

    def is_foreign(url):
        return not url.startswith((live_server.url, "data:", "blob:"))

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def count(page):
    """What the list says of how many things are in view."""
    return page.locator(f"{LIST} summary").inner_text()


def until(page, selector, words):
    """Wait for words in a part of the page."""
    page.locator(selector, has_text=words).first.wait_for()


def wire_size(answer):
    """What the answer weighs when the server compresses it, as it does outside tests."""
    body = answer.body()
    if "font" in answer.headers.get("content-type", ""):
        return len(body)
    return len(brotli.compress(body) if "/static/" in answer.url else gzip.compress(body))


def test_the_library_comes_when_the_map_is_near_light_and_nothing_moves(trees, open_page):
    answers = []

    def watch(page):
        page.on("response", lambda answer: answers.append(answer))
        page.add_init_script(SHIFT)

    page = open_page("/explore/dataset/arbres/map/composer/", 320, alive=False, before=watch)
    page.wait_for_load_state("networkidle")
    assert not any("maplibre" in answer.url for answer in answers)  # the form comes first, the map is far below
    page.locator("figure.atlas").scroll_into_view_if_needed()
    page.locator(ALIVE).wait_for()
    page.wait_for_load_state("networkidle")
    assert any("maplibre" in answer.url for answer in answers)
    weights = {
        answer.url: wire_size(answer) for answer in answers if "/static/" in answer.url or answer.url == page.url
    }
    assert sum(weights.values()) < MOST_KB * 1000, sorted(weights.items(), key=lambda one: -one[1])[:8]
    assert page.evaluate("window.shift") < 0.05


def test_pages_of_maps_are_accessible_and_fit_in_light_and_dark(trees, open_page, axe):
    saved = make_map(trees, {**POINTS, "time": "annee"}, SHADES).get_absolute_url()
    beside = alone(POINTS, SHADES, compare=(1, 2))
    heat = alone({"kind": "heat"}, {"kind": "clusters", "tint": 2})
    for address in (saved, beside, heat, "/explore/dataset/arbres/map/composer/?couleur=hauteur", "/cartes/"):
        page = open_page(address, alive=address != "/cartes/")
        for summary in page.locator("main summary:visible:not(.maplibregl-ctrl-attrib-button)").all():
            summary.click()
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (address, width, scheme)
            inside = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            assert inside, (address, width)
        page.context.close()


def _within(inside, area) -> bool:
    return (
        inside["x"] >= area["x"]
        and inside["x"] + inside["width"] <= area["x"] + area["width"]
        and inside["y"] >= area["y"]
        and inside["y"] + inside["height"] <= area["y"] + area["height"]
    )


@pytest.mark.parametrize("width", [320, 1280])
def test_a_card_stays_inside_its_map_and_can_be_closed_however_long_it_is(trees, open_page, width):
    page = open_page(alone(POINTS), width)
    details = page.locator("[data-atlas-screen] details")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    page.locator(f"{LIST} button").first.click()
    card = page.locator(".map-card")
    for _turn in range(2):
        for _wait in range(int(patience(100))):  # a summary tells that it was opened a moment after it is
            inside, area = card.bounding_box(), page.locator(".maplibregl-map").bounding_box()
            if _within(inside, area):
                break
            page.wait_for_timeout(50)
        assert _within(inside, area), (inside, area)
        card.locator("summary").click()
        page.wait_for_timeout(200)
    card.locator(".maplibregl-popup-close-button").click()
    card.wait_for(state="detached")


def test_layers_are_switched_and_things_opened_by_keyboard_as_text(trees, open_page):
    page = open_page(alone(POINTS, SHADES))
    assert "63 éléments" in count(page)
    page.get_by_role("checkbox", name="Arbres par commune").focus()
    page.keyboard.press("Space")
    until(page, LIST, "60 éléments")
    row = page.locator(f"{LIST} button", has_text=HOSTILE)
    row.focus()
    page.keyboard.press("Enter")
    card = page.locator(".map-card")
    card.wait_for()
    expect(card).to_contain_text(HOSTILE, use_inner_text=True)
    expect(card).to_contain_text("Tilleul, hauteur : 2\u00a0m", use_inner_text=True)
    expect(page.locator("figure.atlas .map-card img")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('.map-card') !== null")
    origin = card.locator("summary", has_text="D’où viennent ces valeurs")
    origin.focus()
    page.keyboard.press("Enter")
    expect(card).to_contain_text("Fichier source")
    expect(card.get_by_role("link", name="Voir les contrôles")).to_be_visible()
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    assert HOSTILE in page.evaluate("document.activeElement.textContent")
    canvas = page.locator(".maplibregl-canvas")
    assert "Flèches" in canvas.get_attribute("aria-label")
    canvas.focus()
    for _n in range(3):
        page.keyboard.press("+")
    page.locator(f"{ALIVE} {LIST}").filter(has_not_text="60 éléments").wait_for()


def test_codes_too_many_to_be_told_at_once_are_named_as_they_come_in_view(trees, open_page, monkeypatch):
    monkeypatch.setattr(selectors, "_MOST_CODES", 2)
    page = open_page(alone({"label": "Arbres", "popup": "{nom}\n{insee}"}))
    for name in ("Évry-Courcouronnes", "Grigny", "Lieusaint"):
        until(page, f"{LIST} li", name)


UNFOLD = "document.querySelector('.map-card summary').click();"
CLOSE = "document.querySelector('.map-card .maplibregl-popup-close-button').click();"
SETTLE = "new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 100))))"


def test_a_part_unfolded_as_its_card_goes_disturbs_nothing(trees, open_page):
    """A browser tells later that a part was unfolded: on a slow telephone its card is gone, or that of another place is open."""
    page = open_page(alone(POINTS))
    card, button = page.locator(".map-card"), f"document.querySelectorAll('{LIST} li button')"
    page.evaluate(f"{button}[0].click()")
    card.wait_for()
    page.evaluate(UNFOLD + CLOSE)  # at once: the page has no time to hear of the first
    page.evaluate(SETTLE)
    expect(card).to_have_count(0)
    page.evaluate(f"{button}[0].click()")
    former = card.locator("strong").inner_text()
    page.evaluate(f"() => {{ {UNFOLD} {button}[1].click() }}")
    page.evaluate(SETTLE)
    expect(card.locator("strong")).not_to_have_text(former, use_inner_text=True)
    shown = card.bounding_box()
    page.evaluate(CLOSE)
    page.evaluate(f"{button}[1].click()")
    page.evaluate(SETTLE)
    assert card.bounding_box() == shown


def test_a_layer_switched_before_the_map_has_its_style_is_shown_as_its_box_says(trees, open_page):
    switch = """new MutationObserver((_changes, observer) => {
      const box = document.querySelector("figure.atlas input[type=checkbox][id$='-couche-2']")
      if (!box) return
      observer.disconnect()
      box.click()
    }).observe(document, {childList: true, subtree: true})"""
    page = open_page(alone(POINTS, SHADES), before=lambda page: page.add_init_script(switch))
    expect(page.get_by_role("checkbox", name="Arbres par commune")).not_to_be_checked()
    until(page, LIST, "60 éléments")


def test_a_place_is_found_by_its_name_or_by_where_one_is(trees, open_page):
    page = open_page(alone(POINTS))
    page.get_by_role("searchbox", name="Chercher un lieu").fill("arbre 7")
    page.keyboard.press("Enter")
    page.locator(f"{FOUND} button", has_text="Arbre 7").first.click()
    until(page, LIST, "Du plus près au plus loin de : Arbre 7")
    expect(page.locator(f"{LIST} li").first).to_have_text(re.compile(r"^Arbre 7\nà 0"), use_inner_text=True)
    expect(page).to_have_url(re.compile(r"centre=2\.4"))
    expect(page.get_by_role("searchbox", name="Chercher un lieu")).to_be_focused()
    page.get_by_role("searchbox", name="Chercher un lieu").fill("grigny")
    page.keyboard.press("Enter")
    until(page, FOUND, "Lieu choisi : Grigny")
    page.get_by_role("searchbox", name="Chercher un lieu").fill("zzzz")
    page.keyboard.press("Enter")
    until(page, FOUND, "Aucun lieu de ce nom")
    page.get_by_role("button", name="Autour de moi").click()
    until(page, FOUND, "Votre navigateur ne donne pas votre position")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 48.6, "longitude": 2.4})
    page.get_by_role("button", name="Autour de moi").click()
    until(page, LIST, "Du plus près au plus loin de : votre position")
    assert "1 élément" in count(page)


def test_the_slider_shows_a_moment_and_the_address_keeps_it(trees, open_page):
    page = open_page(alone({**POINTS, "time": "annee"}))
    expect(page.locator(SENTENCE)).to_contain_text("60 emplacements", use_inner_text=True)
    slider = page.get_by_role("slider", name="Période")
    expect(slider).to_have_attribute("aria-valuetext", "Toute la période")
    slider.focus()
    page.keyboard.press("ArrowRight")
    until(page, SENTENCE, "15 emplacements")
    until(page, LIST, "15 éléments")
    expect(slider).to_have_attribute("aria-valuetext", "2021")
    expect(page).to_have_url(re.compile("periode=2021"))
    expect(page.locator("[data-atlas-part=lists] summary")).to_have_text("La liste : Arbres (15)", use_inner_text=True)
    expect(page.get_by_role("button", name="Défiler")).to_have_count(
        0
    )  # nothing moves by itself when one asked for rest
    page.reload()
    until(page, SENTENCE, "15 emplacements")
    moving = open_page(alone({**POINTS, "time": "annee"}), reduced_motion="no-preference")
    moving.get_by_role("button", name="Défiler").click()
    until(moving, SENTENCE, "2021")
    moving.get_by_role("button", name="Arrêter").click()


def test_two_maps_side_by_side_move_together(trees, open_page):
    page = open_page(alone(POINTS, SHADES, compare=(1, 2)))
    assert page.locator(".atlas-pane-title").all_inner_texts() == ["Arbres", "Arbres par commune"]
    page.locator(".maplibregl-canvas").first.focus()
    for _n in range(4):
        page.keyboard.press("+")
    page.locator(f"{ALIVE} {LIST}").filter(has_not_text="63 éléments").wait_for()
    assert page.locator(f"{LIST} li", has_text="Arbres par commune").count() in (1, 2)  # of the three on the right


def test_without_javascript_the_picture_the_legend_the_list_and_the_search_are_there(trees, open_page):
    page = open_page(make_map(trees, POINTS, SHADES).get_absolute_url(), javascript=False)
    expect(page.locator(".atlas-area img")).to_be_visible()
    expect(page.locator(".atlas-legends")).to_contain_text("Platane", use_inner_text=True)
    expect(page.get_by_role("button", name="Autour de moi")).to_be_hidden()
    page.get_by_role("searchbox", name="Chercher un lieu").fill("grigny")
    page.keyboard.press("Enter")
    page.locator(f"{FOUND} a", has_text="Grigny").click()
    expect(page.locator("[data-atlas-part=lists]")).to_contain_text("Du plus près au plus loin de : Grigny")
    expect(page.locator("[data-atlas-part=lists] tbody tr")).to_have_count(63)


def test_where_it_cannot_be_drawn_and_on_paper_the_picture_is_shown(trees, open_page):
    def without_webgl(page):
        page.add_init_script("HTMLCanvasElement.prototype.getContext = function () { return null; };")

    def without_data(page):
        page.route("**/couche-1.geojson*", lambda route: route.fulfill(status=200, body="-"))

    def thrown_away(page):  # by a browser that has no memory left for it, say
        page.add_init_script("""
            new MutationObserver((_changes, watch) => {
              const drawing = document.querySelector("canvas.maplibregl-canvas")?.getContext("webgl2")
              if (!drawing) return
              watch.disconnect()
              drawing.getExtension("WEBGL_lose_context").loseContext()
            }).observe(document, { childList: true, subtree: true })
        """)

    refused = "ne peut pas dessiner"
    for broken, words in (
        (without_webgl, refused),
        (thrown_away, refused),
        (without_data, "n’ont pas pu être chargées"),
    ):
        page = open_page(alone(POINTS), alive=False, before=broken)
        until(page, ".atlas-message", words)
        expect(page.locator(".atlas-message")).to_contain_text("disent la même chose", use_inner_text=True)
        expect(page.locator(".atlas-area img")).to_be_visible()
        expect(page.locator(".maplibregl-canvas")).to_have_count(0)
    page = open_page(alone(POINTS))
    expect(page.locator(".atlas-area img")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".atlas-area img")).to_be_visible()
    expect(page.locator(".maplibregl-canvas")).to_be_hidden()


def test_the_maker_shows_each_choice_at_once_and_keeps_the_address_and_the_focus(trees, open_page):
    page = open_page("/explore/dataset/arbres/map/composer/")
    page.evaluate("window.same = true")
    colour = page.get_by_label("Colorer par")
    colour.focus()
    colour.select_option("espece")
    page.wait_for_url("**couleur=espece**")
    until(page, ".atlas-legends", "Platane")
    assert page.evaluate("document.activeElement.name") == "couleur"
    kind = page.get_by_label("Montrer comme")
    kind.select_option("choropleth")
    page.get_by_label("Calculer").wait_for()  # the fields follow the choice
    until(page, "[data-maker-status]", "pour 3 communes")
    page.locator(ALIVE).wait_for()
    expect(page.locator(".maplibregl-canvas")).to_have_count(1)
    page.locator("summary", has_text="Nom, bulle, couleur").click()
    page.get_by_label("Nom de la couche").fill("Les arbres des communes")
    page.keyboard.press("Tab")
    until(page, ".atlas-legends", "Les arbres des communes")
    expect(page.get_by_label("Texte de la bulle")).to_be_visible()  # what was open stays open
    assert page.evaluate("window.same")
    page.reload()
    expect(page.get_by_label("Nom de la couche")).to_have_value("Les arbres des communes")
