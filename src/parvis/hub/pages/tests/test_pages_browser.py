"""Pages in a real browser: accessible, at 320 px and wide, light and dark, by keyboard, without JavaScript, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from parvis.hub.charts.factories import made_rows, make_stands
from parvis.hub.pages.factories import block, make_theme_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIGURE = {"dataset": "arceaux", "calculation": "sum", "measure": "places", "label": "places posées"}
CHART = {"dataset": "arceaux", "grouping": "commune", "mark": "bars", "title": "Des places partout"}
TABLE = {"dataset": "arceaux", "columns": "commune, places", "limit": 5}
BODY = (
    block("text", "<h2>Où garer son vélo ?</h2><p>Des <b>arceaux</b>, et <a href='/explore/'>leurs lignes</a>.</p>"),
    block("filters", {"filters": [{"label": "Commune", "dataset": "arceaux", "column": "commune"}]}),
    block("figures", {"figures": [FIGURE, {**FIGURE, "label": "autant", "note": "relevées au printemps"}]}),
    block("chart", CHART),
    block("comparison", {"dataset": "arceaux", "grouping": "commune", "measure": "places", "highlight": "Grigny"}),
    block("gauge", {**FIGURE, "target": 500.0, "deadline": "fin 2027"}),
    block("callout", {"tone": "warning", "title": "Attention", "text": "<p>Travaux.</p>"}),
    block("quote", {"text": "Enfin !", "author": "Une habitante"}),
    block(
        "timeline",
        {"title": "Le plan", "events": [{"date": "2018", "title": "Vote"}, {"date": "2023", "title": "Pose"}]},
    ),
    block(
        "tabs",
        {
            "title": "Par mode",
            "sections": [
                {"title": "Tableau", "body": [block("table", TABLE)]},
                {"title": "Dessin", "body": [block("chart", {**CHART, "title": "Encore des places"})]},
            ],
        },
    ),
    block("accordion", {"sections": [{"title": "Méthode", "body": [block("text", "<p>Comptés un par un.</p>")]}]}),
    block("faq", {"questions": [{"question": "Combien ?", "answer": "<p>Assez.</p>"}]}),
    block("video", {"title": "Le film", "address": "https://video.example.org/a", "text": "Comment attacher."}),
    block("datasets", {"datasets": ["arceaux"]}),
)


@pytest.fixture
def rich(home):
    make_stands()
    return make_theme_page(*BODY, theme="transports")


@pytest.fixture
def open_page(chromium, live_server):
    """``open_page(address, …)`` opens a page of the portal."""
    contexts = []

    def opened(address, width=1280, scheme="light", scripts=True):
        context = chromium.new_context(
            locale="fr-FR",
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light"), (1280, "dark")])
def test_a_page_of_every_block_is_accessible_and_fits(rich, open_page, axe, width, scheme):
    page = open_page("/pages/velo/", width, scheme)
    page.wait_for_selector("[role=tab]")
    page.evaluate("document.querySelectorAll('main details:not(.tabbed > details)').forEach(one => one.open = true)")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.goto(page.url.replace("/velo/", "/"))
    assert axe(page) == []


def test_a_block_alone_is_accessible(rich, open_page, axe):
    chart = next(child for child in rich.body if child.block_type == "chart")
    page = open_page(f"/pages/velo/blocs/{chart.id}/", 320)
    assert axe(page) == []
    expect(page.locator("figure .chart-title")).to_have_text("Des places partout", use_inner_text=True)


def test_without_scripts_the_filter_filters_and_every_section_opens(rich, open_page):
    page = open_page("/pages/velo/", scripts=False)
    expect(page.locator("[role=tab]")).to_have_count(0)
    page.get_by_label("Commune", exact=True).select_option("Grigny")
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_url("**?commune=Grigny")
    places = sum(row[3] for row in made_rows() if row[0] == "Grigny")
    expect(page.locator(".key-figures dd").first).to_have_text(f"{places}\N{NO-BREAK SPACE}places", use_inner_text=True)
    drawn = page.locator("main .block-chart picture img").first
    drawn.scroll_into_view_if_needed()
    assert drawn.evaluate("image => image.getAttribute('src')").startswith("/graphiques/-/image.svg")
    page.locator("details.fold > summary", has_text="Dessin").click()
    expect(page.get_by_text("Encore des places").first).to_be_visible()


def test_tabs_go_by_the_keyboard(rich, open_page):
    page = open_page("/pages/velo/")
    first = page.get_by_role("tab", name="Tableau")
    first.focus()
    expect(page.locator(".block-tabs table").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Dessin")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".block-tabs .block-table")).to_be_hidden()
    page.keyboard.press("Home")
    expect(page.locator(".block-tabs .block-table")).to_be_visible()


def test_on_paper_every_section_is_open_and_the_bar_of_filters_is_not_there(rich, open_page):
    page = open_page("/pages/velo/")
    page.wait_for_selector("[role=tab]")
    page.emulate_media(media="print")
    expect(page.locator(".filter-bar")).to_be_hidden()
    expect(page.get_by_text("Comptés un par un.")).to_be_visible()
    expect(page.get_by_text("Encore des places").first).to_be_visible()


def test_nothing_of_anybody_else_is_fetched_and_the_page_is_light(rich, chromium, live_server):
    context = chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    urls = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(live_server.url + "/pages/velo/")
    page.wait_for_load_state("networkidle")
    assert [url for url in urls if not url.startswith((live_server.url, "data:", "blob:"))] == []
    context.close()
