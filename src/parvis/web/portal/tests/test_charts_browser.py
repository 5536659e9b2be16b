"""Charts in a real browser: drawn from the same specification as on the server, accessible, light, by keyboard, without JavaScript."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from parvis.core.charts.marks import MARKS
from parvis.hub.charts import trails
from parvis.hub.charts.factories import make_chart, make_stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAB = "/explore/dataset/arceaux/analyze/"
MOST_KB = 500
"""Most kilobytes over the wire for a page with a chart, fonts and library included."""


@pytest.fixture
def open_page(chromium):
    """``open_page(width, …)`` gives a page that fails the test at any error of its console."""
    contexts, complaints = [], []

    def opened(width=1280, *, scheme="light", javascript=True):
        context = chromium.new_context(
            locale="fr-FR",
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def point_at_chart(page):
    """Bring the pointer over the chart, and wait until it is drawn."""
    page.locator("[data-chart-area]").hover()
    page.locator(".chart-drawn svg").wait_for()


def texts(page, selector):
    return page.evaluate(
        "selector => [...document.querySelectorAll(`${selector} text`)].map(t => t.textContent.trim()).filter(Boolean)",
        selector,
    )


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_the_browser_draws_what_the_server_drew(live_server, open_page, mark):
    make_stands()
    page = open_page()
    address = f"{live_server.url}{TAB}?type={mark}"
    page.goto(address)
    point_at_chart(page)
    drawn = texts(page, ".chart-drawn")
    picture = page.locator(".chart-area img").get_attribute("src")
    page.goto(f"{live_server.url}{picture}")
    assert sorted(drawn) == sorted(texts(page, "svg"))


def test_a_mark_that_is_clicked_opens_the_trail_of_its_value(live_server, open_page):
    chart = make_chart(make_stands())
    page = open_page()
    page.goto(f"{live_server.url}{chart.get_absolute_url()}")
    point_at_chart(page)
    page.locator(".chart-drawn .mark-rect path").first.click()
    card = page.locator(".chart-picked .trail-card")
    card.wait_for()
    group = page.locator(".chart-picked a.trail").get_attribute("data-group")
    value = page.locator(f'.chart-table a.trail[data-group="{group}"]').text_content()
    expect(page.locator(".chart-picked a.trail")).to_have_text(value, use_inner_text=True)
    expect(card).to_contain_text(group, use_inner_text=True)
    expect(card).to_contain_text("Fichier source", use_inner_text=True)
    card.locator("a").first.click()
    page.wait_for_url("**/table/**")
    page.goto(f"{live_server.url}{TAB}?type=box&mesure=prix&groupe=modele")
    page.locator(".chart-area").hover()
    page.locator(".chart-drawn .mark-rect path").last.click()
    card.wait_for()
    expect(card.locator(".trail-label").first).to_have_text("Médiane", use_inner_text=True)


def test_a_mark_whose_value_has_no_trail_of_its_own_opens_that_of_the_chart(live_server, open_page, monkeypatch):
    monkeypatch.setattr(trails, "MOST", 0)
    chart = make_chart(make_stands())
    page = open_page()
    page.goto(f"{live_server.url}{chart.get_absolute_url()}")
    page.locator(".chart-area").hover()
    for rank in (0, 1):
        mark = page.locator(".chart-drawn .mark-rect path").nth(rank)
        mark.click()
        card = page.locator(".chart-picked .trail-card")
        card.wait_for()
        shown_value = page.locator(".chart-picked a.trail").inner_text()
        assert card.locator(".trail-value").all_inner_texts().count(shown_value) == 1
        assert card.locator(".trail-label").all_inner_texts().count("Valeur") == 1


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_pages_of_charts_are_accessible_and_fit(live_server, open_page, axe, width, scheme):
    chart = make_chart(make_stands())
    page = open_page(width, scheme=scheme)
    saved = chart.get_absolute_url()
    for address in (TAB, f"{TAB}?type=heatmap", saved, f"{saved}cadre/", "/graphiques/"):
        page.goto(live_server.url + address)
        if address != "/graphiques/":
            point_at_chart(page)
        for summary in page.locator("main summary").all():
            summary.click()
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


def test_without_javascript_the_picture_the_sentence_and_the_table_are_there(live_server, open_page):
    make_stands()
    page = open_page(javascript=False)
    page.goto(live_server.url + TAB)
    page.get_by_label("Type de graphique").select_option("bars")
    page.get_by_label("Regrouper par").select_option("commune")
    page.get_by_role("button", name="Dessiner").click()
    page.wait_for_url("**type=bars**")
    picture = page.locator(".chart-area img")
    expect(picture).to_be_visible()
    page.locator(".chart-table summary").click()
    expect(page.locator(".chart-table tbody tr")).to_have_count(4)
    expect(page.locator("[data-chart-sentence]")).to_contain_text("vient en tête", use_inner_text=True)


def test_a_choice_shows_its_chart_at_once_keeps_the_address_and_the_focus(live_server, open_page):
    make_stands()
    page = open_page()
    page.goto(live_server.url + TAB)
    point_at_chart(page)
    page.get_by_label("Type de graphique").focus()
    page.get_by_label("Type de graphique").select_option("bars")
    page.wait_for_url("**type=bars**")
    assert page.evaluate("document.activeElement.id") == "maker-type"
    page.get_by_label("Regrouper par").select_option("modele")
    page.wait_for_url("**groupe=modele**")
    point_at_chart(page)
    assert "Box" in texts(page, ".chart-drawn")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_label("Regrouper par")).to_have_value("modele")


def test_the_whole_tab_is_used_by_keyboard(live_server, open_page):
    make_stands()
    page = open_page()
    page.goto(live_server.url + TAB)
    page.locator(".suggestions a").first.focus()
    seen = []
    for _n in range(60):
        seen.append(
            page.evaluate("document.activeElement.textContent.trim().slice(0, 40) || document.activeElement.id")
        )
        page.keyboard.press("Tab")
    joined = " | ".join(seen)
    for name in (
        "Filtrer",
        "Titre et unité",
        "Dessiner",
        "Le tableau",
        "Arceaux à vélos",
        "Télécharger ou intégrer le graphique",
    ):
        assert name in joined


def test_the_chart_follows_the_colours_of_the_page(live_server, open_page):
    make_stands()
    page = open_page()
    page.goto(live_server.url + TAB)
    point_at_chart(page)
    light = page.locator(".chart-drawn").inner_html()
    with page.expect_response(lambda answer: "theme=dark" in answer.url and "dessin.json" in answer.url):
        page.get_by_role("button", name="Sombre").click()
    page.locator(".chart-drawn text[fill='#e9e6df']").first.wait_for()
    assert page.locator(".chart-drawn").inner_html() != light
    page.reload()
    page.locator(
        ".chart-area"
    ).scroll_into_view_if_needed()  # the picture is light, and the page dark: it is drawn unasked
    page.locator(".chart-drawn text[fill='#e9e6df']").first.wait_for()


def test_a_first_tap_brings_the_chart_to_life_and_opens_the_trail_of_its_mark(live_server, chromium):
    chart = make_chart(make_stands())
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    page = context.new_page()
    page.goto(f"{live_server.url}{chart.get_absolute_url()}", wait_until="networkidle")
    area = page.locator("[data-chart-area]").bounding_box()
    page.touchscreen.tap(area["x"] + area["width"] * 0.45, area["y"] + area["height"] * 0.12)  # on the longest bar
    page.locator(".chart-picked .trail-card").wait_for()
    context.close()


def test_a_mark_tells_its_value_under_the_pointer(live_server, open_page):
    make_stands()
    page = open_page()
    page.goto(f"{live_server.url}{TAB}?{urlencode({'type': 'bars', 'groupe': 'commune', 'calcul': 'count'})}")
    point_at_chart(page)
    page.locator(".chart-drawn .mark-rect path").first.hover()
    expect(page.locator(".chart-told")).to_have_text(re.compile("^Évry-Courcouronnes"), use_inner_text=True)


def test_the_library_comes_only_where_a_chart_is_and_the_page_stays_light(live_server, open_page):
    make_stands()
    page = open_page()
    weights: dict[str, int] = {}

    def weigh(request):
        weights[request.url] = request.sizes()["responseBodySize"]

    page.on("requestfinished", weigh)
    page.goto(f"{live_server.url}/explore/dataset/arceaux/table/", wait_until="networkidle")
    assert [url for url in weights if "chart" in url or "drawing" in url] == []
    weights.clear()
    page.goto(live_server.url + TAB, wait_until="networkidle")
    page.locator(".chart-area").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert not any("drawing" in url for url in weights)  # its picture says all, until it is pointed at
    with page.expect_event("requestfinished", lambda request: "drawing" in request.url):
        point_at_chart(page)
    page.wait_for_load_state("networkidle")
    # The server under test sends files as they are; in production they go out compressed, about a third of this.
    assert sum(weights.values()) < 3 * MOST_KB * 1000


def test_nothing_moves_when_the_browser_draws(live_server, open_page):
    make_stands()
    page = open_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) "
        "if (!e.hadRecentInput) window.shift += e.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(live_server.url + TAB)
    point_at_chart(page)
    page.wait_for_load_state("networkidle")
    assert json.loads(page.evaluate("JSON.stringify(window.shift)")) < 0.05
