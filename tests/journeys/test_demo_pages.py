"""The thematic pages of the demonstration in a real browser: accessible, light, still, our own, with and without JavaScript."""

from __future__ import annotations

import pytest

from journeys.weights import weight_of
from parvis.packs.bundled_files import demo_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = [f"/pages/{slug}/" for slug in sorted(demo_pages())]
MAPS = ["/cartes/les-gares-du-reseau-transilien-et-rer/", "/explore/dataset/gares-arrets-transilien/map/"]
MOST_BEFORE = 150_000
"""Bytes over the wire of HTML, styles and scripts, before any chart or map is drawn."""
MOST = 500_000
"""Bytes over the wire of everything that a page loads by itself as it is read to its end: charts, map, tiles, fonts."""
MOST_SHIFT = 0.05
PATIENCE = 120_000
"""Milliseconds a map may take to be drawn, by software and beside three other workers."""
DRAWING = ("vega", "maplibre", "drawing", "/image.", "dessin.json", "/tuiles/", "fonts/", ".pbf")
"""What is loaded because there is a chart or a map."""

SHIFTS = """
new Promise(resolve => {
  let moved = 0
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) moved += one.value
  }).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve(moved), 400)
})
"""
"""How far what was shown has moved by itself since the page began (cumulative layout shift)."""


def visit(page):
    """Scroll to the end, so that everything lazy is loaded."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 800):
        page.evaluate("top => window.scrollTo(0, top)", top)
        page.wait_for_timeout(60)
    page.wait_for_load_state("networkidle")


def faults_of(page, path, axe):
    faults = []
    if page.locator("h1").count() != 1:
        faults.append(f"{path}: {page.locator('h1').count()} h1")
    refusals = page.locator(".block > .message .title, .chart > .message .title")
    faults += [f"{path}: {text}" for text in refusals.all_inner_texts()]
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if overflow > 0:
        faults.append(f"{path}: wider than the screen by {overflow} px")
    return faults + [f"{path} axe: {violation}" for violation in axe(page)]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_pages_are_accessible_call_no_third_party_and_move_nothing_while_they_load(
    portal, chromium, axe, width, scheme
):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, locale="fr-FR", color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    faults: list[str] = []
    path = ""
    page.on("console", lambda m: faults.append(f"{path} console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda e: faults.append(f"{path} error: {e}"))
    page.on("request", lambda r: None if own(r.url, portal) else faults.append(f"{path} third party: {r.url}"))
    for path in ["/", "/explore/", "/explore/dataset/arbres-saint-germain-en-laye/information/", *PAGES]:
        assert page.goto(portal + path, wait_until="load").status == 200
        visit(page)
        shift = page.evaluate(SHIFTS)
        if shift >= MOST_SHIFT:
            faults.append(f"{path}: what was shown moved by {shift:.3f}")
        faults += faults_of(page, path, axe)
    context.close()
    assert faults == []


def own(url, portal):
    return url.startswith((portal, "data:", "blob:"))


def test_without_javascript_each_chart_has_its_picture_its_sentence_and_its_table(portal, chromium, axe_source):
    """Axe is a script: it judges the document that was served, put in a page where scripts may run but none came with it."""
    context = chromium.new_context(locale="fr-FR", java_script_enabled=False, viewport={"width": 1280, "height": 900})
    judge = chromium.new_context(locale="fr-FR", bypass_csp=True)
    judge.route("**/*.js", lambda route: route.abort())
    page, bench = context.new_page(), judge.new_page()
    faults = []
    for path in PAGES:
        page.goto(portal + path)
        for chart in page.locator("figure.chart").all():
            title = chart.locator(".chart-title").inner_text()
            if not (chart.locator("picture img").count() and chart.locator("table").count()):
                faults.append(f"{path}: {title} has no picture or no table")
            if len(chart.locator(".chart-sentence").inner_text()) < 20:
                faults.append(f"{path}: {title} has no sentence")
        bench.goto(portal + path)
        bench.evaluate(axe_source)
        violations = bench.evaluate("() => axe.run(document)")["violations"]
        faults += [f"{path} axe: {one['id']} {one['nodes'][0]['target']}" for one in violations]
    context.close()
    judge.close()
    assert faults == []


def test_the_pages_are_light_before_their_charts_and_with_all_that_is_on_them(portal, chromium):
    heavy = {}
    for path in [*PAGES, *MAPS]:
        context = chromium.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE)
        received: list = []  # by the worker of maps too
        context.on("requestfinished", lambda request, to=received: to.append(request))
        page = context.new_page()
        page.goto(portal + path, wait_until="networkidle")
        first = sum(
            weight_of(request)
            for request in received
            if request.resource_type in ("document", "stylesheet", "script")
            and not any(word in request.url for word in DRAWING)
        )
        visit(page)
        for drawn in page.locator("figure[data-atlas], [data-map]").all():
            # Not scroll_into_view_if_needed, which waits for two frames alike: a busy machine draws maps by software, and few frames.
            drawn.evaluate("figure => figure.scrollIntoView({ block: 'center' })")
            page.locator("figure.atlas[data-state=ready], [data-map][data-state=ready]").first.wait_for()
        weights = {request.url: weight_of(request) for request in received}
        if (path in PAGES and not 5_000 < first <= MOST_BEFORE) or not 5_000 < sum(weights.values()) <= MOST:
            heavy[path] = (first, sum(weights.values()), sorted(weights.items(), key=lambda one: -one[1])[:6])
        context.close()
    assert heavy == {}
